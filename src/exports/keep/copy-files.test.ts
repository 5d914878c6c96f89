import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { MasterKeys } from '../../keys/master-keys.ts';
import { DiskStore } from '../../storage/disk-store.ts';
import { EncryptedStore } from '../../storage/encrypted-store.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { full, unavailable } from '../../storage/storage.errors.ts';
import { copyFiles, type NamedFile } from './copy-files.ts';

let root: string;
let store: ObjectStore;
const content = Buffer.from('the bytes of a file'.repeat(10_000));
const sha256 = createHash('sha256').update(content).digest('hex');
const place = { scope: { workspaceId: 'w' }, folder: 'exports/w/e/1/' };
const signal = new AbortController().signal;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'convey-copy-'));
  store = new EncryptedStore(await DiskStore.open(root), new MasterKeys({ keys: [randomBytes(32)] }));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A database in which the file's row still names its object, or does not. */
const databaseThat = (names: boolean) =>
  ({
    inScope: async (_: unknown, work: (transaction: unknown) => unknown) =>
      work({ query: async () => (names ? [{}] : []) }),
  }) as unknown as Database;

const put = (key: string) =>
  store.put(
    key,
    (async function* () {
      yield content;
    })(),
  );
const named = (...keys: (string | null)[]): NamedFile => ({
  sha256,
  copies: keys.map((key, index) => ({ ref: `fil_${index}`, id: `host ${index}`, key })),
});
const copy = (files: NamedFile[], names = true, from = store) =>
  copyFiles({ store: from, database: databaseThat(names) }, place, files, signal);

/** The path of the one file of the disk store whose name begins so. */
async function pathOf(folder: string): Promise<string> {
  const found = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const file = found.find((entry) => entry.isFile())!;
  return join(file.parentPath, file.name);
}

async function flip(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(Buffer.from('X'), 0, 1, at);
  await file.close();
}

const damages: [string, () => Promise<unknown>, string][] = [
  ['cut to nothing', async () => truncate(await pathOf('files/a')), 'cut short'],
  ['cut within its header', async () => truncate(await pathOf('files/a'), 10), 'were changed'],
  ['cut in the middle', async () => truncate(await pathOf('files/a'), 70_000), 'were changed'],
  ['changed in its first byte', async () => flip(await pathOf('files/a'), 0), 'not what Convey stores'],
  ['changed in the middle', async () => flip(await pathOf('files/a'), 80_000), 'were changed'],
  [
    'replaced by plain bytes',
    async () => writeFile(await pathOf('files/a'), content),
    'not what Convey stores',
  ],
  ['without its key', async () => rm(await pathOf('keys/files/a')), 'were changed'],
  ['with junk for a key', async () => writeFile(await pathOf('keys/files/a'), 'junk'), 'were changed'],
  [
    'with a key under another master key',
    async () =>
      writeFile(await pathOf('keys/files/a'), `convey.object-key.v1 ${'0'.repeat(16)} ${'0'.repeat(96)}\n`),
    'master key',
  ],
  [
    'now a folder',
    async () => {
      const path = await pathOf('files/a');
      await rm(path);
      await mkdir(path);
    },
    'cannot be read (EISDIR)',
  ],
  ['deleted from the disk', async () => rm(await pathOf('files/a')), 'its stored bytes are gone'],
];

test.each(damages)(
  'a stored file %s is missing with the reason, and the others come',
  async (_, damage, reason) => {
    await put('files/a/1');
    await put('files/b/1');
    await damage();
    const { files, missingFiles } = await copy([named('files/a/1'), named('files/b/1')]);
    expect(files).toMatchObject([{ name: `data/files/${sha256}`, bytes: content.length, sha256 }]);
    expect(missingFiles).toEqual([
      { ref: 'fil_0', id: 'host 0', path: `data/files/${sha256}`, reason: expect.stringContaining(reason) },
    ]);
  },
);

test('of several files with the same bytes one that is whole stands for all; else each is named', async () => {
  await put('files/b/1');
  const { files, missingFiles } = await copy([named('files/a/1', 'files/b/1')]);
  expect(files).toMatchObject([{ ref: 'fil_1' }]);
  expect(missingFiles).toEqual([]);
  const none = await copy([named('files/a/1', null)]);
  expect(none.missingFiles.map(({ id, reason }) => [id, reason])).toEqual([
    ['host 0', 'its stored bytes are gone'],
    ['host 1', 'its bytes were never received'],
  ]);
});

test('bytes that Convey itself took away meanwhile are told as that', async () => {
  const { missingFiles } = await copy([named('files/a/1')], false);
  expect(missingFiles[0]!.reason).toBe('it was deleted or replaced while the export ran');
});

test('a store that cannot be reached, or has no room for the copy, fails the export', async () => {
  await put('files/a/1');
  const failing = (change: Partial<ObjectStore>): ObjectStore =>
    ({
      open: store.open.bind(store),
      put: store.put.bind(store),
      delete: store.delete.bind(store),
      ...change,
    }) as ObjectStore;
  const reject = (error: Error) => async () => {
    throw error;
  };
  const lost = failing({ open: reject(new ConveyError(unavailable)) });
  await expect(copy([named('files/a/1')], true, lost)).rejects.toMatchObject({ code: 'storage.unavailable' });
  const noRoom = failing({ put: reject(new ConveyError(full)) });
  await expect(copy([named('files/a/1')], true, noRoom)).rejects.toMatchObject({ code: 'storage.full' });
  const readOnly = failing({ put: reject(Object.assign(new Error('x'), { code: 'EACCES' })) });
  await expect(copy([named('files/a/1')], true, readOnly)).rejects.toThrow('x');
});
