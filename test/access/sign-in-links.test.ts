import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { hash } from '@node-rs/bcrypt';
import { makeOneTimeLink } from '../../src/access/sign-in/one-time-links.ts';
import { inviteByOperator } from '../../src/access/sign-in/sign-in.commands.ts';
import { newId } from '../../src/ids.ts';
import { appCode, Browser, mailsTo, tokenOf } from '../support/browser.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const PASSWORD = 'seven zebras quilt at dawn';
const NEXT = 'eight otters paint a fence';
let db: TestDatabase;
let server: TestServer;
let workspaceId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace('links');
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});
beforeEach(() => db.asSuperuser('delete from rate_counters'));

async function newUser() {
  const id = newId('usr');
  const email = `${id}@example.com`;
  await db.asSuperuser(
    `insert into users (id, email, email_key, name, password_hash) values ($1, $2, $2, 'Person', $3)`,
    [id, email, await hash(PASSWORD, { cost: 4 })],
  );
  await db.asSuperuser(`insert into members (workspace_id, user_id, role) values ($1, $2, 'viewer')`, [
    workspaceId,
    id,
  ]);
  return { id, email };
}

const signIn = async (email: string, password = PASSWORD) => {
  const browser = new Browser(server);
  return { browser, reply: await browser.ask('POST', '/v1/session', { email, password }) };
};

async function askForReset(email: string): Promise<string> {
  const before = (await mailsTo(db, server, email)).length;
  expect((await new Browser(server).ask('POST', '/v1/password-resets', { email })).status).toBe(202);
  await expect.poll(async () => (await mailsTo(db, server, email)).length).toBe(before + 1);
  const { template, values } = (await mailsTo(db, server, email)).at(-1)!;
  expect(template).toBe('reset');
  expect(values['link']).toMatch(/\/reset#[\w-]{43}$/);
  return tokenOf(values['link']!);
}

const reset = (token: string, password = NEXT) =>
  new Browser(server).ask('POST', '/v1/password-resets/complete', { token, password });

const invitation = (email: string, role: 'agent' | 'editor' = 'agent', to = workspaceId) =>
  inviteByOperator(db.database, 'https://convey.example', {
    email,
    workspace: to,
    role,
    ...(role === 'editor' ? { audiences: ['vip'] } : {}),
  });

test('a reset link works once and ends every session, without signing anybody in', async () => {
  const { id, email } = await newUser();
  const { browser } = await signIn(email);
  const [older, token] = [await askForReset(email), await askForReset(email)];
  const weak = await reset(token, 'password12');
  expect(weak).toMatchObject({
    status: 400,
    json: { code: 'access.bad_password', errors: [{ pointer: '/password' }] },
  });
  expect((await browser.ask('GET', '/v1/session')).status).toBe(200);
  const done = await reset(token);
  expect(done.status).toBe(204);
  expect(done.headers.get('set-cookie')).toBeNull();
  expect((await browser.ask('GET', '/v1/session')).status).toBe(401);
  expect(await reset(token)).toMatchObject({ status: 404, json: { code: 'access.unknown_link' } });
  expect((await reset(older)).status).toBe(404);
  expect((await signIn(email)).reply.status).toBe(401);
  expect((await signIn(email, NEXT)).reply.status).toBe(200);
  expect((await mailsTo(db, server, email)).at(-1)).toMatchObject({ template: 'password_changed' });
  const events = await db.asSuperuser(
    `select details from audit_events where action = 'user.password_changed' and target_ref = $1`,
    [id],
  );
  expect(events).toEqual([{ details: { how: 'reset', sessions: 1 } }]);
});

test('of ten uses of one reset link at once, one sets its password', async () => {
  const { email } = await newUser();
  const token = await askForReset(email);
  const passwords = Array.from({ length: 10 }, (_, i) => `${NEXT} number ${i}`);
  const answers = await Promise.all(passwords.map((password) => reset(token, password)));
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
    204,
    ...Array.from({ length: 9 }, () => 404),
  ]);
});

test('a reset link ends after 60 minutes, and opens nothing as another kind of link', async () => {
  const { email } = await newUser();
  const token = await askForReset(email);
  const [row] = await db.asSuperuser<{ minutes: number }>(
    `select extract(epoch from expires_at - created_at)::int / 60 as minutes from one_time_links order by created_at desc limit 1`,
  );
  expect(row).toEqual({ minutes: 60 });
  expect((await new Browser(server).ask('POST', '/v1/invitations/lookup', { token })).status).toBe(404);
  await db.asSuperuser(`update one_time_links set expires_at = now()`);
  expect((await reset(token)).status).toBe(404);
});

test('a known and an unknown address get the same answer, and one gets at most 3 mails a day', async () => {
  const { email } = await newUser();
  const ask = async (address: string) => {
    const { status, text } = await new Browser(server).ask('POST', '/v1/password-resets', { email: address });
    return `${status} ${text}`;
  };
  for (let i = 0; i < 5; i++) expect(await ask(email)).toBe(await ask('absent@example.com'));
  await expect.poll(async () => (await mailsTo(db, server, email)).length).toBe(3);
  await db.asSuperuser(`update rate_counters set ends_at = now() - interval '1 second'`);
  await ask(email);
  await expect.poll(async () => (await mailsTo(db, server, email)).length).toBe(4);
  expect(await mailsTo(db, server, 'absent@example.com')).toEqual([]);
});

