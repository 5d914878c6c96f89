import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { CopyText } from '../../parts/copy-text.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';

/** A key that was just made: shown this once. Nothing but the button closes it. */
export function NewKey({ text, onClose }: { text: string; onClose: () => void }) {
  const texts = useTexts().apiKeys;
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
        <CopyText text={text} isBlock />
        <Text size="sm">{texts.try}</Text>
        <CopyText
          text={`curl ${window.location.origin}/v1/whoami -H 'Authorization: Bearer ${text}'`}
          isBlock
        />
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {texts.done}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
