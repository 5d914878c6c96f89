import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { hash } from '@node-rs/bcrypt';
import { inviteByOperator } from '../../src/access/sign-in/sign-in.commands.ts';
import { confirmSecret, makeSecret } from '../../src/access/sign-in/second-factor/second-factor.ts';
import { newId } from '../../src/ids.ts';
import { appCode, Browser, mailsTo, tokenOf } from '../support/browser.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const PASSWORD = 'seven zebras quilt at dawn';
let db: TestDatabase;
let server: TestServer;
let workspaceId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace('factors');
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
  await db.asSuperuser(`insert into members (workspace_id, user_id, role) values ($1, $2, 'admin')`, [
    workspaceId,
    id,
  ]);
  return { id, email };
}

async function begin(email: string): Promise<Browser> {
  const browser = new Browser(server);
  expect((await browser.ask('POST', '/v1/session', { email, password: PASSWORD })).status).toBe(200);
  return browser;
}

/** Lets the codes of the present step be used again, as if time had passed. */
const forgetStep = (id: string) =>
  db.asSuperuser('update users set totp_last_step = null where id = $1', [id]);

const setUp = (browser: Browser, body: object = { password: PASSWORD }) =>
  browser.ask('POST', '/v1/me/second-factor', body);
const confirm = (browser: Browser, setup_id: string, code: string) =>
  browser.ask('POST', '/v1/me/second-factor/confirm', { setup_id, code });

async function newUserWithFactor() {
  const user = await newUser();
  const browser = await begin(user.email);
  const { uri, secret, ...shown } = (await setUp(browser)).json;
  const { recovery_codes: codes } = (await confirm(browser, shown.setup_id, appCode(uri))).json;
  await forgetStep(user.id);
  return { ...user, browser, uri: uri as string, secret: secret as string, codes: codes as string[] };
}

const answer = (browser: Browser, code: string) => browser.ask('POST', '/v1/session/second-factor', { code });
const actions = async (id: string) =>
  (
    await db.asSuperuser<{ action: string }>(
      'select action from audit_events where target_ref = $1 order by seq',
      [id],
    )
  ).map(({ action }) => action);

test('a second factor is in force once a code is confirmed, ends other sessions, and gives 8 codes once', async () => {
  const { id, email } = await newUser();
  const [browser, other] = [await begin(email), await begin(email)];
  const set = await setUp(browser);
  expect(set.json.uri).toMatch(/^otpauth:\/\/totp\/.*issuer=/);
  expect(Buffer.from(set.json.secret).length).toBe(32); // 160 bits in base 32
  expect((await browser.ask('GET', '/v1/session')).json).toMatchObject({ second_factor_enabled: false });
  expect((await begin(email)).tokens).toHaveLength(1); // not asked for yet
  expect(await confirm(browser, set.json.setup_id, '000000')).toMatchObject({ status: 401 });
  const { json } = await confirm(browser, set.json.setup_id, appCode(set.json.uri));
  expect(new Set(json.recovery_codes).size).toBe(8);
  for (const code of json.recovery_codes)
    expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){6}[0-9a-hjkmnp-tv-z]{2}$/); // 26 of 5 bits: 130
  expect((await other.ask('GET', '/v1/session')).status).toBe(401);
  expect((await browser.ask('GET', '/v1/session')).json).toMatchObject({
    second_factor_enabled: true,
    recovery_codes_left: 8,
  });
  expect(await setUp(browser)).toMatchObject({ status: 409 });
  expect(await actions(id)).toContain('user.second_factor_enabled');
});

test('before the code a session opens nothing and names no workspace; after it the token is another', async () => {
  const { id, email, uri } = await newUserWithFactor();
  const browser = new Browser(server);
  const first = await browser.ask('POST', '/v1/session', { email, password: PASSWORD });
  expect(first.json).toMatchObject({ second_factor: 'required', workspaces: [], workspace: null });
  const waiting = browser.tokens[0]!;
  for (const [method, path] of [
    ['GET', '/v1/whoami'],
    ['GET', '/v1/session'],
    ['GET', '/v1/sessions'],
    ['DELETE', '/v1/me/second-factor'],
  ] as const)
    expect(
      (
        await browser.ask(
          method,
          path,
          method === 'DELETE' ? { password: PASSWORD, code: '000000' } : undefined,
        )
      ).status,
    ).toBe(401);
  const before = (await actions(id)).length;
  expect((await answer(browser, '123456')).json).toMatchObject({ code: 'access.bad_code' });
  expect(browser.tokens).toHaveLength(1);
  const done = await answer(browser, appCode(uri));
  expect(done.json).toMatchObject({ second_factor: 'none', workspaces: [{ id: workspaceId }] });
  expect(browser.tokens[1]).not.toBe(waiting);
  expect((await browser.ask('GET', '/v1/whoami')).status).toBe(200);
  const old = await fetch(`${server.url}/v1/session/second-factor`, {
    method: 'POST',
    headers: {
      cookie: `convey_session=${waiting}`,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ code: appCode(uri, 1) }),
  });
  expect(old.status).toBe(401);
  expect((await actions(id)).slice(before).filter((action) => action === 'user.signed_in')).toHaveLength(1);
});

