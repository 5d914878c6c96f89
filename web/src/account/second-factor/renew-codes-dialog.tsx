import { Modal, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { $api } from '../../api/client.ts';
import { DialogButtons } from '../../parts/dialogs/dialog-buttons.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { PresentCode } from './proof-fields.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** New recovery codes in place of those there were. */
export function RenewCodesDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const texts = useTexts();
  const words = texts.account.secondFactor;
  const queries = useQueryClient();
  const [codes, setCodes] = useState<readonly string[]>();
  const renew = $api.useMutation('post', '/v1/me/recovery-codes', {
    onSuccess: async ({ recovery_codes }) => {
      setCodes(recovery_codes);
      await queries.invalidateQueries({ queryKey: ['get', '/v1/session'] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    renew.mutate({ body: { code: textOf(event.currentTarget)('code') } });
  };
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      onExitTransitionEnd={() => {
        setCodes(undefined);
        renew.reset();
      }}
      title={codes === undefined ? words.renew.action : words.codes.title}
      closeOnClickOutside={false}
      closeOnEscape={codes === undefined}
      withCloseButton={codes === undefined}
      size="lg"
      centered
    >
      {codes !== undefined ? (
        <RecoveryCodes codes={codes} onDone={onClose} />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {renew.error !== null && <FailureNote error={renew.error} />}
            <Text size="sm">{words.renew.about}</Text>
            <PresentCode isFirst />
            <DialogButtons action={words.renew.action} isPending={renew.isPending} onClose={onClose} />
          </Stack>
        </form>
      )}
    </Modal>
  );
}
