import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { $api } from '../../api/client.ts';
import { fieldErrorOf } from '../../parts/forms/field-error.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { PasswordField } from '../../parts/forms/password-field.tsx';
import { NewPasswordField } from '../../session/new-password-field.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { Section } from '../../parts/section.tsx';

/** Changing the password; whoever signs in at another provider has none here. */
export function PasswordSection({ hasPassword }: { hasPassword: boolean }) {
  const texts = useTexts().account.password;
  const [isOpen, setOpen] = useState(false);
  if (!hasPassword) return <Section title={texts.title} hint={texts.none} />;
  const open = (
    <Button variant="default" onClick={() => setOpen(true)}>
      {texts.change}
    </Button>
  );
  return (
    <Section title={texts.title} hint={texts.hint} actions={isOpen ? undefined : open}>
      {isOpen && <ChangePassword onClose={() => setOpen(false)} />}
    </Section>
  );
}

function ChangePassword({ onClose }: { onClose: () => void }) {
  const texts = useTexts();
  const queries = useQueryClient();
  const change = $api.useMutation('put', '/v1/me/password', {
    onSuccess: async ({ ended }) => {
      notifications.show({ message: texts.account.password.changed(ended) });
      onClose();
      await queries.invalidateQueries({ queryKey: ['get', '/v1/sessions'] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = textOf(event.currentTarget);
    change.mutate({
      body: { current_password: text('current_password'), new_password: text('new_password') },
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={420}>
        {change.error !== null && <FailureNote error={change.error} isToldAtFields />}
        <PasswordField
          name="current_password"
          label={texts.account.password.current}
          error={fieldErrorOf(change.error, '/current_password')}
          autoComplete="current-password"
          autoFocus
          required
          withAsterisk={false}
        />
        <NewPasswordField name="new_password" label={texts.session.newPassword.label} error={change.error} />
        <Text size="sm" c="dimmed">
          {texts.account.password.endsOthers}
        </Text>
        <Group>
          <Button type="submit" loading={change.isPending}>
            {texts.account.password.change}
          </Button>
          <Button variant="default" onClick={onClose}>
            {texts.app.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
