import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { hash } from '@node-rs/bcrypt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { findFreePort } from '../../src/database/embedded/host/free-port.ts';
import { mailsTo } from '../support/browser.ts';
import { CLIENT, type ProviderPeople, startProvider, type TestProvider } from '../support/oidc-provider.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const people: ProviderPeople = {
  ada: { email: 'Ada@Example.com', email_verified: true, name: 'Ada at the provider' },
  unverified: { email: 'ben@example.com', email_verified: false },
  silent: { email: 'ben@example.com' },
  invited: { email: 'new@example.com', email_verified: true, name: 'New Person' },
  stranger: { email: 'stranger@elsewhere.example', email_verified: true },
  colleague: { email: 'colleague@corp.example', email_verified: true, name: 'x\ny' },
  linked: { email: 'linked@example.com', email_verified: true },
  shut: { email: 'shut@example.com', email_verified: true },
  recycled: { email: 'ada@example.com', email_verified: true },
};

let db: TestDatabase;
let server: TestServer;
let provider: TestProvider;
let workspaceId: string;
let settings: Record<string, string>;

beforeAll(async () => {
  db = await createTestDatabase();
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  provider = await startProvider(`${url}/v1/session/oidc/callback`, people);
  settings = {
    CONVEY_MASTER_KEY: randomBytes(32).toString('base64'), // servers that follow open what this one sealed
    CONVEY_PORT: String(port),
    CONVEY_URL: url,
    CONVEY_OIDC_ISSUER: provider.issuer,
    CONVEY_OIDC_CLIENT_ID: CLIENT.id,
    CONVEY_OIDC_CLIENT_SECRET: CLIENT.secret,
    CONVEY_OIDC_NAME: 'Example Corp',
    CONVEY_OIDC_DOMAINS: 'example.com,corp.example',
  };
  server = await startTestServer(db.database, settings);
  workspaceId = await db.createWorkspace('support');
});
afterAll(async () => {
  await server?.stop();
  await provider?.stop();
  await db?.drop();
});

const HTML = { accept: 'text/html' };

/** A browser that has begun to sign in: its cookie, and where the provider sent it back to. */
async function begin(
  login: string,
  path = '/v1/session/oidc/start',
): Promise<{ cookie: string; callback: string }> {
  const start = await fetch(server.url + path, { redirect: 'manual', headers: HTML });
  expect(start.status).toBe(302);
  const [set] = start.headers.getSetCookie();
  expect(set).toMatch(/^convey_oidc=.*; HttpOnly; SameSite=Lax/);
  const callback = await provider.signIn(start.headers.get('location')!, login);
  return { cookie: set!.split(';')[0]!, callback };
}

async function finish({ cookie, callback }: { cookie?: string; callback: string }, accept = HTML) {
  const headers = { ...accept, ...(cookie === undefined ? {} : { cookie }) };
  const reply = await fetch(callback, { redirect: 'manual', headers });
  const session = reply.headers.getSetCookie().find((line) => line.startsWith('convey_session='));
  return {
    status: reply.status,
    location: reply.headers.get('location'),
    session: session?.split(';')[0],
    cookies: reply.headers.getSetCookie(),
    body: await reply.text(),
  };
}

const signIn = async (login: string) => finish(await begin(login));
const refusal = (code: string) => ({ status: 302, location: `/sign-in?error=${code}`, session: undefined });

async function plantUser(email: string, { role = 'admin' } = {}): Promise<string> {
  const id = newId('usr');
  await db.asSuperuser('insert into users (id, email, email_key, name) values ($1, $2, $2, $2)', [id, email]);
  await db.asSuperuser('insert into members (workspace_id, user_id, role) values ($1, $2, $3)', [
    workspaceId,
    id,
    role,
  ]);
  return id;
}

const count = async (table: string) =>
  Number((await db.asSuperuser<{ n: string }>(`select count(*) as n from ${table}`))[0]!.n);

