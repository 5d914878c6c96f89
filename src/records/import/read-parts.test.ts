import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readParts } from './read-parts.ts';

const lines = '{"type":"contact","id":"1"}\n{"type":"contact","id":"2"}\n';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const endLine = (text: string, records: number): string =>
  `${JSON.stringify({ _end: true, records, sha256: sha256(text) })}\n`;

async function read(texts: (string | Buffer)[], size = 10_000, maxLineBytes = 1000): Promise<string[]> {
  const parts = texts.map((text, index) => ({
    name: `${index}.ndjson`,
    async *chunks() {
      const all = Buffer.from(text);
      for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
    },
  }));
  const seen: string[] = [];
  for await (const item of readParts(parts, maxLineBytes)) {
    seen.push(`${item.source}:${item.line} ${'reject' in item ? item.reject.code : item.bytes.toString()}`);
  }
  return seen;
}

const expected = ['0.ndjson:1 {"type":"contact","id":"1"}', '0.ndjson:2 {"type":"contact","id":"2"}'];
const sizes = [1, 5, 50, 10_000];

test.each(sizes)('an end line that matches is checked and not passed on, in chunks of %i', async (size) => {
  expect(await read([lines + endLine(lines, 2)], size)).toEqual(expected);
  expect(await read([lines + endLine(lines, 2).trimEnd()], size)).toEqual(expected);
});

test('a file without an end line is read whole, with or without a last line end, LF or CRLF', async () => {
  expect(await read([lines])).toEqual(expected);
  expect(await read([lines.trimEnd()])).toEqual(expected);
  expect(await read([lines.replaceAll('\n', '\r\n')])).toEqual(expected);
});

test('an export of no records at all is right, a file of nothing is not', async () => {
  expect(await read([endLine('', 0)])).toEqual([]);
  await expect(read([''])).rejects.toMatchObject({ code: 'import.empty_file' });
  await expect(read([' \n\n'])).rejects.toMatchObject({ code: 'import.empty_file' });
  expect(await read([lines, ''])).toEqual(expected);
});

test('every part is checked against its own end line', async () => {
  const seen = await read([lines + endLine(lines, 2), lines + endLine(lines, 2)]);
  expect(seen.map((one) => one.slice(0, 10))).toEqual([
    '0.ndjson:1',
    '0.ndjson:2',
    '1.ndjson:1',
    '1.ndjson:2',
  ]);
  await expect(read([lines + endLine(lines, 2), lines + endLine(lines, 3)])).rejects.toThrow(/1\.ndjson/);
});

test.each([
  ['a wrong count', lines + endLine(lines, 3)],
  ['a changed byte', lines.replace('"2"', '"3"') + endLine(lines, 2)],
  ['a missing line', `${lines.split('\n')[0]}\n${endLine(lines, 2)}`],
  ['a changed line end', lines.replace('\n', '\r\n') + endLine(lines, 2)],
  ['lines after the end line', lines + endLine(lines, 2) + lines],
  ['an end line cut short', lines + endLine(lines, 2).slice(0, -20)],
  ['an end line of another kind', `${lines}{"_end":"yes"}\n`],
])('%s is import.damaged_file', async (_what, text) => {
  for (const size of sizes)
    await expect(read([text], size)).rejects.toMatchObject({ code: 'import.damaged_file' });
});

test.each(sizes)(
  'a line over the limit is refused by name and counts for the end line, in chunks of %i',
  async (size) => {
    const text = `${lines}{"type":"message","body":"${'x'.repeat(2000)}"}\n${lines}`;
    const seen = await read([text + endLine(text, 5)], size);
    expect(seen).toHaveLength(5);
    expect(seen[2]).toBe('0.ndjson:3 import.line_too_long');
  },
);

test('a line that is not UTF-8 is refused by name; the lines around it are passed on', async () => {
  const bad = Buffer.concat([
    Buffer.from(lines),
    Buffer.from('{"id":"'),
    Buffer.from([0xc3, 0x28]),
    Buffer.from('"}\n'),
  ]);
  expect(await read([Buffer.concat([bad, Buffer.from(lines)])])).toEqual([
    ...expected,
    '0.ndjson:3 ingest.bad_text',
    '0.ndjson:4 {"type":"contact","id":"1"}',
    '0.ndjson:5 {"type":"contact","id":"2"}',
  ]);
});
