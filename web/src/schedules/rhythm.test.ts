import { expect, test } from 'vitest';
import { cronOf, rhythmOf, weekdayName } from './rhythm.ts';

test('plain rhythms are read, and written as they were', () => {
  for (const [cron, rhythm] of [
    ['30 2 * * *', { every: 'day', time: '02:30' }],
    ['0 23 * * 1', { every: 'week', time: '23:00', day: 1 }],
    ['5 0 31 * *', { every: 'month', time: '00:05', date: 31 }],
  ] as const) {
    expect(rhythmOf(cron)).toEqual(rhythm);
    expect(cronOf(rhythm)).toBe(cron);
  }
});

test('everything else stays a cron line', () => {
  for (const cron of ['*/30 * * * *', '0 2 * * 1-5', '0 2 1 * 1', '0 2 * 6 *', '0 2 * * 7', 'nonsense', ''])
    expect(rhythmOf(cron), cron).toEqual({ every: 'cron' });
});

test('days of the week have their names', () => {
  expect(weekdayName(0, 'en')).toBe('Sunday');
  expect(weekdayName(1, 'de')).toBe('Montag');
});
