import { PNG } from 'pngjs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadTranscriptStyle } from '../../src/exports/documents/load-transcript-style.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// How transcripts look: /v1/settings/brand.

const logo = PNG.sync.write({ width: 4, height: 2, data: Buffer.alloc(32, 0x80) });
const origin = { exportId: 'exp_1', exportedBy: 'Dana', snapshotAt: '2026-03-06T08:00:00.000Z' };
const usual = { name: 'convey', color: '#2f5d8a' };
const plain = { name: null, color: null, logo: null, usual };

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let headers: Record<string, string>;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
});
afterAll(async () => {
  await server?.stop();
  await db.drop();
});
beforeEach(async () => {
  workspaceId = await db.createWorkspace();
  headers = await server.authorize(workspaceId, ['admin']);
});

async function ask(method: string, path = '', body?: object | Buffer, type = 'application/json') {
  const reply = await fetch(`${server.url}/v1/settings/brand${path}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined
      ? {}
      : { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

const putLogo = (bytes: Buffer, type = 'image/png') => ask('PUT', '/logo', bytes, type);

async function objects(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of server.installation.store.list(`logos/${workspaceId}/`)) keys.push(key);
  return keys;
}

async function events() {
  return db.asSuperuser<{ details: unknown; outcome: string }>(
    `select details, outcome from audit_events where workspace_id = $1 and action = 'workspace.changed' order by seq`,
    [workspaceId],
  );
}

const loadStyle = () => {
  const { store, config } = server.installation;
  const dependencies = { database: db.database, store, productName: config.productName };
  return loadTranscriptStyle(dependencies, { workspaceId }, origin);
};

describe('the names of files', () => {
  const nameOf = async (path: string) => {
    const reply = await fetch(`${server.url}${path}`, { headers });
    await reply.arrayBuffer();
    return /filename="([^"]+)-\d{4}-\d\d-\d\d\./.exec(reply.headers.get('content-disposition')!)![1];
  };

  test.each([
    ['Söhne & Co', 'sohne-co'],
    ['客服', 'convey'],
    [null, 'convey'],
  ])('begin with the brand %j as %s, wherever a file is made', async (name, product) => {
    await ask('PUT', '', { name });
    expect(await nameOf('/v1/workspace/export?format=json')).toMatch(new RegExp(`^${product}-workspace-`));
    expect(await nameOf('/v1/audit-log/export?format=csv')).toBe(`${product}-audit-log`);
  });
});

describe('name and colour', () => {
  test('are as usual until they are set, and again when they are left out', async () => {
    expect(await ask('GET')).toEqual({ status: 200, body: plain });
    const set = await ask('PUT', '', { name: 'Acme', color: '#F4B400' });
    expect(set).toEqual({ status: 200, body: { ...plain, name: 'Acme', color: '#f4b400' } });
    expect((await ask('GET')).body).toEqual(set.body);
    expect((await ask('PUT', '', {})).body).toEqual(plain);
  });

  test('show in exports, with the usual ones where none are set', async () => {
    const usual = await loadStyle();
    expect(usual).toMatchObject({ ...origin, brandName: server.installation.config.productName });
    expect(usual.color).toMatch(/^#[0-9a-f]{6}$/);
    expect(usual).not.toHaveProperty('logo');
    await ask('PUT', '', { name: 'Acme', color: '#f4b400' });
    expect(await loadStyle()).toMatchObject({ brandName: 'Acme', color: '#f4b400' });
  });

  test.each([
    ['a colour by its name', { color: 'red' }],
    ['a colour with something behind it', { color: '#f4b400;x' }],
    ['a name that steers the text around it', { name: 'Ac\u202eme' }],
    ['no name at all', { name: '' }],
    ['what nobody knows', { font: 'Comic Sans' }],
  ])('%s is refused', async (_what, body) => {
    expect((await ask('PUT', '', body)).status).toBe(400);
    expect((await ask('GET')).body).toEqual(plain);
    expect(await events()).toEqual([]);
  });

  test('each change is in the audit log, no change is not', async () => {
    await ask('PUT', '', { name: 'Acme', color: '#f4b400' });
    await ask('PUT', '', { name: 'Acme', color: '#f4b400' });
    await ask('PUT', '', { name: 'Acme' });
    expect(await events()).toEqual([
      { outcome: 'success', details: { fields: ['brand.name', 'brand.color'] } },
      { outcome: 'success', details: { fields: ['brand.color'] } },
    ]);
  });
});

describe('the logo', () => {
  test('is taken, told and shown in exports', async () => {
    expect(await putLogo(logo)).toEqual({
      status: 200,
      body: { ...plain, logo: { id: expect.stringMatching(/^lgo_/), media_type: 'image/png' } },
    });
    const { logo: shown } = await loadStyle();
    expect(shown?.mediaType).toBe('image/png');
    expect(PNG.sync.read(Buffer.from(shown!.base64, 'base64')).width).toBe(4);
  });

  test('can be looked at, as we wrote it; no other one under its id, and none of another workspace', async () => {
    const get = (query = '', as = headers) =>
      fetch(`${server.url}/v1/settings/brand/logo${query}`, { headers: as });
    expect(await (await get()).json()).toMatchObject({ code: 'access.no_logo', status: 404 });
    const { id } = (await putLogo(logo)).body['logo'] as { id: string };
    const reply = await get(`?id=${id}`);
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': 'inline; filename="logo.png"',
      'content-security-policy': expect.stringContaining('sandbox'),
      'x-content-type-options': 'nosniff',
    });
    expect(PNG.sync.read(Buffer.from(await reply.arrayBuffer()))).toMatchObject({ width: 4, height: 2 });
    expect((await get('?id=lgo_other')).status).toBe(404);
    const stranger = await server.authorize(await db.createWorkspace(), ['admin']);
    expect((await get(`?id=${id}`, stranger)).status).toBe(404);
  });

  test('is what its bytes say, whatever it was sent as', async () => {
    expect((await putLogo(logo, 'image/jpeg')).body).toMatchObject({ logo: { media_type: 'image/png' } });
  });

  test('a new one takes the place of the old one, of which nothing is kept', async () => {
    await putLogo(logo);
    const [first] = await objects();
    await putLogo(logo);
    const after = await objects();
    expect(after).toHaveLength(1);
    expect(after).not.toContain(first);
  });

  test('goes when it is deleted, bytes and all; twice is once', async () => {
    await putLogo(logo);
    expect(await ask('DELETE', '/logo')).toEqual({ status: 200, body: plain });
    expect((await ask('DELETE', '/logo')).status).toBe(200);
    expect(await objects()).toEqual([]);
    expect(await loadStyle()).not.toHaveProperty('logo');
    expect((await events()).map(({ details }) => details)).toEqual([
      { fields: ['brand.logo'] },
      { fields: ['brand.logo'] },
    ]);
  });

  test.each([
    ['a drawing with scripts', Buffer.from('<svg/>'), 'image/png', 400, 'access.bad_logo'],
    ['another media type', Buffer.from('<svg/>'), 'image/svg+xml', 415, 'http.unsupported_media_type'],
    ['more than a megabyte', Buffer.alloc(1024 ** 2 + 1), 'image/png', 413, 'http.body_too_large'],
  ])('%s is refused, and nothing is kept', async (_what, bytes, type, status, code) => {
    const refused = await putLogo(bytes, type);
    expect(refused).toMatchObject({ status, body: { code } });
    expect(await objects()).toEqual([]);
    expect(await events()).toEqual([]);
  });

  test('of another workspace is none of ours', async () => {
    await putLogo(logo);
    headers = await server.authorize(await db.createWorkspace(), ['admin']);
    expect((await ask('GET')).body).toEqual(plain);
    await ask('DELETE', '/logo');
    expect(await objects()).toHaveLength(1);
  });
});
