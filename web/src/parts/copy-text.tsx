import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTexts } from '../texts/texts-provider.tsx';

/** A text to be taken along: a key, a command, a digest. */
export function CopyText({ text, isBlock = false }: { text: string; isBlock?: boolean }) {
  const texts = useTexts();
  return (
    <Group gap="xs" wrap="nowrap" align={isBlock ? 'flex-start' : 'center'}>
      <Code
        block={isBlock}
        style={{ flex: isBlock ? 1 : undefined, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
      >
        {text}
      </Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? texts.app.copied : texts.app.copy}>
            <ActionIcon
              variant="subtle"
              color={copied ? 'teal' : 'gray'}
              onClick={copy}
              aria-label={copied ? texts.app.copied : texts.app.copy}
            >
              {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
