import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const PATIENCE = { timeout: 20_000, interval: 20 };

let db: TestDatabase;
let server: TestServer;
/** Holds exports of conversations where they are, in the middle of their run, as long as it likes. */
let holder: pg.Client;
let acme: Asker;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_EXPORTS_PER_WORKSPACE: '1' });
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});
beforeEach(async () => {
  acme = await askerOf(await db.createWorkspace());
  holder = new pg.Client({ connectionString: db.superuserUrl });
  await holder.connect();
  await holder.query(`set lock_timeout = '10s'`);
  await holder.query('begin; lock table messages in access exclusive mode');
});
afterEach(() => holder.end());

/** An export as the API tells of it. */
interface Told {
  job_id: string;
  status: string;
  progress: { stage: string; position?: number; running?: number; started_at: string | null };
  counts: Record<string, number> | null;
  files: { url: string }[];
  snapshot_at: string | null;
  finished_at: string | null;
  error: { code: string } | null;
}

type Asker = Awaited<ReturnType<typeof askerOf>>;

async function askerOf(workspaceId: string) {
  const headers = await server.authorize(workspaceId);
  const call = async (method: string, path: string, body?: object): Promise<Told> => {
    const reply = await fetch(server.url + path, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    expect(reply.ok, path).toBe(true);
    return (await reply.json()) as Told;
  };
  return {
    workspaceId,
    order: (kind: string) => call('POST', '/v1/exports', { kind, format: 'ndjson' }),
    look: (id: string) => call('GET', `/v1/exports/${id}`),
    drop: (id: string) => call('DELETE', `/v1/exports/${id}`),
  };
}

async function orderConversations(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push((await acme.order('conversations')).job_id);
  await vi.waitUntil(async () => (await acme.look(ids[0]!)).status === 'running', PATIENCE);
  return ids;
}

const look = (ids: string[]) => Promise.all(ids.map((id) => acme.look(id)));
const placesOf = (told: Told[]) => told.map(({ progress }) => progress.position);
const go = () => holder.query('rollback');

async function ended(asker: Asker, ids: string[]): Promise<Told[]> {
  const told = () => Promise.all(ids.map((id) => asker.look(id)));
  const isOver = ({ status }: Told) => status !== 'queued' && status !== 'running';
  await vi.waitUntil(async () => (await told()).every(isOver), PATIENCE);
  return told();
}

/** Expects each to have seen the database only after the one before it had finished. */
function expectOneAfterTheOther(told: Told[]): void {
  for (const [i, { snapshot_at: at }] of told.slice(1).entries())
    expect(Date.parse(at!), `${i + 2} after ${i + 1}`).toBeGreaterThanOrEqual(
      Date.parse(told[i]!.finished_at!),
    );
}

test('five exports of a workspace run one after the other as they came; who waits is told its place', async () => {
  const ids = await orderConversations(5);
  const waiting = await look(ids);
  expect(placesOf(waiting)).toEqual([undefined, 1, 2, 3, 4]);
  expect(waiting.map(({ status }) => status)).toEqual(['running', 'queued', 'queued', 'queued', 'queued']);
  for (const { progress, files, snapshot_at: at } of waiting.slice(1))
    expect([progress.stage, files, at]).toEqual(['waiting', [], null]);
  // What they wait for, and since when the one runs.
  expect(waiting.map(({ progress }) => progress.running)).toEqual([undefined, 1, 1, 1, 1]);
  await vi.waitUntil(async () => (await acme.look(ids[0]!)).progress.started_at !== null, PATIENCE);
  expect(waiting.slice(1).map(({ progress }) => progress.started_at)).toEqual([null, null, null, null]);
  await go();
  const done = await ended(acme, ids);
  expect(done.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'ready'));
  expect(placesOf(done)).toEqual(Array.from({ length: 5 }, () => undefined));
  expectOneAfterTheOther(done);
});

test('a waiting export that is dropped never runs; those behind it move up and go on', async () => {
  const ids = await orderConversations(5);
  const dropped = await acme.drop(ids[2]!);
  expect(dropped).toMatchObject({ status: 'cancelled', files: [], snapshot_at: null });
  const waiting = await look(ids);
  expect(placesOf(waiting)).toEqual([undefined, 1, undefined, 2, 3]);
  expect(waiting.map(({ status }) => status)).toEqual(['running', 'queued', 'cancelled', 'queued', 'queued']);
  await go();
  const done = await ended(acme, ids);
  expect(done.map(({ status }) => status)).toEqual(['ready', 'ready', 'cancelled', 'ready', 'ready']);
  expect(done[2]).toMatchObject({ files: [], counts: null, snapshot_at: null });
  expectOneAfterTheOther(done.filter(({ status }) => status === 'ready'));
});

test('the running export that is dropped makes room for the next at once', async () => {
  const ids = await orderConversations(3);
  expect(await acme.drop(ids[0]!)).toMatchObject({ status: 'cancelled', files: [] });
  await vi.waitUntil(async () => (await acme.look(ids[1]!)).status === 'running', PATIENCE);
  expect(placesOf(await look(ids))).toEqual([undefined, undefined, 1]);
  await go();
  expect((await ended(acme, ids)).map(({ status }) => status)).toEqual(['cancelled', 'ready', 'ready']);
});

test('dropped all at once, all are cancelled and none leaves an object', async () => {
  const ids = await orderConversations(5);
  await Promise.all(ids.map((id) => acme.drop(id)));
  expect((await look(ids)).map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'cancelled'));
  const { store } = server.installation;
  for await (const { key } of store.list(`exports/${acme.workspaceId}/`)) expect.fail(`${key} is left`);
  await go();
  const [next] = await orderConversations(1);
  expect((await ended(acme, [next!]))[0]!.status).toBe('ready');
});

test('another workspace does not wait for it', async () => {
  const ids = await orderConversations(3);
  const other = await askerOf(await db.createWorkspace());
  const { job_id: id } = await other.order('contacts');
  const [theirs] = await ended(other, [id]);
  expect(theirs).toMatchObject({ status: 'ready', error: null });
  expect(theirs!.progress).not.toHaveProperty('position');
  expect(placesOf(await look(ids))).toEqual([undefined, 1, 2]);
  await go();
  expect((await ended(acme, ids)).map(({ status }) => status)).toEqual(['ready', 'ready', 'ready']);
});
