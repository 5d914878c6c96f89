import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// Saved choices of fields (V-05, issue 5 “Fields”): one’s own, and those that everybody in the workspace sees.

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let editor: Person;
let other: Person;
let agent: Person;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace('acme');
  await plantRecords(db, workspaceId, { conversations: 2, messagesEach: 5 });
  editor = await plantMember(db, workspaceId, 'editor');
  other = await plantMember(db, workspaceId, 'admin');
  agent = await plantMember(db, workspaceId, 'agent');
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

interface FieldSet {
  id: string;
  name: string;
  fields: string[];
  shared: boolean;
  created_by: string;
  may_change: boolean;
}

async function call(who: Person, method: string, path: string, body?: object) {
  const reply = await fetch(`${server.url}/v1${path}`, {
    method,
    headers: { ...who.headers, ...(body && { 'content-type': 'application/json', prefer: 'wait=30' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return {
    status: reply.status,
    json: (text === '' ? undefined : JSON.parse(text)) as Record<string, unknown>,
  };
}
async function make(who: Person, body: object): Promise<FieldSet> {
  const { status, json } = await call(who, 'POST', '/field-sets', body);
  expect(status, JSON.stringify(json)).toBe(201);
  return json as unknown as FieldSet;
}
async function namesOf(who: Person): Promise<string[]> {
  const { json } = await call(who, 'GET', '/field-sets?limit=100');
  return (json['field_sets'] as FieldSet[]).map(({ name }) => name);
}

test('one’s own is there for oneself alone; to others it is as unknown as one that is not there', async () => {
  const mine = await make(editor, { name: 'Mine', fields: ['tags', 'messages', 'tags'] });
  expect(mine).toMatchObject({ fields: ['messages', 'tags'], shared: false, created_by: editor.userId });
  expect(await namesOf(editor)).toContain('Mine');
  expect(await namesOf(other)).not.toContain('Mine');
  for (const [method, body] of [
    ['PATCH', { name: 'Theirs' }],
    ['DELETE', undefined],
  ] as const) {
    const { status, json } = await call(other, method, `/field-sets/${mine.id}`, body);
    expect([status, json['code']]).toEqual([404, 'exports.unknown_field_set']);
  }
  const order = { kind: 'conversations', field_set: mine.id };
  expect((await call(other, 'POST', '/exports', order)).status).toBe(404);
});

test('a shared one is everybody’s to use; to share and to change it takes export.share_fields', async () => {
  const shared = await make(editor, { name: 'For all', fields: ['messages'], shared: true });
  expect(await namesOf(agent)).toContain('For all');
  const order = { kind: 'conversation', id: 'v1', format: 'json', field_set: shared.id };
  expect((await call(agent, 'POST', '/exports', order)).json).toMatchObject({
    status: 'ready',
    fields: ['messages'],
  });
  const refused = [
    await call(agent, 'POST', '/field-sets', { name: 'Theirs', fields: ['tags'], shared: true }),
    await call(agent, 'PATCH', `/field-sets/${shared.id}`, { name: 'Theirs' }),
    await call(agent, 'DELETE', `/field-sets/${shared.id}`),
  ];
  for (const { status, json } of refused) {
    expect(status).toBe(403);
    expect(json['detail']).toContain('export.share_fields');
  }
  const own = await make(agent, { name: 'Theirs', fields: ['tags'] });
  expect((await call(agent, 'PATCH', `/field-sets/${own.id}`, { shared: true })).status).toBe(403);
  const changed = await call(other, 'PATCH', `/field-sets/${shared.id}`, { fields: ['messages', 'csat'] });
  expect(changed.json).toMatchObject({
    name: 'For all',
    fields: ['messages', 'csat'],
    created_by: editor.userId,
  });
});

test('an order with it is made of its fields; what it brings beyond one’s reach is refused by name', async () => {
  const set = await make(editor, { name: 'With notes', fields: ['messages', 'notes'], shared: true });
  const made = await call(editor, 'POST', '/conversations/export', { format: 'json', field_set: set.id });
  expect(made.json).toMatchObject({ status: 'ready', fields: ['messages', 'notes'] });
  const order = { kind: 'conversation', id: 'v1', format: 'json', field_set: set.id };
  const refused = await call(agent, 'POST', '/exports', order);
  expect(refused.json).toMatchObject({ status: 403, detail: expect.stringContaining('notes.read') });
  // Changing or deleting it changes nothing about what was made with it, not even when that is made again.
  await call(editor, 'DELETE', `/field-sets/${set.id}`);
  expect((await call(editor, 'POST', '/exports', { ...order, kind: 'conversation' })).status).toBe(404);
  const again = await call(editor, 'POST', `/exports/${String(made.json['job_id'])}/rerun`, {});
  expect(again.json).toMatchObject({ fields: ['messages', 'notes'] });
});

test('a rerun takes a saved choice for the fields it had', async () => {
  const set = await make(editor, { name: 'Only tags', fields: ['tags'] });
  const made = await call(editor, 'POST', '/conversations/export', { format: 'json' });
  const path = `/exports/${String(made.json['job_id'])}/rerun`;
  expect((await call(editor, 'POST', path, { field_set: set.id })).json).toMatchObject({ fields: ['tags'] });
});

test('names are one’s own: two of the same are refused, those of others are free', async () => {
  const first = await make(editor, { name: 'Same', fields: ['tags'] });
  const again = await call(editor, 'POST', '/field-sets', { name: 'Same', fields: ['csat'] });
  expect(again.json).toMatchObject({ status: 409, code: 'exports.field_set_taken' });
  await make(other, { name: 'Same', fields: ['csat'] });
  const second = await make(editor, { name: 'Another', fields: ['csat'] });
  const renamed = await call(editor, 'PATCH', `/field-sets/${second.id}`, { name: 'Same' });
  expect(renamed.json).toMatchObject({ status: 409, code: 'exports.field_set_taken' });
  expect((await call(editor, 'PATCH', `/field-sets/${first.id}`, { name: 'Same' })).status).toBe(200);
});

test.each([
  [{ name: '', fields: ['tags'] }, 'access.bad_name'],
  [{ name: 'two\nlines', fields: ['tags'] }, 'access.bad_name'],
  [{ name: 'x', fields: [] }, 'http.bad_request'],
  [{ name: 'x', fields: ['secrets'] }, 'http.bad_request'],
  [{ name: 'x' }, 'http.bad_request'],
])('%j is refused', async (body, code) => {
  expect((await call(editor, 'POST', '/field-sets', body)).json).toMatchObject({ status: 400, code });
});

test('making, changing and deleting one stand in the audit log, without its name', async () => {
  const set = await make(editor, { name: 'Secret plan', fields: ['tags'] });
  await call(editor, 'PATCH', `/field-sets/${set.id}`, { name: 'Secret plan 2' });
  expect((await call(editor, 'DELETE', `/field-sets/${set.id}`)).status).toBe(204);
  const events = await db.asSuperuser<{ action: string; details: object; body: string }>(
    `select e.action, e.details, b.body::text from audit_events e
       left join audit_bodies b on b.workspace_id = e.workspace_id and b.seq = e.seq
      where e.target_ref = $1 order by e.seq`,
    [set.id],
  );
  expect(events.map(({ action }) => action)).toEqual([
    'field_set.created',
    'field_set.changed',
    'field_set.deleted',
  ]);
  expect(JSON.stringify(events)).not.toContain('Secret plan');
});

test('another workspace sees none of it', async () => {
  const elsewhere = await plantMember(db, await db.createWorkspace('elsewhere'), 'owner');
  const shared = await make(other, { name: 'Ours', fields: ['tags'], shared: true });
  expect(await namesOf(elsewhere)).toEqual([]);
  expect((await call(elsewhere, 'DELETE', `/field-sets/${shared.id}`)).status).toBe(404);
});
