import { Modal, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { DialogButtons } from '../../parts/dialogs/dialog-buttons.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { Invited } from './invited.tsx';
import { useLastMails } from './use-last-mails.ts';
import { type PlaceDraft, PlaceFields, placeOf } from './place-fields.tsx';

/** Invites somebody by mail; where no mail leaves the server, gives the link to hand over. */
export function InviteMember({ onClose }: { onClose: () => void }) {
  const texts = useTexts();
  const words = texts.members.invite;
  const queries = useQueryClient();
  const [place, setPlace] = useState<PlaceDraft>({ role: 'agent', audiences: [] });
  const [invited, setInvited] = useState<Schema<'Invitation'>>();
  const { data: mails } = useLastMails();
  const isByHand = mails?.is_sending === false;
  const invite = $api.useMutation('post', '/v1/members/invitations', {
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['get', '/v1/members/invitations'] });
      await queries.invalidateQueries({ queryKey: ['get', '/v1/mails'] }); // its own is among them
      setInvited(made);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = textOf(event.currentTarget)('email').trim();
    invite.mutate({ body: { email, ...placeOf(place) } });
  };
  return (
    <Modal opened onClose={onClose} title={words.title} centered>
      {invited !== undefined ? (
        <Invited invitation={invited} onClose={onClose} />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              name="email"
              type="email"
              label={words.email}
              description={isByHand ? words.emailHintByHand : words.emailHint}
              required
              data-autofocus
            />
            <PlaceFields place={place} onChange={setPlace} />
            {invite.error !== null && <FailureNote error={invite.error} />}
            <DialogButtons
              action={isByHand ? words.submitByHand : words.submit}
              isPending={invite.isPending}
              onClose={onClose}
            />
          </Stack>
        </form>
      )}
    </Modal>
  );
}
