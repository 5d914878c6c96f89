import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let headers: Record<string, string>;
beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});
beforeEach(async () => {
  workspaceId = await db.createWorkspace();
  headers = await server.authorize(workspaceId, ['ingest']);
});

const bytes = Buffer.from('the bytes of a file');
const digest = (of: Buffer, encoding: 'hex' | 'base64' = 'hex') =>
  createHash('sha256').update(of).digest(encoding);

async function ingest(...records: object[]): Promise<void> {
  const body = records.map((one) => `${JSON.stringify(one)}\n`).join('');
  const ndjson = { ...headers, 'content-type': 'application/x-ndjson' };
  const reply = await fetch(`${server.url}/v1/ingest`, { method: 'POST', headers: ndjson, body });
  expect(await reply.json()).toMatchObject({ rejected_count: 0, pending: 0 });
}
const put = (id: string, body: Buffer, more: Record<string, string> = {}, query = '') =>
  fetch(`${server.url}/v1/files/${encodeURIComponent(id)}/content${query}`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/octet-stream', ...more },
    body: new Uint8Array(body),
  });
async function stored(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of server.installation.store.list('')) keys.push(key);
  return keys;
}
async function contentKey(id: string): Promise<string | null> {
  const [row] = await db.asSuperuser<{ content_key: string | null }>(
    'select content_key from files where id = $1',
    [id],
  );
  return row!.content_key;
}

describe('PUT /v1/files/{id}/content', () => {
  it('stores the bytes that the record announced, and replaces them', async () => {
    await ingest({ type: 'file', id: 'f 1', size: bytes.length, sha256: digest(bytes).toUpperCase() });
    const reply = await put('f 1', bytes, { 'repr-digest': `sha-256=:${digest(bytes, 'base64')}:` });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({ id: 'f 1', bytes: bytes.length, sha256: digest(bytes) });
    const first = await contentKey('f 1');
    expect(await stored()).toContain(first);
    expect(first).not.toContain('f 1');
    expect((await put('f 1', bytes)).status).toBe(200);
    const second = await contentKey('f 1');
    expect(second).not.toBe(first);
    expect(await stored()).not.toContain(first);
    expect(await stored()).toContain(second);
  });

  it.each([
    ['another size', { size: 3 }, {}],
    ['another digest', { sha256: digest(Buffer.from('x')) }, {}],
    [
      'another digest in the header',
      {},
      { 'content-digest': `sha-256=:${digest(Buffer.from('x'), 'base64')}:` },
    ],
  ])('keeps nothing when %s was announced', async (_what, fields, more) => {
    const before = await stored();
    await ingest({ type: 'file', id: 'g', ...fields });
    const reply = await put('g', bytes, more as Record<string, string>);
    expect(reply.status).toBe(422);
    expect(await reply.json()).toMatchObject({ code: 'files.digest_mismatch' });
    expect(await contentKey('g')).toBeNull();
    expect(await stored()).toEqual(before);
    await db.asSuperuser(`delete from files where id = 'g'`);
  });

  it('answers for another workspace’s file as for one that nobody has', async () => {
    await ingest({ type: 'file', id: 'theirs' });
    headers = await server.authorize(await db.createWorkspace(), ['ingest']);
    const before = await stored();
    const bodies = await Promise.all(
      ['theirs', 'nobodys'].map(async (id) => {
        const reply = await put(id, bytes);
        expect(reply.status).toBe(404);
        const {
          instance: _instance,
          request_id: _requestId,
          ...rest
        } = (await reply.json()) as Record<string, unknown>;
        return rest;
      }),
    );
    expect(bodies[0]).toEqual(bodies[1]);
    expect(await stored()).toEqual(before);
  });

  it('reaches a file in an account’s personal workspace by the account, within the product', async () => {
    await ingest(
      { type: 'conversation', id: 't', workspace_id: null, account_id: 'ann' },
      { type: 'file', id: 'p', conversation_id: 't' },
    );
    expect((await put('p', bytes)).status).toBe(404);
    expect((await put('p', bytes, {}, '?account_id=bob')).status).toBe(404);
    expect((await put('p', bytes, {}, '?account_id=ann')).status).toBe(200);
    headers = await server.authorize(await db.createWorkspace(), ['ingest']);
    expect((await put('p', bytes, {}, '?account_id=ann')).status).toBe(404);
  });

  it('is gone from the store when its record is deleted', async () => {
    await ingest({ type: 'file', id: 'd' });
    await put('d', bytes);
    const key = await contentKey('d');
    await ingest({ type: 'file', id: 'd', op: 'delete' });
    expect(await stored()).not.toContain(key);
  });

  it('keeps its bytes when the record is ingested again', async () => {
    await ingest({ type: 'file', id: 'k', name: 'a' });
    await put('k', bytes);
    const key = await contentKey('k');
    await ingest({ type: 'file', id: 'k', name: 'b' });
    expect(await contentKey('k')).toBe(key);
  });
});
