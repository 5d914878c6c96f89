import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';

const KEYS = ['', '\\', '\u0001', 'a', 'a\\', 'a"', '"', '\t', '\\u0000', 'é\\', 'é\n', '__proto__', '1'];

/** The same numbers in every run. */
function seeded(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

describe('parseJson', () => {
  it('gives every key as it is written, whatever keys were read before (nodejs/node#63785)', () => {
    const random = seeded();
    for (let round = 0; round < 20_000; round++) {
      const keys = [...new Set(Array.from({ length: random(6) }, () => KEYS[random(KEYS.length)]!))];
      const text = `{${keys.map((key, index) => `${JSON.stringify(key)} : ${index}`).join(', ')}}`;
      const parsed = parseJson(text) as object;
      expect(new Map(Object.entries(parsed))).toEqual(new Map(keys.map((key, index) => [key, index])));
    }
  });

  it('gives nested values, arrays and scalars as JSON.parse does', () => {
    const value = {
      'k\n': [1, -2.5e-3, true, null, 'a "quoted" \\ text', [], {}, [[{ '\\': 'x:' }]]],
      b: { 'c"': { 'd\\': false } },
      text: 'not a key\\": 1',
    };
    expect(parseJson(JSON.stringify(value, null, 2))).toEqual(value);
    for (const scalar of ['"\\n"', '1', 'null', ' "a\\\\" ', '[]']) {
      expect(parseJson(scalar)).toEqual(JSON.parse(scalar));
    }
  });

  it('lets the last of two equal keys count, and keeps __proto__ a key like any other', () => {
    expect(parseJson('{"a\\n":1,"a\\n":2}')).toEqual({ 'a\n': 2 });
    const parsed = parseJson('{"__proto__":{"x":1},"\\n":0}') as object;
    expect(Object.keys(parsed)).toEqual(['__proto__', '\n']);
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
  });

  it('reads what is nested too deeply for recursion', () => {
    const deep = '{"\\n":'.repeat(50_000) + '1' + '}'.repeat(50_000);
    let value = parseJson(deep);
    let depth = 0;
    for (; typeof value === 'object'; depth++) value = (value as Record<string, unknown>)['\n'];
    expect([depth, value]).toEqual([50_000, 1]);
  });

  it('refuses what is not JSON', () => {
    for (const text of ['{"\\n":}', '{"a\\":1}', '', '{"\\n":1,}', 'undefined']) {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    }
  });
});
