import { describe, expect, it } from 'vitest';
import { parseId } from './parse-id.ts';

describe('an id', () => {
  it.each([
    ['a', 'a'],
    ['+49 170 1234567', '+49 170 1234567'],
    ['a@b.example/c?d#e', 'a@b.example/c?d#e'],
    ['...', '...'],
    ['Export', 'Export'],
    ['größe', 'größe'],
    ['👨‍👩‍👧', '👨‍👩‍👧'],
    ['\u202eab', '\u202eab'],
    ['x'.repeat(255), 'x'.repeat(255)],
    ['é'.repeat(127), 'é'.repeat(127)],
    [0, '0'],
    [-7, '-7'],
    [9_007_199_254_740_991, '9007199254740991'],
  ])('%j is stored as %j', (value, stored) => {
    expect(parseId(value)).toBe(stored);
  });

  it.each([
    '',
    '.',
    '..',
    'export',
    'preview',
    'x'.repeat(256),
    'é'.repeat(128),
    'x'.repeat(6000),
    'a\u0000',
    'a\nb',
    'a\tb',
    '\u0008',
    '\u001c',
    '\u007f',
    '\u0085',
    '\u009f',
    '\ud800',
    'a\udc00b',
    9_007_199_254_740_992,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
    null,
    undefined,
    {},
    ['a'],
  ])('%j is none', (value) => {
    expect(parseId(value)).toBeUndefined();
  });
});
