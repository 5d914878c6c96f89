import { afterAll, beforeAll, expect, test } from 'vitest';
import { plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// Contract §2, on the real routes: an order, a key, an invitation, each sent again with its Idempotency-Key.

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let headers: Record<string, string>;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace('again');
  await plantRecords(db, workspaceId, { conversations: 5, messagesEach: 2 });
  headers = await server.authorize(workspaceId, ['export:create', 'admin']);
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

async function post(path: string, key: string, body: object, more: Record<string, string> = {}) {
  const reply = await fetch(server.url + path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': key, ...more },
    body: JSON.stringify(body),
  });
  return {
    status: reply.status,
    told: (await reply.json()) as Record<string, unknown>,
    headers: reply.headers,
  };
}

const order = { kind: 'conversations', format: 'ndjson' };

test('an order that comes twenty times at once makes one export; later it is answered with that export as it is by then', async () => {
  const replies = await Promise.all(Array.from({ length: 20 }, () => post('/v1/exports', 'order-1', order)));
  const ids = new Set(replies.flatMap(({ told }) => told['job_id'] ?? []));
  expect(ids.size).toBe(1);
  for (const { status, told } of replies.filter(({ status }) => status !== 202))
    expect([status, told['code']]).toEqual([409, 'http.still_running']);
  const [count] = await db.asSuperuser<{ exports: number; jobs: number; events: number }>(
    `select (select count(*)::int from exports) as exports, (select count(*)::int from jobs) as jobs,
            (select count(*)::int from audit_events where action = 'export.requested') as events`,
  );
  expect(count).toEqual({ exports: 1, jobs: 1, events: 1 });
  await post('/v1/exports', 'order-2', order, { prefer: 'wait=30' });
  const again = await post('/v1/exports', 'order-1', order);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect([...ids]).toEqual([again.told['job_id']]);
  expect(again.told['status']).toMatch(/^(queued|running|ready)$/);
  expect((await post('/v1/exports', 'order-1', { ...order, format: 'json' })).status).toBe(422);
});

test('an order that was refused may be mended and sent again with the same key', async () => {
  expect((await post('/v1/exports', 'order-3', { kind: 'conversation' })).status).toBe(400);
  expect((await post('/v1/exports', 'order-3', { kind: 'conversation', id: 'nobody' })).status).toBe(404);
  expect((await post('/v1/exports', 'order-3', order)).status).toBe(202);
});

test('what an order made is noted in the transaction that made it: a server that dies right after it makes no second one', async () => {
  const { told } = await post('/v1/exports', 'order-4', order);
  await db.asSuperuser(
    `update idempotency_keys set status = null, created_at = now() - interval '1 hour' where resource = $1`,
    [told['job_id']],
  );
  const again = await post('/v1/exports', 'order-4', order);
  expect(again).toMatchObject({ status: 202, told: { job_id: told['job_id'] } });
});

test('an API key that is made again answers 409 already_created with its id, and never the key', async () => {
  const body = { name: 'Once', scopes: ['ingest'] };
  const first = await post('/v1/api-keys', 'key-1', body);
  expect(first.status).toBe(201);
  const again = await post('/v1/api-keys', 'key-1', body);
  expect(again).toMatchObject({ status: 409, told: { code: 'http.already_created' } });
  expect(again.told['detail']).toBe(`It is ${first.told['id'] as string}.`);
  expect(JSON.stringify(again.told)).not.toContain(first.told['key']);
  const rows = JSON.stringify(await db.asSuperuser('select * from idempotency_keys'));
  expect(rows).not.toContain(first.told['key']);
  expect(await db.asSuperuser(`select from api_keys where name = 'Once'`)).toHaveLength(1);
});

test('the key of a member in one workspace says nothing in another', async () => {
  const owner = await plantMember(db, workspaceId, 'owner');
  const elsewhere = await db.createWorkspace('elsewhere');
  await db.asSuperuser(`insert into members (workspace_id, user_id, role) values ($1, $2, 'owner')`, [
    elsewhere,
    owner.userId,
  ]);
  const ask = (workspace: string) =>
    fetch(`${server.url}/v1/exports`, {
      method: 'POST',
      headers: {
        ...owner.headers,
        'convey-workspace': workspace,
        'content-type': 'application/json',
        'idempotency-key': 'both',
      },
      body: JSON.stringify({ kind: 'workspace' }),
    });
  expect((await ask(workspaceId)).status).toBe(202);
  expect((await ask(elsewhere)).status).toBe(422);
});

test('an invitation that is sent again is shown, and one mail goes out', async () => {
  const owner = await plantMember(db, workspaceId, 'owner');
  const invite = async () => {
    const reply = await fetch(`${server.url}/v1/members/invitations`, {
      method: 'POST',
      headers: { ...owner.headers, 'content-type': 'application/json', 'idempotency-key': 'guest' },
      body: JSON.stringify({ email: 'guest@example.com', role: 'viewer' }),
    });
    return { status: reply.status, told: (await reply.json()) as object };
  };
  const first = await invite();
  expect(first.status).toBe(201);
  expect(await invite()).toEqual(first);
  expect(await db.asSuperuser(`select from mails where recipient = 'guest@example.com'`)).toHaveLength(1);
});

test('every POST with credentials takes the key, but ingest; the document says so', async () => {
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
    paths: Record<
      string,
      { post?: { operationId: string; parameters?: { in: string; name: string }[]; 'x-permission'?: string } }
    >;
  };
  const posts = Object.values(document.paths).flatMap(({ post }) =>
    post?.['x-permission'] === undefined ? [] : [post],
  );
  const takesKey = ({ parameters = [] }: (typeof posts)[number]) =>
    parameters.some(({ in: where, name }) => where === 'header' && name === 'idempotency-key');
  expect(posts.length).toBeGreaterThan(15);
  expect(posts.filter((post) => !takesKey(post)).map(({ operationId }) => operationId)).toEqual(['ingest']);
});
