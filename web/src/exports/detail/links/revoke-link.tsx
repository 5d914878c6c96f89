import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { $api } from '../../../api/client.ts';
import { Confirm } from '../../../parts/dialogs/confirm.tsx';
import { useTexts } from '../../../texts/texts-provider.tsx';

/** Withdraws a link, after asking. */
export function RevokeLink({ exportId, id }: { exportId: string; id: string }) {
  const texts = useTexts().exportPage.links;
  const queries = useQueryClient();
  const [isOpen, { open, close }] = useDisclosure();
  const revoke = $api.useMutation('delete', '/v1/exports/{id}/links/{link}', {
    onSuccess: async () => {
      close();
      notifications.show({ message: texts.revoked });
      await queries.invalidateQueries({ queryKey: ['get', '/v1/exports/{id}/links'] });
    },
  });
  return (
    <>
      <Button variant="default" size="compact-xs" onClick={open}>
        {texts.revoke}
      </Button>
      <Confirm
        title={texts.revokeTitle}
        action={texts.revoke}
        isOpen={isOpen}
        isPending={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoke.mutate({ params: { path: { id: exportId, link: id } } })}
        onClose={close}
      >
        <Text size="sm">{texts.revokeHint}</Text>
      </Confirm>
    </>
  );
}
