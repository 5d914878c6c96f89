import { Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { $api } from '../../api/client.ts';
import { codeOf } from '../../api/problem.ts';
import { DialogButtons } from '../../parts/dialogs/dialog-buttons.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import type { NewSecret } from './confirm-code-step.tsx';
import { PresentPassword } from './proof-fields.tsx';

/** Before the secret is shown: the password, or, of who has none, a sign-in of just now. */
export function ProveStep({
  hasPassword,
  onDone,
  onClose,
}: {
  hasPassword: boolean;
  onDone: (secret: NewSecret) => void;
  onClose: () => void;
}) {
  const texts = useTexts();
  const begin = $api.useMutation('post', '/v1/me/second-factor', { onSuccess: onDone });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    begin.mutate({ body: hasPassword ? { password: textOf(event.currentTarget)('password') } : {} });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {begin.error !== null && <FailureNote error={begin.error} />}
        {codeOf(begin.error) === 'access.sign_in_again' && <SignInAgain />}
        <Text size="sm">{texts.account.secondFactor.setUp.about}</Text>
        {hasPassword && <PresentPassword />}
        <DialogButtons
          action={texts.account.secondFactor.setUp.go}
          isPending={begin.isPending}
          onClose={onClose}
        />
      </Stack>
    </form>
  );
}

/** The way to a fresh sign-in, and back to the account. */
export function SignInAgain() {
  const texts = useTexts();
  return (
    <Text size="sm">
      <Link to="/sign-in" search={{ next: '/account' }}>
        {texts.account.signInAgain}
      </Link>
    </Text>
  );
}
