import { afterAll, beforeAll, expect, test } from 'vitest';
import { API_KEY_SCOPES } from '../../src/access/permissions.ts';
import { plantMember } from '../support/people.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let db: TestDatabase;
let server: TestServer;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
});
afterAll(async () => {
  await server?.stop();
  await db.drop();
});

type Headers = Record<string, string>;

async function ask(method: string, path: string, headers: Headers, body?: object) {
  const reply = await fetch(server.url + path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  // oxlint-disable-next-line typescript/no-explicit-any -- the answers are what the tests look into
  return { status: reply.status, text, body: (text && JSON.parse(text)) as any };
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

test('a key is made, shown once, works, is listed without its text, and opens nothing once revoked', async () => {
  const workspaceId = await db.createWorkspace();
  const admin = await plantMember(db, workspaceId, 'admin');
  const end = '2999-01-01T00:00:00.000Z';
  const wanted = { name: 'Nightly', scopes: ['contacts:read'], expires_at: end };
  const made = await ask('POST', '/v1/api-keys', admin.headers, wanted);
  expect(made.status).toBe(201);
  const { key, ...shown } = made.body;
  expect(key).toMatch(/^ak_convey_/);
  expect((await ask('GET', '/v1/contacts', bearer(key))).status).toBe(200);

  const list = await ask('GET', '/v1/api-keys', admin.headers);
  expect(list.body.api_keys).toEqual([{ ...shown, last_used_at: expect.stringMatching(/Z$/) }]);
  expect(list.body.api_keys[0]).toMatchObject({
    name: 'Nightly',
    scopes: ['contacts:read'],
    expires_at: end,
    revoked_at: null,
    allowed_networks: [],
    created_by: admin.userId,
    hint: key.slice(0, shown.hint.length),
  });
  expect(list.text).not.toContain(key);

  const revoked = await ask('DELETE', `/v1/api-keys/${shown.id}`, admin.headers);
  expect(revoked.body.revoked_at).not.toBe(null);
  expect((await ask('GET', '/v1/contacts', bearer(key))).status).toBe(401);
  // Once more changes nothing.
  expect((await ask('DELETE', `/v1/api-keys/${shown.id}`, admin.headers)).body).toEqual(revoked.body);
  const events = await db.asSuperuser<{ action: string; actor_ref: string; details: object; body: object }>(
    `select e.action, e.actor_ref, e.details, b.body from audit_events e
       join audit_bodies b on b.workspace_id = e.workspace_id and b.seq = e.seq
      where e.workspace_id = $1 order by e.seq`,
    [workspaceId],
  );
  expect(events).toMatchObject([
    {
      action: 'api_key.created',
      actor_ref: admin.userId,
      body: {
        names: { api_key: 'Nightly' },
        changes: {
          name: { before: null, after: 'Nightly' },
          scopes: { before: null, after: shown.scopes },
          expires_at: { before: null, after: shown.expires_at },
          allowed_networks: { before: null, after: [] },
        },
      },
    },
    {
      action: 'api_key.revoked',
      actor_ref: admin.userId,
      body: { ip: '127.0.0.1', changes: { revoked: { before: false, after: true } } },
    },
  ]);
  expect(JSON.stringify(events)).not.toContain(key);
});

test('a key opens only from the networks it is bound to, and the refusal says where it came from', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  const make = async (allowed_networks: string[]) => {
    const body = { name: 'Bound', scopes: ['contacts:read'], allowed_networks };
    return (await ask('POST', '/v1/api-keys', owner.headers, body)).body.key as string;
  };
  for (const networks of [['127.0.0.0/8'], ['127.0.0.1'], ['192.0.2.7', '2001:db8::/32', '127.0.0.0/24']])
    expect((await ask('GET', '/v1/contacts', bearer(await make(networks)))).status, networks.join()).toBe(
      200,
    );
  for (const networks of [['192.0.2.0/24'], ['127.0.0.2'], ['::1'], ['128.0.0.0/1']]) {
    const { body } = await ask('GET', '/v1/contacts', bearer(await make(networks)));
    expect(body, networks.join()).toMatchObject({
      status: 403,
      code: 'access.network_refused',
      detail: expect.stringContaining('127.0.0.1'),
    });
  }
  // A header that anybody can send does not help.
  const key = await make(['192.0.2.0/24']);
  const spoofed = { ...bearer(key), 'x-forwarded-for': '192.0.2.7', forwarded: 'for=192.0.2.7' };
  expect((await ask('GET', '/v1/contacts', spoofed)).status).toBe(403);
});

test('behind a trusted proxy the address that it names counts, and only then', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  const body = { name: 'Bound', scopes: ['contacts:read'], allowed_networks: ['192.0.2.0/24'] };
  const { key } = (await ask('POST', '/v1/api-keys', owner.headers, body)).body;
  const behind = await startTestServer(db.database, { CONVEY_TRUSTED_PROXIES: '127.0.0.1' });
  try {
    const from = async (address: string) => {
      const headers = { ...bearer(key), 'x-forwarded-for': address };
      return (await fetch(`${behind.url}/v1/contacts`, { headers })).status;
    };
    // The last address that is no proxy of ours counts: what a client writes before it does not.
    expect([
      await from('192.0.2.7'),
      await from('198.51.100.1'),
      await from('192.0.2.7, 198.51.100.1'),
    ]).toEqual([200, 403, 403]);
  } finally {
    await behind.stop();
  }
});

