import { Badge, Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconWebhook } from '@tabler/icons-react';
import { $api, type Schema } from '../../api/client.ts';
import { cursorPages, moreOf } from '../../parts/cursor-pages.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Page } from '../../parts/page.tsx';
import { RouteAnchor } from '../../parts/route-anchor.tsx';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { CreateWebhook } from './create-webhook.tsx';
import { WebhookState } from './webhook-state.tsx';

/** The addresses that are told what happens here. */
export function WebhooksPage() {
  const texts = useTexts();
  const words = texts.webhooks;
  const may = useMay();
  const [isCreating, creating] = useDisclosure();
  const init = { params: { query: { limit: 50 } } };
  const query = $api.useInfiniteQuery('get', '/v1/webhooks', init, cursorPages);
  const columns: Column<Schema<'Webhook'>>[] = [
    {
      title: words.address,
      cell: ({ id, url, description }) => (
        <>
          <RouteAnchor to="/settings/webhooks/$id" params={{ id }} fw={600} size="sm">
            {description === '' ? url : description}
          </RouteAnchor>
          {description !== '' && (
            <Text size="xs" c="dimmed">
              {url}
            </Text>
          )}
        </>
      ),
    },
    {
      title: words.events,
      cell: ({ events }) =>
        events.map((event) => (
          <Badge key={event} variant="default" tt="none" fw={500} mr={4}>
            {event}
          </Badge>
        )),
    },
    { title: words.state, cell: (webhook) => <WebhookState webhook={webhook} /> },
    { title: words.created, cell: ({ created_at: at }) => <Moment at={at} dateOnly /> },
  ];
  return (
    <Page
      title={texts.settings.pages.webhooks.name}
      hint={words.hint}
      actions={may('webhooks.manage') && <Button onClick={creating.open}>{words.create}</Button>}
    >
      <Loaded query={query}>
        {({ pages }) => {
          const webhooks = pages.flatMap((page) => page.webhooks);
          if (webhooks.length === 0)
            return (
              <Empty icon={IconWebhook} title={words.nothing}>
                {words.nothingHint}
              </Empty>
            );
          return (
            <DataTable
              label={texts.settings.pages.webhooks.name}
              columns={columns}
              rows={webhooks}
              keyOf={({ id }) => id}
              more={moreOf(query)}
            />
          );
        }}
      </Loaded>
      {isCreating && <CreateWebhook onClose={creating.close} />}
    </Page>
  );
}
