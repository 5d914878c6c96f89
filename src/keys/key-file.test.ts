import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureKeyFile, readKeyFile, writeKeyFile } from './key-file.ts';
import { loadMasterKeys } from './load-master-keys.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convey-keys-'));
  path = join(folder, 'master.key');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const unused = async () => false;
const used = async () => true;
const BAD = { code: 'keys.bad_key_file' };

test('the first start makes a key that only its user can read, and later starts find it', async () => {
  const [key] = await ensureKeyFile(path, unused);
  expect(key).toHaveLength(32);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await ensureKeyFile(path, used)).toEqual([key]);
  expect(await readFile(path, 'utf8')).toBe(`${Buffer.from(key!).toString('hex')}\n`);
  expect(await readdir(folder)).toEqual(['master.key']);
});

test('starts at the same moment agree on one key', async () => {
  const found = await Promise.all(Array.from({ length: 20 }, () => ensureKeyFile(path, unused)));
  expect(new Set(found.map(([key]) => Buffer.from(key!).toString('hex'))).size).toBe(1);
  expect(await readdir(folder)).toEqual(['master.key']);
});

test('a lost key file is not replaced by a new one while stored files need the old one', async () => {
  await expect(ensureKeyFile(path, used)).rejects.toMatchObject({ code: 'keys.key_file_missing' });
  expect(await readdir(folder)).toEqual([]);
});

test('a key that another start makes during the look at the store is taken', async () => {
  const key = randomBytes(32);
  const found = await ensureKeyFile(path, async () => {
    await writeKeyFile(path, [key]);
    return true;
  });
  expect(found).toEqual([key]);
});

test.each([0o640, 0o604, 0o620, 0o777])(
  'a file of mode %o is refused, and its key is not told',
  async (mode) => {
    const key = randomBytes(32);
    await writeKeyFile(path, [key]);
    await chmod(path, mode);
    await expect(readKeyFile(path)).rejects.toMatchObject(BAD);
    await expect(readKeyFile(path)).rejects.toThrow(/chmod 600/);
    await expect(ensureKeyFile(path, unused)).rejects.not.toThrow(key.toString('hex'));
  },
);

test.each(['', '\n', 'not a key', `${'ab'.repeat(32)}\nab`, 'ab'.repeat(40_000)])(
  'a file with anything but keys is refused (%#)',
  async (text) => {
    await writeFile(path, text, { mode: 0o600 });
    await expect(ensureKeyFile(path, unused)).rejects.toMatchObject(BAD);
    expect(await readFile(path, 'utf8')).toBe(text);
  },
);

test('several lines are several keys, the first first', async () => {
  const keys = [randomBytes(32), randomBytes(32)];
  await writeKeyFile(path, keys);
  expect(await readKeyFile(path)).toEqual(keys);
});

test('drafts that a crash left behind go with the next write, and nothing else does', async () => {
  for (const name of ['master.key.0123456789ab', 'master.key.0123456789ab.0123456789ab', 'master.key.backup'])
    await writeFile(join(folder, name), 'x');
  await writeKeyFile(path, [randomBytes(32)]);
  expect((await readdir(folder)).sort()).toEqual(['master.key', 'master.key.backup']);
});

test('keys from the environment need no file, and none is made', async () => {
  const masterKeys = [randomBytes(32)];
  expect(await loadMasterKeys({ masterKeys, homeDir: folder }, used)).toEqual({ keys: masterKeys });
  expect(await readdir(folder)).toEqual([]);
  const { keys, keyFile } = await loadMasterKeys({ masterKeys: undefined, homeDir: folder }, unused);
  expect(keyFile).toBe(path);
  expect(keys).toHaveLength(1);
});
