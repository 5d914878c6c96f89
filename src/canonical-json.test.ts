import { describe, expect, test } from 'vitest';
import { canonicalJson, type JsonValue, NotCanonicalError } from './canonical-json.ts';

function double(bits: string): number {
  return Buffer.from(bits, 'hex').readDoubleBE();
}

describe('canonicalJson follows RFC 8785', () => {
  test('the example of section 3.2.2', () => {
    const value = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`) as JsonValue;
    expect(canonicalJson(value)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
        String.raw`"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  test('members are sorted by UTF-16 code units, not by code points (section 3.2.3)', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 };
    const keys = ['\\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33'];
    expect(canonicalJson(value)).toBe(
      `{${keys.map((key, i) => `"${key}":${[2, 4, 6, 7, 1, 5, 3][i]}`).join(',')}}`,
    );
  });

  test.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
  ])('the number with the bits %s is written %s (appendix B)', (bits, expected) => {
    expect(canonicalJson(double(bits))).toBe(expected);
  });

  test('equal values give equal text whatever order they were built in', () => {
    expect(canonicalJson({ b: [{ y: 1, x: 2 }], a: '' })).toBe('{"a":"","b":[{"x":2,"y":1}]}');
    expect(canonicalJson(JSON.parse('{"__proto__":{"b":1,"a":2},"10":0,"9":0}'))).toBe(
      '{"10":0,"9":0,"__proto__":{"a":2,"b":1}}',
    );
    expect(canonicalJson(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
  });

  test('a member that is undefined is left out, as JSON.stringify does', () => {
    expect(canonicalJson({ a: undefined, b: 1 } as unknown as JsonValue)).toBe('{"b":1}');
  });

  test('what is not JSON is refused, not changed', () => {
    const nested = JSON.parse('['.repeat(80) + ']'.repeat(80));
    const refused: unknown[] = [
      NaN,
      Infinity,
      -Infinity,
      1n,
      undefined,
      [undefined],
      Array.from({ length: 1 }),
      () => 1,
    ];
    refused.push(Symbol('s'), new Date(), new Map(), Buffer.from('x'), { toJSON: () => 1 }, nested);
    refused.push('\ud800', 'a\udc00b', { '\ud800': 1 }, '\udc00\ud800');
    for (const value of refused) {
      expect(() => canonicalJson(value as JsonValue)).toThrow(NotCanonicalError);
    }
  });
});
