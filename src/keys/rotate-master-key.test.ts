import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DiskStore } from '../storage/disk-store.ts';
import { EncryptedStore } from '../storage/encrypted-store.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { openEncryptedStore } from '../storage/open-encrypted-store.ts';
import { listKeys, readAll } from '../storage/store-contract-probes.ts';
import { ensureKeyFile, readKeyFile } from './key-file.ts';
import { masterKeyId, MasterKeys, type MasterKeySource } from './master-keys.ts';
import { rotateMasterKey } from './rotate-master-key.ts';

const OBJECTS = 5;

let folder: string;
let keyFile: string;
let location: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convey-rotate-'));
  keyFile = join(folder, 'master.key');
  location = `file:${join(folder, 'objects')}`;
  await ensureKeyFile(keyFile, async () => false);
  const store = await reopen();
  for (let i = 0; i < OBJECTS; i++)
    await store.put(`files/${i}`, Readable.from([Buffer.from(`content ${i}`)]));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const source = async (): Promise<MasterKeySource> => ({ keys: await readKeyFile(keyFile), keyFile });

/** A process of its own: knows only what lies on the disk. */
const reopen = async (): Promise<EncryptedStore> =>
  openEncryptedStore({ location, masterKeys: await source() });

async function rotate() {
  const store = await reopen();
  return rotateMasterKey(await source(), () => store.rewrapKeys());
}

async function expectReadable(store: EncryptedStore): Promise<void> {
  for (let i = 0; i < OBJECTS; i++)
    expect(String(await readAll(await store.open(`files/${i}`)))).toBe(`content ${i}`);
}

test('after a rotation the new key alone opens everything and the old one nothing; no data was rewritten', async () => {
  const [old] = await readKeyFile(keyFile);
  const disk = await DiskStore.open(join(folder, 'objects'));
  const before = await readAll(await disk.open('files/0'));
  const rotated = await rotate();
  const [now, ...others] = await readKeyFile(keyFile);
  expect(others).toEqual([]);
  expect(rotated).toEqual({
    origin: 'key file',
    keyId: masterKeyId(now!),
    dropped: [masterKeyId(old!)],
    kept: [],
    isResumed: false,
    rewrapped: OBJECTS,
    current: 0,
    failed: 0,
  });
  await expectReadable(await openEncryptedStore({ location, masterKeys: { keys: [now!] } }));
  const thief = await openEncryptedStore({ location, masterKeys: { keys: [old!] } });
  for (let i = 0; i < OBJECTS; i++)
    await expect(thief.open(`files/${i}`)).rejects.toMatchObject({ code: 'keys.unknown_master_key' });
  expect((await readAll(await disk.open('files/0'))).equals(before)).toBe(true);
  expect(await readdir(folder)).toEqual(['master.key', 'objects']);
  for (const key of await listKeys(disk, 'keys/'))
    expect(String(await readAll(await disk.open(key)))).toContain(masterKeyId(now!));
});

test('a rotation that dies at any step leaves everything readable, and the next one finishes it', async () => {
  // Each rewrap is one step; beyond them all it dies just before the old keys are dropped.
  for (let survived = 0; survived <= OBJECTS; survived++) {
    const [old] = await readKeyFile(keyFile);
    const store = await dyingAfter(survived);
    let passes = 0;
    const dying = rotateMasterKey(await source(), async () => {
      if (passes++ === 1) throw new Error('killed');
      return store.rewrapKeys();
    });
    await expect(dying).rejects.toThrow('killed');
    const between = await readKeyFile(keyFile);
    expect(between).toHaveLength(2);
    await expectReadable(await reopen());

    const finished = await rotate();
    expect(finished).toMatchObject({
      isResumed: true,
      keyId: masterKeyId(between[0]!),
      dropped: [masterKeyId(old!)],
      rewrapped: OBJECTS - survived,
      current: survived,
    });
    expect(await readKeyFile(keyFile)).toEqual([between[0]]);
    await expectReadable(await reopen());
  }
});

/** A store whose process is killed after this many writes. */
function dyingAfter(writes: number): Promise<EncryptedStore> {
  let left = writes;
  return overDisk(async () => {
    if (left-- === 0) throw new Error('killed');
  });
}

/** A store in which something happens before each object key is written. */
async function overDisk(beforeKey: () => Promise<void>): Promise<EncryptedStore> {
  const disk = await DiskStore.open(join(folder, 'objects'));
  const inner: ObjectStore = {
    put: async (key, ...rest) => {
      if (key.startsWith('keys/')) await beforeKey();
      return disk.put(key, ...rest);
    },
    open: (...given) => disk.open(...given),
    stat: (...given) => disk.stat(...given),
    delete: (...given) => disk.delete(...given),
    list: (...given) => disk.list(...given),
    sweepTemporary: (...given) => disk.sweepTemporary(...given),
  };
  return new EncryptedStore(inner, new MasterKeys(await source()));
}

