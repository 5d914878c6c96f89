import { Button, Group, List, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { Schema } from '../api/client.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { useDownload } from '../parts/download/download.tsx';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';
import { RejectedLines } from './rejected-lines.tsx';

type Result = NonNullable<Schema<'Import'>['result']>;
type Counts = Result['by_type'][string];

const sizeOf = ({ inserted, updated, unchanged }: Counts) => inserted + updated + unchanged;

/** What an import took, by type, and which lines it did not take. */
export function ImportResult({ id, result }: { id: string; result: Result }) {
  const texts = useTexts().welcome.run;
  const { locale } = useLanguage();
  const download = useDownload();
  const number = (n: number) => n.toLocaleString(locale);
  const told: [string, number, always?: boolean][] = [
    [texts.taken, result.accepted.inserted, true],
    [texts.changed, result.accepted.updated],
    [texts.unchanged, result.unchanged],
    [texts.older, result.skipped_older],
    [texts.pending, result.pending],
    [texts.files, result.files.stored],
    [texts.rejected, result.rejected_count, true],
  ];
  const types = Object.entries(result.by_type).toSorted(([, a], [, b]) => sizeOf(b) - sizeOf(a));
  const outcomes = [
    ['inserted', texts.taken],
    ['updated', texts.changed],
    ['unchanged', texts.unchanged],
  ] as const;
  const columns: Column<[string, Counts]>[] = [
    { title: texts.typeColumn, cell: ([type]) => type },
    ...outcomes
      .filter(([name]) => name === 'inserted' || types.some(([, counts]) => counts[name] > 0))
      .map(([name, title]) => ({
        title,
        isEnd: true,
        cell: ([, counts]: [string, Counts]) => number(counts[name]),
      })),
  ];
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }}>
        {told
          .filter(([, n, always]) => always === true || n > 0)
          .map(([name, n]) => (
            <Paper key={name} withBorder p="sm">
              <Text size="sm" c="dimmed">
                {name}
              </Text>
              <Text size="xl" fw={650}>
                {number(n)}
              </Text>
            </Paper>
          ))}
      </SimpleGrid>
      {result.rejected_count > 0 && (
        <Stack gap="xs">
          <Group justify="space-between">
            <Title order={2} size="h4">
              {texts.notTaken(result.rejected_count)}
            </Title>
            <Button
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={() => void download(`/v1/imports/${id}/rejected`)}
            >
              {texts.download}
            </Button>
          </Group>
          {result.rejected.length < result.rejected_count && (
            <Text>{texts.shown(result.rejected.length)}</Text>
          )}
          <RejectedLines rejected={result.rejected} />
        </Stack>
      )}
      {result.files.missing.length > 0 && (
        <Stack gap="xs">
          <Title order={2} size="h4">
            {texts.missingFiles}
          </Title>
          <List size="sm">
            {result.files.missing.map((one) => (
              <List.Item key={one}>{one}</List.Item>
            ))}
          </List>
        </Stack>
      )}
      <Stack gap="xs">
        <Title order={2} size="h4">
          {texts.byType}
        </Title>
        <DataTable
          label={texts.byType}
          columns={columns}
          rows={types}
          keyOf={([type]) => type}
          minWidth={360}
        />
      </Stack>
    </Stack>
  );
}
