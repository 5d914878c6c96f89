import { Anchor, Code } from '@mantine/core';
import type { Schema } from '../api/client.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { useTexts } from '../texts/texts-provider.tsx';

type Rejected = Schema<'ImportPreview'>['rejected'][number];

/** Lines that were, or would be, left out: where each is, and why. */
export function RejectedLines({ rejected }: { rejected: readonly Rejected[] }) {
  const texts = useTexts().welcome.upload;
  const columns: Column<{ key: number } & Rejected>[] = [
    { title: texts.line, cell: ({ line }) => line },
    { title: texts.reason, cell: ({ detail }) => detail },
    { title: texts.field, cell: ({ field }) => field !== null && <Code>{field}</Code> },
    {
      title: texts.code,
      cell: ({ code }) => (
        <Anchor href={`/problems/${code}`} size="sm">
          {code}
        </Anchor>
      ),
    },
  ];
  return (
    <DataTable
      label={texts.rejected(rejected.length)}
      columns={columns}
      rows={rejected.map((one, key) => ({ ...one, key }))}
      keyOf={({ key }) => String(key)}
    />
  );
}
