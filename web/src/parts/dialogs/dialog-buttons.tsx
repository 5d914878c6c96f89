import { Button, type ButtonProps, Group } from '@mantine/core';
import { useTexts } from '../../texts/texts-provider.tsx';

/** How a dialog ends: without anything, or with what it asks for. The second sends the form, unless it has `onClick`. */
export function DialogButtons({
  action,
  isPending,
  onClose,
  ...button
}: Pick<ButtonProps, 'color' | 'disabled'> & {
  /** What will happen, as a verb. */
  action: string;
  isPending: boolean;
  onClose: () => void;
  onClick?: () => void;
}) {
  const texts = useTexts().app;
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onClose}>
        {texts.cancel}
      </Button>
      <Button type={button.onClick === undefined ? 'submit' : 'button'} loading={isPending} {...button}>
        {action}
      </Button>
    </Group>
  );
}
