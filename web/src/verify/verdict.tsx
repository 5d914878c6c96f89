import { Alert, Group, Progress, Stack, Text } from '@mantine/core';
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { formatBytes } from '../parts/format-bytes.ts';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';
import type { VerifyState } from './use-verifier.ts';
import styles from './verdict.module.css';

/** How far a verification is, then what it found: the verdict, and the report as the command line gives it. */
export function Verdict({ state, name }: { state: VerifyState; name: string }) {
  const texts = useTexts().verify;
  const { locale } = useLanguage();
  if (state.is === 'idle' || state.is === 'bad pin') return null;
  if (state.is === 'running') {
    const { bytes, totalBytes } = state;
    return (
      <Stack gap="xs">
        <Group justify="space-between">
          <Text>{texts.checking(name)}</Text>
          {totalBytes > 0 && (
            <Text size="sm" c="dimmed">
              {texts.progress(formatBytes(bytes, locale), formatBytes(totalBytes, locale))}
            </Text>
          )}
        </Group>
        <Progress
          size="lg"
          value={totalBytes > 0 ? Math.min(100, (bytes / totalBytes) * 100) : 0}
          aria-label={texts.checking(name)}
        />
      </Stack>
    );
  }
  if (state.is === 'failed')
    return (
      <Alert color="red" icon={<IconShieldX aria-hidden />} title={texts.failed}>
        {state.message}
      </Alert>
    );
  return (
    <Alert
      color={state.ok ? 'teal' : 'red'}
      icon={state.ok ? <IconShieldCheck aria-hidden /> : <IconShieldX aria-hidden />}
      title={state.ok ? texts.ok : texts.notOk}
    >
      <Text fw={600} className={styles['name']}>
        {name}
      </Text>
      <Text size="xs" c="dimmed" mt="sm">
        {texts.report}
      </Text>
      {/* The verifier speaks English, wherever it runs: its words can be compared and looked up. */}
      <pre lang="en" className={styles['report']}>
        {state.lines.join('\n')}
      </pre>
    </Alert>
  );
}
