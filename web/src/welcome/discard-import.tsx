import { Button, type ButtonProps } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { $api } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { Confirm } from '../parts/dialogs/confirm.tsx';
import { useTexts } from '../texts/texts-provider.tsx';

/** Deletes what was uploaded for an import that was not started, once one has said yes. */
export function DiscardImport({
  importId,
  name,
  onDone,
  ...button
}: {
  importId: string;
  /** Of the file, or what stands for it. */
  name: string;
  onDone?: () => Promise<void>;
} & Pick<ButtonProps, 'size'>) {
  const texts = useTexts().welcome.upload;
  const [isAsking, asking] = useDisclosure();
  const discard = $api.useMutation('delete', '/v1/imports/{id}', {
    onSuccess: async () => {
      asking.close();
      await queryClient.invalidateQueries({ queryKey: ['get', '/v1/imports'] });
      await queryClient.invalidateQueries({ queryKey: ['get', '/v1/imports/{id}'] });
      await onDone?.();
    },
  });
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        {...button}
        onClick={asking.open}
        aria-label={texts.discardOf(name)}
      >
        {texts.discard}
      </Button>
      <Confirm
        title={texts.discardTitle(name)}
        action={texts.discard}
        isOpen={isAsking}
        isPending={discard.isPending}
        error={discard.error}
        onConfirm={() => discard.mutate({ params: { path: { id: importId } } })}
        onClose={asking.close}
      >
        {texts.discardText}
      </Confirm>
    </>
  );
}
