import { expect, test } from 'vitest';
import { diffJson } from './diff-lines.ts';

const shown = (before: unknown, after: unknown) =>
  diffJson(before, after).map(({ kind, text }) => ({ same: ' ', before: '-', after: '+' })[kind] + text);

test('of a list only the lines that differ are marked', () => {
  expect(shown(['a', 'b', 'd'], ['a', 'c', 'd'])).toEqual([
    ' [',
    '   "a",',
    '-  "b",',
    '+  "c",',
    '   "d"',
    ' ]',
  ]);
});

test('a value takes the place of another, of nothing, or goes', () => {
  expect(shown('agent', 'admin')).toEqual(['-"agent"', '+"admin"']);
  expect(shown(null, true)).toEqual(['+true']);
  expect(shown({ a: 1 }, null)).toEqual(['-{', '-  "a": 1', '-}']);
  expect(shown(null, null)).toEqual([]);
});

test('very long values are shown one after the other', () => {
  const long = Array.from({ length: 500 }, (_, i) => i);
  const lines = shown(long, long);
  expect(lines).toHaveLength(1004);
  expect(lines[0]).toBe('-[');
});
