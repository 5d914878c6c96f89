import { Badge, Stack, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Schema } from '../api/client.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Moment } from '../parts/moment.tsx';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';

type Import = Schema<'Import'>;

const IMPORT_COLORS: Record<Import['status'], string> = {
  preparing: 'gray',
  running: 'blue',
  done: 'teal',
  failed: 'red',
  cancelled: 'gray',
};

/** Imports of this workspace, the newest first. */
export function RecentImports({ imports }: { imports: readonly Import[] }) {
  const texts = useTexts().welcome;
  const { language } = useLanguage();
  const nameOf = ({ source, file }: Import) =>
    source === 'sample' ? texts.run.sample : (file ?? texts.upload.title);
  const columns: Column<Import>[] = [
    {
      title: texts.recent.what,
      cell: (one) =>
        one.status === 'preparing' ? (
          nameOf(one)
        ) : (
          <Link to="/welcome/imports/$id" params={{ id: one.id }}>
            {nameOf(one)}
          </Link>
        ),
    },
    {
      title: texts.recent.status,
      cell: ({ status }) => (
        <Badge variant="light" color={IMPORT_COLORS[status]}>
          {texts.statuses[status]}
        </Badge>
      ),
    },
    { title: texts.recent.by, cell: ({ created_by: by }) => by.name },
    { title: texts.recent.at, cell: ({ created_at: at }) => <Moment at={at} /> },
    {
      title: texts.recent.taken,
      isEnd: true,
      cell: ({ result }) =>
        result === null ? '' : (result.accepted.inserted + result.accepted.updated).toLocaleString(language),
    },
  ];
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {texts.recent.title}
      </Title>
      <DataTable label={texts.recent.title} columns={columns} rows={imports} keyOf={({ id }) => id} />
    </Stack>
  );
}
