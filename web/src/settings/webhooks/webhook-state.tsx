import { Badge, Text } from '@mantine/core';
import type { Schema } from '../../api/client.ts';
import { Moment } from '../../parts/moment.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';

/** Whether a webhook is told things, and if not, why. */
export function WebhookState({ webhook }: { webhook: Schema<'Webhook'> }) {
  const texts = useTexts().webhooks;
  const { disabled_at: disabledAt, disabled_reason: reason, failing_since: failingSince } = webhook;
  if (disabledAt !== null)
    return (
      <>
        <Badge variant="light" color="gray">
          {texts.off}
        </Badge>
        <Text size="xs" c="dimmed">
          {reason !== null && texts.reasons[reason]} <Moment at={disabledAt} />
        </Text>
      </>
    );
  if (failingSince !== null)
    return (
      <>
        <Badge variant="light" color="red">
          {texts.failing}
        </Badge>
        <Text size="xs" c="dimmed">
          {texts.since} <Moment at={failingSince} />
        </Text>
      </>
    );
  return (
    <Badge variant="light" color="teal">
      {texts.on}
    </Badge>
  );
}
