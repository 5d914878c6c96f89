import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { readConfig } from '../config.ts';
import { assembleInstallation } from '../installation.ts';
import { createLog } from '../log.ts';
import { masterKeyId, MasterKeys } from './master-keys.ts';
import { openEncryptedStore } from '../storage/open-encrypted-store.ts';
import { SigningKeys } from './signing-keys.ts';

let db: TestDatabase;
let home: string;
const [right, wrong] = [randomBytes(32), randomBytes(32)];

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.asSuperuser('truncate signing_keys');
  home = await mkdtemp(join(tmpdir(), 'convey-keys-'));
  return () => rm(home, { recursive: true });
});

/** Starts as a server does; gives the refusal, if there is one. */
async function start(...keys: Buffer[]): Promise<{ code: string; message: string } | undefined> {
  const text = keys.map((key) => key.toString('hex')).join(',');
  const { config } = readConfig({ CONVEY_HOME: home, CONVEY_MASTER_KEY: text });
  try {
    const log = createLog(() => {});
    await (await assembleInstallation(config, log, db.database)).close();
    return undefined;
  } catch (error) {
    return error as { code: string; message: string };
  }
}

const store = () => openEncryptedStore({ location: `file:${home}/objects`, masterKeys: { keys: [right] } });
async function putOne(name: string): Promise<void> {
  const bytes = async function* () {
    yield Buffer.from('bytes');
  };
  await (await store()).put(name, bytes());
}

test('nothing stored takes any key', async () => {
  expect(await start(wrong)).toBeUndefined();
});

test('a signing key under another master key stops the start and names the id wanted', async () => {
  await new SigningKeys(db.database, new MasterKeys({ keys: [right] })).current();
  expect(await start(right)).toBeUndefined();
  expect(await start(wrong, right)).toBeUndefined();
  const refused = await start(wrong);
  expect(refused?.code).toBe('keys.wrong_master_key');
  expect(refused?.message).toContain(`${masterKeyId(right)} (the signing key)`);
  expect(refused?.message).not.toContain(right.toString('hex'));
});

test('stored objects under another master key stop the start; one damaged key of several does not', async () => {
  await putOne('files/a');
  await putOne('files/b');
  expect(await start(right)).toBeUndefined();
  const refused = await start(wrong);
  expect(refused?.code).toBe('keys.wrong_master_key');
  expect(refused?.message).toContain(`${masterKeyId(right)} (stored files)`);
  const files = await readdir(join(home, 'objects', 'keys', 'files', 'a'), {
    recursive: true,
    withFileTypes: true,
  });
  const file = files.find((entry) => entry.isFile())!;
  const path = join(file.parentPath, file.name);
  await writeFile(path, `convey.object-key.v1 ${'0'.repeat(16)} ${'0'.repeat(96)}\n`);
  expect(await start(right)).toBeUndefined();
  await writeFile(path, 'junk');
  expect(await start(right)).toBeUndefined();
  expect((await start(wrong))?.code).toBe('keys.wrong_master_key');
});
