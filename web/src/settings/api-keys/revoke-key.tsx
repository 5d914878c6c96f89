import { Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { $api, type Schema } from '../../api/client.ts';
import { Confirm } from '../../parts/dialogs/confirm.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';

/** Ends an API key. */
export function RevokeKey({ apiKey, onClose }: { apiKey: Schema<'ApiKey'>; onClose: () => void }) {
  const texts = useTexts().apiKeys;
  const queries = useQueryClient();
  const revoke = $api.useMutation('delete', '/v1/api-keys/{id}', {
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ['get', '/v1/api-keys'] });
    },
  });
  return (
    <Confirm
      title={texts.question(apiKey.name)}
      action={texts.revoke}
      isOpen
      isPending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate({ params: { path: { id: apiKey.id } } })}
      onClose={onClose}
    >
      <Text size="sm">{texts.meaning}</Text>
    </Confirm>
  );
}
