import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { $api, type Schema } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { Confirm } from '../parts/dialogs/confirm.tsx';
import { formatBytes } from '../parts/format-bytes.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';
import { ImportResult } from './import-result.tsx';
import { RecentImports } from './recent-imports.tsx';

const POLL_MS = 1000;

type Import = Schema<'Import'>;

/** One import: how far it is, then what became of it. */
export function ImportPage() {
  const texts = useTexts().welcome.run;
  const { id } = useParams({ from: '/signed-in/welcome/imports/$id' });
  const query = $api.useQuery(
    'get',
    '/v1/imports/{id}',
    { params: { path: { id } } },
    { refetchInterval: ({ state }) => (state.data?.status === 'running' ? POLL_MS : false) },
  );
  const { data } = query;
  const isOver = data !== undefined && data.finished_at !== null;
  // What came in shows on every other page as soon as one goes there.
  useEffect(() => {
    if (isOver)
      void queryClient.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[1] !== '/v1/imports/{id}' && queryKey[1] !== '/v1/whoami',
      });
  }, [isOver]);
  const name = data?.source === 'sample' ? texts.sample : data?.file;
  return (
    <Page title={name ?? texts.title}>
      <Loaded query={query}>
        {(one) => (
          <>
            <div aria-live="polite">
              {one.status === 'running' ? (
                <Running one={one} />
              ) : one.upload !== null ? (
                <RecentImports imports={[one]} />
              ) : (
                <Outcome one={one} />
              )}
            </div>
            {one.result !== null && <ImportResult id={id} result={one.result} />}
            {one.result !== null && one.source === 'sample' && (
              <Text size="sm" c="dimmed">
                {texts.sampleNote}
              </Text>
            )}
            {one.finished_at !== null && (
              <Group>
                <Button component={Link} to="/conversations">
                  {texts.conversations}
                </Button>
                <Button component={Link} to="/exports" variant="default">
                  {texts.exportNow}
                </Button>
                <Button component={Link} to="/welcome/upload" variant="subtle">
                  {texts.again}
                </Button>
              </Group>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Running({ one }: { one: Import }) {
  const texts = useTexts().welcome.run;
  const { locale } = useLanguage();
  const [isAsking, setAsking] = useState(false);
  const stop = $api.useMutation('delete', '/v1/imports/{id}', {
    onSuccess: async () => {
      setAsking(false);
      await queryClient.invalidateQueries({ queryKey: ['get', '/v1/imports/{id}'] });
    },
  });
  const { progress } = one;
  const share = progress?.total_bytes ? Math.min(100, (progress.bytes / progress.total_bytes) * 100) : null;
  return (
    <Stack>
      <Text>{texts.running}</Text>
      <Progress.Root size="lg">
        <Progress.Section
          value={share ?? 100}
          animated={share === null}
          aria-label={one.file ?? texts.sample}
        />
      </Progress.Root>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {progress === null
            ? one.source === 'sample' && texts.making
            : [
                texts.read(progress.records),
                ...(progress.total_bytes === null
                  ? []
                  : [
                      texts.of(
                        formatBytes(progress.bytes, locale),
                        formatBytes(progress.total_bytes, locale),
                      ),
                    ]),
              ].join(' · ')}
        </Text>
        <Button variant="default" onClick={() => setAsking(true)}>
          {texts.stop}
        </Button>
      </Group>
      <Confirm
        title={texts.stopTitle}
        action={texts.stop}
        isOpen={isAsking}
        isPending={stop.isPending}
        error={stop.error}
        onConfirm={() => stop.mutate({ params: { path: { id: one.id } } })}
        onClose={() => setAsking(false)}
      >
        {texts.stopText}
      </Confirm>
    </Stack>
  );
}

function Outcome({ one }: { one: Import }) {
  const texts = useTexts().welcome.run;
  if (one.status === 'done') {
    const hasRejects = (one.result?.rejected_count ?? 0) > 0;
    return (
      <Alert
        color={hasRejects ? 'yellow' : 'teal'}
        icon={hasRejects ? <IconAlertTriangle aria-hidden /> : <IconCheck aria-hidden />}
        title={hasRejects ? texts.doneWithRejects : texts.done}
      >
        {one.result?.signed_by && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {texts.signedBy(one.result.signed_by)}
          </Text>
        )}
      </Alert>
    );
  }
  const isStopped = one.status === 'cancelled';
  return (
    <Alert
      color={isStopped ? 'gray' : 'red'}
      icon={<IconAlertTriangle aria-hidden />}
      title={isStopped ? texts.cancelled : texts.failed}
    >
      <Stack gap="xs">
        {one.failure !== null && !isStopped && (
          <>
            <Text size="sm">
              {one.failure.title} <span lang="en">{one.failure.detail}</span>
            </Text>
            <Text size="xs">
              <a href={`/problems/${one.failure.code}`}>{one.failure.code}</a>
            </Text>
          </>
        )}
        <Text size="sm">{texts.stays}</Text>
      </Stack>
    </Alert>
  );
}
