import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey } from '../../src/access/access.commands.ts';
import { plantMember } from '../support/people.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let db: TestDatabase;
/** One server that trusts this machine as a proxy, one that trusts another machine, and one that trusts none. */
let trusting: TestServer;
let trustingOther: TestServer;
let plain: TestServer;
/** Known as https, though it can neither speak it nor trusts whoever does in front of it. */
let misled: TestServer;
let workspaceId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  trusting = await startTestServer(db.database, { CONVEY_TRUSTED_PROXIES: '127.0.0.0/8, 10.9.0.1' });
  trustingOther = await startTestServer(db.database, { CONVEY_TRUSTED_PROXIES: '10.9.0.1' });
  plain = await startTestServer(db.database);
  misled = await startTestServer(db.database, { CONVEY_URL: 'https://convey.example' });
  workspaceId = await db.createWorkspace('behind');
});
afterAll(async () => {
  await Promise.all([trusting?.stop(), trustingOther?.stop(), plain?.stop(), misled?.stop()]);
  await db?.drop();
});

const untrusting = () => [trustingOther, plain];
const forwarded = {
  'x-forwarded-for': '198.51.100.9, 203.0.113.7, 10.9.0.1',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'convey.example',
  forwarded: 'for=192.0.2.66;proto=https',
};

/** The address in the audit event of a denial that this request causes. */
async function deniedFrom(server: TestServer, more: Record<string, string> = {}): Promise<string> {
  const viewer = await plantMember(db, workspaceId, 'viewer');
  const cookie = `${server === trusting ? '__Host-' : ''}convey_session=${viewer.token}`;
  const reply = await fetch(`${server.url}/v1/contacts/export`, {
    headers: { ...viewer.headers, ...forwarded, ...more, cookie },
  });
  expect(await reply.json()).toMatchObject({ code: 'access.forbidden' });
  const [row] = await db.asSuperuser<{ ip: string }>(
    `select b.body ->> 'ip' as ip from audit_events e join audit_bodies b using (workspace_id, seq)
      where e.actor_ref = $1 and e.action = 'access.denied'`,
    [viewer.userId],
  );
  return row!.ip;
}

test('through a trusted proxy the audit log shows the client: the last address that is no trusted proxy’s', async () => {
  expect(await deniedFrom(trusting)).toBe('203.0.113.7'); // what stands before it, the client may have written
});

test('what is no address is nobody’s: through a trusted proxy the last address before it counts, else the proxy’s own', async () => {
  const from = (value: string) => deniedFrom(trusting, { 'x-forwarded-for': value });
  for (const text of ['Ann Example', '203.0.113.7, <b>', '203.0.113.7:443', 'fe80::1%text', 'unknown'])
    expect(await from(text), text).toBe('127.0.0.1');
  expect(await from('Ann Example, 203.0.113.7, 10.9.0.1')).toBe('203.0.113.7');
  expect(await from('203.0.113.7, Ann Example, 10.9.0.1')).toBe('10.9.0.1');
});

test('from anybody else the headers count for nothing: the audit log shows the connection’s address', async () => {
  for (const server of untrusting()) expect(await deniedFrom(server)).toBe('127.0.0.1');
});

test('a key bound to a network works from it through a trusted proxy, and cannot be helped by a forged header', async () => {
  const { text } = await createKey(db.database, { workspace: workspaceId, name: 'bound', scopes: ['admin'] });
  await db.asSuperuser(`update api_keys set allowed_networks = '{203.0.113.0/24}' where workspace_id = $1`, [
    workspaceId,
  ]);
  const ask = async (server: TestServer, headers: Record<string, string>) =>
    (await fetch(`${server.url}/v1/whoami`, { headers: { authorization: `Bearer ${text}`, ...headers } }))
      .status;
  expect(await ask(trusting, forwarded)).toBe(200);
  expect(await ask(trusting, { 'x-forwarded-for': '203.0.113.7, 198.51.100.9' })).toBe(403);
  expect(await ask(trusting, {})).toBe(403);
  for (const server of untrusting()) expect(await ask(server, forwarded)).toBe(403);
});

describe('the cookie', () => {
  const ask = async (server: TestServer, name: string, headers: Record<string, string>) => {
    const { headers: own, token } = await plantMember(db, workspaceId, 'viewer');
    const cookie = `${name}=${token}`;
    return (await fetch(`${server.url}/v1/whoami`, { headers: { ...own, cookie, ...headers } })).status;
  };

  test('is the secure one where a trusted proxy says that the browser sees HTTPS', async () => {
    expect(await ask(trusting, '__Host-convey_session', forwarded)).toBe(200);
    expect(await ask(trusting, 'convey_session', forwarded)).toBe(401);
  });

  test('is the secure one where people know the server as https, whatever the connection says', async () => {
    expect(await ask(misled, '__Host-convey_session', {})).toBe(200);
    expect(await ask(misled, 'convey_session', {})).toBe(401);
  });

  test('is the plain one where somebody else says so', async () => {
    for (const server of untrusting()) {
      expect(await ask(server, '__Host-convey_session', forwarded)).toBe(401);
      expect(await ask(server, 'convey_session', forwarded)).toBe(200);
    }
  });
});

test('a page behind a trusted proxy is ours by the name that the proxy was asked for', async () => {
  const { headers, token } = await plantMember(db, workspaceId, 'owner');
  const { 'sec-fetch-site': _site, ...own } = headers;
  const ask = async (server: TestServer, name: string) => {
    const reply = await fetch(`${server.url}/v1/exports`, {
      method: 'POST',
      body: '{"kind":"workspace"}',
      headers: {
        ...own,
        ...forwarded,
        cookie: `${name}=${token}`,
        'content-type': 'application/json',
        origin: 'https://convey.example',
      },
    });
    return reply.status;
  };
  expect(await ask(trusting, '__Host-convey_session')).toBe(202);
  expect(await ask(plain, 'convey_session')).toBe(403);
});

test('an https address without a certificate or a trusted proxy is warned of at the start', () => {
  const warned = ({ logged }: TestServer) =>
    logged.filter(({ message }) => String(message).startsWith('CONVEY_URL is https')).length;
  expect([misled, plain, trusting].map(warned)).toEqual([1, 0, 0]);
});
