import { Button, Stack, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { $api } from '../../api/client.ts';
import { fieldErrorOf } from '../../parts/forms/field-error.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { useLanguage, useTexts } from '../../texts/texts-provider.tsx';
import { NewPasswordField } from '../new-password-field.tsx';

/** Accepting an invitation for somebody without an account: their name and a password make one. */
export function AcceptAsNew({
  token,
  email,
  onDone,
}: {
  token: string;
  email: string;
  onDone: () => void | Promise<void>;
}) {
  const texts = useTexts().session;
  const { language } = useLanguage();
  const accept = $api.useMutation('post', '/v1/invitations', { onSuccess: onDone });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = textOf(event.currentTarget);
    accept.mutate({ body: { token, name: text('name'), password: text('password'), locale: language } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {accept.error !== null && <FailureNote error={accept.error} isToldAtFields />}
        {/* Password managers keep the password under the address that the form shows. */}
        <TextInput
          type="email"
          label={texts.signIn.email}
          value={email}
          readOnly
          variant="filled"
          autoComplete="username"
        />
        <TextInput
          name="name"
          label={texts.join.name}
          description={texts.join.nameHint}
          autoComplete="name"
          error={fieldErrorOf(accept.error, '/name')}
          autoFocus
          required
          withAsterisk={false}
        />
        <NewPasswordField name="password" label={texts.signIn.password} error={accept.error} />
        <Button type="submit" loading={accept.isPending}>
          {texts.invite.accept}
        </Button>
      </Stack>
    </form>
  );
}
