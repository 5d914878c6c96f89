import { Checkbox, Stack, TextInput } from '@mantine/core';
import { $api, type Schema } from '../../api/client.ts';
import { fieldErrorOf } from '../../parts/forms/field-error.tsx';
import type { paths } from '../../api/schema.d.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';

/** What a webhook can be told. */
export type WebhookEvent =
  paths['/v1/webhooks']['post']['requestBody']['content']['application/json']['events'][number];

/** Asks where to, what for, and for which events; the events and their meaning are the server's. */
export function WebhookFields({
  webhook,
  events,
  error,
  onEvents,
}: {
  webhook: Schema<'Webhook'> | undefined;
  events: WebhookEvent[];
  /** Why it was not saved: each field says what is wrong with it. */
  error: unknown;
  onEvents: (events: WebhookEvent[]) => void;
}) {
  const texts = useTexts().webhooks;
  const query = $api.useQuery('get', '/v1/webhook-events', {}, { staleTime: Infinity });
  return (
    <>
      <TextInput
        name="url"
        type="url"
        label={texts.address}
        description={texts.addressHint}
        placeholder="https://example.com/convey"
        defaultValue={webhook?.url}
        error={fieldErrorOf(error, '/url')}
        required
        data-autofocus
      />
      <TextInput
        name="description"
        label={texts.description}
        description={texts.descriptionHint}
        defaultValue={webhook?.description}
        error={fieldErrorOf(error, '/description')}
      />
      <Loaded query={query}>
        {({ events: all }) => (
          <Checkbox.Group
            label={texts.events}
            description={texts.eventsHint}
            value={events}
            error={fieldErrorOf(error, '/events')}
            onChange={(next) => onEvents(next as WebhookEvent[])}
            required
          >
            <Stack gap="xs" mt="xs">
              {all.map(({ type, doc }) => (
                <Checkbox key={type} value={type} label={type} description={doc.replaceAll('`', '')} />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
      </Loaded>
    </>
  );
}
