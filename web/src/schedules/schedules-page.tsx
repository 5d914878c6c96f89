import { Button } from '@mantine/core';
import { IconCalendarTime, IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { $api } from '../api/client.ts';
import { cursorPages, moreOf } from '../parts/cursor-pages.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Empty } from '../parts/empty.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { Page } from '../parts/page.tsx';
import { RouteAnchor } from '../parts/route-anchor.tsx';
import { useMay } from '../session/use-session.ts';
import { useTexts } from '../texts/texts-provider.tsx';
import { ScheduleMenu } from './schedule-acts.tsx';
import { requestOf, RhythmWords, ScheduleState, WhatWords } from './schedule-words.tsx';

const PAGE = 50;
const LOOK_AGAIN_MS = 15_000;

/** Every schedule of the workspace: what, when, and whether it runs. */
export function SchedulesPage() {
  const { schedules: texts, nav } = useTexts();
  const may = useMay();
  const query = $api.useInfiniteQuery(
    'get',
    '/v1/schedules',
    { params: { query: { limit: PAGE } } },
    { pageParamName: 'cursor', ...cursorPages, refetchInterval: LOOK_AGAIN_MS },
  );
  const isEmpty = query.data?.pages.every(({ schedules }) => schedules.length === 0);
  const add = may('schedules.manage') && (
    <Button component={Link} to="/schedules/new" leftSection={<IconPlus size={16} aria-hidden />}>
      {texts.new}
    </Button>
  );
  return (
    <Page title={nav.schedules} hint={texts.hint} actions={isEmpty ? undefined : add}>
      <Loaded query={query}>
        {({ pages }) => {
          const rows = pages.flatMap(({ schedules }) => schedules);
          if (rows.length === 0)
            return (
              <Empty icon={IconCalendarTime} title={texts.empty} action={add}>
                {texts.emptyHint}
              </Empty>
            );
          return (
            <DataTable
              label={texts.list}
              rows={rows}
              keyOf={({ id }) => id}
              more={moreOf(query)}
              minWidth={900}
              columns={[
                {
                  title: texts.name,
                  cell: ({ id, name }) => (
                    <RouteAnchor to="/schedules/$id" params={{ id }} size="sm" fw={500}>
                      {name}
                    </RouteAnchor>
                  ),
                },
                { title: texts.what, cell: (one) => <WhatWords request={requestOf(one)} /> },
                { title: texts.when, cell: (one) => <RhythmWords schedule={one} /> },
                { title: texts.next, cell: ({ next_at: at }) => (at === null ? '–' : <Moment at={at} />) },
                { title: texts.state, cell: (one) => <ScheduleState schedule={one} /> },
                { title: texts.actions, isEnd: true, cell: (one) => <ScheduleMenu schedule={one} /> },
              ]}
            />
          );
        }}
      </Loaded>
    </Page>
  );
}
