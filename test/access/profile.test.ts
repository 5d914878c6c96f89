import { afterAll, beforeAll, expect, test } from 'vitest';
import { inviteByOperator } from '../../src/access/sign-in/sign-in.commands.ts';
import { Browser, tokenOf } from '../support/browser.ts';
import { type Person, plantMember } from '../support/people.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let db: TestDatabase;
let server: TestServer;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

async function ask({ headers }: Person, method: string, path: string, body?: object) {
  const reply = await fetch(server.url + path, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  // oxlint-disable-next-line typescript/no-explicit-any -- the answers are what the tests look into
  return { status: reply.status, json: (text === '' ? null : JSON.parse(text)) as any };
}

const events = (person: Person) =>
  db.asSuperuser<{ details: object }>(
    `select details from audit_events where target_ref = $1 and action = 'user.profile_changed' order by seq`,
    [person.userId],
  );

test('a person changes their name and the language of their mails; what stays as it was is no event', async () => {
  const workspaceId = await db.createWorkspace();
  const person = await plantMember(db, workspaceId, 'viewer');
  const changed = await ask(person, 'PATCH', '/v1/me', { name: 'Ada Löw', locale: 'de' });
  expect(changed).toMatchObject({
    status: 200,
    json: { user: { name: 'Ada Löw', locale: 'de', has_password: false }, workspace: workspaceId },
  });
  expect((await ask(person, 'PATCH', '/v1/me', { name: 'Ada Löw' })).status).toBe(200);
  expect((await ask(person, 'PATCH', '/v1/me', {})).status).toBe(200);
  expect((await ask(person, 'GET', '/v1/whoami')).json.principal.name).toBe('Ada Löw');
  expect(await events(person)).toEqual([{ details: { fields: ['name', 'locale'] } }]);
});

test.each([
  [{ name: '' }, 'access.bad_name'],
  [{ name: 'a\u202eb' }, 'access.bad_name'],
  [{ locale: 'xx' }, 'http.bad_request'],
  [{ email: 'other@example.com' }, 'http.bad_request'],
])('what is no name, no language or no field is refused: %j', async (body, code) => {
  const person = await plantMember(db, await db.createWorkspace(), 'viewer');
  expect(await ask(person, 'PATCH', '/v1/me', body)).toMatchObject({ status: 400, json: { code } });
  expect(await events(person)).toEqual([]);
});

test('who accepts an invitation says in which language mails come', async () => {
  const workspace = await db.createWorkspace();
  for (const [email, chosen] of [
    ['a@example.com', { locale: 'de' }],
    ['b@example.com', {}],
  ] as const) {
    const { link } = await inviteByOperator(db.database, server.url, { email, workspace, role: 'viewer' });
    const body = { token: tokenOf(link), name: 'Bo', password: 'seven zebras quilt at dawn', ...chosen };
    const { json } = await new Browser(server).ask('POST', '/v1/invitations', body);
    expect(json.user).toMatchObject({ email, locale: 'en', has_password: true, ...chosen });
  }
});

test('who lacks a second factor that is asked for is told so, and may do nothing but with their own account', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  const other = await plantMember(db, workspaceId, 'viewer');
  expect((await ask(owner, 'GET', '/v1/whoami')).json.needs_second_factor).toBe(false);
  await db.asSuperuser('update workspaces set requires_second_factor = true where id = $1', [workspaceId]);
  const { json } = await ask(owner, 'GET', '/v1/whoami');
  expect(json).toMatchObject({ needs_second_factor: true, permissions: ['self.read', 'self.manage'] });
  expect((await ask(owner, 'PATCH', '/v1/me', { locale: 'de' })).status).toBe(200);
  // The address is open to everybody, as one may leave; taking somebody else out is not.
  expect(await ask(owner, 'DELETE', `/v1/members/${other.userId}`)).toMatchObject({
    status: 403,
    json: { code: 'access.second_factor_required' },
  });
  await db.asSuperuser('update users set totp_confirmed_at = now() where id = $1', [owner.userId]);
  expect((await ask(owner, 'GET', '/v1/whoami')).json.needs_second_factor).toBe(false);
  expect((await ask(owner, 'DELETE', `/v1/members/${other.userId}`)).status).toBe(204);
});