test('after a reset the second factor is still asked for', async () => {
  const { id, email } = await newUser();
  const { browser } = await signIn(email);
  const { uri, setup_id } = (await browser.ask('POST', '/v1/me/second-factor', { password: PASSWORD })).json;
  await browser.ask('POST', '/v1/me/second-factor/confirm', { setup_id, code: appCode(uri) });
  await reset(await askForReset(email));
  expect((await signIn(email, NEXT)).reply.json).toMatchObject({ second_factor: 'required', workspaces: [] });
  expect((await db.asSuperuser('select totp_confirmed_at from users where id = $1', [id]))[0]).not.toEqual({
    totp_confirmed_at: null,
  });
});

test('an invitation makes a new user a member, once, signed in', async () => {
  const email = 'new.person@example.com';
  const { link } = await invitation(email, 'editor');
  expect(link).toMatch(/^https:\/\/convey\.example\/invite#/);
  const token = tokenOf(link);
  const browser = new Browser(server);
  expect((await browser.ask('POST', '/v1/invitations/lookup', { token })).json).toMatchObject({
    role: 'editor',
    email,
    has_account: false,
  });
  const bad = await browser.ask('POST', '/v1/invitations', {
    token,
    name: 'New',
    password: 'new.person77',
  });
  expect(bad).toMatchObject({ status: 400, json: { code: 'access.bad_password' } });
  const joined = await browser.ask('POST', '/v1/invitations', {
    token,
    name: 'New Person',
    password: PASSWORD,
  });
  expect(joined.json).toMatchObject({
    user: { email, name: 'New Person' },
    workspace: workspaceId,
    workspaces: [{ id: workspaceId, role: 'editor', audiences: ['vip'] }],
  });
  expect((await browser.ask('GET', '/v1/whoami')).json).toMatchObject({ role: 'editor', audiences: ['vip'] });
  expect(
    (await browser.ask('POST', '/v1/invitations', { token, name: 'Again', password: PASSWORD })).status,
  ).toBe(404);
  const events = await db.asSuperuser<{ action: string; details: object }>(
    'select action, details from audit_events where workspace_id = $1 and target_ref = $2 order by seq',
    [workspaceId, joined.json.user.id],
  );
  expect(events.map(({ action }) => action)).toEqual(['user.created', 'member.joined', 'user.signed_in']);
  expect(JSON.stringify(events)).not.toContain('new.person');
  expect(JSON.stringify(events)).not.toContain('New Person');
});

test('who has an account accepts signed in, or with its password, and nobody else does', async () => {
  const { id, email } = await newUser();
  const [first, second] = [await db.createWorkspace('first-more'), await db.createWorkspace('second-more')];
  const token = tokenOf((await invitation(email, 'agent', first)).link);
  const accept = (browser: Browser, body: object = {}) =>
    browser.ask('POST', '/v1/invitations', { token, ...body });
  expect((await accept(new Browser(server))).json).toMatchObject({ code: 'access.sign_in_to_join' });
  expect(
    (await accept(new Browser(server), { name: 'Thief', password: 'a password of one’s own' })).status,
  ).toBe(401);
  const stranger = await signIn((await newUser()).email);
  expect((await accept(stranger.browser)).json).toMatchObject({ code: 'access.sign_in_to_join' });
  const { browser } = await signIn(email);
  expect((await accept(browser)).json).toMatchObject({ user: { id }, workspace: first });
  expect((await browser.ask('GET', '/v1/whoami')).json).toMatchObject({ role: 'agent' });
  const other = tokenOf((await invitation(email, 'agent', second)).link);
  const reply = await new Browser(server).ask('POST', '/v1/invitations', {
    token: other,
    password: PASSWORD,
  });
  expect(reply.json.workspaces.map((workspace: { id: string }) => workspace.id)).toEqual([
    workspaceId,
    first,
    second,
  ]);
  await expect(invitation(email)).rejects.toMatchObject({ code: 'access.member_exists' });
});

test('an invitation ends after 7 days', async () => {
  const { link, expiresAt } = await invitation('late@example.com');
  expect(Math.round((expiresAt.getTime() - Date.now()) / 86_400_000)).toBe(7);
  await db.asSuperuser(`update one_time_links set expires_at = now() where email = 'late@example.com'`);
  expect(
    (await new Browser(server).ask('POST', '/v1/invitations/lookup', { token: tokenOf(link) })).status,
  ).toBe(404);
});

test('no address of the API takes a link’s token: proxies log addresses', async () => {
  const { json } = await new Browser(server).ask('GET', '/openapi.json');
  const paths = Object.keys(json.paths);
  expect(paths).toContain('/v1/invitations/lookup');
  expect(paths.filter((path) => /token/i.test(path))).toEqual([]);
  const token = tokenOf((await invitation('path@example.com')).link);
  for (const page of ['invitations', 'password-resets', 'first-owner'])
    expect((await new Browser(server).ask('GET', `/v1/${page}/${token}`)).status).toBe(404);
});

test('another site cannot use a link', async () => {
  const { email } = await newUser();
  const token = await askForReset(email);
  const evil = new Browser(server, { 'sec-fetch-site': 'cross-site' });
  for (const [path, body] of [
    ['/v1/password-resets/complete', { token, password: NEXT }],
    ['/v1/password-resets', { email }],
    ['/v1/invitations', { token, password: NEXT }],
    ['/v1/first-owner', { token, email, name: 'x', password: NEXT }],
  ] as const)
    expect((await evil.ask('POST', path, body)).json).toMatchObject({ code: 'http.cross_site' });
  expect((await signIn(email)).reply.status).toBe(200);
});

test('a link whose transaction fails is as good as unused', async () => {
  const failing = db.database.inSystem(async (transaction) => {
    const { token } = await makeOneTimeLink(transaction, { kind: 'first_owner', createdBy: 'system' });
    throw new Error(token);
  });
  await expect(failing).rejects.toThrow();
  expect(await db.asSuperuser(`select from one_time_links where kind = 'first_owner'`)).toEqual([]);
});
