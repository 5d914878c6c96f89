import { hash } from '@node-rs/bcrypt';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listAllUsers, shutUser } from '../../src/access/sign-in/sign-in.commands.ts';
import { Browser, mailsTo, tokenOf } from '../support/browser.ts';
import { plantMember } from '../support/people.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const PASSWORD = 'seven zebras quilt at dawn';
let db: TestDatabase;
let server: TestServer;
let workspaceIds: string[];

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceIds = [await db.createWorkspace('north'), await db.createWorkspace('south')];
});
afterAll(async () => {
  await server?.stop();
  await db.drop();
});
beforeEach(() => db.asSuperuser('delete from rate_counters'));

const shut = (email: string, isDisabled: boolean) =>
  shutUser({ database: db.database, log: server.installation.log }, { email, isDisabled });

async function newUser() {
  const person = await plantMember(db, workspaceIds[0]!, 'viewer');
  await db.asSuperuser(`insert into members (workspace_id, user_id, role) values ($1, $2, 'viewer')`, [
    workspaceIds[1],
    person.userId,
  ]);
  await db.asSuperuser('update users set password_hash = $2 where id = $1', [
    person.userId,
    await hash(PASSWORD, { cost: 4 }),
  ]);
  return person;
}

const signIn = (email: string) =>
  new Browser(server).ask('POST', '/v1/session', { email, password: PASSWORD });
const statusOf = async ({ headers }: { headers: Record<string, string> }) =>
  (await fetch(`${server.url}/v1/whoami`, { headers })).status;

test('who is shut out has no session, no sign-in and no link any more, in all workspaces, until let in again', async () => {
  const [person, other] = [await newUser(), await newUser()];
  const { email, userId } = person;
  await new Browser(server).ask('POST', '/v1/password-resets', { email });
  await expect.poll(async () => (await mailsTo(db, server, email)).length).toBe(1);
  const token = tokenOf((await mailsTo(db, server, email))[0]!.values['link']!);

  expect(await shut(email.toUpperCase(), true)).toMatchObject({ sessions: 1 });
  expect(await statusOf(person)).toBe(401);
  expect((await signIn(email)).json).toMatchObject({ code: 'access.sign_in_failed' });
  const reset = await new Browser(server).ask('POST', '/v1/password-resets/complete', {
    token,
    password: PASSWORD,
  });
  expect(reset.status).toBe(404);
  expect(await statusOf(other)).toBe(200);
  expect(await listAllUsers(db.database)).toContainEqual({
    id: userId,
    email,
    name: 'Test viewer',
    isDisabled: true,
    hasSecondFactor: false,
    workspaces: ['north', 'south'],
  });

  await shut(email, false);
  expect(await statusOf(person)).toBe(401); // what ended stays so
  expect((await signIn(email)).status).toBe(200);
});

test('each workspace of theirs can read of it, once, with the operator as actor and no address', async () => {
  const { email, userId } = await newUser();
  for (const isDisabled of [true, true, false, false]) await shut(email, isDisabled);
  const events = await db.asSuperuser<{ workspace_id: string; action: string; details: object }>(
    `select workspace_id, action, actor_type, actor_ref, details from audit_events
      where target_ref = $1 order by workspace_id, seq`,
    [userId],
  );
  const operator = { actor_type: 'operator', actor_ref: 'operator' };
  expect(events).toEqual(
    workspaceIds.toSorted().flatMap((workspace_id) => [
      { workspace_id, action: 'user.disabled', ...operator, details: { sessions: 1 } },
      { workspace_id, action: 'user.enabled', ...operator, details: {} },
    ]),
  );
  expect(JSON.stringify(events)).not.toContain(email);
});

test('an address that nobody has is named as such', async () => {
  await expect(shut('nobody@example.com', true)).rejects.toMatchObject({ code: 'access.unknown_user' });
});
