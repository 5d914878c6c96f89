import { Code, Text } from '@mantine/core';
import { $api, type Schema } from '../../api/client.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { cursorPages, moreOf } from '../../parts/cursor-pages.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Moment } from '../../parts/moment.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';

/** Signed notes of how far the log had come, newest first. */
export function CheckpointList() {
  const { chain } = useTexts().audit;
  const init = { params: { query: { limit: 20 } } };
  const query = $api.useInfiniteQuery('get', '/v1/audit-log/checkpoints', init, cursorPages);
  const columns: Column<Schema<'AuditCheckpoint'>>[] = [
    { title: chain.at, cell: ({ at }) => <Moment at={at} /> },
    { title: chain.upTo, cell: ({ seq }) => seq },
    { title: chain.hash, cell: ({ hash }) => <CopyText text={hash} /> },
    { title: chain.key, cell: ({ fingerprint }) => <Code>{fingerprint.slice(0, 16)}…</Code> },
  ];
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const rows = pages.flatMap((page) => page?.checkpoints ?? []);
        if (rows.length === 0) return <Text c="dimmed">{chain.noCheckpoints}</Text>;
        return (
          <DataTable
            label={chain.checkpoints}
            columns={columns}
            rows={rows}
            keyOf={({ seq }) => String(seq)}
            more={moreOf(query)}
          />
        );
      }}
    </Loaded>
  );
}
