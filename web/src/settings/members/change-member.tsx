import { Alert, Modal, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { DialogButtons } from '../../parts/dialogs/dialog-buttons.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { PlaceFields, placeOf } from './place-fields.tsx';

/** Changes what a member is; holds from their next request on. */
export function ChangeMember({
  member,
  isLastOwner,
  onClose,
}: {
  member: Schema<'Member'>;
  isLastOwner: boolean;
  onClose: () => void;
}) {
  const texts = useTexts();
  const words = texts.members;
  const queries = useQueryClient();
  const [place, setPlace] = useState({ role: member.role, audiences: member.audiences ?? [] });
  const change = $api.useMutation('patch', '/v1/members/{user_id}', {
    onSuccess: async () => {
      await queries.invalidateQueries(); // it may be oneself, and then everything looks different
      onClose();
    },
  });
  const submit = () => change.mutate({ params: { path: { user_id: member.user_id } }, body: placeOf(place) });
  return (
    <Modal opened onClose={onClose} title={words.change.title(member.name)} centered>
      <Stack>
        {isLastOwner && <Alert color="blue">{words.lastOwner}</Alert>}
        <PlaceFields place={place} onChange={setPlace} isLocked={isLastOwner} />
        {change.error !== null && <FailureNote error={change.error} />}
        <DialogButtons
          action={texts.app.save}
          isPending={change.isPending}
          onClick={submit}
          disabled={isLastOwner}
          onClose={onClose}
        />
      </Stack>
    </Modal>
  );
}
