import { Alert, Button, Group, NativeSelect, Paper, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { keepPreviousData } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { $api, type Schema } from '../api/client.ts';
import { codeOf } from '../api/problem.ts';
import { queryClient } from '../api/query-client.ts';
import { FailureNote } from '../parts/failure-note.tsx';
import { DiscardImport } from './discard-import.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { useTexts } from '../texts/texts-provider.tsx';
import { type ImportMap, suggestMap } from './map/import-map.ts';
import { MapEditor } from './map/map-editor.tsx';
import { RecordSamples } from './record-samples.tsx';
import { RejectedLines } from './rejected-lines.tsx';
import { SourceRows } from './source-rows.tsx';
import { RouteAnchor } from '../parts/route-anchor.tsx';

const TYPED_MS = 400;

type Preview = Schema<'ImportPreview'>;

/** An uploaded file before it is imported: what it is, what becomes of its rows, and what would be left out. */
export function PrepareImport({ importId, file }: { importId: string; file: string }) {
  const texts = useTexts().welcome.upload;
  const [format, setFormat] = useState<Preview['format']>();
  const source = $api.useQuery(
    'post',
    '/v1/imports/{id}/preview',
    {
      params: { path: { id: importId } },
      body: { file, ...(format === undefined ? {} : { format }) },
    },
    { retry: false, staleTime: Number.POSITIVE_INFINITY },
  );
  const isGone = ['imports.not_preparing', 'imports.not_found'].includes(codeOf(source.error) ?? '');
  const formats = Object.entries(texts.formatNames).map(([value, label]) => ({ value, label }));
  if (isGone)
    return (
      <Text>
        {texts.gone} <RouteAnchor to="/welcome/upload">{texts.another}</RouteAnchor>
      </Text>
    );
  return (
    <Stack gap="xl">
      <NativeSelect
        label={texts.format}
        maw={420}
        data={formats}
        value={format ?? source.data?.format ?? 'csv'}
        onChange={({ currentTarget }) => setFormat(currentTarget.value as Preview['format'])}
      />
      <Loaded query={source}>
        {(preview) => <Mapped key={preview.format} importId={importId} file={file} source={preview} />}
      </Loaded>
    </Stack>
  );
}

/** With the map, where the format takes one: the preview follows it. */
function Mapped({ importId, file, source }: { importId: string; file: string; source: Preview }) {
  const isOurs = source.format === 'convey';
  const types = $api.useQuery('get', '/v1/record-types', {}, { staleTime: Number.POSITIVE_INFINITY });
  const [changed, setChanged] = useState<ImportMap>();
  const suggested = useMemo(
    () => (types.data === undefined || isOurs ? undefined : suggestMap(types.data.record_types, source)),
    [types.data, isOurs, source],
  );
  const map = changed ?? suggested;
  const [tried] = useDebouncedValue(map, TYPED_MS);
  const bodyWith = (one: ImportMap | undefined) => ({
    file,
    format: source.format,
    ...(one === undefined ? {} : { map: one as unknown as Record<string, unknown> }),
  });
  const mapped = $api.useQuery(
    'post',
    '/v1/imports/{id}/preview',
    { params: { path: { id: importId } }, body: bodyWith(tried) },
    { enabled: !isOurs && tried !== undefined, retry: false, placeholderData: keepPreviousData },
  );
  const preview = isOurs ? source : mapped.data;
  return (
    <>
      {!isOurs && <SourceRows preview={source} />}
      {!isOurs && (
        <Loaded query={types}>
          {({ record_types: all }) => (
            <MapEditor importId={importId} map={map!} types={all} source={source} onChange={setChanged} />
          )}
        </Loaded>
      )}
      {!isOurs && mapped.error !== null && <FailureNote error={mapped.error} />}
      {preview !== undefined && mapped.error === null && <Outlook preview={preview} />}
      <Actions
        importId={importId}
        body={bodyWith(map)}
        isReady={preview !== undefined && mapped.error === null && preview.taken_count > 0}
      />
    </>
  );
}

/** What would be taken, and what not. */
function Outlook({ preview }: { preview: Preview }) {
  const texts = useTexts().welcome.upload;
  return (
    <Stack gap="lg" aria-live="polite">
      <Stack gap="xs">
        <Title order={2} size="h4">
          {texts.become}
        </Title>
        {preview.taken_count === 0 ? (
          <Text>{texts.nothing}</Text>
        ) : (
          <>
            <Text size="sm" c="dimmed">
              {texts.becomeHint(preview.taken_count, preview.is_whole)}
            </Text>
            <RecordSamples records={preview.records} />
          </>
        )}
      </Stack>
      {preview.rejected_count === 0 ? (
        <Text size="sm" c="dimmed">
          {texts.noneRejected}
        </Text>
      ) : (
        <Stack gap="xs">
          <Alert
            color="yellow"
            icon={<IconAlertTriangle aria-hidden />}
            title={texts.rejected(preview.rejected_count)}
          >
            {texts.rejectedHint}
          </Alert>
          <RejectedLines rejected={preview.rejected} />
        </Stack>
      )}
    </Stack>
  );
}

function Actions({
  importId,
  body,
  isReady,
}: {
  importId: string;
  body: { file: string; format: Preview['format']; map?: Record<string, unknown> };
  isReady: boolean;
}) {
  const texts = useTexts().welcome.upload;
  const navigate = useNavigate();
  const params = { path: { id: importId } };
  const start = $api.useMutation('post', '/v1/imports/{id}/start', {
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ['get', '/v1/imports'] });
      await navigate({ to: '/welcome/imports/$id', params: { id } });
    },
  });
  return (
    <Paper>
      {start.error !== null && <FailureNote error={start.error} />}
      <Group>
        <Button disabled={!isReady} loading={start.isPending} onClick={() => start.mutate({ params, body })}>
          {texts.start}
        </Button>
        <DiscardImport importId={importId} name={body.file} onDone={() => navigate({ to: '/welcome' })} />
      </Group>
    </Paper>
  );
}
