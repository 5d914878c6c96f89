import { Modal, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { $api } from '../../api/client.ts';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { NewSecret } from './new-secret.tsx';
import { type WebhookEvent, WebhookFields, webhookTexts } from './webhook-fields.tsx';

/** Sets up a webhook, and shows its secret this once. */
export function CreateWebhook({ onClose }: { onClose: () => void }) {
  const texts = useTexts();
  const queries = useQueryClient();
  const [events, setEvents] = useState<WebhookEvent[]>(['export.ready', 'export.failed']);
  const create = $api.useMutation('post', '/v1/webhooks', {
    onSuccess: () => queries.invalidateQueries({ queryKey: ['get', '/v1/webhooks'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate({ body: { ...webhookTexts(event.currentTarget), events } });
  };
  if (create.data !== undefined) return <NewSecret made={create.data} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title={texts.webhooks.create} size="lg" centered>
      <form onSubmit={submit}>
        <Stack>
          <WebhookFields events={events} onEvents={setEvents} />
          {create.error !== null && <FailureNote error={create.error} />}
          <DialogButtons
            action={texts.webhooks.submit}
            isPending={create.isPending}
            disabled={events.length === 0}
            onClose={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
