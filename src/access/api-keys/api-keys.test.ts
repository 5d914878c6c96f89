import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everythingStored } from '../../../test/support/everything-stored.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { createKey, createWorkspace, listKeys, revokeKey } from '../access.commands.ts';
import { findPresentedKey } from './api-keys.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

async function newKey(
  slug: string,
  options: { scopes?: string[]; expiresAt?: Date; allowedNetworks?: string[] } = {},
) {
  await createWorkspace(test.database, { slug });
  return createKey(test.database, { workspace: slug, name: 'Nightly', scopes: ['ingest'], ...options });
}

describe('createKey', () => {
  it('stores the key’s hash and how it begins; the key itself is nowhere in the database', async () => {
    const { text, key } = await newKey('hashed');
    const stored = await everythingStored(test);
    expect(stored).toContain(key.id);
    expect(stored).toContain(key.hint);
    expect(text.startsWith(key.hint)).toBe(true);
    expect(stored).not.toContain(text);
    expect(stored).not.toContain(text.slice(key.hint.length));
    expect(stored).not.toContain(text.slice(-20));
  });

  it('records the creation in the audit log without the key', async () => {
    const { key, text, workspace } = await newKey('recorded', { scopes: ['export:read', 'ingest'] });
    const events = await test.asSuperuser<{ action: string; target_ref: string; details: object }>(
      'select action, target_ref, details from audit_events where workspace_id = $1 order by seq',
      [workspace.id],
    );
    expect(events).toEqual([
      { action: 'workspace.created', target_ref: workspace.id, details: { slug: 'recorded' } },
      {
        action: 'api_key.created',
        target_ref: key.id,
        details: { scopes: ['export:read', 'ingest'], expires_at: null },
      },
    ]);
    expect(JSON.stringify(events)).not.toContain(text);
  });

  it('records name, end and networks, before and after, in the part that can be erased', async () => {
    const { key, workspace } = await newKey('networks', { allowedNetworks: ['192.0.2.0/24'] });
    const events = await test.asSuperuser<{ action: string; details: object; changes: object }>(
      `select action, details, body -> 'changes' as changes
         from audit_events join audit_bodies using (workspace_id, seq) where workspace_id = $1 order by seq`,
      [workspace.id],
    );
    expect(events).toMatchObject([
      { action: 'workspace.created', changes: { slug: { before: null, after: 'networks' } } },
      {
        action: 'api_key.created',
        changes: {
          name: { before: null, after: key.name },
          scopes: { before: null, after: ['ingest'] },
          expires_at: { before: null, after: null },
          allowed_networks: { before: null, after: ['192.0.2.0/24'] },
        },
      },
    ]);
    expect(JSON.stringify(events.map(({ details }) => details))).not.toMatch(/192\.0|Nightly/);
  });

  it('refuses unknown scopes, none at all, a bad name, a past end and an unknown workspace', async () => {
    await createWorkspace(test.database, { slug: 'picky' });
    const make = (options: object) =>
      createKey(test.database, { workspace: 'picky', name: 'k', scopes: ['ingest'], ...options });
    await expect(make({ scopes: ['ingest', 'everything'] })).rejects.toMatchObject({
      code: 'access.bad_scopes',
      detail: expect.stringContaining('export:create'),
    });
    await expect(make({ scopes: [] })).rejects.toMatchObject({ code: 'access.bad_scopes' });
    await expect(make({ name: 'two\nlines' })).rejects.toMatchObject({ code: 'access.bad_name' });
    await expect(make({ name: ' ' })).rejects.toMatchObject({ code: 'access.bad_name' });
    await expect(make({ expiresAt: new Date(0) })).rejects.toMatchObject({ code: 'access.bad_expiry' });
    await expect(make({ expiresAt: new Date(Number.NaN) })).rejects.toMatchObject({
      code: 'access.bad_expiry',
    });
    await expect(make({ workspace: 'nowhere' })).rejects.toMatchObject({ code: 'access.unknown_workspace' });
    expect(await listKeys(test.database, { workspace: 'picky' })).toEqual([]);
  });
});

describe('findPresentedKey', () => {
  it('tells valid, expired, revoked and unknown keys apart', async () => {
    const { text, key } = await newKey('states', { expiresAt: new Date(Date.now() + 3_600_000) });
    expect(await findPresentedKey(test.database, text)).toMatchObject({ id: key.id, state: 'valid' });
    await test.asSuperuser(`update api_keys set expires_at = now() where id = $1`, [key.id]);
    expect(await findPresentedKey(test.database, text)).toMatchObject({ state: 'expired' });
    await revokeKey(test.database, { workspace: 'states', id: key.id });
    expect(await findPresentedKey(test.database, text)).toMatchObject({ state: 'revoked' });
    expect(await findPresentedKey(test.database, `${text}x`)).toBeUndefined();
  });

  it('finds a key by its index', async () => {
    const plan = await test.database.inSystem(async (transaction) => {
      await transaction.query('set local enable_seqscan = off');
      return transaction.query<{ 'QUERY PLAN': string }>(
        `explain select id from api_keys where secret_hash = 'x'`,
      );
    });
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('api_keys_secret_hash_key');
  });

  it('notes the last use at most once a minute', async () => {
    const { text, key } = await newKey('used');
    const lastUse = async () =>
      (await listKeys(test.database, { workspace: 'used' })).find(({ id }) => id === key.id)!.lastUsedAt;
    expect(await lastUse()).toBeNull();
    await findPresentedKey(test.database, text);
    const first = await lastUse();
    expect(first).not.toBeNull();
    await findPresentedKey(test.database, text);
    expect(await lastUse()).toEqual(first);
    await test.asSuperuser(`update api_keys set last_used_at = now() - interval '61 seconds' where id = $1`, [
      key.id,
    ]);
    await findPresentedKey(test.database, text);
    expect(Number(await lastUse())).toBeGreaterThanOrEqual(Number(first));
  });
});

describe('revokeKey', () => {
  it('is recorded once, however often it is asked for', async () => {
    const { key, workspace } = await newKey('twice');
    const first = await revokeKey(test.database, { workspace: 'twice', id: key.id });
    const second = await revokeKey(test.database, { workspace: workspace.id, id: key.id });
    expect(first.revokedAt).not.toBeNull();
    expect(second.revokedAt).toEqual(first.revokedAt);
    const events = await test.asSuperuser(
      `select 1 from audit_events where action = 'api_key.revoked' and target_ref = $1`,
      [key.id],
    );
    expect(events).toHaveLength(1);
  });

  it('does not reach a key of another workspace', async () => {
    const { key } = await newKey('mine');
    await createWorkspace(test.database, { slug: 'theirs' });
    await expect(revokeKey(test.database, { workspace: 'theirs', id: key.id })).rejects.toMatchObject({
      code: 'access.unknown_key',
    });
    await expect(revokeKey(test.database, { workspace: 'theirs', id: 'key_none' })).rejects.toMatchObject({
      code: 'access.unknown_key',
    });
    expect((await listKeys(test.database, { workspace: 'mine' }))[0]).toMatchObject({ revokedAt: null });
    expect(await listKeys(test.database, { workspace: 'theirs' })).toEqual([]);
  });
});
