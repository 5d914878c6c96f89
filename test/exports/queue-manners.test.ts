import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// V-11, V-30, pain 9: three run per workspace, a fourth waits or is refused, and nobody waits for a neighbour.

const PATIENCE = { timeout: 20_000, interval: 50 };
const ALL_THROUGH = { timeout: 120_000, interval: 100 };

let db: TestDatabase;
let server: TestServer;
/** Holds exports of conversations where they are, in the middle of their run, as long as it likes. */
let holder: pg.Client;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});
beforeEach(async () => {
  holder = new pg.Client({ connectionString: db.superuserUrl });
  await holder.connect();
  await holder.query('begin; lock table messages in access exclusive mode');
});
afterEach(async () => {
  await holder.end();
  // What still runs would stand between the next holder and its lock, and wait behind it.
  await vi.waitUntil(async () => {
    const open = await db.asSuperuser(`select from exports where status in ('queued', 'running')`);
    return open.length === 0;
  }, ALL_THROUGH);
}, ALL_THROUGH.timeout);

interface Told {
  job_id: string;
  status: string;
  code?: string;
  detail?: string;
  progress: { position?: number };
}

async function workspace(slug: string) {
  const id = await db.createWorkspace(slug);
  const headers = await server.authorize(id);
  const order = async (kind: string, more: Record<string, string> = {}) => {
    const reply = await fetch(`${server.url}/v1/exports`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', ...more },
      body: JSON.stringify({ kind, format: 'ndjson' }),
    });
    return { status: reply.status, told: (await reply.json()) as Told, headers: reply.headers };
  };
  const look = async (job: string) =>
    (await (await fetch(`${server.url}/v1/exports/${job}`, { headers })).json()) as Told;
  return { id, order, look };
}

const strict = { prefer: 'handling=strict' };

test('a fourth is refused with its place in line if it would rather not wait; with patience it is number 1', async () => {
  const { order, look } = await workspace('strict');
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) ids.push((await order('conversations', strict)).told.job_id);
  await vi.waitUntil(async () => (await look(ids[2]!)).status === 'running', PATIENCE);
  const refused = await order('conversations', strict);
  expect(refused).toMatchObject({ status: 429, told: { code: 'exports.too_many' } });
  expect(refused.told.detail).toContain('At most 3 run at once; it would be number 1 in line.');
  expect(refused.headers.get('retry-after')).not.toBeNull();
  const waiting = await order('conversations');
  expect(waiting).toMatchObject({ status: 202, told: { status: 'queued', progress: { position: 1 } } });
  expect((await order('conversations', strict)).told.detail).toContain('number 2 in line');
  await holder.query('rollback');
  await vi.waitUntil(async () => (await look(waiting.told.job_id)).status === 'ready', PATIENCE);
  expect((await order('conversations', strict)).status).toBe(202);
});

test('of many strict ones at once exactly three are taken, and the others leave no trace', async () => {
  const { id, order } = await workspace('rush');
  const replies = await Promise.all(Array.from({ length: 12 }, () => order('conversations', strict)));
  expect(replies.filter(({ status }) => status === 202)).toHaveLength(3);
  expect(replies.filter(({ told }) => told.code === 'exports.too_many')).toHaveLength(9);
  expect(await db.asSuperuser('select from exports where workspace_id = $1', [id])).toHaveLength(3);
  expect(
    await db.asSuperuser(`select from audit_events where workspace_id = $1 and action = 'export.requested'`, [
      id,
    ]),
  ).toHaveLength(3);
});

test('fifty that wait in one workspace do not hold up the one of another', async () => {
  const giant = await workspace('giant');
  const small = await workspace('small');
  const ids: string[] = [];
  for (let i = 0; i < 53; i++) ids.push((await giant.order('conversations')).told.job_id);
  await vi.waitUntil(async () => (await giant.look(ids[2]!)).status === 'running', PATIENCE);
  const { told } = await small.order('contacts', { prefer: 'wait=20' });
  expect(told).toMatchObject({ status: 'ready' });
  const waiting = await giant.look(ids[52]!);
  expect(waiting).toMatchObject({ status: 'queued', progress: { position: 50 } });
});
