import { useQueryClient } from '@tanstack/react-query';
import { $api } from '../../api/client.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { NewSecret } from './new-secret.tsx';
import { WebhookDialog } from './webhook-dialog.tsx';

/** Sets up a webhook, and shows its secret this once. */
export function CreateWebhook({ onClose }: { onClose: () => void }) {
  const texts = useTexts().webhooks;
  const queries = useQueryClient();
  const create = $api.useMutation('post', '/v1/webhooks', {
    onSuccess: () => queries.invalidateQueries({ queryKey: ['get', '/v1/webhooks'] }),
  });
  if (create.data !== undefined) return <NewSecret made={create.data} onClose={onClose} />;
  return (
    <WebhookDialog
      firstEvents={['export.ready', 'export.failed']}
      title={texts.create}
      action={texts.submit}
      saving={create}
      onSave={(body) => create.mutate({ body })}
      onClose={onClose}
    />
  );
}
