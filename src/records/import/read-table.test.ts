import { expect, test } from 'vitest';
import { readTable, type TableOptions } from './read-table.ts';

type Seen = [line: number, cells: unknown[] | string];

async function read(
  input: Buffer | string,
  options: Partial<TableOptions> = {},
  size = 100_000,
): Promise<{ header: string[]; rows: Seen[] }> {
  const all = Buffer.from(input);
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
  }
  const seen: { header: string[]; rows: Seen[] } = { header: [], rows: [] };
  const full = {
    name: 't',
    delimiter: ',',
    hasQuotes: true,
    columns: undefined,
    maxRowBytes: 10_000,
    ...options,
  };
  for await (const row of readTable(chunks(), full)) {
    if ('header' in row) seen.header = row.header;
    else if ('reject' in row) seen.rows.push([row.line, row.reject.code]);
    else seen.rows.push([row.line, Object.values(row.value)]);
  }
  return seen;
}

const sizes = [1, 2, 3, 5, 1000];

test.each(sizes)(
  'line breaks, delimiters and quotes inside quotes are text, in chunks of %i',
  async (size) => {
    const input = 'a,b\r\n"x,y","line 1\r\nline 2\nline 3"\r\n"say ""hi""",\r\n\r\n,"  "\r\nlast,ü🙂';
    const seen = await read(input, {}, size);
    expect(seen.header).toEqual(['a', 'b']);
    expect(seen.rows).toEqual([
      [2, ['x,y', 'line 1\r\nline 2\nline 3']],
      [5, ['say "hi"', '']],
      [7, ['', '  ']],
      [8, ['last', 'ü🙂']],
    ]);
  },
);

test.each(sizes)('tabs inside quotes are text in TSV, in chunks of %i', async (size) => {
  const seen = await read('a\tb\n"x\ty"\t"z\n"\n', { delimiter: '\t' }, size);
  expect(seen.rows).toEqual([[2, ['x\ty', 'z\n']]]);
});

test('LF and CRLF may be mixed, and no CR stays in a cell', async () => {
  expect((await read('a,b\n1,2\r\n3,4\n')).rows).toEqual([
    [2, ['1', '2']],
    [3, ['3', '4']],
  ]);
});

test.each(sizes)(
  'ragged rows are rejects with their line; the others are read, in chunks of %i',
  async (size) => {
    const seen = await read('a,b\n1\n2,3,4\n"\n",5\n6,7\n\n8\n', {}, size);
    expect(seen.rows).toEqual([
      [2, 'import.ragged_row'],
      [3, 'import.ragged_row'],
      [4, ['\n', '5']],
      [6, ['6', '7']],
      [8, 'import.ragged_row'],
    ]);
  },
);

test.each(sizes)('rows that are not UTF-8 are rejects, never repaired, in chunks of %i', async (size) => {
  const input = Buffer.concat([Buffer.from('a,b\nok,'), Buffer.from([0xe9]), Buffer.from('\nok,\xe9\n')]);
  expect((await read(input, {}, size)).rows).toEqual([
    [2, 'ingest.bad_text'],
    [3, ['ok', 'é']],
  ]);
});

test.each(sizes)('a stray quote rejects its row once, and only its row, in chunks of %i', async (size) => {
  const seen = await read('a,b\n5"disk,3"x\n6"x,"y\nz"\n1,2\n', {}, size);
  expect(seen.rows).toEqual([
    [2, 'import.stray_quote'],
    [3, 'import.stray_quote'],
    [5, ['1', '2']],
  ]);
});

test.each([
  ['a quote that is never closed', 'a,b\n1,2\n3,"4\n5,6\n7,8\n'],
  ['text after a closing quote', 'a,b\n1,2\n3,"4"x\n5,6\n'],
])('%s stops the import at its line, since the rows behind it are in doubt', async (_what, input) => {
  await expect(read(input)).rejects.toMatchObject({ code: 'import.bad_csv' });
  await expect(read(input)).rejects.toThrow(/line 3/);
});

test('a row over the limit is refused by name, also when an open quote swallows the file', async () => {
  const open = `a,b\n1,"${'x\n'.repeat(10_000)}`;
  await expect(read(open, { maxRowBytes: 500 }, 100)).rejects.toMatchObject({ code: 'import.line_too_long' });
  const wide = `a,b\n${'x'.repeat(400)},${'y'.repeat(400)}\n`;
  await expect(read(wide, { maxRowBytes: 500 }, 100)).rejects.toThrow(/line 2/);
});

test('header lines that cannot be used are refused', async () => {
  await expect(read('')).rejects.toMatchObject({ code: 'import.empty_file' });
  await expect(read('\n\n')).rejects.toMatchObject({ code: 'import.empty_file' });
  await expect(read('a,b,a\n1,2,3\n')).rejects.toThrow(/two columns are called "a"/);
  await expect(read('a,b\r1,2\r')).rejects.toThrow(/line break/);
  await expect(read(Buffer.from([0x61, 0xff, 0x0a]))).rejects.toMatchObject({ code: 'import.bad_header' });
  expect((await read('a,,\n1,2,3\n')).rows).toHaveLength(1);
});

test('a table without a header line takes its names from the map; other delimiters and no quotes too', async () => {
  const seen = await read('1;"2\n3;4"\n', { columns: ['x', 'y'], delimiter: ';', hasQuotes: false });
  expect(seen).toEqual({
    header: ['x', 'y'],
    rows: [
      [1, ['1', '"2']],
      [2, ['3', '4"']],
    ],
  });
});

test('a column called __proto__ is a column', async () => {
  expect((await read('__proto__,b\n1,2\n')).rows).toEqual([[2, ['1', '2']]]);
});
