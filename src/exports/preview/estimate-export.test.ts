import { expect, test } from 'vitest';
import { exportFormats } from '../../catalog/tables/workings.ts';
import { guess, type PastExport } from './estimate-export.ts';

const amount = (records: number, documents = 0, bytesOfFiles = 0) => ({
  records,
  documents,
  bytesOfFiles,
  isAnonymized: false,
});
const past = (
  records: number,
  bytes: number,
  seconds: number,
  more: Partial<PastExport> = {},
): PastExport => ({
  records,
  documents: 0,
  isAnonymized: false,
  bytes,
  seconds,
  isSame: true,
  ...more,
});

test('every format has a usual size and time, which grow with the records', () => {
  for (const format of exportFormats) {
    const small = guess(format, amount(1000, 100), []);
    const large = guess(format, amount(10_000_000, 1_000_000), []);
    expect(small.based_on).toBe('defaults');
    expect(large.bytes).toBe(small.bytes * 10_000);
    expect(large.seconds).toBeGreaterThan(small.seconds);
  }
});

test('an empty export takes no bytes, and the time that every export takes', () => {
  expect(guess('json', amount(0), [])).toEqual({
    bytes: 0,
    seconds: 1,
    seconds_range: { from: 0.3, to: 3 },
    based_on: 'defaults',
  });
});

test('contents of files are added to what records take', () => {
  const without = guess('json', amount(500), []);
  const files = guess('json', amount(500, 0, 3e9), []);
  expect(files.bytes - without.bytes).toBe(3e9);
  expect(files.seconds - without.seconds).toBeCloseTo(100);
});

test('PDFs, of which none was made yet, take as long as was measured: about 24 of 40 messages a second', () => {
  const { seconds, seconds_range: range } = guess('pdf', amount(41 * 1_000, 1_000), []);
  expect(seconds).toBeGreaterThan(1_000 / 24 / 2);
  expect(seconds).toBeLessThan((1_000 / 24) * 2);
  expect(range.from).toBeLessThan(1_000 / 24);
  expect(range.to).toBeGreaterThan(1_000 / 24);
});

test('a document costs more than its rows: many short conversations take longer than a few long ones', () => {
  const short = guess('pdf', amount(10_000, 5_000), []);
  const long = guess('pdf', amount(10_000, 50), []);
  expect(short.seconds).toBeGreaterThan(long.seconds * 3);
  expect(guess('ndjson', amount(10_000), []).seconds).toBeLessThan(long.seconds);
});

test('past exports count once they held enough: a few records say nothing, and small ones nothing about speed', () => {
  expect(guess('csv', amount(10), [past(99, 1e9, 50)]).based_on).toBe('defaults');
  expect(guess('csv', amount(10), [past(500, 350_000, 25), past(500, 350_000, 25)])).toMatchObject({
    bytes: 7000,
    seconds: 1,
    based_on: 'past_exports',
  });
  const large = [past(500_000, 3.5e8, 11), past(500_000, 3.5e8, 11)];
  expect(guess('csv', amount(500_000), large)).toMatchObject({
    bytes: 3.5e8,
    seconds: 11,
    based_on: 'past_exports',
  });
});

test('the speed that was seen here narrows the range, whatever the other export was of', () => {
  const usual = guess('pdf', amount(5_000, 500), []);
  const seen = guess('pdf', amount(5_000, 500), [past(2_000, 4e7, 41, { documents: 200, isSame: false })]);
  expect(seen.seconds).toBeGreaterThan(usual.seconds * 2);
  const widthOf = ({ seconds_range: { from, to } }: typeof usual) => to / from;
  expect(widthOf(seen)).toBeLessThan(widthOf(usual));
  // Its records may be larger or smaller: of the size it says nothing.
  expect(seen.bytes).toBe(usual.bytes);
});
