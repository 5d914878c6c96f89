import { Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { $api, type Schema } from '../../../api/client.ts';
import { Confirm } from '../../../parts/dialogs/confirm.tsx';
import { useTexts } from '../../../texts/texts-provider.tsx';

/** Asks before a saved choice is deleted. */
export function DeleteFieldSet({
  set,
  isOpen,
  onClose,
  onDeleted,
}: {
  set: Schema<'FieldSet'>;
  isOpen: boolean;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const texts = useTexts().order.sets;
  const queries = useQueryClient();
  const deletion = $api.useMutation('delete', '/v1/field-sets/{id}', {
    onSuccess: () => {
      onClose();
      onDeleted();
      return queries.invalidateQueries({ queryKey: ['get', '/v1/field-sets'] });
    },
  });
  return (
    <Confirm
      title={texts.deleteTitle(set.name)}
      action={texts.deleteAction}
      isOpen={isOpen}
      isPending={deletion.isPending}
      error={deletion.error}
      onConfirm={() => deletion.mutate({ params: { path: { id: set.id } } })}
      onClose={onClose}
    >
      <Text size="sm">
        {texts.deleteHint} {set.shared && texts.deleteShared}
      </Text>
    </Confirm>
  );
}
