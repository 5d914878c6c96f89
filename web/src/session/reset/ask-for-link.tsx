import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { $api } from '../../api/client.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { FrontPage } from '../front-page.tsx';
import { RouteAnchor } from '../../parts/route-anchor.tsx';

/** Has a link sent. Whether there is such an account, it does not tell. */
export function AskForLink() {
  const texts = useTexts().session;
  const ask = $api.useMutation('post', '/v1/password-resets');
  const methods = $api.useQuery('get', '/v1/sign-in-methods', {}, { staleTime: Number.POSITIVE_INFINITY });
  const isByHand = methods.data?.sends_mails === false;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    ask.mutate({ body: { email: textOf(event.currentTarget)('email') } });
  };
  const toSignIn = (
    <Group justify="center">
      <RouteAnchor to="/sign-in" size="sm">
        {texts.reset.toSignIn}
      </RouteAnchor>
    </Group>
  );
  if (ask.isSuccess)
    return (
      <FrontPage title={isByHand ? texts.reset.keptTitle : texts.reset.sentTitle}>
        <Text role="status">{isByHand ? texts.reset.kept : texts.reset.sent}</Text>
        {toSignIn}
      </FrontPage>
    );
  return (
    <FrontPage title={texts.reset.title} hint={isByHand ? texts.reset.hintByHand : texts.reset.hint}>
      <form onSubmit={submit}>
        <Stack>
          {ask.error !== null && <FailureNote error={ask.error} />}
          <TextInput
            name="email"
            type="email"
            label={texts.signIn.email}
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
          />
          <Button type="submit" loading={ask.isPending}>
            {isByHand ? texts.reset.make : texts.reset.send}
          </Button>
          {toSignIn}
        </Stack>
      </form>
    </FrontPage>
  );
}