test('each code counts once, one step early or late, and never two', async () => {
  const { id, email, uri } = await newUserWithFactor();
  const code = appCode(uri);
  expect((await answer(await begin(email), code)).status).toBe(200);
  expect((await answer(await begin(email), code)).status).toBe(401);
  expect((await answer(await begin(email), appCode(uri, 1))).status).toBe(200);
  // An older step than the last is not taken any more, even if it was never used.
  expect((await answer(await begin(email), appCode(uri))).status).toBe(401);
  await forgetStep(id);
  await db.asSuperuser('delete from rate_counters');
  expect((await answer(await begin(email), appCode(uri, -3))).status).toBe(401);
  expect((await answer(await begin(email), appCode(uri, 3))).status).toBe(401);
});

test('of five sign-ins with one code at once, one succeeds', async () => {
  const { email, uri } = await newUserWithFactor();
  const browsers = [];
  for (let i = 0; i < 5; i++) browsers.push(await begin(email));
  const code = appCode(uri);
  const answers = await Promise.all(browsers.map((browser) => answer(browser, code)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test('a recovery code stands in once', async () => {
  const { email, codes } = await newUserWithFactor();
  const browser = await begin(email);
  expect((await answer(browser, codes[3]!.toUpperCase())).status).toBe(200);
  expect((await browser.ask('GET', '/v1/session')).json).toMatchObject({ recovery_codes_left: 7 });
  expect((await answer(await begin(email), codes[3]!)).status).toBe(401);
  expect((await answer(await begin(email), codes[4]!.replaceAll('-', ''))).status).toBe(200);
});

test('five wrong codes lock the second factor for 15 minutes, with a mail, the right code too', async () => {
  const { id, email, uri, codes } = await newUserWithFactor();
  const browser = await begin(email);
  for (let i = 0; i < 5; i++) expect((await answer(browser, `00000${i}`)).status).toBe(401);
  await db.asSuperuser(`delete from rate_counters where key not like 'sign-in-lock%'`);
  for (const code of [appCode(uri), codes[0]!])
    expect(await answer(browser, code)).toMatchObject({
      status: 429,
      json: { code: 'access.too_many_sign_ins' },
    });
  await expect.poll(() => mailsTo(db, server, email)).toMatchObject([{ template: 'codes_locked' }]);
  await expect.poll(() => actions(id)).toContain('user.locked');
});

test('a code that just succeeded and comes again opens nothing and is no failure; a guess is one', async () => {
  const { id, email, uri, codes } = await newUserWithFactor();
  for (const code of [appCode(uri), codes[2]!]) {
    const browsers = [];
    for (let i = 0; i < 4; i++) browsers.push(await begin(email));
    expect((await answer(browsers[0]!, code)).status).toBe(200);
    for (const browser of browsers.slice(1)) {
      expect((await answer(browser, code)).json).toMatchObject({ code: 'access.bad_code' });
      expect((await browser.ask('GET', '/v1/session')).status).toBe(401);
    }
  }
  expect(await actions(id)).not.toContain('user.sign_in_failed');
  const counted = await db.asSuperuser(`select from rate_counters where key like 'sign-in%' and count > 0`);
  expect(counted).toEqual([]);
  expect((await answer(await begin(email), '000000')).status).toBe(401);
  expect(
    await db.asSuperuser(`select from rate_counters where key like 'sign-in%' and count > 0`),
  ).not.toEqual([]);
});

test('an invitation is not accepted with the password alone where there is a second factor', async () => {
  const { id, email, uri, codes } = await newUserWithFactor();
  const invited = async () => {
    const to = await db.createWorkspace();
    const { link } = await inviteByOperator(db.database, 'https://convey.example', {
      email,
      workspace: to,
      role: 'agent',
    });
    return { to, token: tokenOf(link) };
  };
  const isMember = async (to: string) =>
    (await db.asSuperuser('select from members where user_id = $1 and workspace_id = $2', [id, to]))
      .length === 1;
  const accept = (browser: Browser, body: object) => browser.ask('POST', '/v1/invitations', body);
  const { to, token } = await invited();
  const browser = new Browser(server);
  expect(await accept(browser, { token, password: PASSWORD })).toMatchObject({
    status: 401,
    json: { code: 'access.second_factor_to_join' },
  });
  expect(await accept(browser, { token, password: PASSWORD, code: '000000' })).toMatchObject({
    status: 401,
    json: { code: 'access.bad_code' },
  });
  // A session that waits for its code is no sign-in either.
  expect((await accept(await begin(email), { token })).json).toMatchObject({
    code: 'access.sign_in_to_join',
  });
  expect(await isMember(to)).toBe(false);
  expect(browser.tokens).toEqual([]);
  const joins = () =>
    db.asSuperuser(`select from audit_events where action = 'member.joined' and target_ref = $1`, [id]);
  expect(await joins()).toEqual([]);

  const joined = await accept(browser, { token, password: PASSWORD, code: appCode(uri) });
  expect(joined.json).toMatchObject({ second_factor: 'none', user: { id } });
  expect(await isMember(to)).toBe(true);
  expect(await joins()).toHaveLength(1);
  expect((await browser.ask('GET', '/v1/whoami')).status).toBe(200);

  const other = await invited();
  const signedIn = await begin(email);
  expect((await answer(signedIn, codes[0]!)).status).toBe(200);
  expect((await accept(signedIn, { token: other.token })).status).toBe(200);
  expect(await isMember(other.to)).toBe(true);
});

test('a new password by mail ends the lock of the password, not that of codes', async () => {
  const { id, email, uri } = await newUserWithFactor();
  const browser = await begin(email);
  for (let i = 0; i < 5; i++) expect((await answer(browser, `00000${i}`)).status).toBe(401);
  // Without the lock of the network, which has its own.
  const lock = `sign-in-lock:${server.installation.hashCounted(`account second_factor ${id}`)}`;
  await db.asSuperuser('delete from rate_counters where key <> $1', [lock]);
  await expect.poll(() => mailsTo(db, server, email)).toHaveLength(1);
  await browser.ask('POST', '/v1/password-resets', { email });
  await expect.poll(() => mailsTo(db, server, email)).toHaveLength(2);
  const token = tokenOf(
    (await mailsTo(db, server, email)).find(({ template }) => template === 'reset')!.values['link']!,
  );
  const password = 'eight otters paint a fence';
  expect((await browser.ask('POST', '/v1/password-resets/complete', { token, password })).status).toBe(204);
  const again = new Browser(server);
  expect((await again.ask('POST', '/v1/session', { email, password })).status).toBe(200);
  expect((await answer(again, appCode(uri))).status).toBe(429);
});

test('new recovery codes take a code of the app, and end the old ones', async () => {
  const { browser, uri, codes, email } = await newUserWithFactor();
  expect((await browser.ask('POST', '/v1/me/recovery-codes', { code: '000000' })).status).toBe(401);
  const renewed = await browser.ask('POST', '/v1/me/recovery-codes', { code: appCode(uri) });
  expect(renewed.json.recovery_codes).toHaveLength(8);
  expect((await answer(await begin(email), codes[0]!)).status).toBe(401);
  expect((await answer(await begin(email), renewed.json.recovery_codes[0])).status).toBe(200);
});

test('it is taken away with the password and a code, and not while a workspace asks for it', async () => {
  const { id, browser, email, uri, codes } = await newUserWithFactor();
  const remove = (body: object) => browser.ask('DELETE', '/v1/me/second-factor', body);
  const code = appCode(uri);
  expect(await remove({ code })).toMatchObject({ status: 400, json: { code: 'access.needs_proof' } });
  expect(await remove({ password: PASSWORD })).toMatchObject({ status: 400 });
  expect(await remove({ password: 'not it', code })).toMatchObject({ status: 403 });
  expect(await remove({ password: PASSWORD, code: '000000' })).toMatchObject({
    status: 401,
    json: { code: 'access.bad_code' },
  });
  expect((await browser.ask('GET', '/v1/session')).json).toMatchObject({ second_factor_enabled: true });
  await db.asSuperuser('update workspaces set requires_second_factor = true where id = $1', [workspaceId]);
  expect(await remove({ password: PASSWORD, code })).toMatchObject({
    status: 409,
    json: { code: 'access.second_factor_kept' },
  });
  await db.asSuperuser('update workspaces set requires_second_factor = false where id = $1', [workspaceId]);
  expect((await remove({ password: PASSWORD, code: codes[0]! })).status).toBe(204);
  expect((await browser.ask('GET', '/v1/session')).json).toMatchObject({ second_factor_enabled: false });
  expect((await (await begin(email)).ask('GET', '/v1/whoami')).status).toBe(200);
  expect(await actions(id)).toContain('user.second_factor_disabled');
  const [row] = await db.asSuperuser('select totp_secret, recovery_codes from users where id = $1', [id]);
  expect(row).toEqual({ totp_secret: null, recovery_codes: [] });
});

test('setting one up takes the password; without one, a sign-in of the last 10 minutes', async () => {
  const { id, email } = await newUser();
  const browser = await begin(email);
  expect(await setUp(browser, {})).toMatchObject({ status: 400, json: { code: 'access.needs_proof' } });
  expect(await setUp(browser, { password: 'not it' })).toMatchObject({
    status: 403,
    json: { code: 'access.wrong_password' },
  });
  await db.asSuperuser('update users set password_hash = null where id = $1', [id]); // signs in elsewhere
  await db.asSuperuser(`update sessions set created_at = now() - interval '11 minutes' where user_id = $1`, [
    id,
  ]);
  for (const body of [{}, { password: PASSWORD }])
    expect(await setUp(browser, body)).toMatchObject({
      status: 403,
      json: { code: 'access.sign_in_again' },
    });
  const [row] = await db.asSuperuser('select totp_secret from users where id = $1', [id]);
  expect(row).toEqual({ totp_secret: null });
  await db.asSuperuser(`update sessions set created_at = now() - interval '9 minutes' where user_id = $1`, [
    id,
  ]);
  expect((await setUp(browser, {})).status).toBe(200);
});

test('of two that were begun, a code of the one confirms only that one, and the later is the one', async () => {
  const { email } = await newUser();
  const browser = await begin(email);
  const [first, second] = [(await setUp(browser)).json, (await setUp(browser)).json];
  expect(second.setup_id).not.toBe(first.setup_id);
  expect((await confirm(browser, first.setup_id, appCode(first.uri))).status).toBe(401);
  expect((await confirm(browser, second.setup_id, appCode(first.uri))).status).toBe(401);
  expect((await confirm(browser, first.setup_id, appCode(second.uri))).status).toBe(401);
  expect((await browser.ask('GET', '/v1/session')).json).toMatchObject({ second_factor_enabled: false });
  expect((await confirm(browser, second.setup_id, appCode(second.uri))).status).toBe(200);
});

test('a secret that took another’s place after its code was checked is not put in force', async () => {
  const { id, email } = await newUser();
  const { sealedTexts } = server.installation;
  const shown = await db.database.inSystem((transaction) =>
    makeSecret(transaction, sealedTexts, { id, email }, 'Convey'),
  );
  await db.database.inSystem((transaction) => makeSecret(transaction, sealedTexts, { id, email }, 'Convey'));
  const isConfirmed = db.database.inSystem((transaction) =>
    confirmSecret(transaction, sealedTexts, id, shown!.setupId),
  );
  expect(await isConfirmed).toBe(false);
});

test('a member without one, of a workspace that asks for it, can set it up and nothing else', async () => {
  const { email } = await newUser();
  const browser = await begin(email);
  await db.asSuperuser('update workspaces set requires_second_factor = true where id = $1', [workspaceId]);
  try {
    expect(await browser.ask('GET', '/v1/contacts')).toMatchObject({
      status: 403,
      json: { code: 'access.second_factor_required' },
    });
    const { uri, setup_id } = (await setUp(browser)).json;
    expect((await confirm(browser, setup_id, appCode(uri))).status).toBe(200);
    expect((await browser.ask('GET', '/v1/contacts')).status).toBe(200);
  } finally {
    await db.asSuperuser('update workspaces set requires_second_factor = false where id = $1', [workspaceId]);
  }
});
