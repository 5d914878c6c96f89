import { describe, expect, it } from 'vitest';
import { findInexactNumber, mayHaveLongNumber } from './exact-numbers.ts';

describe('numbers that a double cannot keep', () => {
  it.each([
    ['{"a":9007199254740993}', 'a'],
    ['{"a":{"b":[1,2,{"c":12345678901234567890}]}}', 'a.b[2].c'],
    ['[[],{"x":"9007199254740993"},0.1000000000000000055511]', '[2]'],
    ['{"a":1e400}', 'a'],
    ['{"a":-1e-400}', 'a'],
    ['{"a":1.23456e-320}', 'a'],
    ['{"a":1.00000000000000001}', 'a'],
    ['{"a\\"b":{"\\u0007":18446744073709551615}}', 'a"b.\ufffd'],
    ['{"a":[],"b":{},"c":[[1],[9007199254740993]]}', 'c[1][0]'],
  ])('%s is found at %s', (text, path) => {
    expect(findInexactNumber(text)).toBe(path);
  });

  it.each([
    '{"a":9007199254740991,"b":-9007199254740991}',
    '{"a":9007199254740992}',
    '{"a":1.0,"b":1.50,"c":100e-2,"d":0.1,"e":1E5,"f":-0,"g":0.0e0}',
    '{"a":1e300,"b":100000000000000000000}',
    '{"a":0.30000000000000004}',
    '{"a":"123456789012345678901234567890","b":"\\\\"}',
    '[]',
    '"12345678901234567890123"',
  ])('%s is kept', (text) => {
    expect(findInexactNumber(text)).toBeUndefined();
  });

  it('is suspected wherever the number stands in the text', () => {
    for (let pad = 0; pad < 40; pad++) {
      expect(mayHaveLongNumber(`{"${'x'.repeat(pad)}":9007199254740993}`)).toBe(true);
      expect(mayHaveLongNumber(`{"${'x'.repeat(pad)}":0.123456789012345678}`)).toBe(true);
    }
    expect(mayHaveLongNumber('{"id":"9007199254740993","at":"2026-05-01T09:30:00.000Z"}')).toBe(false);
    expect(mayHaveLongNumber('{"n":123456789012345}')).toBe(false);
  });
});
