import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// `POST /v1/exports/{id}/rerun`: the same once more, or with changes, as far as one may now (issue 5, “Jobs”).

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let owner: Person;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace('acme');
  await plantRecords(db, workspaceId, { conversations: 6, messagesEach: 10 });
  await db.asSuperuser(`update conversations set audience = 'vip' where id in ('v1', 'v2')`);
  owner = await plantMember(db, workspaceId, 'owner');
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

interface Told {
  job_id: string;
  kind: string;
  format: string;
  status: string;
  rerun_of: string | null;
  filter: object;
  fields: string[] | null;
  counts: Record<string, number>;
  requested_by: { id: string };
}

async function post(who: Person, path: string, body: object) {
  const reply = await fetch(server.url + path, {
    method: 'POST',
    headers: { ...who.headers, 'content-type': 'application/json', prefer: 'wait=30' },
    body: JSON.stringify(body),
  });
  return { status: reply.status, told: (await reply.json()) as Told & { code?: string; detail?: string } };
}
async function order(who: Person, body: object): Promise<Told> {
  const { status, told } = await post(who, '/v1/exports', body);
  expect(status, JSON.stringify(told)).toBe(202);
  return told;
}
const rerun = (who: Person, id: string, changes: object = {}) =>
  post(who, `/v1/exports/${id}/rerun`, changes);

test('is the same order, made again: another export that says which one it repeats', async () => {
  const filter = { status: ['open'] };
  const first = await order(owner, {
    kind: 'conversations',
    format: 'json',
    filter,
    fields: ['tags', 'events'],
  });
  expect(first.rerun_of).toBeNull();
  const { status, told } = await rerun(owner, first.job_id);
  expect(status).toBe(202);
  expect(told).toMatchObject({ kind: 'conversations', format: 'json', filter, fields: ['tags', 'events'] });
  expect(told).toMatchObject({ status: 'ready', rerun_of: first.job_id, counts: first.counts });
  expect(told.job_id).not.toBe(first.job_id);
  const [event] = await db.asSuperuser<{ details: object }>(
    `select details from audit_events where action = 'export.requested' and details ->> 'export_id' = $1`,
    [told.job_id],
  );
  expect(event!.details).toMatchObject({ rerun_of: first.job_id });
});

test('takes changes of any part: more fields, another format, other conversations', async () => {
  const first = await order(owner, { kind: 'conversations', format: 'json', filter: { status: ['open'] } });
  const more = await rerun(owner, first.job_id, { fields: ['messages', 'customer', 'tags', 'csat'] });
  expect(more.told).toMatchObject({ filter: first.filter, fields: ['messages', 'customer', 'tags', 'csat'] });
  const table = await rerun(owner, first.job_id, { format: 'csv', mode: 'messages' });
  expect(table.told).toMatchObject({ format: 'csv', filter: first.filter, status: 'ready' });
  const chosen = await rerun(owner, first.job_id, { ids: ['v1'] });
  expect(chosen.told.filter).toEqual({ ids: ['v1'] });
  expect(chosen.told.counts).toMatchObject({ conversations: 1 });
  const wrong = await rerun(owner, first.job_id, { profile: 'machine' });
  expect(wrong).toMatchObject({ status: 400, told: { errors: [{ pointer: '/profile' }] } });
  const kind = await rerun(owner, first.job_id, { kind: 'workspace' });
  expect(kind).toMatchObject({ status: 400, told: { errors: [{ pointer: '/kind' }] } });
});

test.each(['failed', 'cancelled', 'expired', 'withdrawn'])('works for one that is %s', async (state) => {
  const first = await order(owner, { kind: 'contacts', format: 'csv', profile: 'spreadsheet' });
  if (state === 'expired')
    await db.asSuperuser(`update exports set expires_at = now() - interval '1 second' where id = $1`, [
      first.job_id,
    ]);
  else if (state === 'withdrawn')
    await fetch(`${server.url}/v1/exports/${first.job_id}`, { method: 'DELETE', headers: owner.headers });
  else await db.asSuperuser('update exports set status = $2 where id = $1', [first.job_id, state]);
  const { told } = await rerun(owner, first.job_id);
  expect(told).toMatchObject({ status: 'ready', kind: 'contacts', format: 'csv', rerun_of: first.job_id });
});

