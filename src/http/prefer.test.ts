import { expect, test } from 'vitest';
import { readPreferences } from './prefer.ts';

test.each([
  [undefined, undefined, false],
  ['wait=30', 30_000, false],
  ['handling=strict', undefined, true],
  ['respond-async, wait = 5; handling="strict"', 5_000, true],
  ['Handling=Strict,WAIT=0', 0, true],
  ['handling=lenient, wait=-1', undefined, false],
  ['wait=99999, nowait=3, xhandling=strict', undefined, false],
])('of Prefer: %s it takes wait %s and strict %s', (header, waitMs, isStrict) => {
  expect(readPreferences(header)).toEqual({ waitMs, isStrict });
});
