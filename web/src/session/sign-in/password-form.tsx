import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { codeOf } from '../../api/problem.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { PasswordField } from '../../parts/forms/password-field.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { RouteAnchor } from '../../parts/route-anchor.tsx';

/** The first step: address and password. */
export function PasswordForm({
  email,
  onDone,
}: {
  /** The only address that will do. */
  email: string | undefined;
  onDone: (session: Schema<'Session'>) => void | Promise<void>;
}) {
  const texts = useTexts().session.signIn;
  const signIn = $api.useMutation('post', '/v1/session', { onSuccess: onDone });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = textOf(event.currentTarget);
    signIn.mutate({ body: { email: text('email'), password: text('password') } });
  };
  const isLocked = codeOf(signIn.error) === 'access.too_many_sign_ins';
  return (
    <form onSubmit={submit}>
      <Stack>
        {signIn.error !== null && <FailureNote error={signIn.error} />}
        {isLocked && <Text size="sm">{texts.locked}</Text>}
        <TextInput
          name="email"
          type="email"
          label={texts.email}
          autoComplete="username"
          defaultValue={email}
          readOnly={email !== undefined}
          autoFocus={email === undefined}
          required
          withAsterisk={false}
        />
        <PasswordField
          name="password"
          label={texts.password}
          autoComplete="current-password"
          autoFocus={email !== undefined}
          required
          withAsterisk={false}
        />
        <Button type="submit" loading={signIn.isPending}>
          {texts.submit}
        </Button>
        <Group justify="center">
          <RouteAnchor to="/reset" size="sm">
            {texts.forgotten}
          </RouteAnchor>
        </Group>
      </Stack>
    </form>
  );
}
