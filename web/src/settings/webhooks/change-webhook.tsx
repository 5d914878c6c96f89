import { useQueryClient } from '@tanstack/react-query';
import { $api, type Schema } from '../../api/client.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { WebhookDialog } from './webhook-dialog.tsx';
import type { WebhookEvent } from './webhook-fields.tsx';

/** Changes where a webhook goes and what it is told. */
export function ChangeWebhook({ webhook, onClose }: { webhook: Schema<'Webhook'>; onClose: () => void }) {
  const texts = useTexts();
  const queries = useQueryClient();
  const change = $api.useMutation('patch', '/v1/webhooks/{id}', {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['get', '/v1/webhooks/{id}'] });
      await queries.invalidateQueries({ queryKey: ['get', '/v1/webhooks'] });
      onClose();
    },
  });
  return (
    <WebhookDialog
      webhook={webhook}
      firstEvents={webhook.events as WebhookEvent[]}
      title={texts.webhooks.change}
      action={texts.app.save}
      saving={change}
      onSave={(body) => change.mutate({ params: { path: { id: webhook.id } }, body })}
      onClose={onClose}
    />
  );
}
