import { Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTexts } from '../../texts/texts-provider.tsx';
import { ConfirmCodeStep, type NewSecret } from './confirm-code-step.tsx';
import { ProveStep } from './prove-step.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** Setting up the second factor: who sits there, then the secret and a code of it, then the recovery codes. */
export function SetUpDialog({
  isOpen,
  hasPassword,
  onClose,
}: {
  isOpen: boolean;
  hasPassword: boolean;
  onClose: () => void;
}) {
  const texts = useTexts().account.secondFactor;
  const queries = useQueryClient();
  const [secret, setSecret] = useState<NewSecret>();
  const [codes, setCodes] = useState<readonly string[]>();
  const finish = async () => {
    onClose();
    await queries.invalidateQueries({ queryKey: ['get', '/v1/session'] });
    await queries.invalidateQueries({ queryKey: ['get', '/v1/sessions'] });
    await queries.invalidateQueries({ queryKey: ['get', '/v1/whoami'] });
  };
  const title =
    codes !== undefined
      ? texts.codes.title
      : secret === undefined
        ? texts.setUp.action
        : texts.setUp.scanTitle;
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      onExitTransitionEnd={() => {
        setSecret(undefined);
        setCodes(undefined);
      }}
      title={title}
      closeOnClickOutside={false}
      // The codes are not shown again: nothing but the button that says so closes them.
      closeOnEscape={codes === undefined}
      withCloseButton={codes === undefined}
      size="lg"
      centered
    >
      {codes !== undefined ? (
        <RecoveryCodes codes={codes} onDone={() => void finish()} />
      ) : secret === undefined ? (
        <ProveStep hasPassword={hasPassword} onDone={setSecret} onClose={onClose} />
      ) : (
        <ConfirmCodeStep secret={secret} onDone={setCodes} onClose={onClose} />
      )}
    </Modal>
  );
}