test('works for one that was sent at once, and keeps the new one', async () => {
  const direct = await fetch(`${server.url}/v1/conversations/export?format=ndjson`, {
    headers: owner.headers,
  });
  await direct.arrayBuffer();
  const { told } = await rerun(owner, direct.headers.get('convey-export-id')!);
  expect(told).toMatchObject({
    status: 'ready',
    counts: { conversations: 6, events: 6, messages: 48, replies: 12 },
  });
});

test('gives what one may have now: an editor who lost an audience gets the one that is left', async () => {
  const editor = await plantMember(db, workspaceId, 'editor', { audiences: ['vip', 'public'] });
  const first = await order(editor, { kind: 'conversations', format: 'json' });
  expect(first.counts).toMatchObject({ conversations: 6 });
  await db.asSuperuser(`update members set audiences = '{vip}' where user_id = $1`, [editor.userId]);
  const { told } = await rerun(editor, first.job_id);
  expect(told.counts).toMatchObject({ conversations: 2 });
  await db.asSuperuser(`update members set role = 'agent', audiences = null where user_id = $1`, [
    editor.userId,
  ]);
  expect(await rerun(editor, first.job_id)).toMatchObject({
    status: 403,
    told: { detail: expect.stringContaining('export.conversations') },
  });
});

test('notes that one may not see any more are refused by name, and left out if one says so', async () => {
  const member = await plantMember(db, workspaceId, 'admin');
  const one = { kind: 'conversation', id: 'v1', format: 'json', fields: ['messages', 'notes'] };
  const first = await order(member, one);
  await db.asSuperuser(`update members set role = 'agent' where user_id = $1`, [member.userId]);
  expect(await rerun(member, first.job_id)).toMatchObject({
    status: 403,
    told: { detail: expect.stringContaining('notes.read') },
  });
  expect((await rerun(member, first.job_id, { fields: ['messages'] })).told).toMatchObject({
    status: 'ready',
  });
});

test('of what somebody else had made takes all its reach, as fetching it does', async () => {
  const all = await order(owner, { kind: 'conversations', format: 'json', fields: ['tags'] });
  const editor = await plantMember(db, workspaceId, 'editor', { audiences: ['vip'] });
  expect((await rerun(editor, all.job_id)).told.code).toBe('exports.beyond_reach');
  const agent = await plantMember(db, workspaceId, 'agent');
  expect((await rerun(agent, all.job_id)).told.code).toBe('access.forbidden');
  const admin = await plantMember(db, workspaceId, 'admin');
  const { told } = await rerun(admin, all.job_id);
  expect(told).toMatchObject({ status: 'ready', requested_by: { id: admin.userId } });
  const elsewhere = await plantMember(db, await db.createWorkspace('elsewhere'), 'owner');
  expect((await rerun(elsewhere, all.job_id)).told.code).toBe('exports.unknown');
});

test('tells the same members as before; whoever is newly named must be one', async () => {
  const friend = await plantMember(db, workspaceId, 'viewer');
  const first = await order(owner, { kind: 'contacts', notify: [friend.email] });
  const { told } = await rerun(owner, first.job_id);
  const rows = await db.asSuperuser('select notify from exports where id = any ($1)', [
    [first.job_id, told.job_id],
  ]);
  expect(rows).toEqual([{ notify: [friend.email] }, { notify: [friend.email] }]);
  await db.asSuperuser('delete from members where user_id = $1', [friend.userId]);
  // Whoever left is told nothing, and holds up nothing.
  expect((await rerun(owner, first.job_id)).status).toBe(202);
  expect(await rerun(owner, first.job_id, { notify: [friend.email] })).toMatchObject({
    status: 400,
    told: { errors: [{ pointer: '/notify' }] },
  });
});
