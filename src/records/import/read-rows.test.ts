import { expect, test } from 'vitest';
import { type RowFormat, readRows } from './read-rows.ts';

async function read(input: string | Buffer, format: RowFormat, maxRowBytes = 10_000): Promise<unknown[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    const all = Buffer.from(input);
    for (let at = 0; at < all.length; at += 5) yield all.subarray(at, at + 5);
  }
  const seen: unknown[] = [];
  for await (const row of readRows(chunks(), format, { name: 'a', maxRowBytes })) {
    seen.push([row.line, 'reject' in row ? row.reject.code : row.value]);
  }
  return seen;
}

test('each line of jsonl is a row; blank lines count and are passed by; no last line end is fine', async () => {
  expect(await read('{"a":1}\r\n\n \t\n{"a":[{"b":null}]}', 'jsonl')).toEqual([
    [1, { a: 1 }],
    [4, { a: [{ b: null }] }],
  ]);
});

test('each element of a json array is a row, however it is laid out', async () => {
  expect(await read('[\n {"a":1},\n\n{"a":\n2}]\n', 'json')).toEqual([
    [1, { a: 1 }],
    [2, { a: 2 }],
  ]);
});

test('what is not one JSON object is a reject with its line', async () => {
  const lines = ['{"a":1}', '{"a":', '[1]', '"x"', 'null', '{"a":1} {"b":2}', '{"a":2}'];
  expect(await read(lines.join('\n'), 'jsonl')).toEqual([
    [1, { a: 1 }],
    ...[2, 3, 4, 5, 6].map((line) => [line, 'import.bad_json']),
    [7, { a: 2 }],
  ]);
  expect(await read('[{"a":1},{"a" 1},2]', 'json')).toEqual([
    [1, { a: 1 }],
    [2, 'import.bad_json'],
    [3, 'import.bad_json'],
  ]);
});

test.each(['jsonl', 'json'] as const)('%s that is not UTF-8 is a reject, never repaired', async (format) => {
  const bad = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]);
  const [open, comma, close] = format === 'json' ? ['[', ',', ']'] : ['', '\n', ''];
  const input = Buffer.concat([Buffer.from(open), bad, Buffer.from(`${comma}{"a":"ÿ"}${close}`)]);
  expect(await read(input, format)).toEqual([
    [1, 'ingest.bad_text'],
    [2, { a: 'ÿ' }],
  ]);
});

test.each(['jsonl', 'json'] as const)('a row of %s over the limit is a reject by name', async (format) => {
  const [open, comma, close] = format === 'json' ? ['[', ',', ']'] : ['', '\n', ''];
  const input = `${open}{"a":1}${comma}{"a":"${'x'.repeat(500)}"}${comma}{"a":2}${close}`;
  expect(await read(input, format, 100)).toEqual([
    [1, { a: 1 }],
    [2, 'import.line_too_long'],
    [3, { a: 2 }],
  ]);
});

test.each([
  ['{"id":9007199254740993}', false],
  ['{"id":-9007199254740993}', false],
  ['{"a":[{"id":12345678901234567890}]}', false],
  ['{"a":1e400}', false],
  ['{"a":1e17}', false],
  ['{"id":9007199254740991}', true],
  ['{"id":"12345678901234567890"}', true],
  ['{"at":1700000000.123456789}', true],
  ['{"small":1e-400,"e":1e3}', true],
])('%s: a whole number that JSON.parse would round is a reject', async (line, isTaken) => {
  const [[, seen]] = (await read(line, 'jsonl')) as [[number, unknown]];
  expect(seen).toEqual(isTaken ? JSON.parse(line) : 'import.bad_value');
});

test('lone surrogates stay as they are, for ingest to refuse by name', async () => {
  const [[, value]] = (await read('{"a":"\\ud800"}', 'jsonl')) as [[number, unknown]];
  expect(JSON.stringify(value)).toBe('{"a":"\\ud800"}');
});

test('a row nested deeper than the stack is read or refused, without an overflow', async () => {
  const deep = `{"a":${'['.repeat(200_000)}12345678901234567890${']'.repeat(200_000)}}`;
  expect(await read(deep, 'jsonl', 1_000_000)).toEqual([[1, 'import.bad_value']]);
});

test.each([
  ['jsonl', ' \n\n'],
  ['json', ''],
  ['csv', ''],
] as const)('an empty %s file is an error, not a success of nothing', async (format, input) => {
  await expect(read(input, format)).rejects.toMatchObject({ code: 'import.empty_file' });
});
