import { afterAll, beforeAll, expect, test } from 'vitest';
import { plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let key: Record<string, string>;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_PART_CONVERSATIONS: '7' });
  workspaceId = await db.createWorkspace('acme');
  await plantRecords(db, workspaceId, { conversations: 30, messagesEach: 10 });
  await db.asSuperuser(
    `update conversations set audience = 'vip' where workspace_id = $1 and right(id, 1) = '1'`,
    [workspaceId],
  );
  await db.asSuperuser(
    `insert into files (workspace_id, id, ref, kind, name, conversation_id, content_key, content_size, content_sha256,
       created_at, written_at, changed_epoch, changed_xid)
     select $1, 'f' || i, 'fil_' || i, 'recording', 'a.wav', 'v' || i, case when i <> 2 then 'k' || i end,
            case when i <> 2 then 1000 end, case when i <> 2 then 's' || i end,
            now(), now(), 1, pg_current_xact_id() from generate_series(1, 4) i`,
    [workspaceId],
  );
  key = { ...(await server.authorize(workspaceId)) };
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

interface Preview {
  kind: string;
  format: string;
  counts: Record<string, number>;
  conversations: number | null;
  messages: number | null;
  files: { count: number; with_bytes: number; without_bytes: number; bytes: number };
  parts: number;
  left_out: { what: string; why: string }[];
  estimate: { bytes: number; seconds: number; based_on: string };
}
interface Problem {
  code: string;
  errors: { pointer: string; detail: string }[];
}
/** An export, made. */
interface Made {
  status: string;
  counts: Record<string, number>;
  files: unknown[];
  bytes: number;
}

async function ask(query: string, headers = key): Promise<{ status: number; told: Preview & Problem }> {
  const reply = await fetch(`${server.url}/v1/exports/preview?${query}`, { headers });
  return { status: reply.status, told: (await reply.json()) as Preview & Problem };
}
async function post(path: string, body: object, headers = key) {
  const reply = await fetch(server.url + path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', prefer: 'wait=30' },
    body: JSON.stringify(body),
  });
  return { status: reply.status, told: (await reply.json()) as unknown };
}
async function preview(body: object, headers = key) {
  const { status, told } = await post('/v1/exports/preview', body, headers);
  return { status, told: told as Preview & Problem };
}
const make = async (body: object) => (await post('/v1/exports', body)).told as Made;

test('says what an order would hold: counts, parts, files, what is left out, and a guess that says it is one', async () => {
  const { status, told } = await ask('fields=messages&fields=customer&fields=files');
  expect(status).toBe(200);
  expect(told).toMatchObject({
    kind: 'conversations',
    format: 'ndjson',
    conversations: 30,
    messages: 270,
    files: { count: 4, with_bytes: 3, without_bytes: 1, bytes: 3000 },
    parts: 5,
    estimate: { based_on: 'defaults' },
  });
  expect(told.counts).toMatchObject({ conversations: 30, files: 4 });
  expect(told.left_out.map(({ what }) => what).join()).toContain('contents of files');
  expect(told.estimate.bytes).toBeGreaterThan(0);
  expect(told.estimate.seconds).toBeGreaterThan(0);
});

test('nothing is started and nothing written down', async () => {
  const [before] = await db.asSuperuser('select count(*) from exports');
  await ask('');
  await preview({ kind: 'workspace' });
  expect(await db.asSuperuser('select count(*) from exports')).toEqual([before]);
});

test.each([
  { kind: 'workspace', format: 'ndjson' },
  { kind: 'workspace', format: 'csv' },
  { kind: 'contacts', format: 'csv' },
  { kind: 'conversations', format: 'csv', mode: 'messages', filter: { status: 'open' } },
  { kind: 'conversations', format: 'json', ids: ['v1', 'v2', 'absent'] },
  { kind: 'conversation', id: 'v3' },
  { kind: 'contact', id: 'c4', for: 'subject' },
])('what is ordered as %j holds what its preview said, in as many files', async (order) => {
  const shown = await preview(order);
  expect(shown.status, JSON.stringify(shown.told)).toBe(200);
  const made = await make(order);
  expect(made.status).toBe('ready');
  const { audit_log: logged, ...counts } = shown.told.counts;
  // That it was asked for is in the log by then, and so in the export.
  expect(made.counts).toEqual(logged === undefined ? counts : { ...counts, audit_log: logged + 1 });
  expect(made.files).toHaveLength(shown.told.parts);
});

