import { Button, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
// What a short name can be made of, as the names of files are made.
import { slugOf } from '../../../../src/slug.ts';
import { $api } from '../../api/client.ts';
import { fieldErrorOf } from '../../parts/forms/field-error.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { useLanguage, useTexts } from '../../texts/texts-provider.tsx';
import { NewPasswordField } from '../new-password-field.tsx';

/** Who becomes the owner, and, where there is no workspace yet, what it is called. */
export function FirstOwnerForm({
  token,
  namesWorkspace,
  onDone,
}: {
  token: string;
  namesWorkspace: boolean;
  onDone: () => void | Promise<void>;
}) {
  const texts = useTexts().session;
  const { language } = useLanguage();
  const [slug, setSlug] = useState<string>();
  const [name, setName] = useState('');
  const become = $api.useMutation('post', '/v1/first-owner', { onSuccess: onDone });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = textOf(event.currentTarget);
    const person = {
      email: text('email'),
      name: text('name'),
      password: text('password'),
      locale: language,
    };
    const workspace = { workspace_name: name, workspace_slug: slug ?? slugOf(name) };
    become.mutate({ body: { token, ...person, ...(namesWorkspace && workspace) } });
  };
  const errorAt = (pointer: string) => fieldErrorOf(become.error, pointer);
  return (
    <form onSubmit={submit}>
      <Stack>
        {become.error !== null && <FailureNote error={become.error} isToldAtFields />}
        <TextInput
          name="email"
          type="email"
          label={texts.signIn.email}
          autoComplete="username"
          error={errorAt('/email')}
          autoFocus
          required
          withAsterisk={false}
        />
        <TextInput
          name="name"
          label={texts.join.name}
          description={texts.join.nameHint}
          autoComplete="name"
          error={errorAt('/name')}
          required
          withAsterisk={false}
        />
        <NewPasswordField name="password" label={texts.signIn.password} error={become.error} />
        {namesWorkspace && (
          <>
            <TextInput
              label={texts.firstOwner.workspace}
              description={texts.firstOwner.workspaceHint}
              autoComplete="organization"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={errorAt('/workspace_name')}
              required
              withAsterisk={false}
            />
            <TextInput
              label={texts.firstOwner.slug}
              description={texts.firstOwner.slugHint}
              value={slug ?? slugOf(name)}
              onChange={(event) => setSlug(event.currentTarget.value)}
              error={errorAt('/workspace_slug')}
              required
              withAsterisk={false}
            />
          </>
        )}
        <Button type="submit" loading={become.isPending}>
          {texts.firstOwner.submit}
        </Button>
      </Stack>
    </form>
  );
}
