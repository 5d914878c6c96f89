import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ImportSource, openImportSource } from './open-source.ts';

let base: string;
let folder: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'convey-folder-'));
  folder = join(base, 'package');
  await mkdir(join(folder, 'data', 'files'), { recursive: true });
  await writeFile(join(base, 'secret.txt'), 'secret');
  await writeFile(join(base, 'secret.ndjson'), '{"secret":1}\n');
});
afterEach(() => rm(base, { recursive: true }));

const openIt = (): Promise<ImportSource> =>
  openImportSource(folder, { format: 'convey', signal: AbortSignal.timeout(10_000) });

async function read(source: ImportSource): Promise<string[]> {
  const seen: string[] = [];
  for await (const item of source.records()) {
    seen.push(`${item.source}:${item.line} ${'bytes' in item ? item.bytes.toString() : item.reject.code}`);
  }
  return seen;
}

async function content(source: ImportSource, path: string, part?: string): Promise<string | undefined> {
  const file = await source.openFile(path, part);
  return file && Buffer.concat(await file.toArray()).toString();
}

test('parts are read by name, records.ndjson first, and counted as they are read', async () => {
  await writeFile(join(folder, 'data', 'messages.ndjson'), '{"m":1}\n{"m":2}');
  await writeFile(join(folder, 'data', 'contacts.ndjson'), '{"c":1}\n');
  await writeFile(join(folder, 'data', 'records.ndjson'), '{"r":1}\n');
  await writeFile(join(folder, 'a.ndjson'), '{"a":1}\n');
  await writeFile(join(folder, 'notes.txt'), 'not records');
  const source = await openIt();
  expect(source.consumedBytes()).toBe(0);
  const expected = [
    'data/records.ndjson:1 {"r":1}',
    'a.ndjson:1 {"a":1}',
    'data/contacts.ndjson:1 {"c":1}',
    'data/messages.ndjson:1 {"m":1}',
    'data/messages.ndjson:2 {"m":2}',
  ];
  expect(await read(source)).toEqual(expected);
  expect(source.sizeBytes).toBe(39);
  expect(source.consumedBytes()).toBe(39);
  expect(await read(source)).toEqual(expected);
  expect(source.consumedBytes()).toBe(39);
});

test('content_path is relative to the folder of its part; what is not there is undefined', async () => {
  await writeFile(join(folder, 'data', 'records.ndjson'), '{"r":1}\n');
  await writeFile(join(folder, 'a.ndjson'), '{"a":1}\n');
  await writeFile(join(folder, 'data', 'files', 'x'), 'in data');
  await mkdir(join(folder, 'files'));
  await writeFile(join(folder, 'files', 'x'), 'at the root');
  const source = await openIt();
  expect(await content(source, 'files/x', 'data/records.ndjson')).toBe('in data');
  expect(await content(source, 'files/x', 'a.ndjson')).toBe('at the root');
  expect(await content(source, 'files/x')).toBe('in data');
  expect(await content(source, 'files/none')).toBeUndefined();
  expect(await content(source, 'files/x/deeper')).toBeUndefined();
});

test.each([
  '../secret.txt',
  '/etc/passwd',
  'files/../../../secret.txt',
  '..\\secret.txt',
  'C:/x',
  '',
  'a//b',
  'x\u0000',
])('a content_path of %j is refused', async (path) => {
  await writeFile(join(folder, 'data', 'records.ndjson'), '{"r":1}\n');
  await expect((await openIt()).openFile(path)).rejects.toMatchObject({ code: 'import.unsafe_path' });
});

test('links that lead out of the folder are refused; links inside it are followed', async () => {
  await writeFile(join(folder, 'data', 'records.ndjson'), '{"r":1}\n');
  await symlink(join(base, 'secret.txt'), join(folder, 'data', 'files', 'out'));
  await symlink(base, join(folder, 'data', 'up'));
  await symlink(join(folder, 'data', 'records.ndjson'), join(folder, 'data', 'files', 'in'));
  await symlink('nowhere', join(folder, 'data', 'files', 'broken'));
  const source = await openIt();
  await expect(source.openFile('files/out')).rejects.toMatchObject({ code: 'import.unsafe_path' });
  await expect(source.openFile('up/secret.txt')).rejects.toMatchObject({ code: 'import.unsafe_path' });
  expect(await content(source, 'files/in')).toBe('{"r":1}\n');
  expect(await content(source, 'files/broken')).toBeUndefined();
});

test('a part, or data/ itself, that is a link out of the folder is refused before anything is read', async () => {
  await writeFile(join(folder, 'a.ndjson'), '{"a":1}\n');
  await symlink(join(base, 'secret.ndjson'), join(folder, 'b.ndjson'));
  await expect(openIt()).rejects.toMatchObject({ code: 'import.unsafe_path' });
  await rm(join(folder, 'b.ndjson'));
  await rm(join(folder, 'data'), { recursive: true });
  await symlink(base, join(folder, 'data'));
  await expect(openIt()).rejects.toMatchObject({ code: 'import.unsafe_path' });
});

test('a sibling folder whose name begins alike is outside', async () => {
  await mkdir(`${folder}-2`);
  await writeFile(join(`${folder}-2`, 'x'), 'outside');
  await writeFile(join(folder, 'a.ndjson'), '{"a":1}\n');
  await symlink(join(`${folder}-2`, 'x'), join(folder, 'x'));
  await expect((await openIt()).openFile('x')).rejects.toMatchObject({ code: 'import.unsafe_path' });
});

test.skipIf(process.platform === 'win32')(
  'a pipe in place of a file is refused, not waited for',
  async () => {
    await writeFile(join(folder, 'a.ndjson'), '{"a":1}\n');
    const program = 'mkfifo'; // of every Unix; no package brings it
    execFileSync(program, [join(folder, 'pipe')]);
    await expect((await openIt()).openFile('pipe')).rejects.toMatchObject({ code: 'import.unsafe_path' });
    await expect((await openIt()).openFile('data')).rejects.toMatchObject({ code: 'import.unsafe_path' });
  },
);

test('a folder without record files is refused', async () => {
  await expect(openIt()).rejects.toMatchObject({ code: 'import.no_records' });
});
