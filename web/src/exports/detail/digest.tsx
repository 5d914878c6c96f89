import { ActionIcon, Code, CopyButton, Group } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTexts } from '../../texts/texts-provider.tsx';

const SHOWN = 12;

/** A digest in a table: its beginning to compare at a glance, all of it to copy. */
export function Digest({ sha256 }: { sha256: string }) {
  const { app } = useTexts();
  return (
    <Group gap={4} wrap="nowrap">
      <Code title={sha256}>{sha256.slice(0, SHOWN)}…</Code>
      <CopyButton value={sha256}>
        {({ copied, copy }) => (
          <ActionIcon
            variant="subtle"
            color={copied ? 'teal' : 'gray'}
            onClick={copy}
            aria-label={`${copied ? app.copied : app.copy}: ${sha256.slice(0, SHOWN)}`}
          >
            {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          </ActionIcon>
        )}
      </CopyButton>
    </Group>
  );
}
