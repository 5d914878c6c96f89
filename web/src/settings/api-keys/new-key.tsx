import { Text } from '@mantine/core';
import { CopyText } from '../../parts/copy-text.tsx';
import { ShownOnce } from '../../parts/dialogs/shown-once.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';

/** A key that was just made, and how to try it. */
export function NewKey({ text, onClose }: { text: string; onClose: () => void }) {
  const texts = useTexts().apiKeys;
  return (
    <ShownOnce texts={texts} secret={text} onClose={onClose}>
      <Text size="sm">{texts.try}</Text>
      <CopyText
        text={`curl ${window.location.origin}/v1/whoami -H 'Authorization: Bearer ${text}'`}
        isBlock
      />
    </ShownOnce>
  );
}
