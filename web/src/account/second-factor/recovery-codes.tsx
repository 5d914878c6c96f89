import { Alert, Button, Checkbox, Code, CopyButton, Group, Stack } from '@mantine/core';
import { IconAlertTriangle, IconCopy, IconDownload } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useTexts } from '../../texts/texts-provider.tsx';
import classes from './recovery-codes.module.css';

/** The recovery codes, once: to be copied or kept as a file before they are gone. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const texts = useTexts();
  const words = texts.account.secondFactor.codes;
  const [isKept, setKept] = useState(false);
  const text = `${codes.join('\n')}\n`;
  const file = useMemo(() => URL.createObjectURL(new Blob([text], { type: 'text/plain' })), [text]);
  useEffect(() => () => URL.revokeObjectURL(file), [file]);
  return (
    <Stack>
      <Alert color="orange" icon={<IconAlertTriangle aria-hidden />}>
        {words.once}
      </Alert>
      <ul className={classes['codes']} aria-label={words.title}>
        {codes.map((code) => (
          <li key={code}>
            <Code block>{code}</Code>
          </li>
        ))}
      </ul>
      <Group>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              leftSection={<IconCopy size={16} aria-hidden />}
              onClick={copy}
              autoFocus
            >
              {copied ? texts.app.copied : words.copy}
            </Button>
          )}
        </CopyButton>
        <Button
          component="a"
          href={file}
          download="convey-recovery-codes.txt"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {words.download}
        </Button>
      </Group>
      <Checkbox
        label={words.kept}
        checked={isKept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <Group justify="flex-end">
        <Button disabled={!isKept} onClick={onDone}>
          {words.done}
        </Button>
      </Group>
    </Stack>
  );
}