test('what is no name, scope, time to come or network is refused, and no key is made', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  const good = { name: 'x', scopes: ['ingest'] };
  for (const [change, code] of [
    [{ name: '' }, 'access.bad_name'],
    [{ scopes: [] }, 'http.bad_request'],
    [{ scopes: ['everything'] }, 'http.bad_request'],
    [{ expires_at: '2020-01-01T00:00:00Z' }, 'access.bad_expiry'],
    [{ expires_at: 'tomorrow' }, 'http.bad_request'],
    [{ allowed_networks: ['10.0.0.0/33'] }, 'access.bad_network'],
    [{ allowed_networks: ['localhost'] }, 'access.bad_network'],
    [{ scope: ['admin'] }, 'http.bad_request'],
  ] as const) {
    const { body } = await ask('POST', '/v1/api-keys', owner.headers, { ...good, ...change });
    expect(body, JSON.stringify(change)).toMatchObject({ status: 400, code });
  }
  expect((await ask('GET', '/v1/api-keys', owner.headers)).body.api_keys).toEqual([]);
});

test('nobody gives a key what they may not do themselves, the workspace’s tightening included', async () => {
  const workspaceId = await db.createWorkspace();
  const admin = await plantMember(db, workspaceId, 'admin');
  const owner = await plantMember(db, workspaceId, 'owner');
  const give = (headers: Headers, scopes: readonly string[]) =>
    ask('POST', '/v1/api-keys', headers, { name: 'Given', scopes });
  expect((await give(admin.headers, API_KEY_SCOPES)).status).toBe(201);

  await db.asSuperuser(`update workspaces set tightening = '{"export.contacts": ["owner"]}' where id = $1`, [
    workspaceId,
  ]);
  for (const scope of ['export:create', 'admin']) {
    expect((await give(admin.headers, ['ingest', scope])).body).toMatchObject({
      status: 403,
      code: 'access.forbidden',
      detail: `To give the scope “${scope}” you need “export.contacts” yourself.`,
    });
  }
  expect((await give(admin.headers, ['ingest', 'export:read', 'contacts:read'])).status).toBe(201);
  expect((await give(owner.headers, API_KEY_SCOPES)).status).toBe(201);
  const denied = await db.asSuperuser<{ details: { permission: string; operation: string } }>(
    `select details from audit_events where workspace_id = $1 and action = 'access.denied'`,
    [workspaceId],
  );
  expect(denied[0]?.details).toMatchObject({ permission: 'export.contacts', operation: 'createApiKey' });
});

test('a foreign key cannot be revoked, and stays good', async () => {
  const owner = await plantMember(db, await db.createWorkspace(), 'owner');
  const foreign = await plantMember(db, await db.createWorkspace(), 'owner');
  const { body } = await ask('POST', '/v1/api-keys', foreign.headers, {
    name: 'Theirs',
    scopes: ['contacts:read'],
  });
  expect((await ask('DELETE', `/v1/api-keys/${body.id}`, owner.headers)).body.code).toBe(
    'access.unknown_key',
  );
  expect((await ask('GET', '/v1/contacts', bearer(body.key))).status).toBe(200);
});
