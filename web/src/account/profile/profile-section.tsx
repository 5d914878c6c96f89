import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { fieldErrorOf } from '../../parts/forms/field-error.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { type Language, languages } from '../../texts/chosen-language.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { Section } from '../../parts/section.tsx';

/** Name, address, and the language in which mails come. */
export function ProfileSection({ user }: { user: Schema<'Session'>['user'] }) {
  const texts = useTexts();
  const queries = useQueryClient();
  const change = $api.useMutation('patch', '/v1/me', {
    onSuccess: async () => {
      notifications.show({ message: texts.account.profile.saved });
      await queries.invalidateQueries({ queryKey: ['get', '/v1/session'] });
      await queries.invalidateQueries({ queryKey: ['get', '/v1/whoami'] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = textOf(event.currentTarget);
    change.mutate({ body: { name: text('name'), locale: text('locale') as Language } });
  };
  return (
    <Section title={texts.account.profile.title}>
      <form onSubmit={submit}>
        <Stack maw={420}>
          {change.error !== null && <FailureNote error={change.error} isToldAtFields />}
          <TextInput
            name="name"
            label={texts.session.join.name}
            description={texts.session.join.nameHint}
            defaultValue={user.name}
            autoComplete="name"
            error={fieldErrorOf(change.error, '/name')}
            required
            withAsterisk={false}
          />
          <TextInput
            label={texts.session.signIn.email}
            description={texts.account.profile.emailHint}
            value={user.email}
            readOnly
            variant="filled"
          />
          <NativeSelect
            name="locale"
            label={texts.account.profile.locale}
            defaultValue={user.locale.slice(0, 2)}
            data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
          />
          <Group>
            <Button type="submit" variant="default" loading={change.isPending}>
              {texts.app.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
