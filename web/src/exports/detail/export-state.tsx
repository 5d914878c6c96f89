import { Alert, Group, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Schema } from '../../api/client.ts';
import { Moment } from '../../parts/moment.tsx';
import { type Fact, Facts } from '../../parts/facts.tsx';
import { formatBytes } from '../../parts/format-bytes.ts';
import { formatDuration } from '../../parts/format-duration.ts';
import { useLanguage, useTexts } from '../../texts/texts-provider.tsx';
import { ExportProgress } from '../export-progress.tsx';
import { isActive } from '../is-active.ts';
import { Expiry } from './expiry.tsx';
import { Failure } from './failure.tsx';
import { RunAgain } from './run-again.tsx';
import { Section } from '../../parts/section.tsx';

type Export = Schema<'Export'>;

/** How an export is: how far, what it came to, or why it came to nothing. */
export function ExportState({ of: one }: { of: Export }) {
  const texts = useTexts().exportPage;
  if (one.status === 'failed') return <Failure of={one} />;
  if (one.status === 'cancelled')
    return (
      <Alert color="gray" title={texts.cancelled.title}>
        <Stack gap="xs" align="flex-start">
          <Text size="sm">{texts.cancelled.hint}</Text>
          <RunAgain id={one.job_id} />
        </Stack>
      </Alert>
    );
  return (
    <Section title={texts.state.title}>
      {isActive(one) && <ExportProgress of={one} />}
      {one.status === 'expired' && (
        <Alert color="gray" title={texts.expiry.expired}>
          <Stack gap="xs" align="flex-start">
            <Text size="sm">{texts.expiry.expiredHint}</Text>
            <RunAgain id={one.job_id} />
          </Stack>
        </Alert>
      )}
      <Warnings of={one} />
      {!isActive(one) && <Result of={one} />}
    </Section>
  );
}

/** What it came to. */
function Result({ of: one }: { of: Export }) {
  const { exports: words, exportPage } = useTexts();
  const texts = exportPage.state;
  const { locale } = useLanguage();
  const told = inOrder(one.counts ?? {}, Object.keys(words.datasets)).map(
    ([name, n]) => `${n.toLocaleString(locale)} ${words.datasets[name] ?? name}`,
  );
  const facts: Fact[] = [
    [texts.contents, told.length === 0 ? texts.nothing : told.join(' · ')],
    ...(one.bytes === null ? [] : [[texts.size, formatBytes(one.bytes, locale)] as const]),
    ...(one.snapshot_at === null
      ? []
      : [
          [
            texts.snapshot,
            <Group key="snapshot" gap={6} component="span">
              <Moment at={one.snapshot_at} />
              <Text span inherit c="dimmed">
                {texts.snapshotHint}
              </Text>
            </Group>,
          ] as const,
        ]),
    ...(one.finished_at === null ? [] : [[texts.finished, <Finished key="finished" of={one} />] as const]),
    ...(one.status === 'ready' && one.expires_at !== null
      ? [[texts.available, <Expiry key="expiry" id={one.job_id} at={one.expires_at} />] as const]
      : []),
  ];
  return <Facts isWide items={facts} />;
}

/** Counts that are not zero, in the order of the names; those without a name come last. */
function inOrder(counts: Readonly<Record<string, number>>, names: readonly string[]): [string, number][] {
  const place = (name: string) => (names.includes(name) ? names.indexOf(name) : names.length);
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => place(a) - place(b));
}

function Finished({ of: { requested_at: from, finished_at: until } }: { of: Export }) {
  const texts = useTexts().exportPage.state;
  const { locale } = useLanguage();
  const seconds = (Date.parse(until!) - Date.parse(from)) / 1000;
  return (
    <Group gap={6} component="span">
      <Moment at={until!} />
      <Text span inherit c="dimmed">
        {texts.took}: {formatDuration(seconds, locale)}
      </Text>
    </Group>
  );
}

/** What a finished export could not hold. */
function Warnings({ of: { warnings } }: { of: Export }) {
  const texts = useTexts().exportPage.warnings;
  if (warnings.length === 0) return null;
  return (
    <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={texts.title}>
      <List size="sm">
        {warnings.map(({ code, count, detail }) => (
          <List.Item key={code + detail}>
            {code === 'exports.missing_file'
              ? texts.file(count, detail)
              : code === 'exports.absent_conversation'
                ? `${texts.absent(count)}: ${detail}`
                : texts.other(count, detail)}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
