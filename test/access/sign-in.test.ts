import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { hash } from '@node-rs/bcrypt';
import { newId } from '../../src/ids.ts';
import { Browser, mailsTo } from '../support/browser.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const PASSWORD = 'seven zebras quilt at dawn';
let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let otherId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace('north');
  otherId = await db.createWorkspace('south');
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});
// Everybody here comes from one address, and failures of one test must not lock another.
beforeEach(() => db.asSuperuser('delete from rate_counters'));

async function newUser(workspaces = [workspaceId]) {
  const id = newId('usr');
  const email = `Person.${id}@example.com`;
  await db.asSuperuser(
    `insert into users (id, email, email_key, name, password_hash) values ($1, $2, lower($2), 'Person', $3)`,
    [id, email, await hash(PASSWORD, { cost: 4 })],
  );
  for (const workspace of workspaces) {
    await db.asSuperuser(`insert into members (workspace_id, user_id, role) values ($1, $2, 'admin')`, [
      workspace,
      id,
    ]);
  }
  return { id, email };
}

async function signedIn(email: string): Promise<Browser> {
  const browser = new Browser(server);
  expect((await browser.ask('POST', '/v1/session', { email, password: PASSWORD })).status).toBe(200);
  return browser;
}

const events = (userId: string, action: string) =>
  db.asSuperuser<{
    workspace_id: string;
    outcome: string;
    details: Record<string, unknown>;
    body: Record<string, unknown>;
  }>(
    `select e.workspace_id, outcome, details, body from audit_events e left join audit_bodies b using (workspace_id, seq)
      where target_ref = $1 and action = $2 order by e.workspace_id, seq`,
    [userId, action],
  );

test('the right password, with the address in any spelling, opens a session that only the cookie holds', async () => {
  const { id, email } = await newUser();
  const browser = new Browser(server);
  const reply = await browser.ask('POST', '/v1/session', {
    email: ` ${email.toUpperCase()} `,
    password: PASSWORD,
  });
  expect(reply.status).toBe(200);
  expect(reply.json).toMatchObject({
    user: { id, email, name: 'Person' },
    second_factor: 'none',
    workspace: workspaceId,
    workspaces: [{ id: workspaceId, slug: 'north', role: 'admin' }],
  });
  const cookie = reply.headers.get('set-cookie')!;
  expect(cookie).toContain('HttpOnly');
  expect(cookie).toContain('SameSite=Lax');
  expect(reply.text).not.toContain(browser.tokens[0]);
  expect((await browser.ask('GET', '/v1/whoami')).json).toMatchObject({
    principal: { type: 'user', id },
    role: 'admin',
  });
  expect((await browser.ask('GET', '/v1/session')).json).toEqual(reply.json);
});

test('a wrong password, an unknown address and a user who was shut out answer alike', async () => {
  const { email } = await newUser();
  const shutOut = await newUser();
  await db.asSuperuser('update users set disabled_at = now() where id = $1', [shutOut.id]);
  const tries = [
    { email, password: `${PASSWORD}!` },
    { email: 'nobody@example.com', password: PASSWORD },
    { email: shutOut.email, password: PASSWORD },
    { email: 'no address at all', password: '' },
  ];
  const answers = [];
  for (const body of tries) {
    const browser = new Browser(server);
    const { status, text, headers } = await browser.ask('POST', '/v1/session', body);
    answers.push(`${status} ${text.replaceAll(/req_\w+/g, 'req')}`);
    expect(headers.get('set-cookie')).toBeNull();
  }
  expect(answers[0]).toContain('access.sign_in_failed');
  expect(new Set(answers).size).toBe(1);
});

test('five failures lock an account for 15 minutes, the right password too, and its owner gets one mail', async () => {
  const { id, email } = await newUser();
  const browser = new Browser(server);
  for (let i = 0; i < 5; i++)
    expect((await browser.ask('POST', '/v1/session', { email, password: `wrong ${i}` })).status).toBe(401);
  await db.asSuperuser(`delete from rate_counters where key not like 'sign-in%'`);
  const locked = await browser.ask('POST', '/v1/session', { email, password: PASSWORD });
  expect(locked).toMatchObject({ status: 429, json: { code: 'access.too_many_sign_ins' } });
  expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(800);
  expect(Number(locked.headers.get('retry-after'))).toBeLessThanOrEqual(900);
  expect(browser.tokens).toEqual([]);
  await expect.poll(() => mailsTo(db, server, email)).toMatchObject([{ template: 'sign_in_locked' }]);
  await expect.poll(() => events(id, 'user.locked')).toHaveLength(1);
  await db.asSuperuser(`update rate_counters set ends_at = now() - interval '1 second'`);
  expect((await browser.ask('POST', '/v1/session', { email, password: PASSWORD })).status).toBe(200);
});

