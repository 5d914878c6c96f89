import { Modal, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { type WebhookEvent, WebhookFields, webhookTexts } from './webhook-fields.tsx';

/** Changes where a webhook goes and what it is told. */
export function ChangeWebhook({ webhook, onClose }: { webhook: Schema<'Webhook'>; onClose: () => void }) {
  const texts = useTexts();
  const queries = useQueryClient();
  const [events, setEvents] = useState(webhook.events as WebhookEvent[]);
  const change = $api.useMutation('patch', '/v1/webhooks/{id}', {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['get', '/v1/webhooks/{id}'] });
      await queries.invalidateQueries({ queryKey: ['get', '/v1/webhooks'] });
      onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = { ...webhookTexts(event.currentTarget), events };
    change.mutate({ params: { path: { id: webhook.id } }, body });
  };
  return (
    <Modal opened onClose={onClose} title={texts.webhooks.change} size="lg" centered>
      <form onSubmit={submit}>
        <Stack>
          <WebhookFields webhook={webhook} events={events} onEvents={setEvents} />
          {change.error !== null && <FailureNote error={change.error} />}
          <DialogButtons
            action={texts.app.save}
            isPending={change.isPending}
            disabled={events.length === 0}
            onClose={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
