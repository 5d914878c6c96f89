import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseImportMap } from './map/parse-map.ts';
import { type ImportSource, type OpenOptions, openImportSource } from './open-source.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convey-source-'));
});
afterEach(() => rm(folder, { recursive: true }));

const contacts = parseImportMap({
  emit: [{ type: 'contact', id: '{id}', fields: { name: { from: 'name', empty: 'keep' } } }],
});

async function put(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const openIt = (path: string, options: Partial<OpenOptions>): Promise<ImportSource> =>
  openImportSource(path, { format: 'convey', signal: AbortSignal.timeout(20_000), ...options });

async function read(source: ImportSource): Promise<string[]> {
  const seen: string[] = [];
  for await (const item of source.records()) {
    seen.push(`${item.source}:${item.line} ${'bytes' in item ? item.bytes.toString() : item.reject.code}`);
  }
  return seen;
}

const expected = (name: string, lines: [number, number]): string[] => [
  `${name}:${lines[0]} {"type":"contact","id":"1","name":"Ana \\"A\\"\\nOslo"}`,
  `${name}:${lines[1]} {"type":"contact","id":"2","name":""}`,
];

test.each([
  ['csv', '\ufeffid,name\r\n1,"Ana ""A""\nOslo"\r\n2,\r\n', [2, 4]],
  ['tsv', 'id\tname\n1\t"Ana ""A""\nOslo"\n2\t', [2, 4]],
  ['jsonl', '{"id":1,"name":"Ana \\"A\\"\\nOslo"}\n{"id":"2","name":""}', [1, 2]],
  ['json', '[{"id":1,"name":"Ana \\"A\\"\\nOslo"},{"id":"2","name":""}]', [1, 2]],
] as const)('%s makes the same records, plain and gzip, in every reading', async (format, text, lines) => {
  for (const [name, bytes] of [
    ['plain', Buffer.from(text)],
    ['packed', gzipSync(text)],
  ] as const) {
    const source = await openIt(await put(name, bytes), { format, map: contacts });
    expect(await read(source)).toEqual(expected(name, lines as unknown as [number, number]));
    expect(await read(source)).toEqual(expected(name, lines as unknown as [number, number]));
    expect(source.consumedBytes()).toBe(source.sizeBytes);
    expect(await source.openFile('plain')).toBeUndefined();
    await source.close();
  }
});

test('a convey file is passed on as it stands, plain or gzip, with no files beside it in reach', async () => {
  const path = await put('a.ndjson', '{"type":"contact", "id":"1"}\n');
  const source = await openIt(path, {});
  expect(await read(source)).toEqual(['a.ndjson:1 {"type":"contact", "id":"1"}']);
  expect(await source.openFile('a.ndjson')).toBeUndefined();
  const packed = await put('a.ndjson.gz', gzipSync('{"type":"contact", "id":"1"}'));
  expect(await read(await openIt(packed, {}))).toEqual(['a.ndjson.gz:1 {"type":"contact", "id":"1"}']);
});

test('what cannot be opened is refused by name', async () => {
  const path = await put('a.csv', 'id,name\n');
  const refused: [string, Partial<OpenOptions>, string][] = [
    [join(folder, 'none'), {}, 'import.no_such_file'],
    ['/dev/null', {}, 'import.no_such_file'],
    [folder, { format: 'csv', map: contacts }, 'import.wrong_format'],
    [path, { format: 'csv' }, 'import.map_needed'],
    [path, { map: contacts }, 'import.map_not_taken'],
  ];
  for (const [at, options, code] of refused)
    await expect(openIt(at, options)).rejects.toMatchObject({ code });
});

test('a table without a column of the map stops before its first record', async () => {
  const source = await openIt(await put('a.csv', 'id,nmae\n1,x\n'), { format: 'csv', map: contacts });
  await expect(read(source)).rejects.toThrow(/Missing: "name"\. The table has "id", "nmae"\./);
});

test('rejects come between the records with line and source', async () => {
  const path = await put('a.csv', 'id,name\n1,x\n2\n,y\n3,z\n');
  expect(await read(await openIt(path, { format: 'csv', map: contacts }))).toEqual([
    'a.csv:2 {"type":"contact","id":"1","name":"x"}',
    'a.csv:3 import.ragged_row',
    'a.csv:4 import.missing_value',
    'a.csv:5 {"type":"contact","id":"3","name":"z"}',
  ]);
});

const joined = (join: object): ReturnType<typeof parseImportMap> =>
  parseImportMap({
    joins: { people: { file: 'people.csv', format: 'csv', key: 'id' } },
    emit: [
      {
        type: 'conversation',
        id: '{id}',
        fields: { contact_id: { join: 'people', on: 'person', take: 'ref', ...join } },
      },
    ],
  });

test('a join takes columns of a file beside the source; a key without a row is told, or left out on request', async () => {
  const path = await put('a.csv', 'id,person\nc1,1\nc2,9\nc3,\n');
  await put('people.csv', 'id,ref,other\n1,p1,x\n2,p2,y\n');
  expect(await read(await openIt(path, { format: 'csv', map: joined({}) }))).toEqual([
    'a.csv:2 {"type":"conversation","id":"c1","contact_id":"p1"}',
    'a.csv:3 import.no_join',
    'a.csv:4 {"type":"conversation","id":"c3"}',
  ]);
  expect((await read(await openIt(path, { format: 'csv', map: joined({ missing: 'omit' }) })))[1]).toBe(
    'a.csv:3 {"type":"conversation","id":"c2"}',
  );
});

test.each([
  ['a key twice', 'id,ref\n1,a\n1,b\n', /line 3 has a key that came before/],
  ['a missing column', 'id,reff\n1,a\n', /no column "ref"/],
  ['a ragged row', 'id,ref\n1\n', /line 2/],
  ['more text than the limit', `id,ref\n1,${'x'.repeat(2000)}\n`, /more than 1000 bytes/],
])('a side file with %s is refused before the first record', async (_what, text, message) => {
  const path = await put('a.csv', 'id,person\nc1,1\n');
  await put('people.csv', text);
  const opening = openIt(path, { format: 'csv', map: joined({}), limits: { joinBytes: 1000 } });
  await expect(opening).rejects.toMatchObject({ code: 'import.bad_join' });
  await expect(openIt(path, { format: 'csv', map: joined({}), limits: { joinBytes: 1000 } })).rejects.toThrow(
    message,
  );
});

test('a map cannot read files outside the folder of the source', async () => {
  const path = await put('a.csv', 'id,person\nc1,1\n');
  for (const file of ['/etc/passwd', '../people.csv', 'a\\b']) {
    const map = { ...joined({}), joins: { people: { file, format: 'csv', key: 'id' } as const } };
    await expect(openIt(path, { format: 'csv', map })).rejects.toMatchObject({ code: 'import.unsafe_path' });
  }
  await expect(openIt(path, { format: 'csv', map: joined({}) })).rejects.toMatchObject({
    code: 'import.bad_join',
  });
});

test.each(['csv', 'convey'] as const)(
  'a cancel stops the reading of %s with an abort, not as damage',
  async (format) => {
    const line = format === 'csv' ? '1,x\n' : '{"a":1}\n';
    const path = await put('a', `id,name\n${line.repeat(400_000)}`);
    const stop = new AbortController();
    const source = await openIt(path, {
      format,
      signal: stop.signal,
      map: format === 'csv' ? contacts : undefined,
    });
    let seen = 0;
    const reading = (async () => {
      for await (const _ of source.records()) if (++seen === 10) stop.abort();
    })();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toBeLessThan(400_000);
    await expect(openIt(path, { signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
  },
);

test('a cancel for a reason of its own throws that reason', async () => {
  const path = await put('a.gz', gzipSync('{"a":1}\n'.repeat(300_000)));
  const stop = new AbortController();
  const source = await openIt(path, { signal: stop.signal });
  const reading = (async () => {
    for await (const _ of source.records()) stop.abort(new Error('the worker is stopping'));
  })();
  await expect(reading).rejects.toThrow(/the worker is stopping|aborted/);
  await expect(reading).rejects.not.toMatchObject({ code: 'import.damaged_file' });
});

test('a long source is read at the pace of its reader', async () => {
  const path = await put(
    'a.csv',
    `id,name\n${Array.from({ length: 200_000 }, (_, i) => `${i},some name`).join('\n')}`,
  );
  const source = await openIt(path, { format: 'csv', map: contacts });
  let seen = 0;
  for await (const _ of source.records()) {
    if (++seen === 1000) break;
  }
  expect(source.consumedBytes()).toBeLessThan(source.sizeBytes! / 2);
  await source.close();
});
