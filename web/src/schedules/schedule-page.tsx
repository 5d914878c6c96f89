import { Button, Code, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { $api, type Schema } from '../api/client.ts';
import { DetailColumns } from '../parts/detail-columns.tsx';
import { CopyText } from '../parts/copy-text.tsx';
import { Facts } from '../parts/facts.tsx';
import { FilterWords } from '../parts/filter-words.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { Page } from '../parts/page.tsx';
import { RouteAnchor } from '../parts/route-anchor.tsx';
import { useTexts } from '../texts/texts-provider.tsx';
import { Occurrences } from './occurrences.tsx';
import { ScheduleMenu, useScheduleActs } from './schedule-acts.tsx';
import { DestinationWords, requestOf, RhythmWords, ScheduleState, WhatWords } from './schedule-words.tsx';
import styles from './schedules.module.css';

const LOOK_AGAIN_MS = 5_000;

/** One schedule: when it runs next, what became of the runs before. */
export function SchedulePage() {
  const { id } = useParams({ from: '/signed-in/schedules/$id' });
  const { schedules: texts, nav } = useTexts();
  const query = $api.useQuery(
    'get',
    '/v1/schedules/{id}',
    { params: { path: { id } } },
    { refetchInterval: ({ state }) => (state.status === 'success' ? LOOK_AGAIN_MS : false) },
  );
  const { run } = useScheduleActs();
  const schedule = query.data;
  if (schedule === undefined)
    return (
      <Page title={nav.schedules}>
        <Loaded query={query}>{() => null}</Loaded>
      </Page>
    );
  return (
    <Page
      title={schedule.name}
      hint={<RhythmWords schedule={schedule} />}
      actions={
        <>
          <Button
            variant="default"
            loading={run.isPending}
            onClick={() => run.mutate({ params: { path: { id } } })}
          >
            {texts.run}
          </Button>
          <ScheduleMenu schedule={schedule} />
        </>
      }
    >
      <DetailColumns>
        <Stack component="section" aria-label={texts.runs}>
          <Title order={2} size="h4">
            {texts.runs}
          </Title>
          <Occurrences id={id} />
        </Stack>
        <Stack component="aside">
          <NextRuns schedule={schedule} />
          <Paper withBorder p="md">
            <ScheduleFacts schedule={schedule} />
          </Paper>
        </Stack>
      </DetailColumns>
    </Page>
  );
}

function NextRuns({ schedule }: { schedule: Schema<'Schedule'> }) {
  const texts = useTexts().schedules;
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          {texts.nextRuns}
        </Title>
        <ScheduleState schedule={schedule} />
      </Group>
      {schedule.next_runs.length === 0 ? (
        <Text size="sm">–</Text>
      ) : (
        <ul className={styles['runs']}>
          {schedule.next_runs.map((at) => (
            <li key={at}>
              <Moment at={at} />
            </li>
          ))}
        </ul>
      )}
    </Paper>
  );
}

function ScheduleFacts({ schedule }: { schedule: Schema<'Schedule'> }) {
  const texts = useTexts().schedules;
  const { form } = texts;
  const request = requestOf(schedule);
  const { chain, last_export: lastExport } = schedule;
  return (
    <Facts
      items={[
        [texts.what, <WhatWords key="what" request={request} />],
        [
          form.filter,
          request.filter === undefined ? null : <FilterWords key="filter" filter={request.filter} />,
        ],
        [texts.how, schedule.incremental ? texts.incremental : texts.full],
        [form.overlap, form.overlaps[schedule.overlap]],
        [form.catchUp, form.catchUps[schedule.catch_up]],
        [texts.where, <DestinationWords key="where" destination={schedule.destination} />],
        [texts.told, schedule.notify.join(', ') || texts.nobody],
        [texts.madeBy, schedule.created_by.name],
        [
          texts.lastExport,
          lastExport === null ? null : (
            <RouteAnchor key="last" to="/exports/$id" params={{ id: lastExport }} size="sm">
              {texts.open}
            </RouteAnchor>
          ),
        ],
        [
          texts.chain,
          chain === null ? null : (
            <Stack key="chain" gap={4} component="span">
              {texts.chainAt(chain.sequence)}
              <CopyText text={chain.head} />
              <Code>convey verify --chain --head</Code>
            </Stack>
          ),
        ],
      ]}
    />
  );
}
