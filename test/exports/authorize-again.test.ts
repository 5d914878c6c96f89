import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createKey, revokeKey } from '../../src/access/access.commands.ts';
import { shutUser } from '../../src/access/sign-in/sign-in.commands.ts';
import { plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// An export can wait long. Whoever asked for it may have it no more when its turn comes.

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_EXPORTS_PER_WORKSPACE: '1' });
  workspaceId = await db.createWorkspace('again');
  await plantRecords(db, workspaceId, { conversations: 3, messagesEach: 2 });
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

type Headers = Record<string, string>;

async function order(headers: Headers, body: object): Promise<string> {
  const reply = await fetch(`${server.url}/v1/exports`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { job_id: id } = (await reply.json()) as { job_id: string };
  expect(reply.status).toBe(202);
  return id;
}

const rowsOf = (ids: string[]) =>
  db
    .asSuperuser<{ id: string; status: string; code: string | null }>(
      'select id, status, error_code as code from exports where id = any ($1)',
      [ids],
    )
    .then((rows) => ids.map((id) => rows.find((row) => row.id === id)!));

async function ended(ids: string[]) {
  const isOver = ({ status }: { status: string }) => status !== 'queued' && status !== 'running';
  await vi.waitUntil(async () => (await rowsOf(ids)).every(isOver), { timeout: 30_000, interval: 50 });
  return (await rowsOf(ids)).map(({ status, code }) => code ?? status);
}

test('an export that waited runs only if whoever asked for it may still have it, and leaves no object if not', async () => {
  const holder = new pg.Client({ connectionString: db.superuserUrl });
  await holder.connect();
  await holder.query('begin; lock table messages in access exclusive mode');
  const bulk = { kind: 'conversations', format: 'ndjson' };
  const owner = await plantMember(db, workspaceId, 'owner');
  const first = await order(owner.headers, bulk);
  await vi.waitUntil(async () => (await rowsOf([first]))[0]!.status === 'running', { timeout: 20_000 });
  const editor = () => plantMember(db, workspaceId, 'editor', { audiences: ['public', 'vip'] });
  const setMember = (userId: string, set: string) =>
    db.asSuperuser(`update members set ${set} where user_id = $1`, [userId]);
  const key = async (expires = 'null') => {
    const made = await createKey(db.database, {
      workspace: workspaceId,
      name: 'k',
      scopes: ['export:create'],
    });
    return { id: made.key.id, expires, headers: { authorization: `Bearer ${made.text}` } };
  };

  const [left, shut, narrowed, lowered, kept] = await Promise.all([1, 2, 3, 4, 5].map(editor));
  const [revoked, over, valid] = [await key(), await key(), await key()];
  const ids: string[] = [first];
  for (const { headers } of [left!, shut!, narrowed!, lowered!, kept!, revoked, over, valid])
    ids.push(await order(headers, bulk));
  await db.asSuperuser('delete from members where user_id = $1', [left!.userId]);
  await shutUser(server.installation, { email: shut!.email, isDisabled: true });
  await setMember(narrowed!.userId, `audiences = '{vip}'`);
  await setMember(lowered!.userId, `role = 'viewer', audiences = null`);
  await revokeKey(db.database, { workspace: workspaceId, id: revoked.id });
  await db.asSuperuser(`update api_keys set expires_at = now() where id = $1`, [over.id]);
  await holder.query('rollback');
  await holder.end();

  expect(await ended(ids)).toEqual([
    'ready',
    'access.no_longer_allowed',
    'access.no_longer_allowed',
    'exports.beyond_reach',
    'access.forbidden',
    'ready',
    'access.no_longer_allowed',
    'access.no_longer_allowed',
    'ready',
  ]);
  const refused = [ids[1], ids[2], ids[3], ids[4], ids[6], ids[7]];
  expect(await db.asSuperuser('select from export_parts where export_id = any ($1)', [refused])).toEqual([]);
  const events = await db.asSuperuser<{ id: string; code: string }>(
    `select details->>'export_id' as id, details->>'code' as code from audit_events
      where workspace_id = $1 and action = 'export.failed'`,
    [workspaceId],
  );
  expect(new Set(events.map(({ id }) => id))).toEqual(new Set(refused));

  // The worker tells each job it took and how it ended, and nobody’s name or address.
  const told = (message: string) => server.logged.filter((line) => line['message'] === message);
  await vi.waitUntil(() => told('a job ended').length === ids.length, { timeout: 5_000 });
  expect(new Set(told('a job begins').map((line) => line['subject_id']))).toEqual(new Set(ids));
  for (const [id, outcome] of [
    [ids[0], 'done'],
    [ids[3], 'exports.beyond_reach'],
  ])
    expect(told('a job ended').find((line) => line['subject_id'] === id)).toMatchObject({
      level: 'info',
      kind: 'export',
      workspace_id: workspaceId,
      attempt: 1,
      outcome,
      ms: expect.any(Number),
    });
  const text = JSON.stringify([...told('a job begins'), ...told('a job ended')]);
  for (const personal of ['@', 'Test editor', kept!.userId]) expect(text).not.toContain(personal);
});

test('whoever lost an audience still cancels and withdraws their own export; of others’ it stays out of reach', async () => {
  const mine = await plantMember(db, workspaceId, 'editor', { audiences: ['public'] });
  const other = await plantMember(db, workspaceId, 'editor', { audiences: ['vip'] });
  const ask = async (headers: Headers, method: string, id: string) => {
    const reply = await fetch(`${server.url}/v1/exports/${id}`, { method, headers });
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
  };
  const id = await order(mine.headers, { kind: 'conversations', format: 'ndjson' });
  expect(await ended([id])).toEqual(['ready']);
  await db.asSuperuser(`update members set audiences = '{vip}' where user_id = $1`, [mine.userId]);
  for (const [who, method] of [
    [mine, 'GET'],
    [other, 'GET'],
    [other, 'DELETE'],
  ] as const)
    expect(await ask(who.headers, method, id)).toMatchObject({
      status: 403,
      body: { code: 'exports.beyond_reach' },
    });
  expect((await rowsOf([id]))[0]!.status).toBe('ready');
  expect(await ask(mine.headers, 'DELETE', id)).toMatchObject({ status: 200, body: { status: 'expired' } });
});
