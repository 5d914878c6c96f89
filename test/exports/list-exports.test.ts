import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let db: TestDatabase;
let server: TestServer;
let headers: { authorization: string };
let workspaceId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace();
  headers = await server.authorize(workspaceId);
  for (let i = 0; i < 7; i++) await (await fetch(`${server.url}/v1/contacts/export`, { headers })).text();
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

interface Listed {
  exports: { job_id: string }[];
  next_cursor: string | null;
  code?: string;
}

const list = async (query: string) => {
  const reply = await fetch(`${server.url}/v1/exports?${query}`, { headers });
  const json = (await reply.json()) as Listed;
  return { status: reply.status, json };
};

test('pages of exports hold each of them once, newest first, also those of one moment', async () => {
  // To the microsecond, so that a cursor which keeps less would skip or repeat one.
  await db.asSuperuser(
    `update exports set created_at = timestamptz '2026-03-04 05:06:07.123456+00' + n / 3 * interval '1 microsecond'
       from (select id, row_number() over (order by id) as n from exports) numbered where numbered.id = exports.id`,
  );
  const expected = await db.asSuperuser<{ id: string }>(
    'select id from exports order by created_at desc, id desc',
  );
  for (const limit of [1, 2, 3, 7, 8]) {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { json }: { json: Listed } = await list(
        `limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...json.exports.map(({ job_id }) => job_id));
      cursor = json.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual(expected.map(({ id }) => id));
  }
});

test('what is no cursor is refused, never an error of the server', async () => {
  for (const text of [
    '',
    'x',
    '1|',
    '|exp_1',
    '2024-99-99|exp_1',
    '9999-12-31 00:00:00+99|x',
    '-1|x',
    '1|a b',
    `${'9'.repeat(17)}|x`,
  ]) {
    const { status, json } = await list(`cursor=${Buffer.from(text).toString('base64url') || 'AA'}`);
    expect({ text, status, code: json.code }).toEqual({ text, status: 400, code: 'exports.bad_request' });
  }
  expect((await list(`cursor=${Buffer.from('9999999999999999|x').toString('base64url')}`)).status).toBe(200);
  expect(server.logged.filter(({ level }) => level === 'error')).toEqual([]);
});
