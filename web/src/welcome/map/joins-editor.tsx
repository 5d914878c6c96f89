import { ActionIcon, Button, FileButton, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import type { ImportMap } from './import-map.ts';
import { uploadFile } from '../upload-file.ts';

type Joins = NonNullable<ImportMap['joins']>;

/** Other files of which columns are taken: each is uploaded beside the first and tied to it by a column. */
export function JoinsEditor({
  importId,
  joins,
  onChange,
}: {
  importId: string;
  joins: Joins;
  onChange: (joins: Joins) => void;
}) {
  const texts = useTexts().welcome.map;
  const add = useMutation({
    mutationFn: async (file: File) => {
      await uploadFile(importId, file);
      return { file: file.name, ...(await readHeader(importId, file.name)) };
    },
    onSuccess: ({ file, format, columns }) => {
      // A map calls it by a name of letters and digits.
      const name =
        file
          .replace(/\..*$/, '')
          .replaceAll(/\W/g, '_')
          .replace(/^[^A-Za-z]*/, '') || 'side';
      onChange({ ...joins, [name]: { file, format, key: columns[0] ?? '' } });
    },
  });
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {texts.joins}
      </Text>
      <Text size="sm" c="dimmed">
        {texts.joinsHint}
      </Text>
      {Object.entries(joins).map(([name, join]) => (
        <Group key={name} align="flex-end" gap="xs">
          <JoinKey
            importId={importId}
            join={join}
            onKey={(key) => onChange({ ...joins, [name]: { ...join, key } })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={texts.removeJoin(join.file)}
            onClick={() => {
              const { [name]: _gone, ...others } = joins;
              onChange(others);
            }}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      {add.error !== null && <FailureNote error={add.error} />}
      <div>
        <FileButton onChange={(file) => file !== null && add.mutate(file)}>
          {(props) => (
            <Button
              {...props}
              variant="default"
              loading={add.isPending}
              leftSection={<IconPlus size={16} aria-hidden />}
            >
              {texts.addJoin}
            </Button>
          )}
        </FileButton>
      </div>
    </Stack>
  );
}

/** What a side file is and which columns it has, as the server reads it. */
async function readHeader(
  importId: string,
  file: string,
): Promise<{ format: 'csv' | 'tsv' | 'jsonl' | 'json'; columns: string[] }> {
  const { data } = await api.POST('/v1/imports/{id}/preview', {
    params: { path: { id: importId } },
    body: { file },
  });
  const { format, columns } = data!;
  return { format: format === 'convey' ? 'jsonl' : format, columns };
}

function JoinKey({
  importId,
  join,
  onKey,
}: {
  importId: string;
  join: Joins[string];
  onKey: (key: string) => void;
}) {
  const texts = useTexts().welcome.map;
  const header = useQuery({
    queryKey: ['side file', importId, join.file],
    queryFn: () => readHeader(importId, join.file),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const columns = header.data?.columns ?? [];
  return (
    <NativeSelect
      label={texts.joinKey(join.file)}
      value={join.key}
      data={columns.includes(join.key) ? columns : [join.key, ...columns]}
      onChange={({ currentTarget }) => onKey(currentTarget.value)}
    />
  );
}
