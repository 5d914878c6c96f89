import { Badge, Button, Code, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { $api, type Schema } from '../../api/client.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Moment } from '../../parts/moment.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import styles from './delivery-list.module.css';

type Delivery = Schema<'WebhookDelivery'>;

const COLORS: Record<Delivery['status'], string> = { queued: 'blue', delivered: 'teal', failed: 'red' };

/** A message: what it told, what became of it; opened, every try and the body. */
export function DeliveryRow({
  webhook,
  delivery,
  isOpen,
  onToggle,
}: {
  webhook: Schema<'Webhook'>;
  delivery: Delivery;
  isOpen: boolean;
  onToggle: () => void;
}) {
  const texts = useTexts().webhooks;
  const last = delivery.attempts.findLast(({ error }) => error !== 'replayed');
  return (
    <li className={styles['row']}>
      <div className={styles['head']}>
        <Badge variant="light" color={COLORS[delivery.status]}>
          {texts.statuses[delivery.status]}
        </Badge>
        <div className={styles['what']}>
          <Code>{delivery.event}</Code>{' '}
          <Text span size="sm" c="dimmed">
            <Moment at={delivery.created_at} />
          </Text>
        </div>
        {last !== undefined && <Answer attempt={last} />}
        <Button variant="subtle" size="compact-sm" onClick={onToggle} aria-expanded={isOpen}>
          {isOpen ? texts.close : texts.open}
        </Button>
      </div>
      {isOpen && <Opened webhook={webhook} delivery={delivery} />}
    </li>
  );
}

/** What came back, or why nothing did. */
function Answer({ attempt: { status, error } }: { attempt: Delivery['attempts'][number] }) {
  const texts = useTexts().webhooks;
  return (
    <Text span size="sm">
      {status !== null ? texts.answered(status) : error === null ? '' : texts.errors[error]}
    </Text>
  );
}

function Opened({ webhook, delivery }: { webhook: Schema<'Webhook'>; delivery: Delivery }) {
  const texts = useTexts().webhooks;
  const queries = useQueryClient();
  const replay = $api.useMutation('post', '/v1/webhooks/{id}/deliveries/{delivery_id}/replay', {
    onSuccess: () => queries.invalidateQueries({ queryKey: ['get', '/v1/webhooks/{id}/deliveries'] }),
  });
  const path = { id: webhook.id, delivery_id: delivery.id };
  return (
    <Stack gap="sm" py="sm" align="stretch">
      {delivery.attempts.length === 0 && <Text size="sm">{texts.noAttempt}</Text>}
      <ol className={styles['attempts']} aria-label={texts.attempts}>
        {delivery.attempts.map((attempt) => (
          <li key={attempt.at}>
            <Moment at={attempt.at} />: <Answer attempt={attempt} />
            {attempt.error !== 'replayed' && ` ${texts.took(attempt.duration_ms)}`}
          </li>
        ))}
      </ol>
      {delivery.next_attempt_at !== null && (
        <Text size="sm">
          {texts.next} <Moment at={delivery.next_attempt_at} />
        </Text>
      )}
      <Text size="sm" c="dimmed">
        webhook-id: <Code>{delivery.message_id}</Code>
      </Text>
      <Code block className={styles['payload']} tabIndex={0} role="group" aria-label={texts.payload}>
        {JSON.stringify(delivery.payload, null, 2)}
      </Code>
      {replay.error !== null && <FailureNote error={replay.error} />}
      <div>
        <Button
          variant="default"
          size="xs"
          onClick={() => replay.mutate({ params: { path } })}
          loading={replay.isPending}
          disabled={webhook.disabled_at !== null}
        >
          {texts.replayOne}
        </Button>
      </div>
    </Stack>
  );
}
