import { afterAll, beforeAll, expect, test } from 'vitest';
import { API_KEY_SCOPES } from '../../src/access/permissions.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// Wall 2's core: workspace A's key never sees a byte of B, on every route the server has.

let db: TestDatabase;
let server: TestServer;
let ofA: { authorization: string };
let operations: {
  method: string;
  path: string;
  query: string[];
  isForKeys: boolean;
  takesBody: boolean;
  takesJson: boolean;
}[];

/** Occurs in every text of B's records and nowhere else. */
const MARK = 'only-in-b-7f3a';
const FOREIGN = `${MARK}-1`;
const UNKNOWN = 'nobody-has-this-id';

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  const a = await db.createWorkspace('tenant-a');
  const b = await db.createWorkspace('tenant-b');
  await plantRecords(db, a, { conversations: 3, messagesEach: 5 });
  await plantRecords(db, b, { conversations: 3, messagesEach: 5 });
  // B's records get ids and texts that A's do not have; children follow their parents' new ids.
  await db.asSuperuser(`set session_replication_role = replica; 
    update contacts set id = '${MARK}-' || substr(id, 2), name = '${MARK}', email = '${MARK}@example.com' where workspace_id = '${b}';
    update conversations set id = '${MARK}-' || substr(id, 2), contact_id = '${MARK}-' || substr(contact_id, 2), subject = '${MARK}' where workspace_id = '${b}';
    update messages set id = '${MARK}-' || id, conversation_id = '${MARK}-' || substr(conversation_id, 2), body = '${MARK}' where workspace_id = '${b}';
    update events set id = '${MARK}-' || id, conversation_id = '${MARK}-' || substr(conversation_id, 2), reason = '${MARK}' where workspace_id = '${b}'`);
  await db.asSuperuser(
    `insert into files (workspace_id, id, ref, kind, name, created_at, written_at, changed_epoch, changed_xid)
     values ($1, $2, 'fil_b', 'upload', $2, now(), now(), 1, pg_current_xact_id())`,
    [b, FOREIGN],
  );
  ofA = await server.authorize(a, API_KEY_SCOPES);
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
    paths: Record<
      string,
      Record<
        string,
        {
          parameters?: { in: string; name: string; schema?: { enum?: string[] } }[];
          security?: { apiKey?: string[] }[];
          requestBody?: { content: object };
        }
      >
    >;
  };
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], security = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      isForKeys: security.some(({ apiKey }) => apiKey !== undefined),
      takesBody: requestBody !== undefined,
      takesJson: requestBody !== undefined && 'application/json' in requestBody.content,
      query: parameters
        .filter((parameter) => parameter.in === 'query' && parameter.schema?.enum !== undefined)
        .flatMap(({ name, schema }) => schema!.enum!.map((value) => `${name}=${value}`)),
    })),
  );
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

async function ask(
  { method, takesBody }: { method: string; takesBody: boolean },
  path: string,
): Promise<{ status: number; text: string }> {
  const body = takesBody ? '' : undefined;
  const type = path.includes('ingest') ? 'application/x-ndjson' : 'application/octet-stream';
  const headers = { ...ofA, ...(body === undefined ? {} : { 'content-type': type }) };
  const address = /\/exports\b.*\/events$/.test(path) ? `${path}?seconds=0` : path; // a stream would not end
  const reply = await fetch(server.url + address, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return { status: reply.status, text: Buffer.from(await reply.arrayBuffer()).toString('latin1') };
}

/** A refusal without what differs at each request, and without the id that was asked for. */
const withoutRequest = (text: string, id: string) =>
  text.replaceAll(/req_[a-z0-9]+/g, 'req').replaceAll(id, 'ID');

test('the mark really is in what B exports', async () => {
  const [{ id }] = (await db.asSuperuser<{ id: string }>(
    `select id from workspaces where slug = 'tenant-b'`,
  )) as [{ id: string }];
  const ofB = await server.authorize(id, API_KEY_SCOPES);
  for (const path of ['/v1/workspace/export', '/v1/contacts/export', `/v1/conversations/${FOREIGN}/export`]) {
    expect(await (await fetch(server.url + path, { headers: ofB })).text()).toContain(MARK);
  }
});

test('wall 2: no route answers A with a byte of B, in any format', async () => {
  const asked: string[] = [];
  for (const operation of operations) {
    const { method, path, query } = operation;
    if (path.includes('{')) continue;
    for (const suffix of ['', ...query.map((one) => `?${one}`)]) {
      const { status, text } = await ask(operation, path + suffix);
      expect(text, `${method} ${path}${suffix}`).not.toContain(MARK);
      if (status === 200) asked.push(path + suffix);
    }
  }
  expect(asked).toEqual(
    expect.arrayContaining(['/v1/workspace/export?format=csv', '/v1/contacts/export?format=json']),
  );
});

test('wall 2: B’s id answers A byte for byte like an id that nobody has', async () => {
  // What takes JSON, or is for people only, is asked as it should be in access-matrix.test.ts.
  const withId = operations.filter(
    ({ path, isForKeys, takesJson }) =>
      path.includes('{') && !path.includes('{user_id}') && isForKeys && !takesJson,
  );
  expect(withId.length).toBeGreaterThanOrEqual(2);
  for (const operation of withId) {
    const { method, path, query } = operation;
    for (const suffix of ['', ...query.map((one) => `?${one}`)]) {
      const foreign = await ask(operation, path.replaceAll(/\{\w+\}/g, FOREIGN) + suffix);
      const unknown = await ask(operation, path.replaceAll(/\{\w+\}/g, UNKNOWN) + suffix);
      expect(foreign.status, `${method} ${path}`).toBe(unknown.status);
      expect(withoutRequest(foreign.text, FOREIGN), `${method} ${path}`).toBe(
        withoutRequest(unknown.text, UNKNOWN),
      );
      expect(foreign.status).toBe(404);
    }
  }
});

test('row-level security stands without the statements’ own conditions', async () => {
  const [{ id }] = (await db.asSuperuser<{ id: string }>(
    `select id from workspaces where slug = 'tenant-a'`,
  )) as [{ id: string }];
  const seen = await db.database.inScope({ workspaceId: id }, (transaction) =>
    transaction.query<{ workspace_id: string }>('select distinct workspace_id from messages'),
  );
  expect(seen).toEqual([{ workspace_id: id }]);
  const without = await db.database.inSystem((transaction) =>
    transaction.query<{ n: number }>('select count(*) as n from messages'),
  );
  expect(without).toEqual([{ n: 0 }]);
});
