import { Button, Stack, Text } from '@mantine/core';
import type { Schema } from '../../api/client.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { Section } from '../../parts/section.tsx';

/** What is left of an export that was sent at once: its receipt. */
export function Receipt({ of: { manifest, sha256 } }: { of: Schema<'Export'> }) {
  const texts = useTexts().exportPage.files;
  return (
    <Section
      title={texts.sentAtOnce}
      hint={texts.sentAtOnceHint}
      actions={
        manifest !== null && (
          // Its reply names no file, so that the link does.
          <Button component="a" href={manifest} download="receipt.json" variant="default" size="xs">
            {texts.receipt}
          </Button>
        )
      }
    >
      {sha256 !== null && (
        <Stack gap={4}>
          <Text size="sm" c="dimmed">
            {texts.sha256OfFile}
          </Text>
          <CopyText text={sha256} />
        </Stack>
      )}
    </Section>
  );
}
