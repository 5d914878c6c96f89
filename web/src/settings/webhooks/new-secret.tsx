import { Anchor, Text } from '@mantine/core';
import { CopyText } from '../../parts/copy-text.tsx';
import { ShownOnce } from '../../parts/dialogs/shown-once.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';

/** The secret of a webhook that was just made, and the public key beside it. */
export function NewSecret({
  made,
  onClose,
}: {
  made: { secret: string; public_key: string; previous_secret_until: string | null };
  onClose: () => void;
}) {
  const texts = useTexts().webhooks;
  return (
    <ShownOnce texts={texts} secret={made.secret} onClose={onClose}>
      {made.previous_secret_until !== null && <Text size="sm">{texts.bothSign}</Text>}
      <Text size="sm">{texts.publicKeyHint}</Text>
      <CopyText text={made.public_key} isBlock />
      <Anchor href="/docs/webhooks.md" size="sm">
        {texts.howToCheck}
      </Anchor>
    </ShownOnce>
  );
}
