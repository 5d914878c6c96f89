import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFirstOwnerLink } from '../../src/access/sign-in/joining/first-owner.ts';
import { inviteByOperator } from '../../src/access/sign-in/sign-in.commands.ts';
import { appCode, Browser, mailsTo, tokenOf } from '../support/browser.ts';
import { everythingStored } from '../support/everything-stored.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const PASSWORDS = [
  'seven zebras quilt at dawn',
  'eight otters paint a fence',
  'nine herons mend the sail',
  'ten moles sing',
];
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

test('a stolen copy of the database holds no session, link, password, second factor, code or key that works', async () => {
  const secrets: Record<string, string> = {};
  const noteTokens = (name: string, { tokens }: Browser) => {
    for (const [i, token] of tokens.entries()) if (token !== '') secrets[`${name} ${i}`] = token;
  };
  // The first owner, with a key.
  const owner = new Browser(server);
  const first = tokenOf((await makeFirstOwnerLink(db.database, server.url))!);
  const unused = tokenOf((await makeFirstOwnerLink(db.database, server.url))!);
  Object.assign(secrets, { first, unused });
  const email = 'owner@example.com';
  await owner.ask('POST', '/v1/first-owner', {
    token: first,
    email,
    name: 'Owner',
    password: PASSWORDS[0],
    workspace_name: 'Northwind',
    workspace_slug: 'northwind',
  });
  const { authorization } = await server.authorize('northwind', ['admin']);
  secrets['key'] = authorization.replace('Bearer ', '');
  // A second factor; signing in with it, and with a recovery code.
  const begun = await owner.ask('POST', '/v1/me/second-factor', { password: PASSWORDS[0] });
  const { uri, secret, setup_id } = begun.json;
  secrets['totp'] = secret;
  const confirmed = await owner.ask('POST', '/v1/me/second-factor/confirm', { setup_id, code: appCode(uri) });
  const codes = confirmed.json.recovery_codes as string[];
  for (const [i, code] of codes.entries()) secrets[`code ${i}`] = code;
  const second = new Browser(server);
  await second.ask('POST', '/v1/session', { email, password: PASSWORDS[0] });
  expect((await second.ask('POST', '/v1/session/second-factor', { code: codes[0]! })).status).toBe(200);
  const waiting = new Browser(server);
  await waiting.ask('POST', '/v1/session', { email, password: PASSWORDS[0] });
  // A failed sign-in: what was typed is a secret as well.
  await new Browser(server).ask('POST', '/v1/session', { email, password: PASSWORDS[3] });
  await new Browser(server).ask('POST', '/v1/session', { email: PASSWORDS[3], password: 'x' });
  // A password changed, and one reset by mail.
  await second.ask('PUT', '/v1/me/password', { current_password: PASSWORDS[0], new_password: PASSWORDS[1] });
  for (const used of [true, false]) {
    const before = (await mailsTo(db, server, email)).length;
    await owner.ask('POST', '/v1/password-resets', { email });
    await expect.poll(async () => (await mailsTo(db, server, email)).length).toBe(before + 1);
    const token = tokenOf((await mailsTo(db, server, email)).at(-1)!.values['link']!);
    secrets[`reset ${used}`] = token;
    if (!used) continue;
    const reply = await owner.ask('POST', '/v1/password-resets/complete', { token, password: PASSWORDS[2] });
    expect(reply.status).toBe(204);
  }
  const again = new Browser(server);
  await again.ask('POST', '/v1/session', { email, password: PASSWORDS[2] });
  expect((await again.ask('POST', '/v1/session/second-factor', { code: codes[1]! })).status).toBe(200);
  // Invitations: used, open.
  const invite = (to: string) =>
    inviteByOperator(db.database, server.url, { email: to, workspace: 'northwind', role: 'viewer' });
  secrets['invited'] = tokenOf((await invite('a@example.com')).link);
  secrets['open'] = tokenOf((await invite('b@example.com')).link);
  const guest = new Browser(server);
  await guest.ask('POST', '/v1/invitations', {
    token: secrets['invited'],
    name: 'A',
    password: PASSWORDS[1],
  });
  for (const [name, browser] of Object.entries({ owner, second, waiting, again, guest }))
    noteTokens(name, browser);
  for (const [i, password] of PASSWORDS.entries()) secrets[`password ${i}`] = password;

  const stored = await everythingStored(db);
  expect(Object.keys(secrets).length).toBeGreaterThan(25);
  expect(stored).toContain(createHash('sha256').update(secrets['again 1']!).digest('hex')); // it does look in the right place
  for (const [name, text] of Object.entries(secrets)) {
    expect({ name, isStored: stored.includes(text) }).toEqual({ name, isStored: false });
    const bytes = [text, text.replaceAll('-', '')].flatMap((one) => [
      one,
      Buffer.from(one).toString('hex'),
      Buffer.from(one).toString('base64url').slice(0, -3),
    ]);
    for (const form of bytes)
      expect({ name, isStored: stored.includes(form) }).toEqual({ name, isStored: false });
  }
  // Who has the copy cannot try addresses and networks against the counters either.
  const counters = await db.asSuperuser<{ key: string }>('select key from rate_counters');
  const counted = ['account password owner@example.com', 'network 127.0.0', '127.0.0', email];
  expect(counters.length).toBeGreaterThan(2);
  for (const text of counted) {
    for (const encoding of ['hex', 'base64url'] as const) {
      const hash = createHash('sha256').update(text).digest(encoding);
      expect(counters.filter(({ key }) => key.includes(hash) || key.includes(text))).toEqual([]);
    }
  }
  // What is stored opens nothing when it is presented in place of what it stands for.
  const hashes = await db.asSuperuser<{ hash: string }>(
    'select token_hash as hash from sessions union all select token_hash from one_time_links union all select secret_hash from api_keys',
  );
  for (const { hash } of hashes) {
    const cookie = await fetch(`${server.url}/v1/whoami`, { headers: { cookie: `convey_session=${hash}` } });
    const key = await fetch(`${server.url}/v1/whoami`, { headers: { authorization: `Bearer ${hash}` } });
    const link = await new Browser(server).ask('POST', '/v1/invitations/lookup', { token: hash });
    await db.asSuperuser('delete from rate_counters');
    expect([cookie.status, key.status, link.status]).toEqual([401, 401, 404]);
  }
  // Nor did the server write any of it into its log.
  const logged = JSON.stringify(server.logged);
  for (const [name, text] of Object.entries(secrets))
    expect({ name, isLogged: logged.includes(text) }).toEqual({ name, isLogged: false });
});
