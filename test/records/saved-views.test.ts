import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, plantMember } from '../support/people.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// Saved views (V-18): filters of conversations that people keep for themselves.

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let one: Person;
let other: Person;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace('acme');
  one = await plantMember(db, workspaceId, 'viewer');
  other = await plantMember(db, workspaceId, 'owner');
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

async function call(who: Person, method: string, path: string, body?: object) {
  const reply = await fetch(`${server.url}/v1/saved-views${path}`, {
    method,
    headers: { ...who.headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into whatever came
  return { status: reply.status, json: (text === '' ? undefined : JSON.parse(text)) as any };
}
const namesOf = async (who: Person) =>
  ((await call(who, 'GET', '?limit=100')).json.saved_views as { name: string }[]).map(({ name }) => name);

test('a view keeps a filter as the list takes it, is renamed, changed and deleted, each with its event', async () => {
  const filter = { status: 'open', tag: ['vip'], has_files: 'true', q: 'refund' };
  const made = await call(one, 'POST', '', { name: 'Open VIPs', filter });
  expect(made.status).toBe(201);
  const kept = { status: ['open'], tag: ['vip'], has_files: true, q: 'refund' };
  expect(made.json).toMatchObject({ name: 'Open VIPs', filter: kept });
  const { id } = made.json as { id: string };
  expect((await call(one, 'PATCH', `/${id}`, { name: 'VIPs' })).json).toMatchObject({
    name: 'VIPs',
    filter: kept,
  });
  expect((await call(one, 'PATCH', `/${id}`, { filter: {} })).json).toMatchObject({
    name: 'VIPs',
    filter: {},
  });
  expect((await call(one, 'DELETE', `/${id}`)).status).toBe(204);
  expect(await namesOf(one)).toEqual([]);
  const events = await db.asSuperuser<{ action: string; details: object }>(
    `select action, details from audit_events where target_ref = $1 order by seq`,
    [id],
  );
  expect(events.map(({ action }) => action)).toEqual([
    'saved_view.created',
    'saved_view.changed',
    'saved_view.changed',
    'saved_view.deleted',
  ]);
  expect(events[0]!.details).toEqual({
    filter_parts: expect.toSatisfy((parts: string[]) =>
      ['status', 'tag', 'q', 'has_files'].every((part) => parts.includes(part)),
    ),
  });
  expect(JSON.stringify(events)).not.toMatch(/VIPs|refund/);
});

test('to others, owners included, a view is as unknown as one that is not there', async () => {
  const { json } = await call(one, 'POST', '', { name: 'Mine', filter: { channel: 'email' } });
  expect(await namesOf(other)).toEqual([]);
  for (const [method, body] of [
    ['PATCH', { name: 'Theirs' }],
    ['DELETE', undefined],
  ] as const) {
    const answer = await call(other, method, `/${json.id}`, body);
    expect([answer.status, answer.json.code]).toEqual([404, 'records.unknown_view']);
    expect((await call(other, method, '/viw_none', body)).json.code).toBe('records.unknown_view');
  }
  expect(await namesOf(one)).toEqual(['Mine']);
  expect((await call(other, 'POST', '', { name: 'Mine', filter: {} })).status).toBe(201);
});

test('bad ones are refused: a name twice, no name, a part of the filter that there is not, too many', async () => {
  expect((await call(one, 'POST', '', { name: 'Mine', filter: {} })).json.code).toBe('records.view_taken');
  const { json } = await call(one, 'POST', '', { name: 'Second', filter: {} });
  expect((await call(one, 'PATCH', `/${json.id}`, { name: 'Mine' })).json.code).toBe('records.view_taken');
  expect((await call(one, 'POST', '', { name: ' ', filter: {} })).json.code).toBe('access.bad_name');
  for (const filter of [{ stauts: 'open' }, { status: 'odd' }, { tag: [] }, { since: 'soon' }])
    expect((await call(one, 'POST', '', { name: 'Bad', filter })).status).toBe(400);
  await db.asSuperuser(
    `insert into saved_views (workspace_id, id, name, filter, created_by)
     select $1, 'viw_' || i, 'View ' || i, '{}', $2 from generate_series(3, 100) i`,
    [workspaceId, one.userId],
  );
  expect((await call(one, 'POST', '', { name: 'Over', filter: {} })).json.code).toBe(
    'records.too_many_views',
  );
});
