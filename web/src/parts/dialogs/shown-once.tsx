import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyText } from '../copy-text.tsx';

/** A secret that was just made: shown this once. Nothing but the button closes it. */
export function ShownOnce({
  texts,
  secret,
  onClose,
  children,
}: {
  texts: { made: string; madeHint: string; done: string };
  secret: string;
  onClose: () => void;
  /** What it is for. */
  children: ReactNode;
}) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={texts.made}
      size="lg"
      centered
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <Stack>
        <Alert color="yellow">{texts.madeHint}</Alert>
        <CopyText text={secret} isBlock />
        {children}
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {texts.done}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