describe('somebody whose verified address is a user’s', () => {
  test('is signed in as that user, whom they are tied to from then on', async () => {
    const id = await plantUser('ada@example.com');
    const { cookie, callback } = await begin('ada', '/v1/session/oidc/start?return_to=/exports%3Ftab=2');
    const first = await finish({ cookie, callback });
    expect(first).toMatchObject({ status: 302, location: '/exports?tab=2' });
    expect(first.cookies.some((line) => line.startsWith('convey_oidc=;'))).toBe(true);
    const who = await fetch(`${server.url}/v1/whoami`, { headers: { cookie: first.session! } });
    expect(await who.json()).toMatchObject({ principal: { type: 'user', id }, role: 'admin' });

    await db.asSuperuser(
      `update users set email = 'moved@x.example', email_key = 'moved@x.example' where id = $1`,
      [id],
    );
    expect((await signIn('ada')).session).toBeDefined();
    await db.asSuperuser(
      `update users set email = 'ada@example.com', email_key = 'ada@example.com' where id = $1`,
      [id],
    );
    const events = await db.asSuperuser<{ action: string; details: object }>(
      `select action, details from audit_events where actor_ref = $1 order by seq`,
      [id],
    );
    expect(events.map(({ action }) => action)).toEqual([
      'user.identity_linked',
      'user.signed_in',
      'user.signed_in',
    ]);
    expect(events[0]!.details).toEqual({ issuer: provider.issuer, password_ended: false, sessions: 0 });
    expect(events[1]!.details).toMatchObject({ method: 'oidc' });
    expect(JSON.stringify(events)).not.toMatch(/ada/i);
  });

  test('takes the account over from whoever had its password: that and all sessions end, with a mail', async () => {
    const id = await plantUser('linked@example.com');
    const password = 'seven zebras quilt at dawn';
    await db.asSuperuser('update users set password_hash = $2 where id = $1', [
      id,
      await hash(password, { cost: 4 }),
    ]);
    const ask = (path: string, headers: Record<string, string>, body?: object) =>
      fetch(server.url + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const credentials = { email: 'linked@example.com', password };
    const before = await ask('/v1/session', {}, credentials);
    expect(before.status).toBe(200);
    const cookie = before.headers.get('set-cookie')!.split(';')[0]!;
    await db.asSuperuser(
      `insert into one_time_links (id, kind, token_hash, user_id, created_by, expires_at)
       values ('lnk_reset', 'reset', 'x', $1, $1, now() + interval '1 hour')`,
      [id],
    );
    const { session } = await signIn('linked');
    expect((await ask('/v1/whoami', { cookie })).status).toBe(401);
    expect((await ask('/v1/session', {}, credentials)).status).toBe(401);
    expect((await ask('/v1/whoami', { cookie: session! })).status).toBe(200);
    expect(
      await db.asSuperuser(`select from one_time_links where id = 'lnk_reset' and used_at is null`),
    ).toEqual([]);
    expect(await mailsTo(db, server, 'linked@example.com')).toMatchObject([{ template: 'password_changed' }]);
    const [event] = await db.asSuperuser<{ details: object }>(
      `select details from audit_events where target_ref = $1 and action = 'user.identity_linked'`,
      [id],
    );
    expect(event!.details).toEqual({ issuer: provider.issuer, password_ended: true, sessions: 1 });
    // From then on they come as who they are over there, and what they do here goes on.
    expect((await signIn('linked')).session).toBeDefined();
    expect((await ask('/v1/whoami', { cookie: session! })).status).toBe(200);
  });

  test('is refused when another person over there was that user before', async () => {
    const sessions = await count('sessions');
    expect(await signIn('recycled')).toMatchObject(refusal('access.oidc_no_account'));
    expect(await count('sessions')).toBe(sessions);
  });

  test('is refused when the provider has not verified it, or does not say so', async () => {
    await plantUser('ben@example.com');
    const before = await count('user_identities');
    for (const login of ['unverified', 'silent'])
      expect(await signIn(login)).toMatchObject(refusal('access.oidc_no_account'));
    expect(await count('user_identities')).toBe(before);
  });

  test('is refused when the user was shut out, tied to them or not', async () => {
    const id = await plantUser('shut@example.com');
    await db.asSuperuser('update users set disabled_at = now() where id = $1', [id]);
    expect(await signIn('shut')).toMatchObject(refusal('access.oidc_no_account'));
    await db.asSuperuser('update users set disabled_at = null where id = $1', [id]);
    expect((await signIn('shut')).session).toBeDefined();
    await db.asSuperuser('update users set disabled_at = now() where id = $1', [id]);
    expect(await signIn('shut')).toMatchObject(refusal('access.oidc_no_account'));
  });
});

describe('somebody who is no user', () => {
  test('becomes one when they were invited: a member with the invitation’s role, which is used up', async () => {
    const link = newId('lnk');
    await db.asSuperuser(
      `insert into one_time_links (id, kind, token_hash, email, workspace_id, role, created_by, expires_at)
       values ($1, 'invite', $1, ' New@Example.com', $2, 'viewer', 'usr_x', now() + interval '1 day')`,
      [link, workspaceId],
    );
    const { session } = await signIn('invited');
    const who = await fetch(`${server.url}/v1/whoami`, { headers: { cookie: session! } });
    expect(await who.json()).toMatchObject({
      principal: { name: 'New Person' },
      workspace: { id: workspaceId },
      role: 'viewer',
    });
    expect(await db.asSuperuser('select from one_time_links where used_at is null')).toEqual([]);
    const events = await db.asSuperuser<{ action: string }>(
      `select action from audit_events where workspace_id = $1 and details ->> 'invitation' = $2`,
      [workspaceId, link],
    );
    expect(events).toEqual([{ action: 'member.joined' }]);
  });

  test('is refused when they were not, or the invitation is too old, and nothing is made', async () => {
    await db.asSuperuser(
      `insert into one_time_links (id, kind, token_hash, email, workspace_id, role, created_by, expires_at)
       values ('lnk_old', 'invite', 'old', 'colleague@corp.example', $1, 'viewer', 'usr_x', now())`,
      [workspaceId],
    );
    const users = await count('users');
    for (const login of ['stranger', 'colleague'])
      expect(await signIn(login)).toMatchObject(refusal('access.oidc_no_account'));
    expect(await count('users')).toBe(users);
    const { status, body } = await finish(await begin('stranger'), { accept: 'application/json' });
    expect({ status, ...JSON.parse(body) }).toMatchObject({ status: 403, code: 'access.oidc_no_account' });
  });

  test('joins where the settings let their domain in, and only theirs', async () => {
    await server.stop();
    server = await startTestServer(db.database, { ...settings, CONVEY_OIDC_JOIN: 'support:agent' });
    try {
      expect(await signIn('stranger')).toMatchObject(refusal('access.oidc_no_account'));
      const { session } = await signIn('colleague');
      const who = await fetch(`${server.url}/v1/whoami`, { headers: { cookie: session! } });
      // The name that the provider tells is none that Convey takes.
      expect(await who.json()).toMatchObject({ principal: { name: 'colleague' }, role: 'agent' });
    } finally {
      await server.stop();
      server = await startTestServer(db.database, settings);
    }
  });
});

describe('a way back is refused', () => {
  const refused = refusal('access.oidc_refused');

  test('in another browser than the one that began', async () => {
    const mine = await begin('ada');
    const theirs = await begin('stranger');
    expect(await finish({ callback: mine.callback })).toMatchObject(refused);
    expect(await finish({ callback: mine.callback, cookie: theirs.cookie })).toMatchObject(refused);
  });

  test('with another state, without one, and with another issuer', async () => {
    for (const change of [
      (url: URL) => url.searchParams.set('state', 'x'),
      (url: URL) => url.searchParams.delete('state'),
      (url: URL) => url.searchParams.set('iss', 'https://other.example'),
      (url: URL) => url.searchParams.set('code', 'x'),
      (url: URL) => url.searchParams.append('state', 'x'),
    ]) {
      const { cookie, callback } = await begin('ada');
      const url = new URL(callback);
      change(url);
      expect(await finish({ cookie, callback: url.href })).toMatchObject(refused);
    }
  });

  test('the second time', async () => {
    const once = await begin('ada');
    expect((await finish(once)).session).toBeDefined();
    expect(await finish(once)).toMatchObject(refused);
  });

  test('with a cookie that was changed, is another secret, or too old', async () => {
    const { cookie, callback } = await begin('ada');
    const other = await server.installation.sealedTexts.seal('{}', 'something else');
    const checks = { state: 'x', nonce: 'x', codeVerifier: 'x', returnTo: '/' };
    const old = JSON.stringify({ ...checks, endsAtMs: Date.now() - 1 });
    const tooOld = await server.installation.sealedTexts.seal(old, 'oidc sign-in');
    for (const wrong of [
      `${cookie.slice(0, -4)}AAAA`,
      `convey_oidc=${other}`,
      `convey_oidc=${tooOld}`,
      'convey_oidc=x',
    ])
      expect(await finish({ cookie: wrong, callback })).toMatchObject(refused);
  });

  test('with another nonce in the token', async () => {
    const { cookie, callback } = await begin('ada');
    const { sealedTexts } = server.installation;
    const started = JSON.parse(
      await sealedTexts.open(cookie.slice('convey_oidc='.length), 'oidc sign-in'),
    ) as object;
    const changed = await sealedTexts.seal(JSON.stringify({ ...started, nonce: 'another' }), 'oidc sign-in');
    expect(await finish({ cookie: `convey_oidc=${changed}`, callback })).toMatchObject(refused);
  });

  test('when the person said no over there', async () => {
    const { cookie, callback } = await begin('ada');
    const url = new URL(callback);
    url.searchParams.delete('code');
    url.searchParams.set('error', 'access_denied');
    expect(await finish({ cookie, callback: url.href })).toMatchObject(refused);
  });
});

test('a page to come back to is a path of this server', async () => {
  for (const path of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'exports',
    '/a\\b',
    '/\tevil',
  ]) {
    const reply = await fetch(`${server.url}/v1/session/oidc/start?return_to=${encodeURIComponent(path)}`, {
      redirect: 'manual',
    });
    expect({ path, status: reply.status }).toEqual({ path, status: 400 });
  }
});

