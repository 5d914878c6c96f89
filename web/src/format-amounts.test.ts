import { expect, it } from 'vitest';
import { formatBytes, formatDuration } from './format-amounts.ts';

it('sizes are in decimal units and never read 1000.0', () => {
  expect([0, 1, 999, 1000, 999_949, 999_950, 314_198_396, 1e9, 5e15].map(formatBytes)).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '999.9 kB',
    '1.0 MB',
    '314.2 MB',
    '1.0 GB',
    '5000.0 TB',
  ]);
});

it('durations are minutes and seconds, with hours where there are any', () => {
  expect([0, 7400, 754_000, 3_723_000].map(formatDuration)).toEqual(['0:00', '0:07', '12:34', '1:02:03']);
});
