import { expect, test } from 'vitest';
import { rewriteJson } from './rewrite-json.ts';

const upper = {
  text: (value: string, key: string | undefined) => `${key ?? '-'}:${value.toUpperCase()}`,
  number: () => undefined,
  key: (key: string) => key,
};

test('texts are told the key that they stand under, through lists and past nested objects', () => {
  const json = '{"a": "x", "list": ["y", {"b": "z"}, "w", [["v"]]], "c": {"d": ["u"]}, "e": "t"}';
  expect(JSON.parse(rewriteJson(json, upper))).toEqual({
    a: 'a:X',
    list: ['list:Y', { b: 'b:Z' }, 'list:W', [['list:V']]],
    c: { d: ['d:U'] },
    e: 'e:T',
  });
  expect(rewriteJson('"x"', upper)).toBe('"-:X"');
});

test('what is not rewritten stays byte for byte: numbers of any size, escapes, order, spaces', () => {
  const json =
    '{"big": 123456789012345678901234567890.10, "small": -1e-400, "\\"k\\\\": "a\\n\\u0001\\\\", "t": [true, null, {}]}';
  const same = { text: (value: string) => value, number: () => undefined, key: (key: string) => key };
  expect(rewriteJson(json, same)).toBe(json);
});

test('numbers and keys are rewritten where asked, and two keys never become one', () => {
  const rewriter = {
    text: (value: string) => value,
    number: (digits: string, key: string | undefined) => (key === 'id' ? `n${digits}` : undefined),
    key: (key: string) => (key.includes('@') ? '[email]' : key),
  };
  expect(rewriteJson('{"id": 12.50, "n": 7, "a@b.c": 1, "d@e.f": {"g@h.i": 2}}', rewriter)).toBe(
    '{"id": "n12.50", "n": 7, "[email]": 1, "[email] 2": {"[email]": 2}}',
  );
});

test('depth costs no stack', () => {
  const json = `${'[{"a":'.repeat(50_000)}"x"${'}]'.repeat(50_000)}`;
  expect(rewriteJson(json, upper)).toContain('"a:X"');
});
