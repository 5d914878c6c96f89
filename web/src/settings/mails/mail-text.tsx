import { Stack, Text } from '@mantine/core';
import type { Schema } from '../../api/client.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';

/** What a mail that did not leave says, to be copied and handed over. */
export function MailText({ mail: { text } }: { mail: Schema<'Mail'> }) {
  const texts = useTexts().mails;
  if (text === null) return null;
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {texts.textHint}
      </Text>
      <CopyText text={text} isBlock />
    </Stack>
  );
}
