import { expect, test } from 'vitest';
import { exportFormats } from '../../catalog/tables/workings.ts';
import { guess } from './estimate-export.ts';

const NONE = { exports: 0, records: 0, bytes: 0, seconds: 0 };

test('every format has a usual size and time, which grow with the records', () => {
  for (const format of exportFormats) {
    const small = guess(format, { records: 1000, bytesOfFiles: 0 }, NONE);
    const large = guess(format, { records: 10_000_000, bytesOfFiles: 0 }, NONE);
    expect(small.based_on).toBe('defaults');
    expect(large.bytes).toBe(small.bytes * 10_000);
    expect(large.seconds).toBeGreaterThan(small.seconds);
  }
});

test('an empty export takes no bytes, and the time that every export takes', () => {
  expect(guess('json', { records: 0, bytesOfFiles: 0 }, NONE)).toEqual({
    bytes: 0,
    seconds: 1,
    based_on: 'defaults',
  });
});

test('contents of files are added to what records take', () => {
  const without = guess('json', { records: 500, bytesOfFiles: 0 }, NONE);
  const files = guess('json', { records: 500, bytesOfFiles: 3e9 }, NONE);
  expect(files.bytes - without.bytes).toBe(3e9);
  expect(files.seconds - without.seconds).toBeCloseTo(100);
});

test('past exports count once they held enough: a few records say nothing, and small ones nothing about speed', () => {
  const few = { exports: 1, records: 99, bytes: 1e9, seconds: 50 };
  expect(guess('csv', { records: 10, bytesOfFiles: 0 }, few).based_on).toBe('defaults');
  const small = { exports: 2, records: 1000, bytes: 700_000, seconds: 50 };
  expect(guess('csv', { records: 10, bytesOfFiles: 0 }, small)).toEqual({
    bytes: 7000,
    seconds: 1,
    based_on: 'past_exports',
  });
  const large = { exports: 2, records: 1_000_000, bytes: 7e8, seconds: 22 };
  expect(guess('csv', { records: 500_000, bytesOfFiles: 0 }, large)).toEqual({
    bytes: 3.5e8,
    seconds: 11,
    based_on: 'past_exports',
  });
});