test('an address without an account locks the same way, and nobody gets a mail', async () => {
  const { email } = await newUser();
  const answersFor = async (address: string) => {
    await db.asSuperuser('delete from rate_counters');
    const answers = [];
    for (let i = 0; i < 7; i++) {
      const reply = await new Browser(server).ask('POST', '/v1/session', {
        email: address,
        password: 'wrong',
      });
      answers.push(`${reply.status} ${reply.text.replaceAll(/req_\w+/g, 'req')}`);
    }
    return answers;
  };
  expect(await answersFor('absent@example.com')).toEqual(await answersFor(email));
  expect(await mailsTo(db, server, 'absent@example.com')).toEqual([]);
});

test('another site cannot sign a browser in, and a program can', async () => {
  const { email } = await newUser();
  const body = { email, password: PASSWORD };
  const from = (headers: Record<string, string>) => {
    const browser = new Browser(server, headers);
    return browser.ask('POST', '/v1/session', body);
  };
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: server.url },
  ]) {
    const reply = await from(headers);
    expect(reply).toMatchObject({ status: 403, json: { code: 'http.cross_site' } });
    expect(reply.headers.get('set-cookie')).toBeNull();
  }
  const program = await fetch(`${server.url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(program.status).toBe(200);
});

test('a sign-in is written into the chain of each workspace of the user, failures rolled up', async () => {
  const { id, email } = await newUser([workspaceId, otherId]);
  const browser = await signedIn(email);
  const found = await events(id, 'user.signed_in');
  expect(found.map(({ workspace_id }) => workspace_id)).toEqual([workspaceId, otherId].sort());
  expect(found[0]).toMatchObject({
    outcome: 'success',
    details: { method: 'password' },
    body: { ip: '127.0.0.1', user_agent: 'Test browser' },
  });
  for (let i = 0; i < 3; i++) await browser.ask('POST', '/v1/session', { email, password: 'wrong' });
  await expect.poll(() => events(id, 'user.sign_in_failed')).toHaveLength(2);
  expect(await events(id, 'user.sign_in_failed')).toMatchObject([
    { outcome: 'failed', details: { step: 'password', times: 1 } },
    { outcome: 'failed', details: { step: 'password', times: 1 } },
  ]);
});

test('a sign-in ends the session that the same browser had before, and no other', async () => {
  const { email } = await newUser();
  const [browser, elsewhere] = [await signedIn(email), await signedIn(email)];
  const before = browser.tokens[0]!;
  expect((await browser.ask('POST', '/v1/session', { email, password: PASSWORD })).status).toBe(200);
  expect(browser.tokens).toHaveLength(2);
  const old = await fetch(`${server.url}/v1/session`, { headers: { cookie: `convey_session=${before}` } });
  expect(old.status).toBe(401);
  for (const one of [browser, elsewhere]) expect((await one.ask('GET', '/v1/session')).status).toBe(200);
  // Of another user, who used the same browser, it is not ours to end.
  const other = await newUser();
  const token = browser.tokens.at(-1)!;
  expect((await browser.ask('POST', '/v1/session', { email: other.email, password: PASSWORD })).status).toBe(
    200,
  );
  const theirs = await fetch(`${server.url}/v1/session`, { headers: { cookie: `convey_session=${token}` } });
  expect(theirs.status).toBe(200);
});

test('a further chain that cannot be written is logged, and what was done stands', async () => {
  const { id, email } = await newUser([workspaceId, otherId]);
  await db.asSuperuser(`create function no_more() returns trigger language plpgsql as $$
    begin raise exception 'the disk is full'; end $$`);
  await db.asSuperuser(`create trigger no_more before insert on audit_events for each row
    when (new.workspace_id = '${otherId}') execute function no_more()`);
  try {
    const browser = await signedIn(email);
    expect((await browser.ask('GET', '/v1/whoami')).status).toBe(200);
  } finally {
    await db.asSuperuser('drop trigger no_more on audit_events');
  }
  expect(await events(id, 'user.signed_in')).toMatchObject([{ workspace_id: workspaceId }]);
  expect(server.logged).toContainEqual(
    expect.objectContaining({ level: 'error', action: 'user.signed_in', workspace: otherId }),
  );
});

test('who signs out is out at once', async () => {
  const { id, email } = await newUser();
  const browser = await signedIn(email);
  const cookie = `convey_session=${browser.tokens[0]}`;
  expect((await browser.ask('DELETE', '/v1/session')).status).toBe(204);
  expect(browser.tokens.at(-1)).toBe('');
  expect((await fetch(`${server.url}/v1/whoami`, { headers: { cookie } })).status).toBe(401);
  expect(await events(id, 'user.signed_out')).toHaveLength(1);
});

test('the session moves to another workspace of the user, and to no foreign one', async () => {
  const { email } = await newUser([workspaceId, otherId]);
  const browser = await signedIn(email);
  expect((await browser.ask('POST', '/v1/session/workspace', { workspace: 'south' })).json).toMatchObject({
    workspace: otherId,
  });
  expect((await browser.ask('GET', '/v1/whoami')).json).toMatchObject({ workspace: { slug: 'south' } });
  await db.createWorkspace('foreign');
  const move = async (workspace: string) => {
    const { status, text } = await browser.ask('POST', '/v1/session/workspace', { workspace });
    return `${status} ${text.replaceAll(/req_\w+/g, 'req')}`;
  };
  expect(await move('foreign')).toBe(await move('nowhere'));
  expect(await move('nowhere')).toContain('404');
});

test('the list of sessions shows one’s own only, and ends one, the others, or all', async () => {
  const { email } = await newUser();
  const stranger = await signedIn((await newUser()).email);
  const [first, second, third] = [await signedIn(email), await signedIn(email), await signedIn(email)];
  const { sessions } = (await first.ask('GET', '/v1/sessions')).json;
  expect(sessions).toHaveLength(3);
  expect(sessions.filter(({ is_this }: { is_this: boolean }) => is_this)).toHaveLength(1);
  expect(JSON.stringify(sessions)).not.toContain(first.tokens[0]);
  const strangers = (await stranger.ask('GET', '/v1/sessions')).json.sessions;
  expect((await first.ask('DELETE', `/v1/sessions/${strangers[0].id}`)).status).toBe(404);
  expect((await stranger.ask('GET', '/v1/session')).status).toBe(200);
  const thirds = (await third.ask('GET', '/v1/sessions')).json.sessions.find(
    (one: { is_this: boolean }) => one.is_this,
  );
  expect((await first.ask('DELETE', `/v1/sessions/${thirds.id}`)).json).toEqual({ ended: 1 });
  expect((await third.ask('GET', '/v1/session')).status).toBe(401);
  expect((await first.ask('DELETE', '/v1/sessions')).json).toEqual({ ended: 1 });
  expect((await second.ask('GET', '/v1/session')).status).toBe(401);
  expect((await first.ask('GET', '/v1/session')).status).toBe(200);
  expect((await first.ask('DELETE', '/v1/sessions?all=true')).json).toEqual({ ended: 1 });
  expect(first.tokens.at(-1)).toBe('');
  expect((await stranger.ask('GET', '/v1/session')).status).toBe(200);
});

test('a new password takes the present one, ends other sessions and is told by mail', async () => {
  const { id, email } = await newUser();
  const [browser, other] = [await signedIn(email), await signedIn(email)];
  const next = 'eight otters paint a fence';
  const change = (current: string, wanted: string) =>
    browser.ask('PUT', '/v1/me/password', { current_password: current, new_password: wanted });
  expect(await change('not it', next)).toMatchObject({
    status: 403,
    json: { code: 'access.wrong_password' },
  });
  for (const weak of ['short', 'a'.repeat(73), 'ä'.repeat(37), 'Password2024!', `x ${email}`]) {
    expect(await change(PASSWORD, weak)).toMatchObject({
      status: 400,
      json: { code: 'access.bad_password', errors: [{ pointer: '/new_password' }] },
    });
  }
  expect((await other.ask('GET', '/v1/session')).status).toBe(200);
  expect(await change(PASSWORD, next)).toMatchObject({ status: 200, json: { ended: 1 } });
  expect((await other.ask('GET', '/v1/session')).status).toBe(401);
  expect((await browser.ask('GET', '/v1/session')).status).toBe(200);
  expect((await new Browser(server).ask('POST', '/v1/session', { email, password: PASSWORD })).status).toBe(
    401,
  );
  expect((await new Browser(server).ask('POST', '/v1/session', { email, password: next })).status).toBe(200);
  expect(await mailsTo(db, server, email)).toMatchObject([{ template: 'password_changed' }]);
  expect(await events(id, 'user.password_changed')).toMatchObject([
    { details: { how: 'changed', sessions: 1 } },
  ]);
});

test('an API key manages nobody’s sessions', async () => {
  const headers = await server.authorize(workspaceId, ['admin']);
  const reply = await fetch(`${server.url}/v1/sessions`, { headers });
  expect(reply.status).toBe(403);
});
