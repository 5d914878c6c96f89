import { Group, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Schema } from '../api/client.ts';
import { formatDuration } from '../parts/format-duration.ts';
import type { Texts } from '../texts/en/en.ts';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';
import { addSample, rateOf, type Sample, secondsLeft } from './live/progress-rate.ts';

const MINUTE = 60;

/** How far an export is that waits or runs: the bar, what it does, how fast, and how long it takes still. */
export function ExportProgress({ of: one }: { of: Schema<'Export'> }) {
  const texts = useTexts().exports;
  const { language } = useLanguage();
  const { stage, records, position } = one.progress;
  const rate = useRate(records.done);
  const { done, planned } = records;
  if (one.status === 'queued')
    return (
      <Text size="sm" c="dimmed">
        {position === undefined
          ? (texts.progress.stages[stage] ?? texts.statuses.queued)
          : texts.progress.position(position)}
      </Text>
    );
  const left = secondsLeft(records, rate);
  const told = [
    planned === null ? texts.progress.counted(done) : texts.progress.done(done, planned),
    ...(rate === undefined ? [] : [texts.progress.rate(Math.max(1, Math.round(rate)))]),
    ...(left === undefined ? [] : [leftInWords(left, texts, language)]),
  ];
  return (
    <Stack gap={4} miw={180}>
      <Bar share={planned === null || planned === 0 ? undefined : done / planned} of={one} />
      <Group gap="xs" justify="space-between" wrap="wrap">
        <Text size="xs" c="dimmed">
          {texts.progress.stages[stage] ?? texts.progress.writing(texts.datasets[stage] ?? stage)}
        </Text>
        <Text size="xs" c="dimmed">
          {told.join(' · ')}
        </Text>
      </Group>
    </Stack>
  );
}

/** The bar; while nobody knows how much there is, one that only says that something goes on. */
function Bar({ share, of: { kind } }: { share: number | undefined; of: Schema<'Export'> }) {
  const texts = useTexts().exports;
  const label = texts.progress.label(texts.kinds[kind]);
  return (
    <Progress.Root size="md">
      {share === undefined ? (
        <Progress.Section
          value={100}
          striped
          animated
          withAria={false}
          role="progressbar"
          aria-label={label}
        />
      ) : (
        <Progress.Section value={Math.min(100, Math.floor(share * 100))} aria-label={label} />
      )}
    </Progress.Root>
  );
}

function useRate(done: number): number | undefined {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  useEffect(() => setSamples((before) => addSample(before, { atMs: performance.now(), done })), [done]);
  return rateOf(samples);
}

function leftInWords(seconds: number, { progress }: Texts['exports'], language: string): string {
  return seconds < MINUTE ? progress.soon : progress.left(formatDuration(seconds, language));
}
