import { expect, test } from 'vitest';
import { convertValue } from './convert-value.ts';
import type { Conversion } from './map.schemas.ts';

test.each<[Conversion, unknown, unknown]>([
  ['text', 7, '7'],
  ['text', true, 'true'],
  ['text', { a: [1] }, '{"a":[1]}'],
  ['number', '12', 12],
  ['number', ' -3.50 ', -3.5],
  ['number', '1e3', 1000],
  ['number', 4, 4],
  ['boolean', 'Yes', true],
  ['boolean', '0', false],
  ['boolean', false, false],
  ['json', '["a",{"b":null}]', ['a', { b: null }]],
  ['json', ['already'], ['already']],
  ['time', '2026-01-05T09:00:00Z', '2026-01-05T09:00:00.000Z'],
  ['time', '2026-01-05 10:00:00.1234567 +01:00', '2026-01-05T09:00:00.123Z'],
  ['time', '2026-01-05T04:30-0430', '2026-01-05T09:00:00.000Z'],
  ['utc-time', '2026-01-05 09:00', '2026-01-05T09:00:00.000Z'],
  ['utc-time', '2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['unix-s', '1700000000.5', '2023-11-14T22:13:20.500Z'],
  ['unix-s', -1, '1969-12-31T23:59:59.000Z'],
  ['unix-ms', 1700000000123, '2023-11-14T22:13:20.123Z'],
])('as %s, %j becomes %j', (as, value, expected) => {
  expect(convertValue(value, as, '"x"')).toEqual(expected);
});

test.each<[Conversion, unknown]>([
  ['text', 2 ** 53],
  ['number', ''],
  ['number', '1,5'],
  ['number', '0x10'],
  ['number', 'Infinity'],
  ['number', '12345678901234567890'],
  ['boolean', 'maybe'],
  ['json', '{"a":'],
  ['json', '{"id":12345678901234567890}'],
  ['time', '2026-01-05T09:00:00'],
  ['time', '2026-01-05'],
  ['time', '05/01/2026'],
  ['time', '2026-02-30T00:00:00Z'],
  ['time', '2026-13-01T00:00:00Z'],
  ['time', '2026-01-01T25:00:00Z'],
  ['time', 1700000000],
  ['utc-time', 'soon'],
  ['unix-s', '1e20'],
  ['unix-ms', 1e18],
])('as %s, %j is refused by name and without its value', (as, value) => {
  try {
    convertValue(value, as, '"x"');
  } catch (error) {
    expect(error).toMatchObject({ code: 'import.bad_value' });
    if (value !== '') expect((error as Error).message).not.toContain(String(value));
    return;
  }
  throw new Error('it was taken');
});
