import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { $api, type Schema } from '../../api/client.ts';
import { cursorPages, moreOf } from '../../parts/cursor-pages.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { DeliveryRow } from './delivery-row.tsx';
import type { DeliverySearch, DeliveryStatus } from './delivery-search.ts';
import styles from './delivery-list.module.css';

const LOOK_AGAIN_MS = { onTheirWay: 3000, idle: 15_000 };
/** As long as the server keeps messages. */
const KEPT_MS = 30 * 24 * 3600 * 1000;

/** The messages of the last 30 days, newest first, with what became of each; looks again by itself. */
export function DeliveryList({
  webhook,
  search,
  onChange,
}: {
  webhook: Schema<'Webhook'>;
  search: DeliverySearch;
  onChange: (search: DeliverySearch) => void;
}) {
  const texts = useTexts();
  const words = texts.webhooks;
  const { status, delivery: open } = search;
  const path = { id: webhook.id };
  const init = { params: { path, query: { limit: 20, ...(status === undefined ? {} : { status }) } } };
  const query = $api.useInfiniteQuery('get', '/v1/webhooks/{id}/deliveries', init, {
    ...cursorPages,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(({ deliveries }) => deliveries.some((one) => one.status === 'queued')) === true
        ? LOOK_AGAIN_MS.onTheirWay
        : LOOK_AGAIN_MS.idle,
  });
  const statuses = [
    { value: '', label: words.all },
    ...Object.entries(words.statuses).map(([value, label]) => ({ value, label })),
  ];
  const select = (value: string) => onChange(value === '' ? {} : { status: value as DeliveryStatus });
  const more = moreOf(query);
  return (
    <>
      <Group justify="space-between">
        <SegmentedControl
          data={statuses}
          value={status ?? ''}
          onChange={select}
          aria-label={words.filter}
          size="xs"
        />
        <ReplayFailed webhook={webhook} />
      </Group>
      <Loaded query={query}>
        {({ pages }) => {
          const deliveries = pages.flatMap((page) => page.deliveries);
          if (deliveries.length === 0) return <Text c="dimmed">{words.noDeliveries}</Text>;
          return (
            <>
              <ul className={styles['list']} aria-label={words.deliveries}>
                {deliveries.map((delivery) => (
                  <DeliveryRow
                    key={delivery.id}
                    webhook={webhook}
                    delivery={delivery}
                    isOpen={delivery.id === open}
                    onToggle={() =>
                      onChange({
                        ...(status === undefined ? {} : { status }),
                        ...(delivery.id === open ? {} : { delivery: delivery.id }),
                      })
                    }
                  />
                ))}
              </ul>
              {more !== undefined && (
                <Group justify="center">
                  <Button variant="default" onClick={more.load} loading={more.isPending}>
                    {texts.state.more}
                  </Button>
                </Group>
              )}
            </>
          );
        }}
      </Loaded>
    </>
  );
}

/** Sends everything once more that failed. */
function ReplayFailed({ webhook }: { webhook: Schema<'Webhook'> }) {
  const texts = useTexts().webhooks;
  const queries = useQueryClient();
  const replay = $api.useMutation('post', '/v1/webhooks/{id}/replay', {
    onSuccess: () => queries.invalidateQueries({ queryKey: ['get', '/v1/webhooks/{id}/deliveries'] }),
  });
  const start = () =>
    replay.mutate({
      params: { path: { id: webhook.id } },
      body: { since: new Date(Date.now() - KEPT_MS).toISOString() },
    });
  return (
    <Group gap="sm" role="status">
      {replay.data !== undefined && <Text size="sm">{texts.replayed(replay.data.deliveries)}</Text>}
      {replay.error !== null && <FailureNote error={replay.error} />}
      <Button
        variant="default"
        size="xs"
        onClick={start}
        loading={replay.isPending}
        disabled={webhook.disabled_at !== null}
      >
        {texts.replayFailed}
      </Button>
    </Group>
  );
}
