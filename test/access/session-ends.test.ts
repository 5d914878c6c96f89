import { hash } from '@node-rs/bcrypt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { type Person, plantMember } from '../support/people.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// When a session ends by itself, and what its cookie is like where browsers speak HTTPS.

const PASSWORD = 'seven zebras under a quilt';

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, {
    CONVEY_SESSION_IDLE: '30m',
    CONVEY_SESSION_MAX: '12h',
    CONVEY_TRUSTED_PROXIES: '127.0.0.1',
    CONVEY_URL: 'https://convey.example',
  });
  workspaceId = await db.createWorkspace();
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

const statusFor = async ({ headers }: Person) =>
  (await fetch(`${server.url}/v1/whoami`, { headers: { ...headers } })).status;

test.each([
  [
    'without a request for CONVEY_SESSION_IDLE',
    `update sessions set last_seen_at = now() - interval '30 minutes'`,
  ],
  ['whose time is over, however busy', `update sessions set expires_at = now()`],
  ['that was ended', `update sessions set ended_at = now()`],
  ['whose second factor is still to come', `update sessions set awaits_second_factor = true`],
])('a session %s opens nothing', async (_what, change) => {
  const person = await plantMember(db, workspaceId, 'owner');
  const other = await plantMember(db, workspaceId, 'owner');
  expect(await statusFor(person)).toBe(200);
  await db.asSuperuser(`${change} where id = $1`, [person.sessionId]);
  expect(await statusFor(person)).toBe(401);
  expect(await statusFor(other)).toBe(200);
});

test('all sessions of a user who is shut out, or deleted, end at once', async () => {
  const [shutOut, deleted] = [
    await plantMember(db, workspaceId, 'owner'),
    await plantMember(db, workspaceId, 'owner'),
  ];
  await db.asSuperuser('update users set disabled_at = now() where id = $1', [shutOut.userId]);
  await db.asSuperuser('delete from users where id = $1', [deleted.userId]);
  expect(await statusFor(shutOut)).toBe(401);
  expect(await statusFor(deleted)).toBe(401);
});

async function signIn(headers: Record<string, string>): Promise<{ cookie: string; expiresInMs: number }> {
  const id = newId('usr');
  await db.asSuperuser(
    `insert into users (id, email, email_key, name, password_hash) values ($1, $2, $2, 'Person', $3)`,
    [id, `${id}@example.com`, await hash(PASSWORD, { cost: 4 })],
  );
  const reply = await fetch(`${server.url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ email: `${id}@example.com`, password: PASSWORD }),
  });
  expect(reply.status).toBe(200);
  const cookie = reply.headers.get('set-cookie')!;
  return { cookie, expiresInMs: Date.parse(/Expires=([^;]+)/.exec(cookie)![1]!) - Date.now() };
}

test('where browsers speak HTTPS the cookie is Secure, of this host alone, not for scripts or other sites', async () => {
  const { cookie, expiresInMs } = await signIn({
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '203.0.113.9',
  });
  expect(cookie).toMatch(/^__Host-convey_session=[\w-]{43}; Path=\/; /);
  for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Lax'])
    expect(cookie.split('; ')).toContain(attribute);
  expect(cookie).not.toContain('Domain=');
  expect(expiresInMs).toBeGreaterThan(11.9 * 3_600_000);
  expect(expiresInMs).toBeLessThanOrEqual(12 * 3_600_000);
});
