import { Button, Paper, SimpleGrid, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconFileUpload, IconPlugConnected, IconSparkles } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { $api, type Schema } from '../api/client.ts';
import { codeOf } from '../api/problem.ts';
import { queryClient } from '../api/query-client.ts';
import { FailureNote } from '../parts/failure-note.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session/use-session.ts';
import { useTexts } from '../texts/texts-provider.tsx';
import { RecentImports } from './recent-imports.tsx';

const POLL_MS = 2000;

const isMoving = ({ status, upload }: Schema<'Import'>) =>
  status === 'running' || upload?.is_arriving === true;

/** The ways to bring the first data in, and what came in before. */
export function WelcomePage() {
  const texts = useTexts().welcome;
  const may = useMay();
  const recent = $api.useQuery(
    'get',
    '/v1/imports',
    { params: { query: { limit: 10 } } },
    { refetchInterval: ({ state }) => (state.data?.imports.some(isMoving) === true ? POLL_MS : false) },
  );
  return (
    <Page title={texts.title} hint={texts.hint}>
      <Loaded query={recent}>
        {({ imports }) => (
          <Stack gap="xl">
            <SimpleGrid cols={{ base: 1, md: 3 }}>
              <SampleWay />
              <Way icon={IconFileUpload} title={texts.upload.title} text={texts.upload.text}>
                <Button component={Link} to="/welcome/upload">
                  {texts.upload.action}
                </Button>
              </Way>
              {may('keys.manage') && (
                <Way icon={IconPlugConnected} title={texts.connect.title} text={texts.connect.text}>
                  <Button component={Link} to="/welcome/connect" variant="default">
                    {texts.connect.action}
                  </Button>
                </Way>
              )}
            </SimpleGrid>
            {imports.length > 0 && <RecentImports imports={imports} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function SampleWay() {
  const texts = useTexts().welcome.sample;
  const navigate = useNavigate();
  const load = $api.useMutation('post', '/v1/imports', {
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ['get', '/v1/imports'] });
      await navigate({ to: '/welcome/imports/$id', params: { id } });
    },
  });
  const isNotEmpty = codeOf(load.error) === 'imports.not_empty';
  return (
    <Way icon={IconSparkles} title={texts.title} text={texts.text}>
      {load.error !== null &&
        (isNotEmpty ? <Text size="sm">{texts.notEmpty}</Text> : <FailureNote error={load.error} />)}
      {!isNotEmpty && (
        <Button
          variant="default"
          loading={load.isPending}
          onClick={() => load.mutate({ body: { source: 'sample' } })}
        >
          {texts.action}
        </Button>
      )}
    </Way>
  );
}

function Way({
  icon: Icon,
  title,
  text,
  children,
}: {
  icon: typeof IconSparkles;
  title: string;
  text: string;
  children: ReactNode;
}) {
  return (
    <Paper withBorder p="lg">
      <Stack h="100%" align="flex-start" justify="space-between">
        <Stack gap="xs" align="flex-start">
          <ThemeIcon variant="light" size={40} radius="xl">
            <Icon size={22} stroke={1.5} aria-hidden />
          </ThemeIcon>
          <Title order={2} size="h4">
            {title}
          </Title>
          <Text size="sm" c="dimmed">
            {text}
          </Text>
        </Stack>
        {children}
      </Stack>
    </Paper>
  );
}