test('another site cannot make a browser begin; our own pages and a typed address can', async () => {
  const start = (site: string, accept = '*/*') =>
    fetch(`${server.url}/v1/session/oidc/start`, {
      redirect: 'manual',
      headers: { 'sec-fetch-site': site, accept },
    });
  const refused = await start('cross-site');
  expect(await refused.json()).toMatchObject({ status: 403, code: 'http.cross_site' });
  expect(refused.headers.get('set-cookie')).toBeNull();
  const page = await start('cross-site', 'text/html');
  expect(page.headers.get('location')).toBe('/sign-in?error=http.cross_site');
  expect(page.headers.get('set-cookie')).toBeNull();
  for (const site of ['same-origin', 'none'])
    expect((await start(site)).headers.get('location')).toContain(provider.issuer);
});

test('what the browser holds meanwhile can be read by nobody else', async () => {
  const { cookie } = await begin('ada', '/v1/session/oidc/start?return_to=/secret-page');
  expect(Buffer.from(cookie, 'base64url').toString('latin1')).not.toContain('secret-page');
  expect(cookie).not.toContain('secret-page');
});

test('the ways to sign in are told without credentials', async () => {
  const reply = await fetch(`${server.url}/v1/sign-in-methods`);
  expect(await reply.json()).toEqual({
    password: true,
    oidc: { name: 'Example Corp', start: '/v1/session/oidc/start' },
    sends_mails: false,
  });
});

