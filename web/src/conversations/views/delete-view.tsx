import { useQueryClient } from '@tanstack/react-query';
import { $api, type Schema } from '../../api/client.ts';
import { Confirm } from '../../parts/dialogs/confirm.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';

/** Asks before a view is deleted. */
export function DeleteView({ view, onClose }: { view: Schema<'SavedView'>; onClose: () => void }) {
  const texts = useTexts().conversations.views;
  const queries = useQueryClient();
  const remove = $api.useMutation('delete', '/v1/saved-views/{id}', {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['get', '/v1/saved-views'] });
      onClose();
    },
  });
  return (
    <Confirm
      title={texts.deleteTitle(view.name)}
      action={texts.deleteAction}
      isOpen
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { path: { id: view.id } } })}
      onClose={onClose}
    >
      {texts.deleteText}
    </Confirm>
  );
}
