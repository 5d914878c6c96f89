import { Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useLanguage, useTexts } from '../../texts/texts-provider.tsx';
import { NextFive } from './next-five.tsx';
import { cronOf, type Rhythm, rhythmOf, weekdayName } from '../rhythm.ts';
import type { PartProps } from './schedule-form.tsx';
import styles from '../schedules.module.css';

const FIRST_TIME = '02:30';
/** Monday first. */
const WEEK = [1, 2, 3, 4, 5, 6, 0];
const LAST_DATE = 31;

/** When it runs: daily, weekly, monthly or by a cron line, on whose clock, and what that comes to. */
export function WhenPart({ draft, change, errorOf }: PartProps) {
  const texts = useTexts().schedules.form;
  const { locale } = useLanguage();
  const [rhythm, setRhythm] = useState<Rhythm>(() => rhythmOf(draft.cron));
  const choose = (next: Rhythm) => {
    setRhythm(next);
    if (next.every !== 'cron' && next.time !== '') change({ cron: cronOf(next) });
  };
  const time = 'time' in rhythm ? rhythm.time : FIRST_TIME;
  const chooseEvery = (every: Rhythm['every']) => {
    if (every === 'cron') return choose({ every });
    choose(
      every === 'day'
        ? { every, time }
        : every === 'week'
          ? { every, time, day: 1 }
          : { every, time, date: 1 },
    );
  };
  return (
    <Stack gap="sm">
      <div className={styles['row']}>
        <Select
          label={texts.every}
          data={Object.entries(texts.rhythms).map(([value, label]) => ({ value, label }))}
          value={rhythm.every}
          onChange={(every) => every !== null && chooseEvery(every as Rhythm['every'])}
          allowDeselect={false}
        />
        {rhythm.every === 'week' && (
          <Select
            label={texts.weekday}
            data={WEEK.map((day) => ({ value: String(day), label: weekdayName(day, locale) }))}
            value={String(rhythm.day)}
            onChange={(day) => day !== null && choose({ ...rhythm, day: Number(day) })}
            allowDeselect={false}
          />
        )}
        {rhythm.every === 'month' && (
          <Select
            label={texts.date}
            description={rhythm.date > 28 ? texts.dateHint : undefined}
            data={Array.from({ length: LAST_DATE }, (_, index) => String(index + 1))}
            value={String(rhythm.date)}
            onChange={(date) => date !== null && choose({ ...rhythm, date: Number(date) })}
            allowDeselect={false}
          />
        )}
        {rhythm.every === 'cron' ? (
          <TextInput
            label={texts.cron}
            description={texts.cronHint}
            value={draft.cron}
            onChange={({ currentTarget: { value } }) => change({ cron: value })}
            error={errorOf('cron')}
            required
          />
        ) : (
          <TextInput
            type="time"
            label={texts.time}
            value={rhythm.time}
            onChange={({ currentTarget: { value } }) => choose({ ...rhythm, time: value })}
            error={errorOf('cron')}
            required
          />
        )}
        <Select
          label={texts.zone}
          data={zones(draft.time_zone)}
          value={draft.time_zone}
          onChange={(zone) => zone !== null && change({ time_zone: zone })}
          allowDeselect={false}
          searchable
          error={errorOf('time_zone')}
        />
      </div>
      <NextFive cron={draft.cron} zone={draft.time_zone} />
    </Stack>
  );
}

/** Every zone that the browser knows, UTC, and the one that is chosen. */
function zones(chosen: string): string[] {
  return [...new Set(['UTC', chosen, ...Intl.supportedValuesOf('timeZone')])].toSorted();
}
