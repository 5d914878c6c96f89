import { Alert, Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { CopyText } from '../../parts/copy-text.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';

/** The secret of a webhook: shown this once. Nothing but the button closes it. */
export function NewSecret({
  made,
  onClose,
}: {
  made: { secret: string; public_key: string; previous_secret_until: string | null };
  onClose: () => void;
}) {
  const texts = useTexts().webhooks;
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
        <CopyText text={made.secret} isBlock />
        {made.previous_secret_until !== null && <Text size="sm">{texts.bothSign}</Text>}
        <Text size="sm">{texts.publicKeyHint}</Text>
        <CopyText text={made.public_key} isBlock />
        <Anchor href="/docs/webhooks.md" size="sm">
          {texts.howToCheck}
        </Anchor>
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {texts.done}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