test('kinds that are not made of conversations say null, and name no files', async () => {
  const { told } = await ask('kind=contacts&format=csv');
  expect(told).toMatchObject({ conversations: null, messages: null, counts: { contacts: 30 }, parts: 1 });
  expect(told.files.count).toBe(0);
});

test('an editor’s preview counts their audiences only; without the kind’s permission there is none', async () => {
  const editor = await plantMember(db, workspaceId, 'editor', { audiences: ['vip'] });
  const headers = editor.headers as Record<string, string>;
  expect((await ask('', headers)).told).toMatchObject({ conversations: 3, messages: 27 });
  expect((await ask('audience=public', headers)).told).toMatchObject({ conversations: 0, messages: 0 });
  const all = await ask('kind=workspace', headers);
  expect([all.status, all.told.code]).toEqual([403, 'access.forbidden']);
  const agent = await plantMember(db, workspaceId, 'agent');
  const notes = await preview(
    { kind: 'conversation', id: 'v1', fields: ['messages', 'notes'] },
    agent.headers as Record<string, string>,
  );
  expect([notes.status, notes.told.code]).toEqual([403, 'access.forbidden']);
});

test('an unknown record is not found; what does not go together is refused by name, and unknown names too', async () => {
  expect((await ask('kind=conversation&id=absent')).status).toBe(404);
  const wrong = await ask('kind=contacts&format=pdf');
  expect([wrong.status, wrong.told.code]).toEqual([400, 'exports.bad_request']);
  for (const [query, name] of [
    ['sla_state=breached', 'sla_state'],
    ['statuss=open', 'statuss'],
    ['status=pending', 'status'],
    ['has_files=perhaps', 'has_files'],
    ['csat_min=many', 'csat_min'],
    ['q=%20!!', 'q'],
    ['updated_since=yesterday', 'updated_since'],
  ] as const) {
    const { status, told } = await ask(query);
    expect([status, told.errors[0]?.pointer], query).toEqual([400, name]);
    const filter = Object.fromEntries(new URLSearchParams(query));
    const posted = await preview({ kind: 'conversations', filter });
    expect([posted.status, posted.told.errors[0]?.pointer], query).toEqual([400, `/filter/${name}`]);
    const listed = await fetch(`${server.url}/v1/conversations?${query}`, {
      headers: { ...(await server.authorize(workspaceId, ['conversations:read'])) },
    });
    expect(((await listed.json()) as Problem).errors[0]?.pointer).toBe(name);
  }
  const many = Array.from({ length: 201 }, (_, index) => `v${index}`);
  const tooMany = await preview({
    kind: 'conversations',
    filter: { ids: many },
  });
  expect([tooMany.status, tooMany.told.errors[0]?.pointer]).toEqual([400, '/filter/ids']);
});

test('with exports of the same sort to go by, the guess is made from them', async () => {
  const order = { kind: 'conversations', format: 'json', fields: ['messages', 'tags'] };
  const before = await preview(order);
  expect(before.told.estimate.based_on).toBe('defaults');
  const made = await make(order);
  const { told } = await preview(order);
  expect(told.estimate.based_on).toBe('past_exports');
  expect(told.estimate.bytes).toBe(made.bytes);
});

test('the API’s description holds the filter, for screens to be made from', async () => {
  const { components, paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
    components: { schemas: Record<string, { properties: Record<string, { description?: string }> }> };
    paths: Record<string, { get: { parameters: { name: string; description?: string }[] } }>;
  };
  const { properties } = components.schemas['ConversationFilterInput']!;
  expect(Object.keys(properties)).toContain('any_tag');
  expect(Object.values(properties).every(({ description }) => description !== undefined)).toBe(true);
  for (const path of ['/v1/conversations', '/v1/conversations/export', '/v1/exports/preview']) {
    const named = paths[path]!.get.parameters.map((one) => one.name);
    expect(named).toEqual(expect.arrayContaining(Object.keys(properties)));
  }
});
