import { Button, Stack, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { $api } from '../../api/client.ts';
import { codeOf } from '../../api/problem.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { useTexts } from '../../texts/texts-provider.tsx';

/** The second step: the code that the authenticator app shows, or a recovery code. */
export function CodeForm({ onDone, onBack }: { onDone: () => void | Promise<void>; onBack: () => void }) {
  const texts = useTexts().session.signIn;
  const check = $api.useMutation('post', '/v1/session/second-factor', { onSuccess: onDone });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    check.mutate({ body: { code: textOf(event.currentTarget)('code') } });
  };
  // The sign-in does not wait for ever: then it begins anew.
  const isOver = codeOf(check.error) === 'access.unauthenticated';
  return (
    <form onSubmit={submit}>
      <Stack>
        {check.error !== null && <FailureNote error={check.error} />}
        {!isOver && (
          <>
            <TextInput
              name="code"
              label={texts.code}
              description={texts.codeHint}
              autoComplete="one-time-code"
              autoCapitalize="off"
              spellCheck={false}
              autoFocus
              required
              withAsterisk={false}
            />
            <Button type="submit" loading={check.isPending}>
              {texts.submit}
            </Button>
          </>
        )}
        <Button variant="subtle" onClick={onBack}>
          {texts.back}
        </Button>
      </Stack>
    </form>
  );
}
