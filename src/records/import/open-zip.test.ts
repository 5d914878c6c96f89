import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImportLimits } from './limits.ts';
import { openImportSource } from './open-source.ts';

interface Entry {
  name: string | Buffer;
  data?: Buffer | string;
  method?: number;
  flags?: number;
  attributes?: number;
  declaredSize?: number;
  declaredCrc?: number;
}

/** A zip written by hand: libraries refuse to write what is tested here. */
function makeZip(entries: Entry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data = '', method = 8, flags = 0x800, attributes = 0, ...declared } of entries) {
    const raw = Buffer.from(data as string);
    const packed = method === 8 ? deflateRawSync(raw) : raw;
    const nameBytes = Buffer.from(name as string);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(flags, 2);
    head.writeUInt16LE(method, 4);
    head.writeUInt32LE(declared.declaredCrc ?? crc32(raw), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(declared.declaredSize ?? raw.length, 18);
    head.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), head, nameBytes, packed]);
    const central = Buffer.alloc(14);
    central.writeUInt32LE((attributes << 16) >>> 0, 6);
    central.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), head, central, nameBytes);
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, Buffer.from('PK\u0005\u0006'), end]);
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convey-zip-'));
});
afterAll(() => rm(folder, { recursive: true }));

let serial = 0;
async function importZip(zip: Buffer, limits: Partial<ImportLimits> = {}, contentPath?: string) {
  const path = join(folder, `${serial++}.zip`);
  await writeFile(path, zip);
  const source = await openImportSource(path, {
    format: 'convey',
    signal: AbortSignal.timeout(20_000),
    limits,
  });
  try {
    const records: string[] = [];
    for await (const item of source.records()) {
      records.push(
        `${item.source}:${item.line} ${'bytes' in item ? item.bytes.toString() : item.reject.code}`,
      );
    }
    const file = contentPath === undefined ? undefined : await source.openFile(contentPath);
    const content = file && Buffer.concat(await file.toArray()).toString();
    return { records, content, sizeBytes: source.sizeBytes, consumedBytes: source.consumedBytes() };
  } finally {
    await source.close();
  }
}

const good: Entry = { name: 'records.ndjson', data: '{"type":"contact","id":"1"}\n' };

test('record files at the root and in data/ are read by name, records.ndjson first; files by content_path', async () => {
  const seen = await importZip(
    makeZip([
      { name: 'data/b.ndjson', data: '{"b":1}\n', method: 0 },
      { name: 'data/', data: '', method: 0 },
      { name: 'a.ndjson', data: '{"a":1}' },
      { name: 'deep/down/c.ndjson', data: '{"c":1}' },
      { name: 'data/files/ü.txt', data: 'hello' },
      { name: 'manifest.json', data: '{}' },
      { name: 'data/z.ndjson.gz', data: gzipSync('{"z":1}\n'), method: 0 },
      good,
    ]),
    {},
    'files/ü.txt',
  );
  expect(seen.records).toEqual([
    'records.ndjson:1 {"type":"contact","id":"1"}',
    'a.ndjson:1 {"a":1}',
    'data/b.ndjson:1 {"b":1}',
    'data/z.ndjson.gz:1 {"z":1}',
  ]);
  expect(seen.content).toBe('hello');
  expect(seen.consumedBytes).toBe(seen.sizeBytes);
});

test('a zip with everything in one folder of its own is read as that folder', async () => {
  const seen = await importZip(
    makeZip([
      { name: 'bag/bagit.txt', data: 'x' },
      { name: 'bag/data/records.ndjson', data: '{"a":1}' },
      { name: 'bag/data/f', data: 'bytes' },
    ]),
    {},
    'f',
  );
  expect(seen.records).toEqual(['data/records.ndjson:1 {"a":1}']);
  expect(seen.content).toBe('bytes');
});

test.each([
  '../evil.txt',
  'data/../../evil.txt',
  '/etc/passwd',
  'a\\b.txt',
  '..\\evil.txt',
  'C:/evil.txt',
  'c:evil',
  'a//b',
  './a',
  'a/./b',
  '..',
  'nul\u0000.txt',
  'line\nbreak',
  '',
])('an entry called %j is refused, and nothing is read', async (name) => {
  const zip = makeZip([good, { name, data: 'x' }]);
  await expect(importZip(zip)).rejects.toMatchObject({ code: 'import.unsafe_path' });
});