describe('a provider', () => {
  async function withSettings(
    own: Record<string, string>,
    work: (url: string) => Promise<void>,
  ): Promise<void> {
    const { CONVEY_MASTER_KEY } = settings;
    const other = await startTestServer(db.database, { CONVEY_MASTER_KEY: CONVEY_MASTER_KEY!, ...own });
    try {
      await work(other.url);
    } finally {
      await other.stop();
    }
  }
  const start = (url: string) => fetch(`${url}/v1/session/oidc/start`, { redirect: 'manual', headers: HTML });

  test('that is down is said to be down, and passwords work', async () => {
    const { CONVEY_PORT: _port, ...rest } = settings;
    const port = await findFreePort();
    await withSettings({ ...rest, CONVEY_OIDC_ISSUER: `http://127.0.0.1:${port}` }, async (url) => {
      expect((await start(url)).headers.get('location')).toBe('/sign-in?error=access.oidc_unavailable');
      const plain = await fetch(`${url}/v1/session/oidc/start`, { redirect: 'manual' });
      expect(await plain.json()).toMatchObject({ status: 503, code: 'access.oidc_unavailable' });
      const password = await fetch(`${url}/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'nobody@example.com', password: 'not the right one' }),
      });
      expect(await password.json()).toMatchObject({ status: 401, code: 'access.sign_in_failed' });
    });
  });

  test('that claims to be another is not believed', async () => {
    const liar = createServer((_request, reply) => {
      reply.setHeader('content-type', 'application/json').end(JSON.stringify({ issuer: provider.issuer }));
    });
    const port = await findFreePort();
    await new Promise<void>((resolve) => liar.listen(port, '127.0.0.1', resolve));
    const { CONVEY_PORT: _port, ...rest } = settings;
    await withSettings({ ...rest, CONVEY_OIDC_ISSUER: `http://127.0.0.1:${port}` }, async (url) => {
      expect((await start(url)).headers.get('location')).toBe('/sign-in?error=access.oidc_unavailable');
    });
    liar.closeAllConnections();
    liar.close();
  });

  test('that nobody set is not offered', async () => {
    await withSettings({}, async (url) => {
      expect(await (await fetch(`${url}/v1/sign-in-methods`)).json()).toEqual({
        password: true,
        oidc: null,
        sends_mails: false,
      });
      expect((await start(url)).headers.get('location')).toBe('/sign-in?error=access.oidc_off');
    });
  });
});
