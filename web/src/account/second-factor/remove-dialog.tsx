import { Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { $api } from '../../api/client.ts';
import { codeOf } from '../../api/problem.ts';
import { DialogButtons } from '../../parts/dialogs/dialog-buttons.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { PresentCode, PresentPassword } from './proof-fields.tsx';
import { SignInAgain } from './prove-step.tsx';

/** Taking the second factor away: with the password and a code. */
export function RemoveDialog({
  isOpen,
  hasPassword,
  onClose,
}: {
  isOpen: boolean;
  hasPassword: boolean;
  onClose: () => void;
}) {
  const texts = useTexts();
  const words = texts.account.secondFactor.remove;
  const queries = useQueryClient();
  const remove = $api.useMutation('delete', '/v1/me/second-factor', {
    onSuccess: async () => {
      notifications.show({ message: words.done });
      onClose();
      await queries.invalidateQueries({ queryKey: ['get', '/v1/session'] });
      await queries.invalidateQueries({ queryKey: ['get', '/v1/whoami'] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = textOf(event.currentTarget);
    remove.mutate({ body: { code: text('code'), ...(hasPassword && { password: text('password') }) } });
  };
  return (
    <Modal opened={isOpen} onClose={onClose} onExitTransitionEnd={remove.reset} title={words.action} centered>
      <form onSubmit={submit}>
        <Stack>
          {remove.error !== null && <FailureNote error={remove.error} />}
          {codeOf(remove.error) === 'access.sign_in_again' && <SignInAgain />}
          <Text size="sm">{words.about}</Text>
          {hasPassword && <PresentPassword />}
          <PresentCode />
          <DialogButtons action={words.action} isPending={remove.isPending} color="red" onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
