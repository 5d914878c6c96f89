import { Badge, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Schema } from '../api/client.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Moment } from '../parts/moment.tsx';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';
import { DiscardImport } from './discard-import.tsx';

type Import = Schema<'Import'>;

const IMPORT_COLORS: Record<Import['status'], string> = {
  preparing: 'gray',
  running: 'blue',
  done: 'teal',
  failed: 'red',
  cancelled: 'gray',
};

/** Imports of this workspace, the newest first: those that ended or run, and uploads that nobody has started. */
export function RecentImports({ imports }: { imports: readonly Import[] }) {
  const texts = useTexts().welcome;
  const { locale } = useLanguage();
  const isPrepared = imports.some(({ upload }) => upload !== null);
  const columns: Column<Import>[] = [
    { title: texts.recent.what, cell: (one) => <What one={one} /> },
    { title: texts.recent.status, cell: (one) => <State one={one} /> },
    { title: texts.recent.by, cell: ({ created_by: by }) => by.name },
    { title: texts.recent.at, cell: ({ created_at: at }) => <Moment at={at} /> },
    {
      title: texts.recent.taken,
      isEnd: true,
      cell: ({ result }) =>
        result === null ? '' : (result.accepted.inserted + result.accepted.updated).toLocaleString(locale),
    },
    ...(isPrepared
      ? [
          {
            title: texts.recent.actions,
            isEnd: true,
            cell: ({ id, upload }: Import) =>
              upload !== null && (
                <DiscardImport
                  importId={id}
                  name={upload.files[0] ?? texts.recent.noFile}
                  size="compact-sm"
                />
              ),
          },
        ]
      : []),
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

/** What it is, as a link to where one goes on with it. */
function What({ one: { id, source, file, upload } }: { one: Import }) {
  const texts = useTexts().welcome;
  if (upload === null)
    return (
      <Link to="/welcome/imports/$id" params={{ id }}>
        {source === 'sample' ? texts.run.sample : (file ?? texts.upload.title)}
      </Link>
    );
  if (upload.files.length === 0) return texts.recent.noFile;
  return (
    <Stack gap={4}>
      {upload.files.map((name) => (
        <Link key={name} to="/welcome/upload" search={{ import: id, file: name }}>
          {name}
        </Link>
      ))}
    </Stack>
  );
}

function State({ one: { status, upload } }: { one: Import }) {
  const texts = useTexts().welcome;
  const isLost = upload !== null && upload.files.length === 0 && !upload.is_arriving;
  const word =
    upload === null
      ? texts.statuses[status]
      : isLost
        ? texts.recent.broke
        : upload.is_arriving
          ? texts.recent.arriving
          : texts.statuses.preparing;
  return (
    <div>
      <Badge variant="light" color={isLost ? 'yellow' : IMPORT_COLORS[status]} miw="max-content">
        {word}
      </Badge>
      {upload !== null && (
        <Text size="xs" c="dimmed">
          {texts.recent.keptUntil} <Moment at={upload.kept_until} />
        </Text>
      )}
    </div>
  );
}
