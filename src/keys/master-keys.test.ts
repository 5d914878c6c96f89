import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeKeyFile } from './key-file.ts';
import { masterKeyId, MasterKeys } from './master-keys.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convey-keys-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a key’s id is the beginning of a digest of it, and no part of it', () => {
  const key = Buffer.alloc(32, 7);
  const digest = createHash('sha256').update(`convey.master-key.v1`).update(key).digest('hex');
  expect(masterKeyId(key)).toBe(digest.slice(0, 16));
});

test('wraps as RFC 3394 says (4.6: 256 bits of key data under 256 bits)', () => {
  const key = Buffer.from('000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F', 'hex');
  const data = Buffer.from('00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F', 'hex');
  const keys = new MasterKeys({ keys: [key] });
  expect(keys.wrap(data, masterKeyId(key)).wrapped.toString('hex').toUpperCase()).toBe(
    '28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21',
  );
});

test('the first key wraps, every key unwraps, and a changed bit unwraps to nothing', async () => {
  const [older, newer] = [randomBytes(32), randomBytes(32)];
  const secret = randomBytes(40);
  const before = new MasterKeys({ keys: [older] });
  const after = new MasterKeys({ keys: [newer, older] });
  const wrapped = before.wrap(secret, await before.currentId());
  expect(await after.currentId()).toBe(masterKeyId(newer));
  expect(await after.unwrap(wrapped)).toEqual(secret);
  wrapped.wrapped[5]! ^= 1;
  expect(await after.unwrap(wrapped)).toBeUndefined();
  await expect(new MasterKeys({ keys: [newer] }).unwrap(wrapped)).rejects.toMatchObject({
    code: 'keys.unknown_master_key',
    detail: `Its id is ${masterKeyId(older)}.`,
  });
});

test('follows its file: a key that another process put in front wraps at once, and the older one still unwraps', async () => {
  const keyFile = join(folder, 'master.key');
  const [older, newer] = [randomBytes(32), randomBytes(32)];
  await writeKeyFile(keyFile, [older]);
  const keys = new MasterKeys({ keys: [older], keyFile });
  const early = keys.wrap(Buffer.alloc(40), await keys.currentId());
  await writeKeyFile(keyFile, [newer]);
  const other = new MasterKeys({ keys: [newer], keyFile });
  expect(await keys.unwrap(other.wrap(Buffer.alloc(40), masterKeyId(newer)))).toEqual(Buffer.alloc(40));
  expect(await keys.currentId()).toBe(masterKeyId(newer));
  expect(await keys.unwrap(early)).toEqual(Buffer.alloc(40));
});

test('never wraps under a key whose file is gone: it could not be unwrapped after a restart', async () => {
  const keyFile = join(folder, 'master.key');
  const keys = new MasterKeys({ keys: [randomBytes(32)], keyFile });
  await expect(keys.currentId()).rejects.toMatchObject({ code: 'keys.bad_key_file' });
});
