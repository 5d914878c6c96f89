import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../../texts/texts-provider.tsx';
import { FailureNote } from '../failure-note.tsx';

/** Asks before something that cannot be taken back: the title and the button name what will happen. */
export function Confirm({
  title,
  action,
  isOpen,
  isPending,
  error,
  onConfirm,
  onClose,
  children,
}: {
  /** What will happen, as a question. */
  title: string;
  /** The same as a verb, on the button. */
  action: string;
  isOpen: boolean;
  isPending: boolean;
  /** Why it could not be done. */
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
  /** What it means, for whom. */
  children: ReactNode;
}) {
  const texts = useTexts();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={title}
      centered
      closeButtonProps={{ 'aria-label': texts.app.close }}
    >
      <Stack>
        <div>{children}</div>
        {error !== null && error !== undefined && <FailureNote error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {texts.app.cancel}
          </Button>
          <Button color="red" loading={isPending} onClick={onConfirm}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
