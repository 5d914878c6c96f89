import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { signBytes } from '../packages/sign.ts';
import { isSignedBy, verifyEndorsements } from '../packages/signatures.ts';
import { masterKeyId, MasterKeys } from './master-keys.ts';
import { type Signer, SigningKeys } from './signing-keys.ts';

let db: TestDatabase;
let masterKey: Buffer;
let keys: SigningKeys;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.asSuperuser('truncate signing_keys');
  masterKey = randomBytes(32);
  keys = serverWith(masterKey);
});

/** The keys as a server of its own has them. */
const serverWith = (...masterKeys: Buffer[]) =>
  new SigningKeys(db.database, new MasterKeys({ keys: masterKeys }));
const rows = () => db.asSuperuser<Record<string, unknown>>('select * from signing_keys order by created_at');
const seedOf = ({ privateKey }: Signer) =>
  privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32) as Buffer;
const rotate = (isCompromised = false) => keys.rotate({ isCompromised });

/** Whether what this signer signs is held good by its listed public key. */
function expectSigns({ privateKey, publicKey }: Signer): void {
  const text = Buffer.from('a manifest');
  const signature = signBytes(text, privateKey);
  expect(isSignedBy(text, signature, Buffer.from(publicKey, 'base64'))).toBe(true);
  expect(isSignedBy(Buffer.from('another'), signature, Buffer.from(publicKey, 'base64'))).toBe(false);
}

