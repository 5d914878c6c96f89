import { ActionIcon, Group, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { Schema } from '../api/client.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { useDownload } from '../parts/download/download.tsx';
import { FilterWords } from '../parts/filter-words.tsx';
import { formatBytes } from '../parts/format-bytes.ts';
import { Moment } from '../parts/moment.tsx';
import { RouteAnchor } from '../parts/route-anchor.tsx';
import type { Texts } from '../texts/en/en.ts';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';
import { Asker } from './asker.tsx';
import { CancelExport } from './cancel-export.tsx';
import { ExportProgress } from './export-progress.tsx';
import { isActive } from './is-active.ts';
import { StateBadge } from './state-badge.tsx';

type Export = Schema<'Export'>;

/** Exports as a table, with how far each is. */
export function ExportRows({
  exports,
  more,
}: {
  exports: readonly Export[];
  /** Reads the next page; missing when there is none. */
  more?: { load: () => void; isPending: boolean } | undefined;
}) {
  const texts = useTexts().exports;
  const { locale } = useLanguage();
  const columns: Column<Export>[] = [
    { title: texts.what, cell: (one) => <What of={one} /> },
    { title: texts.status, cell: (one) => <State of={one} /> },
    { title: texts.by, cell: ({ requested_by: by }) => <Asker by={by} /> },
    { title: texts.at, cell: ({ requested_at: at }) => <Moment at={at} /> },
    {
      title: texts.records,
      isEnd: true,
      cell: ({ counts }) => (counts === null ? '' : sumOf(counts).toLocaleString(locale)),
    },
    {
      title: texts.size,
      isEnd: true,
      cell: ({ bytes }) => (bytes === null ? '' : formatBytes(bytes, locale)),
    },
    { title: texts.fetch, isEnd: true, cell: (one) => <Fetch of={one} /> },
  ];
  return (
    <DataTable
      label={texts.list}
      columns={columns}
      rows={exports}
      keyOf={(one) => one.job_id}
      more={more}
      minWidth={900}
    />
  );
}

/** What was exported, as a link to it, and of which conversations. */
function What({ of: one }: { of: Export }) {
  const texts = useTexts().exports;
  return (
    <Stack gap={4} align="flex-start">
      <RouteAnchor to="/exports/$id" params={{ id: one.job_id }} size="sm" fw={500}>
        {nameOf(one, texts)}
      </RouteAnchor>
      {one.kind === 'conversations' && Object.keys(one.filter).length > 0 && (
        <FilterWords filter={one.filter} />
      )}
    </Stack>
  );
}

/** All of it, where it is there to be fetched. */
function Fetch({ of: one }: { of: Export }) {
  const texts = useTexts().exports;
  const download = useDownload();
  if (one.package === null) return null;
  const label = texts.fetchOne(nameOf(one, texts));
  return (
    <ActionIcon variant="subtle" onClick={() => void download(one.package!)} aria-label={label} title={label}>
      <IconDownload size={16} aria-hidden />
    </ActionIcon>
  );
}

/** How it is: while it goes on how far, with a way to stop it; after a failure why. */
function State({ of: one }: { of: Export }) {
  return (
    <Stack gap={6} align="flex-start" maw={340}>
      <Group gap="sm">
        <StateBadge status={one.status} />
        <CancelExport of={one} />
      </Group>
      {isActive(one) && <ExportProgress of={one} />}
      {one.status === 'failed' && one.error !== null && (
        <Text size="xs" c="dimmed">
          {one.error.title}
        </Text>
      )}
    </Stack>
  );
}

const nameOf = ({ kind, format }: Export, { kinds, formats }: Texts['exports']) =>
  `${kinds[kind]} · ${formats[format]}`;

const sumOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
