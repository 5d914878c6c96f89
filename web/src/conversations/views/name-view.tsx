import { Modal, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { DialogButtons } from '../../parts/dialogs/dialog-buttons.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { type ConversationFilter, FilterWords } from '../../parts/filter-words.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { useTexts } from '../../texts/texts-provider.tsx';

/** Asks for the name of a view: of a new one that keeps the filter, or another of one that is there. */
export function NameView({
  view,
  filter,
  onClose,
}: {
  view: Schema<'SavedView'> | undefined;
  filter: ConversationFilter;
  onClose: () => void;
}) {
  const texts = useTexts();
  const queries = useQueryClient();
  const onSuccess = async () => {
    await queries.invalidateQueries({ queryKey: ['get', '/v1/saved-views'] });
    onClose();
  };
  const create = $api.useMutation('post', '/v1/saved-views', { onSuccess });
  const rename = $api.useMutation('patch', '/v1/saved-views/{id}', { onSuccess });
  const error = create.error ?? rename.error;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = textOf(event.currentTarget)('name').trim();
    if (view === undefined) create.mutate({ body: { name, filter } });
    else rename.mutate({ params: { path: { id: view.id } }, body: { name } });
  };
  const { views } = texts.conversations;
  return (
    <Modal opened onClose={onClose} title={view === undefined ? views.save : views.renameTitle} centered>
      <form onSubmit={submit}>
        <Stack>
          {view === undefined && <FilterWords filter={filter} />}
          <TextInput
            name="name"
            label={views.name}
            defaultValue={view?.name ?? ''}
            maxLength={100}
            required
            data-autofocus
          />
          {error !== null && <FailureNote error={error} />}
          <DialogButtons
            action={texts.app.save}
            isPending={create.isPending || rename.isPending}
            onClose={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
