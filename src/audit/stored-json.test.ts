import { expect, test } from 'vitest';
import { parseStoredJson } from './stored-json.ts';

test('text that says exactly what JavaScript reads is parsed', () => {
  const exact: [string, unknown][] = [
    ['{}', {}],
    [
      '{"a": [1, -2.5, 0, null, true], "b 1.0": "1.0 \\" 2.00"}',
      { a: [1, -2.5, 0, null, true], 'b 1.0': '1.0 " 2.00' },
    ],
    ['1000000000000000000000', 1e21],
    ['-15000000000000000000000', -1.5e22],
    ['0.0000001', 1e-7],
    ['-0.00000000123', -1.23e-9],
    [`0.${'0'.repeat(323)}5`, 5e-324],
    [`17976931348623157${'0'.repeat(292)}`, Number.MAX_VALUE],
  ];
  for (const [text, value] of exact) expect(parseStoredJson(text)).toEqual(value);
});

test('a number that JavaScript would read as another is seen', () => {
  const inexact = ['1.0', '1.00000000000000000001', '0.10', '9007199254740993', '-0', `1${'0'.repeat(400)}`];
  for (const digits of inexact) expect(parseStoredJson(`{"a": ["1", ${digits}]}`)).toBeUndefined();
});