describe('the first use', () => {
  test('makes one key, even when ten ask at once on several servers, and it endorses nothing', async () => {
    const servers = Array.from({ length: 10 }, () => serverWith(masterKey));
    const signers = await Promise.all(servers.map((server) => server.current()));
    const [first] = signers;
    expect(new Set(signers.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect(await rows()).toHaveLength(1);
    expect(first!.endorsements).toEqual([]);
    for (const signer of signers) expectSigns(signer);
  });

  test('is not a list: asking for the keys makes none', async () => {
    expect(await keys.list()).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  test('is remembered: a later process signs with the same key', async () => {
    const { fingerprint } = await keys.current();
    expect((await serverWith(masterKey).current()).fingerprint).toBe(fingerprint);
  });
});

describe('a rotation', () => {
  test('is endorsed by the old key, and a chain of three leads back to the first', async () => {
    const first = await keys.current();
    const second = await rotate();
    const third = await rotate();
    const fingerprints = [third, second, first].map(({ fingerprint }) => fingerprint);
    expect(await verifyEndorsements(third.fingerprint, third.endorsements)).toEqual({ fingerprints });
    expect(new Set(fingerprints).size).toBe(3);
    expect(await verifyEndorsements(second.fingerprint, third.endorsements)).toMatchObject({ broken: 0 });
    expectSigns(third);
    expect((await keys.current()).fingerprint).toBe(third.fingerprint);
  });

  test('lists every key, newest first, with only the newest not retired and no private half', async () => {
    await keys.current();
    await rotate();
    const newest = await rotate();
    const listed = await keys.list();
    expect(listed.map(({ retiredAt }) => retiredAt === null)).toEqual([true, false, false]);
    expect(listed[0]).toMatchObject({ fingerprint: newest.fingerprint, publicKey: newest.publicKey });
    expect(listed.map(({ endorsements }) => endorsements.length)).toEqual([2, 1, 0]);
    const fields = ['createdAt', 'endorsements', 'fingerprint', 'isCompromised', 'publicKey', 'retiredAt'];
    for (const key of listed) expect(Object.keys(key).sort()).toEqual(fields);
  });

  test('does not move the time at which an older key was retired', async () => {
    const { fingerprint } = await keys.current();
    await rotate();
    const retiredAt = async () =>
      (await keys.list()).find((key) => key.fingerprint === fingerprint)!.retiredAt;
    const before = await retiredAt();
    await rotate();
    expect(await retiredAt()).toEqual(before);
  });

  test('because the key is in wrong hands is endorsed by none, and later chains stop there', async () => {
    await keys.current();
    await rotate();
    const fresh = await rotate(true);
    expect(fresh.endorsements).toEqual([]);
    expect((await keys.list()).map(({ isCompromised }) => isCompromised)).toEqual([false, true, false]);
    const next = await rotate();
    expect(await verifyEndorsements(next.fingerprint, next.endorsements)).toEqual({
      fingerprints: [next.fingerprint, fresh.fingerprint],
    });
  });

  test('ten times at once makes one chain of all, and one current key', async () => {
    const first = await keys.current();
    await Promise.all(Array.from({ length: 10 }, () => rotate()));
    const now = await keys.current();
    const { fingerprints, broken } = await verifyEndorsements(now.fingerprint, now.endorsements);
    expect(broken).toBeUndefined();
    expect(fingerprints).toHaveLength(11);
    expect(fingerprints.at(-1)).toBe(first.fingerprint);
    expect((await keys.list()).filter(({ retiredAt }) => retiredAt === null)).toHaveLength(1);
  });

  test('before any key was made makes one that nobody endorses', async () => {
    expect((await rotate()).endorsements).toEqual([]);
    expect(await rows()).toHaveLength(1);
  });

  test('whose old key cannot be opened changes nothing', async () => {
    const { fingerprint } = await keys.current();
    const stranger = serverWith(randomBytes(32));
    const refused = stranger.rotate({ isCompromised: false });
    await expect(refused).rejects.toMatchObject({ code: 'keys.unknown_master_key' });
    expect((await keys.current()).fingerprint).toBe(fingerprint);
    expect(await rows()).toHaveLength(1);
  });

  test('because the key is in wrong hands needs nothing of the old key', async () => {
    const old = await keys.current();
    await db.asSuperuser(`update signing_keys set private_key = 'c3BvaWx0'`);
    const fresh = await rotate(true);
    expect(fresh.fingerprint).not.toBe(old.fingerprint);
    expectSigns(fresh);
  });
});

describe('a change of the master key', () => {
  test('rewraps every key, after which the new one alone opens them and the old one none', async () => {
    await keys.current();
    const signer = await rotate();
    const newMaster = randomBytes(32);
    expect(await serverWith(newMaster, masterKey).rewrap()).toEqual({ rewrapped: 2, current: 0, failed: 0 });
    const wrappedBy = (await rows()).map((row) => row['wrapped_by']);
    expect(wrappedBy).toEqual([masterKeyId(newMaster), masterKeyId(newMaster)]);
    const after = await serverWith(newMaster).current();
    expect(after).toMatchObject({ fingerprint: signer.fingerprint, endorsements: signer.endorsements });
    expect(seedOf(after)).toEqual(seedOf(signer));
    await expect(keys.current()).rejects.toMatchObject({ code: 'keys.unknown_master_key' });
    const next = await serverWith(newMaster).rotate({ isCompromised: false });
    expect((await verifyEndorsements(next.fingerprint, next.endorsements)).fingerprints).toHaveLength(3);
  });

  test('asked for twice finds all done, and counts what it cannot open without spoiling it', async () => {
    await keys.current();
    const newMaster = randomBytes(32);
    const strange = await serverWith(newMaster).rewrap();
    expect(strange).toEqual({ rewrapped: 0, current: 0, failed: 1 });
    expect(await keys.rewrap()).toEqual({ rewrapped: 0, current: 1, failed: 0 });
    expectSigns(await keys.current());
  });
});

describe('the table', () => {
  test('holds no seed that can be read, in any spelling', async () => {
    const seeds = [await keys.current(), await rotate()].map(seedOf);
    const [{ text }] = (await db.asSuperuser(
      'select string_agg(row_to_json(k)::text, chr(10)) as text from signing_keys k',
    )) as [{ text: string }];
    for (const seed of seeds) {
      for (const spelling of ['hex', 'base64', 'base64url', 'latin1'] as const)
        expect(text).not.toContain(seed.toString(spelling));
    }
    for (const row of await rows()) {
      const wrapped = Buffer.from(row['private_key'] as string, 'base64');
      expect(wrapped).toHaveLength(40); // RFC 3394: eight bytes more than it wraps
      for (const seed of seeds)
        for (const at of [0, 8, 16, 24]) expect(wrapped.includes(seed.subarray(at, at + 8))).toBe(false);
      expect(() => createPrivateKey({ key: wrapped, format: 'der', type: 'pkcs8' })).toThrow();
    }
  });

  test('takes no second current key', async () => {
    await keys.current();
    const second = db.asSuperuser(
      `insert into signing_keys (fingerprint, public_key, private_key, wrapped_by, endorsements, created_at)
       values ('sha256:x', 'x', 'x', 'x', '[]', now())`,
    );
    await expect(second).rejects.toMatchObject({ code: '23505', constraint: 'signing_keys_current' });
  });

  test('with a private half that was tampered with signs nothing, and says which key it is', async () => {
    const { fingerprint, publicKey } = await keys.current();
    const [row] = await rows();
    const wrapped = Buffer.from(row!['private_key'] as string, 'base64');
    wrapped[20]! ^= 1;
    await db.asSuperuser('update signing_keys set private_key = $1', [wrapped.toString('base64')]);
    await expect(keys.current()).rejects.toMatchObject({
      code: 'keys.damaged_signing_key',
      message: expect.stringContaining(fingerprint),
    });
    expect(
      createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' }),
    ).toBeDefined();
    expect((await keys.list())[0]!.fingerprint).toBe(fingerprint);
  });
});

test('an older key can be called compromised later; the current one and unknown ones cannot', async () => {
  const first = await keys.current();
  const second = await rotate();
  expect(await keys.markCompromised(first.fingerprint)).toBe(true);
  expect(await keys.markCompromised(second.fingerprint)).toBe(false);
  await expect(keys.markCompromised('sha256:00')).rejects.toMatchObject({ code: 'keys.unknown_signing_key' });
  const listed = (await keys.list()).map(({ fingerprint, isCompromised }) => [fingerprint, isCompromised]);
  expect(listed).toEqual([
    [second.fingerprint, false],
    [first.fingerprint, true],
  ]);
  expect((await keys.current()).fingerprint).toBe(second.fingerprint);
});
