import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { plantMember } from '../../test/support/people.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let headers: Record<string, string>;
beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_INGEST_BODY: '1MiB' });
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});
beforeEach(async () => {
  workspaceId = await db.createWorkspace();
  headers = { ...(await server.authorize(workspaceId, ['ingest'])), 'content-type': 'application/x-ndjson' };
});

const post = (body: string | ReadableStream, query = '') =>
  fetch(`${server.url}/v1/ingest${query}`, { method: 'POST', headers, body, duplex: 'half' } as object);
const lines = (...objects: object[]) => objects.map((one) => `${JSON.stringify(one)}\n`).join('');
const contact = (id: string, fields: object = {}) => ({ type: 'contact', id, ...fields });
async function countContacts(): Promise<number> {
  const [row] = await db.asSuperuser<{ n: string }>(
    'select count(*) as n from contacts where workspace_id = $1',
    [workspaceId],
  );
  return Number(row!.n);
}

describe('POST /v1/ingest', () => {
  it('answers what became of every line', async () => {
    const reply = await post(
      lines(contact('a'), contact('b', { email: 7 }), { type: 'ticket', id: 't', contact_id: 'x' }),
    );
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({
      received: 3,
      accepted: { inserted: 1, updated: 0, deleted: 0, merged: 0 },
      pending: 1,
      rejected_count: 1,
      rejected: [
        { line: 2, code: 'ingest.bad_field', field: 'email', detail: expect.stringMatching(/^It takes /) },
      ],
      by_type: { contact: { inserted: 1 }, ticket: { pending: 1 } },
      through_line: 3,
    });
  });

  it('with atomic=true stores all or refuses with every line that is wrong', async () => {
    expect((await post(lines(contact('a'), contact('b')), '?atomic=true')).status).toBe(200);
    const reply = await post(lines(contact('c'), contact('d', { tags: 1 }), {}), '?atomic=true');
    expect(reply.status).toBe(422);
    expect(reply.headers.get('content-type')).toMatch('application/problem+json');
    expect(await reply.json()).toMatchObject({
      code: 'ingest.atomic_refused',
      errors: [{ pointer: 'line 2: tags' }, { pointer: 'line 3: type' }],
    });
    expect(await countContacts()).toBe(2);
  });

  it('needs the ingest scope, an NDJSON body, and takes no other query', async () => {
    const body = lines(contact('a'));
    const reader = { ...headers, ...(await server.authorize(workspaceId, ['export:read'])) };
    expect((await fetch(`${server.url}/v1/ingest`, { method: 'POST', headers: reader, body })).status).toBe(
      403,
    );
    const json = { ...headers, 'content-type': 'application/json' };
    expect((await fetch(`${server.url}/v1/ingest`, { method: 'POST', headers: json, body })).status).toBe(
      415,
    );
    expect((await post(body, '?atomic=1')).status).toBe(400);
    expect((await post(body, '?dry_run=true')).status).toBe(400);
    expect(await countContacts()).toBe(0);
  });

  it('refuses a body over the limit: announced, nothing is stored; streamed, it says what was', async () => {
    const line = lines(contact('x'.repeat(80))).length;
    const body = Array.from({ length: Math.ceil((2 * 1024 * 1024) / line) }, (_, index) =>
      lines(contact(`c${String(index).padStart(79, '0')}`)),
    );
    expect((await post(body.join(''))).status).toBe(413);
    expect(await countContacts()).toBe(0);
    const streamed = new ReadableStream({
      async start(controller) {
        for (const part of body) controller.enqueue(new TextEncoder().encode(part));
        controller.close();
      },
    });
    const reply = await post(streamed);
    expect(reply.status).toBe(413);
    const problem = (await reply.json()) as { code: string; detail: string };
    expect(problem.code).toBe('ingest.body_too_large');
    const stored = await countContacts();
    expect(stored).toBeGreaterThan(0);
    expect(problem.detail).toContain(`go on from line ${stored + 1}`);
  });

  it('keeps what was committed when the client leaves in the middle, and stops', async () => {
    const { hostname, port } = new URL(server.url);
    const sent = httpRequest({ hostname, port, path: '/v1/ingest', method: 'POST', headers });
    sent.on('error', () => {});
    sent.write(lines(...Array.from({ length: 7000 }, (_, index) => contact(`c${index}`))));
    for (let tries = 0; (await countContacts()) < 5000 && tries < 200; tries++) await sleep(25);
    sent.destroy();
    await sleep(200);
    expect(await countContacts()).toBe(5000);
  });
});

describe('GET /v1/ingest/pending', () => {
  it('lists what waits, page by page, of the own workspace alone', async () => {
    const message = (id: string) => ({
      type: 'message',
      id,
      conversation_id: 'c',
      role: 'user',
      body: 'secret',
    });
    await post(lines(...Array.from({ length: 5 }, (_, index) => message(`m${index}`))));
    const get = async (query = '') => {
      const reply = await fetch(`${server.url}/v1/ingest/pending${query}`, { headers });
      expect(reply.status).toBe(200);
      return (await reply.json()) as { next_cursor: string; records: { id: string }[] } & Record<
        string,
        unknown
      >;
    };
    const first = await get('?limit=3');
    expect(first).toMatchObject({
      waiting: 5,
      given_up: 0,
      parents: [{ type: 'conversation', id: 'c', waiting: 5 }],
    });
    const second = await get(`?limit=3&cursor=${first.next_cursor}`);
    expect([...first.records, ...second.records].map(({ id }) => id)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
    expect(second.next_cursor).toBeNull();
    expect(JSON.stringify([first, second])).not.toContain('secret');
    headers = { ...headers, ...(await server.authorize(await db.createWorkspace(), ['ingest'])) };
    expect(await get()).toMatchObject({ waiting: 0, records: [] });
    expect((await fetch(`${server.url}/v1/ingest/pending?limit=101`, { headers })).status).toBe(400);
  });
});

describe('GET /v1/ingest/requests', () => {
  it('tells the managers of the workspace what came last, what was wrong with it, and no content', async () => {
    const owner = await plantMember(db, workspaceId, 'owner');
    const read = async (who: Record<string, string> = owner.headers) => {
      const reply = await fetch(`${server.url}/v1/ingest/requests`, { headers: who });
      return { status: reply.status, text: await reply.text() };
    };
    expect(JSON.parse((await read()).text)).toEqual({ requests: [] });
    await post(lines(contact('a', { name: 'Ada Lovelace' }), { type: 'ticket', id: 't', contact_id: 'x' }));
    await post(lines(contact('a', { name: 'Ada Lovelace' }), contact('b', { email: 7 })));
    await post(lines(contact('c'), {}), '?atomic=true');
    const { text } = await read();
    expect(JSON.parse(text)).toMatchObject({
      requests: [
        { received: 2, taken: 0, rejected_count: 1, failure: { code: 'ingest.atomic_refused' } },
        {
          taken: 0,
          unchanged: 1,
          rejected_count: 1,
          rejected: [{ line: 2, code: 'ingest.bad_field', field: 'email' }],
          failure: null,
        },
        { key: { name: 'test' }, received: 2, taken: 1, by_type: { contact: 1 }, pending: 1, rejected: [] },
      ],
    });
    expect(text).not.toContain('Lovelace');
    const editor = await plantMember(db, workspaceId, 'editor');
    expect((await read(editor.headers)).status).toBe(403);
    const elsewhere = await plantMember(db, await db.createWorkspace(), 'owner');
    expect(JSON.parse((await read(elsewhere.headers)).text)).toEqual({ requests: [] });
  });
});