test('servers go on beside rotations: what they put, replace, delete and read meanwhile is whole after them', async () => {
  const server = await reopen();
  const state = { isDone: false };
  let puts = 0;
  const serving = [0, 1, 2].map(async (worker) => {
    while (!state.isDone) {
      const key = `live/${worker}/${puts++ % 7}`;
      const content = `${key} ${'x'.repeat(100_000)}`;
      await server.put(key, Readable.from([Buffer.from(content)]));
      expect(String(await readAll(await server.open(key)))).toBe(content);
      if (puts % 5 === 0) await server.delete(key);
      await expectReadable(server);
    }
  });
  for (let i = 0; i < 4; i++) expect(await rotate()).toMatchObject({ failed: 0, isResumed: false });
  state.isDone = true;
  await Promise.all(serving);
  expect(puts).toBeGreaterThan(4);
  const [now, ...others] = await readKeyFile(keyFile);
  expect(others).toEqual([]);
  const fresh = await openEncryptedStore({ location, masterKeys: { keys: [now!] } });
  await expectReadable(fresh);
  for (const key of await listKeys(fresh, 'live/'))
    expect(String(await readAll(await fresh.open(key))).slice(0, key.length)).toBe(key);
});

test('a put that straddles a rotation ends under the new key', async () => {
  const server = await reopen();
  const slow = (async function* () {
    yield Buffer.from('before, ');
    await rotate();
    yield Buffer.from('after');
  })();
  await server.put('straddling', slow);
  expect(String(await readAll(await (await reopen()).open('straddling')))).toBe('before, after');
});

test('a put that wraps its key just before a whole rotation and stores it just after is not lost', async () => {
  let isFirst = true;
  const server = await overDisk(async () => {
    if (isFirst) {
      isFirst = false;
      await rotate();
    }
  });
  await server.put('late', Readable.from([Buffer.from('content')]));
  expect(isFirst).toBe(false);
  expect(String(await readAll(await (await reopen()).open('late')))).toBe('content');
});

test('with a damaged key the old master keys stay, and it says so', async () => {
  const disk = await DiskStore.open(join(folder, 'objects'));
  const [damaged] = await listKeys(disk, 'keys/files/0/');
  const good = await readAll(await disk.open(damaged!));
  await disk.put(damaged!, Readable.from([Buffer.from(good).fill('0', 60, 70)]));
  const [old] = await readKeyFile(keyFile);
  expect(await rotate()).toMatchObject({
    failed: 1,
    rewrapped: OBJECTS - 1,
    dropped: [],
    kept: [masterKeyId(old!)],
  });
  expect(await readKeyFile(keyFile)).toHaveLength(2);
  await disk.put(damaged!, Readable.from([good])); // from a backup
  expect(await rotate()).toMatchObject({
    failed: 0,
    isResumed: true,
    rewrapped: 1,
    dropped: [masterKeyId(old!)],
  });
  await expectReadable(await reopen());
});

test('keys from the environment: everything goes under the first, and the rest is for people to do', async () => {
  const [old] = await readKeyFile(keyFile);
  const before = await readFile(keyFile, 'utf8');
  const keys = [randomBytes(32), old!];
  const store = await openEncryptedStore({ location, masterKeys: { keys } });
  for (const rewrapped of [OBJECTS, 0]) {
    expect(await rotateMasterKey({ keys }, () => store.rewrapKeys())).toEqual({
      origin: 'environment',
      keyId: masterKeyId(keys[0]!),
      dropped: [],
      kept: [masterKeyId(old!)],
      isResumed: false,
      rewrapped,
      current: OBJECTS - rewrapped,
      failed: 0,
    });
  }
  expect(await readFile(keyFile, 'utf8')).toBe(before);
  await expectReadable(await openEncryptedStore({ location, masterKeys: { keys: keys.slice(0, 1) } }));
});

test('a key file that is spoilt while a server runs stops puts, not reads', async () => {
  const server = await reopen();
  await writeFile(keyFile, 'spoilt');
  await expect(server.put('k', Readable.from([Buffer.from('x')]))).rejects.toMatchObject({
    code: 'keys.bad_key_file',
  });
  expect(await server.stat('k')).toBeUndefined();
  await expectReadable(server);
});
