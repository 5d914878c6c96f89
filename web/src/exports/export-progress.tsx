import { Group, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Schema } from '../api/client.ts';
import { formatBytes } from '../parts/format-bytes.ts';
import { useSecondsSince } from '../parts/use-seconds-since.ts';
import { formatDuration } from '../parts/format-duration.ts';
import type { Texts } from '../texts/en/en.ts';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';
import { addSample, averageOf, rateOf, type Sample, secondsLeft } from './live/progress-rate.ts';
import { useIsOld } from './live/use-lost-since.ts';
import { WaitsFor } from './waits-for.tsx';

const MINUTE = 60;

type Export = Schema<'Export'>;

/** How far an export is that waits or runs: the bar, what it does, how fast, and how long it takes still. */
export function ExportProgress({ of: one }: { of: Export }) {
  if (one.status === 'queued') return <WaitsFor progress={one.progress} />;
  return <Running of={one} />;
}

function Running({ of: one }: { of: Export }) {
  const texts = useTexts().exports;
  const { locale } = useLanguage();
  const isOld = useIsOld();
  const { stage, records, bytes, documents, started_at: startedAt } = one.progress;
  const { done, planned } = records;
  const passed = useSecondsSince(startedAt);
  // Whoever comes later knows how fast it went until now.
  const rate = useRate(done) ?? averageOf(done, passed);
  const left = secondsLeft(records, rate);
  const amounts = [
    planned === null ? texts.progress.counted(done) : texts.progress.done(done, planned),
    ...(documents === undefined ? [] : [texts.progress.documents(documents)]),
    ...(bytes === 0 ? [] : [formatBytes(bytes, locale)]),
  ];
  const times = [
    ...(passed === undefined ? [] : [texts.progress.passed(formatDuration(passed, locale))]),
    ...(rate === undefined ? [] : [texts.progress.rate(Math.max(1, Math.round(rate)))]),
    ...(left === undefined ? [] : [leftInWords(left, texts, locale)]),
  ];
  return (
    <Stack gap={4} miw={180} w="100%">
      <Bar share={planned === null || planned === 0 ? undefined : done / planned} of={one} />
      <Group gap="xs" justify="space-between" wrap="wrap">
        <Text size="xs" c="dimmed">
          {texts.progress.stages[stage] ?? texts.progress.writing(texts.datasets[stage] ?? stage)}
        </Text>
        <Text size="xs" c="dimmed">
          {amounts.join(' · ')}
        </Text>
      </Group>
      {/* Nobody knows these while nothing is heard. */}
      {!isOld && times.length > 0 && (
        <Text size="xs" c="dimmed">
          {times.join(' · ')}
        </Text>
      )}
    </Stack>
  );
}

/** The bar; while nobody knows how much there is, one that only says that something goes on. */
function Bar({ share, of: { kind } }: { share: number | undefined; of: Export }) {
  const texts = useTexts().exports;
  const isOld = useIsOld();
  const label = texts.progress.label(texts.kinds[kind]);
  const color = isOld ? 'gray' : undefined;
  return (
    <Progress.Root size="md">
      {share === undefined ? (
        <Progress.Section
          value={100}
          striped
          animated={!isOld}
          {...(color && { color })}
          withAria={false}
          role="progressbar"
          aria-label={label}
        />
      ) : (
        <Progress.Section
          value={Math.min(100, Math.floor(share * 100))}
          {...(color && { color })}
          aria-label={label}
        />
      )}
    </Progress.Root>
  );
}

function useRate(done: number): number | undefined {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  useEffect(() => setSamples((before) => addSample(before, { atMs: performance.now(), done })), [done]);
  return rateOf(samples);
}

function leftInWords(seconds: number, { progress }: Texts['exports'], locale: string): string {
  return seconds < MINUTE ? progress.soon : progress.left(formatDuration(seconds, locale));
}
