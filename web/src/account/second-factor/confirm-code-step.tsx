import { Group, Stack, Text, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { $api } from '../../api/client.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { DialogButtons } from '../../parts/dialogs/dialog-buttons.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { QrCode } from '../qr/qr-code.tsx';

export interface NewSecret {
  setup_id: string;
  secret: string;
  /** `otpauth://…` */
  uri: string;
}

/** The secret, as a picture and as text, and the code with which the app shows that it has it. */
export function ConfirmCodeStep({
  secret: { setup_id, secret, uri },
  onDone,
  onClose,
}: {
  secret: NewSecret;
  onDone: (recoveryCodes: string[]) => void;
  onClose: () => void;
}) {
  const texts = useTexts();
  const words = texts.account.secondFactor.setUp;
  const confirm = $api.useMutation('post', '/v1/me/second-factor/confirm', {
    onSuccess: ({ recovery_codes }) => onDone(recovery_codes),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    confirm.mutate({ body: { setup_id, code: textOf(event.currentTarget)('code') } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Group align="flex-start" gap="lg">
          <QrCode text={uri} label={words.qr} width={200} />
          <Stack gap="xs" flex="1 1 240px">
            <Text size="sm">{words.scan}</Text>
            <Text size="sm">{words.type}</Text>
            <CopyText text={secret} />
            <Text size="sm">
              <a href={uri}>{words.openApp}</a>
            </Text>
          </Stack>
        </Group>
        {confirm.error !== null && <FailureNote error={confirm.error} />}
        <TextInput
          name="code"
          label={words.code}
          inputMode="numeric"
          autoComplete="one-time-code"
          maw={240}
          autoFocus
          required
          withAsterisk={false}
        />
        <Text size="sm" c="dimmed">
          {words.endsOthers}
        </Text>
        <DialogButtons action={words.confirm} isPending={confirm.isPending} onClose={onClose} />
      </Stack>
    </form>
  );
}
