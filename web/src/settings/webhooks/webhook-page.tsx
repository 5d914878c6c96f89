import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { $api, type Schema } from '../../api/client.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Page } from '../../parts/page.tsx';
import { RouteAnchor } from '../../parts/route-anchor.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { DeliveryList } from './delivery-list.tsx';
import type { DeliverySearch } from './delivery-search.ts';
import { WebhookActions } from './webhook-actions.tsx';
import { WebhookState } from './webhook-state.tsx';

/** One webhook: what it is told, whether it takes it, and every message with what became of it. */
export function WebhookPage() {
  const texts = useTexts();
  const { id } = useParams({ from: '/signed-in/settings/webhooks/$id' });
  const query = $api.useQuery('get', '/v1/webhooks/{id}', { params: { path: { id } } });
  const title = query.data === undefined ? texts.webhooks.one : nameOf(query.data);
  return (
    <Page
      title={title}
      hint={<RouteAnchor to="/settings/webhooks">← {texts.settings.pages.webhooks.name}</RouteAnchor>}
      actions={query.data !== undefined && <WebhookActions webhook={query.data} />}
    >
      <Loaded query={query}>
        {(webhook) => (
          <>
            <Facts webhook={webhook} />
            <Messages webhook={webhook} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const nameOf = ({ description, url }: Schema<'Webhook'>) => (description === '' ? url : description);

function Facts({ webhook }: { webhook: Schema<'Webhook'> }) {
  const texts = useTexts().webhooks;
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <CopyText text={webhook.url} />
        <Group gap="xs">
          {webhook.events.map((event) => (
            <Badge key={event} variant="default" tt="none" fw={500}>
              {event}
            </Badge>
          ))}
        </Group>
        <div>
          <WebhookState webhook={webhook} />
        </div>
        <div>
          <Text size="sm" c="dimmed">
            {texts.publicKey}
          </Text>
          <CopyText text={webhook.public_key} />
        </div>
        {webhook.previous_secret_until !== null && (
          <Text size="sm">
            {texts.bothUntil} <Moment at={webhook.previous_secret_until} />
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

function Messages({ webhook }: { webhook: Schema<'Webhook'> }) {
  const texts = useTexts().webhooks;
  const search = useSearch({ from: '/signed-in/settings/webhooks/$id' });
  const navigate = useNavigate();
  const change = (next: DeliverySearch) =>
    void navigate({ to: '/settings/webhooks/$id', params: { id: webhook.id }, search: next, replace: true });
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h4">
        {texts.deliveries}
      </Title>
      <DeliveryList webhook={webhook} search={search} onChange={change} />
    </Stack>
  );
}
