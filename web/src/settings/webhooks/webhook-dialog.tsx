import { Modal, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Schema } from '../../api/client.ts';
import { DialogButtons } from '../../parts/dialogs/dialog-buttons.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { type WebhookEvent, WebhookFields } from './webhook-fields.tsx';

/** Asks what a webhook is to be: a new one, or one that is there. */
export function WebhookDialog({
  webhook,
  firstEvents,
  title,
  action,
  saving,
  onSave,
  onClose,
}: {
  webhook?: Schema<'Webhook'>;
  /** Those that are chosen when it opens. */
  firstEvents: WebhookEvent[];
  title: string;
  action: string;
  saving: { isPending: boolean; error: unknown };
  onSave: (body: { url: string; description: string; events: WebhookEvent[] }) => void;
  onClose: () => void;
}) {
  const [events, setEvents] = useState(firstEvents);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = textOf(event.currentTarget);
    onSave({ url: text('url').trim(), description: text('description').trim(), events });
  };
  return (
    <Modal opened onClose={onClose} title={title} size="lg" centered>
      <form onSubmit={submit}>
        <Stack>
          {saving.error !== null && <FailureNote error={saving.error} isToldAtFields />}
          <WebhookFields webhook={webhook} events={events} error={saving.error} onEvents={setEvents} />
          <DialogButtons
            action={action}
            isPending={saving.isPending}
            disabled={events.length === 0}
            onClose={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
