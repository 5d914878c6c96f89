import { Button, Center, Paper, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { $api } from '../api/client.ts';
import { FailureNote } from '../parts/failure-note.tsx';
import { useTexts } from '../texts/texts-provider.tsx';

/** Signing in: address and password, then the code of a second factor where there is one; or another provider. */
export function SignInPage() {
  const texts = useTexts().session.signIn;
  const { next = '/' } = useSearch({ from: '/sign-in' });
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [needsCode, setNeedsCode] = useState(false);
  const methods = $api.useQuery('get', '/v1/sign-in-methods');
  const done = async () => {
    queries.clear();
    await navigate({ href: next });
  };
  const first = $api.useMutation('post', '/v1/session', {
    onSuccess: (session) => (session.second_factor === 'required' ? setNeedsCode(true) : done()),
  });
  const second = $api.useMutation('post', '/v1/session/second-factor', { onSuccess: done });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    if (needsCode) second.mutate({ body: { code: text('code') } });
    else first.mutate({ body: { email: text('email'), password: text('password') } });
  };
  const { error, isPending } = needsCode ? second : first;
  return (
    <Center mih="100vh" p="md" component="main" id="content">
      <Paper withBorder p="xl" w={400} maw="100%">
        <form onSubmit={submit}>
          <Stack>
            <Title order={1} size="h3">
              {needsCode ? texts.codeTitle : texts.title}
            </Title>
            {error !== null && <FailureNote error={error} />}
            {needsCode ? (
              <TextInput
                key="code"
                name="code"
                label={texts.code}
                description={texts.codeHint}
                autoComplete="one-time-code"
                required
                data-autofocus
              />
            ) : (
              <>
                <TextInput name="email" type="email" label={texts.email} autoComplete="username" required />
                <PasswordInput
                  name="password"
                  label={texts.password}
                  autoComplete="current-password"
                  required
                />
              </>
            )}
            <Button type="submit" loading={isPending}>
              {texts.submit}
            </Button>
            {methods.data?.oidc && !needsCode && (
              <Button component="a" href={methods.data.oidc.start} variant="default">
                {texts.provider(methods.data.oidc.name)}
              </Button>
            )}
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
