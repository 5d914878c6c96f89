import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// What a page shows of one export, and which exports a list shows, beside what they hold.

let db: TestDatabase;
let server: TestServer;
let owner: Person;
let admin: Person;
let agent: Person;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  const workspaceId = await db.createWorkspace('acme');
  await plantRecords(db, workspaceId, { conversations: 4, messagesEach: 3 });
  await db.asSuperuser(`insert into files (workspace_id, id, ref, kind, name, conversation_id, created_at, written_at,
      changed_epoch, changed_xid)
    select workspace_id, 'f1', 'fil_1', 'attachment', 'gone.txt', 'v1', now(), now(), 1, pg_current_xact_id()
      from conversations where id = 'v1'`);
  owner = await plantMember(db, workspaceId, 'owner');
  admin = await plantMember(db, workspaceId, 'admin');
  agent = await plantMember(db, workspaceId, 'agent');
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into whatever came
async function ask(who: Person, method: string, path: string, body?: object): Promise<any> {
  const reply = await fetch(server.url + path, {
    method,
    headers: { ...who.headers, 'content-type': 'application/json', prefer: 'wait=30' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, ...((await reply.json()) as object) };
}

const order = (body: object, who = owner) =>
  ask(who, 'POST', '/v1/exports', { kind: 'conversations', format: 'ndjson', ...body });

test('says what is left out, missing and masked, and which key signed it; that is no download', async () => {
  const { job_id: id } = await order({ filter: { status: 'open' }, fields: ['messages'], files: true });
  const plain = await ask(owner, 'GET', `/v1/exports/${id}/contents`);
  expect(plain).toMatchObject({ status: 200, anonymized: null, redactions: [], chain: null });
  expect(plain.left_out[0].what).toContain('customer');
  expect(plain.signed_by).toMatch(/^sha256:[0-9a-f]{64}$/);

  const masked = await order({ anonymize: true });
  const told = await ask(owner, 'GET', `/v1/exports/${masked.job_id}/contents`);
  expect(told.anonymized).toContain('pseudonyms');
  expect(told.redactions.length).toBeGreaterThan(0);
  const { downloads } = await ask(owner, 'GET', `/v1/exports/${masked.job_id}`);
  expect(downloads).toEqual([]);
});

test('names files whose bytes are not there', async () => {
  const { job_id: id, warnings } = await order({ files: true });
  expect(warnings).toHaveLength(1);
  const { missing_files: missing } = await ask(owner, 'GET', `/v1/exports/${id}/contents`);
  expect(missing).toEqual({ total: 1, files: [{ ref: 'fil_1', id: 'f1', reason: warnings[0].detail }] });
});

test('an export tells its order as a rerun begins with it, and nobody whom it was to tell', async () => {
  const told = await order({ filter: { status: 'open' }, notify: [owner.email], anonymize: true });
  expect(told).toMatchObject({ kept: true, kind: 'conversations' });
  expect(told.order).toEqual({
    kind: 'conversations',
    format: 'ndjson',
    filter: { status: ['open'] },
    fields: ['messages', 'customer', 'tags'],
    files: false,
    anonymize: true,
  });
});

test('is only for those who could fetch it', async () => {
  const { job_id: id } = await order({ kind: 'workspace' });
  expect(await ask(admin, 'GET', `/v1/exports/${id}/contents`)).toMatchObject({ status: 200 });
  expect(await ask(agent, 'GET', `/v1/exports/${id}/contents`)).toMatchObject({ status: 403 });
  expect(await ask(owner, 'GET', '/v1/exports/exp_none/contents')).toMatchObject({
    status: 404,
    code: 'exports.unknown',
  });
});

test('the list can be of one state, one kind, or one’s own, and pages of it go on', async () => {
  await ask(admin, 'POST', '/v1/exports', { kind: 'contacts', format: 'csv' });
  const late = await order({ kind: 'contacts', format: 'json' });
  await db.asSuperuser(`update exports set expires_at = now() - interval '1 minute' where id = $1`, [
    late.job_id,
  ]);
  const list = async (query: string, who = owner) =>
    (await ask(who, 'GET', `/v1/exports?limit=100&${query}`)).exports as {
      job_id: string;
      status: string;
      kind: string;
      requested_by: { id: string };
    }[];
  const all = await list('');
  // Time is over before the sweep has seen it.
  expect(all.find(({ job_id }) => job_id === late.job_id)?.status).toBe('expired');
  expect((await list('status=expired')).map(({ job_id }) => job_id)).toEqual([late.job_id]);
  expect(await list('status=expired&status=ready')).toEqual(all);
  expect((await list('kind=contacts')).map(({ kind }) => kind)).toEqual(['contacts', 'contacts']);
  expect(await list('kind=contacts&status=failed')).toEqual([]);
  const mine = await list('mine=true', admin);
  expect(mine.map(({ requested_by: by }) => by.id)).toEqual([admin.userId]);
  expect(await list('mine=true', agent)).toEqual([]);

  const first = await ask(owner, 'GET', '/v1/exports?kind=conversations&limit=2');
  const second = await ask(
    owner,
    'GET',
    `/v1/exports?kind=conversations&limit=2&cursor=${first.next_cursor}`,
  );
  expect([...first.exports, ...second.exports]).toEqual(
    all.filter(({ kind }) => kind === 'conversations').slice(0, 4),
  );
  expect(await ask(owner, 'GET', '/v1/exports?status=lost')).toMatchObject({ status: 400 });
});
