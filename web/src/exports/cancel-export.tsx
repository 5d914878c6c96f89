import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { $api, type Schema } from '../api/client.ts';
import { Confirm } from '../parts/dialogs/confirm.tsx';
import { useMay } from '../session/use-session.ts';
import { useTexts } from '../texts/texts-provider.tsx';
import { isActive } from './is-active.ts';
import { readAgain } from './live/told-export.ts';

/** Cancels an export that waits or runs, after asking; nothing for any other, or for who may not. */
export function CancelExport({ of: one }: { of: Schema<'Export'> }) {
  const texts = useTexts().exports;
  const may = useMay();
  const queries = useQueryClient();
  const [isOpen, { open, close }] = useDisclosure();
  const cancel = $api.useMutation('delete', '/v1/exports/{id}', {
    onSuccess: ({ status }) => {
      close();
      readAgain(queries, one.job_id);
      notifications.show({ message: status === 'cancelled' ? texts.cancel.done : texts.cancel.tooLate });
    },
  });
  // One that is sent at once ends with its download.
  if (!isOpen && (!isActive(one) || !one.kept || !may('export.order'))) return null;
  return (
    <>
      <Button variant="default" size="xs" onClick={open}>
        {texts.cancel.action}
      </Button>
      <Confirm
        title={texts.cancel.title}
        action={texts.cancel.action}
        isOpen={isOpen}
        isPending={cancel.isPending}
        error={cancel.error}
        onConfirm={() => cancel.mutate({ params: { path: { id: one.job_id } } })}
        onClose={close}
      >
        <Text size="sm">{texts.cancel.what}</Text>
      </Confirm>
    </>
  );
}
