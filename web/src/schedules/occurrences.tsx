import { Badge, Code, Group, Text } from '@mantine/core';
import { $api, type Schema } from '../api/client.ts';
import { cursorPages, moreOf } from '../parts/cursor-pages.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { RouteAnchor } from '../parts/route-anchor.tsx';
import { useTexts } from '../texts/texts-provider.tsx';

type Occurrence = Schema<'ScheduleOccurrence'>;

const PAGE = 20;
const LOOK_AGAIN_MS = 3_000;
const COLORS: Record<Occurrence['status'], string> = {
  waiting: 'gray',
  queued: 'blue',
  done: 'teal',
  failed: 'red',
  skipped: 'yellow',
};

/** When a schedule was due, and what became of it. */
export function Occurrences({ id }: { id: string }) {
  const texts = useTexts().schedules;
  const query = $api.useInfiniteQuery(
    'get',
    '/v1/schedules/{id}/occurrences',
    { params: { path: { id }, query: { limit: PAGE } } },
    {
      pageParamName: 'cursor',
      ...cursorPages,
      refetchInterval: ({ state }) => (state.status === 'success' ? LOOK_AGAIN_MS : false),
    },
  );
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const rows = pages.flatMap(({ occurrences }) => occurrences);
        if (rows.length === 0) return <Text c="dimmed">{texts.noRuns}</Text>;
        return (
          <DataTable
            label={texts.runs}
            rows={rows}
            keyOf={({ at }) => at}
            more={moreOf(query)}
            minWidth={420}
            columns={[
              { title: texts.due, cell: ({ at }) => <Moment at={at} /> },
              { title: texts.state, cell: (one) => <Outcome of={one} /> },
              {
                title: texts.export,
                cell: ({ export_id: exported }) =>
                  exported === null ? null : (
                    <RouteAnchor to="/exports/$id" params={{ id: exported }} size="sm">
                      {texts.open}
                    </RouteAnchor>
                  ),
              },
            ]}
          />
        );
      }}
    </Loaded>
  );
}

function Outcome({ of: { status, reason } }: { of: Occurrence }) {
  const texts = useTexts().schedules;
  return (
    <Group gap={6}>
      <Badge variant="light" color={COLORS[status]} tt="none">
        {texts.statuses[status]}
      </Badge>
      {reason !== null &&
        (texts.reasons[reason] === undefined ? (
          <Code>{reason}</Code>
        ) : (
          <Text size="xs" c="dimmed">
            {texts.reasons[reason]}
          </Text>
        ))}
    </Group>
  );
}
