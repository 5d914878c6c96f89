import { Button, Stack } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { $api } from '../../api/client.ts';
import { codeOf } from '../../api/problem.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { FrontPage } from '../front-page.tsx';
import { NewPasswordField } from '../new-password-field.tsx';
import { RouteAnchor } from '../../parts/route-anchor.tsx';

/** Sets the new password with the link of a mail. Nobody is signed in by it: that comes next. */
export function SetPassword({ token }: { token: string }) {
  const texts = useTexts().session;
  const navigate = useNavigate();
  const set = $api.useMutation('post', '/v1/password-resets/complete', {
    onSuccess: () => navigate({ to: '/sign-in', search: { told: 'password_set' } }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    set.mutate({ body: { token, password: textOf(event.currentTarget)('password') } });
  };
  return (
    <FrontPage title={texts.reset.title} hint={texts.reset.endsSessions}>
      <form onSubmit={submit}>
        <Stack>
          {set.error !== null && <FailureNote error={set.error} isToldAtFields />}
          {codeOf(set.error) === 'access.unknown_link' && (
            <RouteAnchor to="/reset" hash="" size="sm">
              {texts.reset.another}
            </RouteAnchor>
          )}
          <NewPasswordField name="password" label={texts.newPassword.label} error={set.error} hasFocus />
          <Button type="submit" loading={set.isPending}>
            {texts.reset.set}
          </Button>
        </Stack>
      </form>
    </FrontPage>
  );
}
