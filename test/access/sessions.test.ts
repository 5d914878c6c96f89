import { afterAll, beforeAll, expect, test } from 'vitest';
import { plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace('members');
  await plantRecords(db, workspaceId, { conversations: 6, messagesEach: 4 });
  await db.asSuperuser(
    `update conversations set audience = case when right(id, 1) in ('1', '2') then 'vip' else 'public' end
      where workspace_id = $1`,
    [workspaceId],
  );
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

interface OneConversation {
  conversation: { replies: { is_internal: boolean }[] };
}

async function ask(path: string, headers: Record<string, string>, init: RequestInit = {}) {
  const reply = await fetch(server.url + path, { ...init, headers });
  const text = await reply.text();
  return { status: reply.status, text, json: () => JSON.parse(text) };
}

test('a session says who it is and what the role may do', async () => {
  const viewer = await plantMember(db, workspaceId, 'viewer');
  const { status, json } = await ask('/v1/whoami', viewer.headers);
  expect(status).toBe(200);
  expect(json()).toMatchObject({
    principal: { type: 'user', id: viewer.userId },
    workspace: { id: workspaceId },
    role: 'viewer',
    permissions: ['self.read', 'contacts.read', 'conversations.read', 'self.manage'],
  });
});

test('an editor’s export holds the conversations of their audiences and no others (contract §5)', async () => {
  const editor = await plantMember(db, workspaceId, 'editor', { audiences: ['vip'] });
  const owner = await plantMember(db, workspaceId, 'owner');
  const mine = (await ask('/v1/conversations/export', editor.headers)).json() as { audience: string }[];
  const all = (await ask('/v1/conversations/export', owner.headers)).json() as { audience: string }[];
  expect(mine.length).toBe(all.filter(({ audience }) => audience === 'vip').length);
  expect(mine.length).toBeGreaterThan(0);
  expect(mine.length).toBeLessThan(all.length);
  expect(new Set(mine.map(({ audience }) => audience))).toEqual(new Set(['vip']));
});

test('an agent’s export of a conversation has no notes and no events; an admin’s has', async () => {
  const agent = await plantMember(db, workspaceId, 'agent');
  const admin = await plantMember(db, workspaceId, 'admin');
  const [{ id }] = (await db.asSuperuser<{ id: string }>(
    `update messages set is_internal = true, author_kind = 'teammate'
      where workspace_id = $1 and id = (select min(id) from messages where workspace_id = $1)
      returning conversation_id as id`,
    [workspaceId],
  )) as [{ id: string }];
  const path = `/v1/conversations/${id}/export`;
  const { conversation: reduced } = (await ask(path, agent.headers)).json() as OneConversation;
  const { conversation: whole } = (await ask(path, admin.headers)).json() as OneConversation;
  expect(whole.replies.some(({ is_internal }) => is_internal)).toBe(true);
  expect(reduced.replies.some(({ is_internal }) => is_internal)).toBe(false);
  expect(reduced).not.toHaveProperty('events');
});

test('what changes something is refused from another site, and from nowhere', async () => {
  const { headers } = await plantMember(db, workspaceId, 'owner');
  const init = { method: 'POST', body: '{"kind":"workspace"}' };
  const { 'sec-fetch-site': _site, ...without } = headers;
  for (const extra of [
    { ...without },
    { ...without, 'sec-fetch-site': 'cross-site' },
    { ...without, 'sec-fetch-site': 'same-site' },
    { ...without, origin: 'https://evil.example' },
    { ...without, origin: 'null' },
  ]) {
    const reply = await ask('/v1/exports', { ...extra, 'content-type': 'application/json' }, init);
    expect(reply.json()).toMatchObject({ status: 403, code: 'http.cross_site' });
  }
  const ours = { ...without, origin: server.url, 'content-type': 'application/json' };
  expect((await ask('/v1/exports', ours, init)).status).toBe(202);
});

test('a foreign workspace answers like one that is not there', async () => {
  const foreign = await db.createWorkspace('foreign');
  const { headers } = await plantMember(db, workspaceId, 'owner');
  const named = async (name: string) =>
    (await ask('/v1/whoami', { ...headers, 'convey-workspace': name })).text.replaceAll(/req_\w+/g, 'req');
  expect(await named(foreign)).toBe(await named('nowhere'));
  expect(await named('nowhere')).toContain('access.unknown_workspace');
});

test('a role that was taken away is gone at the next request', async () => {
  const person = await plantMember(db, workspaceId, 'admin');
  expect((await ask('/v1/contacts/export', person.headers)).status).toBe(200);
  await db.asSuperuser(`update members set role = 'viewer' where user_id = $1`, [person.userId]);
  expect((await ask('/v1/contacts/export', person.headers)).json()).toMatchObject({
    status: 403,
    code: 'access.forbidden',
    detail: expect.stringContaining('export.contacts'),
  });
});