test.each([
  ['a symbolic link', { name: 'files/link', data: '/etc/passwd', attributes: 0o120777 }],
  ['a device', { name: 'files/tty', attributes: 0o020666 }],
  ['the same name twice', { ...good }],
  ['a name that differs by case', { name: 'Records.NDJSON', data: 'x' }],
  ['a folder and a file of one name', { name: 'records.ndjson/', method: 0 }],
  ['a name marked as UTF-8 that is not', { name: Buffer.from([0x61, 0xff]), data: 'x' }],
])('%s is refused', async (_what, entry: Entry) => {
  await expect(importZip(makeZip([good, entry]))).rejects.toMatchObject({ code: 'import.unsafe_path' });
});

test('names that differ only by how an accent is composed are refused', async () => {
  const zip = makeZip([good, { name: 'f/\u00e9' }, { name: 'f/e\u0301' }]);
  await expect(importZip(zip)).rejects.toMatchObject({ code: 'import.unsafe_path' });
});

test.each([
  ['encrypted', { name: 'f', data: 'x', flags: 0x801 }],
  ['packed with a method nobody asked for', { name: 'f', data: 'x', method: 14 }],
])('an entry that is %s is refused', async (_what, entry) => {
  await expect(importZip(makeZip([good, entry]))).rejects.toMatchObject({ code: 'import.unsupported_zip' });
});

test('a zip bomb is refused by its ratio before anything is read', async () => {
  const bomb = makeZip([good, { name: 'f', data: Buffer.alloc(100 * 1024 * 1024) }]);
  await expect(importZip(bomb)).rejects.toMatchObject({ code: 'import.too_large' });
  const many = makeZip([
    good,
    ...Array.from({ length: 50 }, (_, i) => ({ name: `f${i}`, data: Buffer.alloc(9000) })),
  ]);
  await expect(importZip(many, { ratioFloorBytes: 10_000, ratio: 20 })).rejects.toThrow(/20 times/);
});

test('a zip that unpacks to more than the total limit, or has too many entries, is refused', async () => {
  const zip = makeZip([good, { name: 'f', data: 'x'.repeat(1000) }]);
  await expect(importZip(zip, { unpackedBytes: 900 })).rejects.toMatchObject({ code: 'import.too_large' });
  await expect(importZip(zip, { zipEntries: 1 })).rejects.toMatchObject({ code: 'import.too_large' });
});

test('an entry that holds more than it declares is refused as too large, one that holds less as damaged', async () => {
  const more = makeZip([{ ...good, data: 'x'.repeat(5000), declaredSize: 10 }]);
  await expect(importZip(more)).rejects.toMatchObject({ code: 'import.too_large' });
  const less = makeZip([{ ...good, declaredSize: 5000 }]);
  await expect(importZip(less)).rejects.toMatchObject({ code: 'import.damaged_file' });
});

test('a wrong checksum is damage, in records and in the contents of files', async () => {
  const records = makeZip([{ ...good, declaredCrc: 1 }]);
  await expect(importZip(records)).rejects.toThrow(/checksum/);
  const file = makeZip([good, { name: 'f', data: 'hello', declaredCrc: 1 }]);
  await expect(importZip(file, {}, 'f')).rejects.toThrow(/checksum/);
});

test('a zip cut short, or with overlapping entries, is damaged', async () => {
  const zip = makeZip([good, { name: 'f', data: 'x'.repeat(100) }]);
  await expect(importZip(zip.subarray(0, -30))).rejects.toMatchObject({ code: 'import.damaged_file' });
  const one = makeZip([{ name: 'records.ndjson', data: Buffer.from('{"a":1}\n'.repeat(100)), method: 0 }]);
  const directory = one.subarray(one.indexOf('PK\u0001\u0002'), one.indexOf('PK\u0005\u0006'));
  const twin = Buffer.from(directory.toString('latin1').replace('records', 'RECORDZ'), 'latin1');
  const end = Buffer.from(one.subarray(one.indexOf('PK\u0005\u0006')));
  end.writeUInt16LE(2, 8);
  end.writeUInt16LE(2, 10);
  end.writeUInt32LE(directory.length * 2, 12);
  const head = one.subarray(0, one.indexOf('PK\u0001\u0002'));
  await expect(importZip(Buffer.concat([head, directory, twin, end]))).rejects.toThrow(/overlap/);
});

test('a zip without record files is refused, and a content_path cannot leave it', async () => {
  await expect(importZip(makeZip([{ name: 'a.txt', data: 'x' }]))).rejects.toMatchObject({
    code: 'import.no_records',
  });
  const zip = makeZip([
    { ...good, name: 'data/records.ndjson' },
    { name: 'secret', data: 'x' },
  ]);
  await expect(importZip(zip, {}, '../secret')).rejects.toMatchObject({ code: 'import.unsafe_path' });
  expect((await importZip(zip, {}, 'secret')).content).toBeUndefined();
});
