import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconRocket } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { $api } from '../api/client.ts';
import { ExportRows } from '../exports/export-rows.tsx';
import { useLiveExports } from '../exports/live/use-live-exports.ts';
import { Empty } from '../parts/empty.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useMay, useWhoami } from '../session/use-session.ts';
import { useTexts } from '../texts/texts-provider.tsx';
import { FailedExports } from './export-lists.tsx';
import { ExportSummary } from './export-summary.tsx';
import { Holdings, useHoldings } from './holdings.tsx';
import { RouteAnchor } from '../parts/route-anchor.tsx';

const LATEST = 5;
const MOST_ACTIVE = 10;
const ENDED = ['ready', 'failed', 'cancelled', 'expired'] as const;

/** What leaves the workspace and what it holds, at a glance and as it is at any moment. */
export function OverviewPage() {
  const { overview: texts, nav } = useTexts();
  const may = useMay();
  const { data: whoami } = useWhoami();
  const { isEmpty } = useHoldings();
  const workspace = whoami?.workspace?.name;
  return (
    <Page title={nav.overview} hint={workspace === undefined ? undefined : texts.hint(workspace)}>
      {isEmpty && may('records.import') && <WelcomeOffer />}
      <Holdings />
      {may('export.read') ? <Exports /> : <Text c="dimmed">{texts.noExports}</Text>}
    </Page>
  );
}

function WelcomeOffer() {
  const texts = useTexts().overview;
  return (
    <Empty
      icon={IconRocket}
      title={texts.welcomeTitle}
      action={
        <Button component={Link} to="/welcome">
          {texts.welcome}
        </Button>
      }
    >
      {texts.welcomeHint}
    </Empty>
  );
}

function Exports() {
  const texts = useTexts().overview;
  useLiveExports();
  const active = $api.useQuery('get', '/v1/exports', {
    params: { query: { status: ['queued', 'running'], limit: MOST_ACTIVE } },
  });
  const latest = $api.useQuery('get', '/v1/exports', {
    params: { query: { status: [...ENDED], limit: LATEST } },
  });
  return (
    <>
      <Section title={texts.running}>
        <Loaded query={active}>
          {({ exports }) => <RowsOr exports={exports} nothing={texts.nothingRuns} />}
        </Loaded>
      </Section>
      <ExportSummary />
      <FailedExports />
      <Section title={texts.latest}>
        <Loaded query={latest}>
          {({ exports }) => <RowsOr exports={exports} nothing={texts.nothingYet} />}
        </Loaded>
        <Group>
          <RouteAnchor to="/exports" size="sm">
            {texts.all}
          </RouteAnchor>
        </Group>
      </Section>
    </>
  );
}

function RowsOr({
  exports,
  nothing,
}: {
  exports: Parameters<typeof ExportRows>[0]['exports'];
  nothing: string;
}) {
  return exports.length === 0 ? (
    <Text size="sm" c="dimmed">
      {nothing}
    </Text>
  ) : (
    <ExportRows exports={exports} />
  );
}

/** A part of the overview under its name. */
function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack component="section" gap="xs" aria-label={title}>
      <Title order={2} size="h4">
        {title}
      </Title>
      {children}
    </Stack>
  );
}
