import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// What people read in replies is in their language; what is kept or handed out as a record is in English for everybody.

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let owner: Person;
let viewer: Person;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace('acme');
  await plantRecords(db, workspaceId, { conversations: 4, messagesEach: 3 });
  await db.asSuperuser(`insert into files (workspace_id, id, ref, kind, name, conversation_id, created_at, written_at,
      changed_epoch, changed_xid)
    select workspace_id, 'f1', 'fil_1', 'attachment', 'gone.txt', 'v1', now(), now(), 1, pg_current_xact_id()
      from conversations where id = 'v1'`);
  owner = await plantMember(db, workspaceId, 'owner');
  viewer = await plantMember(db, workspaceId, 'viewer');
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

interface Asked {
  who?: Person;
  body?: object;
  language?: string;
}

async function send(path: string, { who = owner, body, language = 'de' }: Asked = {}): Promise<Response> {
  return fetch(server.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...who.headers,
      'accept-language': language,
      ...(body === undefined ? {} : { 'content-type': 'application/json', prefer: 'wait=30' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into whatever came
const ask = async (path: string, asked?: Asked): Promise<any> => (await send(path, asked)).json();

const ORDER = { kind: 'conversations', format: 'ndjson', fields: ['messages'] };

test('fields to choose, permissions, events and types of records are described in German; their names stay', async () => {
  const { fields } = await ask('/v1/exports/options');
  expect(fields).toContainEqual(expect.objectContaining({ field: 'channel', doc: 'wo es stattfand' }));
  const { permissions } = await ask('/v1/permissions');
  expect(permissions).toContainEqual(
    expect.objectContaining({ permission: 'contacts.read', doc: 'Kontakte lesen' }),
  );
  const { events } = await ask('/v1/webhook-events');
  expect(events).toContainEqual({
    type: 'export.downloaded',
    doc: 'Ein Export wurde bis zum letzten Byte geholt.',
  });
  const { record_types: types } = await ask('/v1/record-types');
  const contact = types.find(({ type }: { type: string }) => type === 'contact');
  expect(contact.fields).toContainEqual(expect.objectContaining({ name: 'phone', doc: 'Telefonnummer.' }));
});

test('a preview and an export say in German what is left out, missing or masked, and why', async () => {
  const body = { ...ORDER, files: true };
  const preview = await send('/v1/exports/preview', { body });
  expect(Object.fromEntries(preview.headers)).toMatchObject({
    'content-language': 'de',
    vary: 'accept-language',
  });
  const { left_out: leftOut } = (await preview.json()) as { left_out: { what: string; why: string }[] };
  expect(leftOut[0]).toEqual({
    what: expect.stringMatching(/^Felder: customer, .*notes, events/),
    why: 'sie wurden nicht gewählt',
  });

  const made = await ask('/v1/exports', { body });
  expect(made.warnings).toEqual([
    { code: 'exports.missing_file', count: 1, detail: 'ihre Bytes sind nie angekommen' },
  ]);
  const contents = await ask(`/v1/exports/${made.job_id}/contents`);
  expect(contents.left_out).toEqual(leftOut);
  expect(contents.missing_files.files).toEqual([
    { ref: 'fil_1', id: 'f1', reason: 'ihre Bytes sind nie angekommen' },
  ]);

  const { job_id: masked } = await ask('/v1/exports', { body: { ...ORDER, anonymize: true } });
  const { anonymized, redactions } = await ask(`/v1/exports/${masked}/contents`);
  expect(anonymized).toMatch(/^Namen, Kennungen, Adressen und Nummern stehen als Pseudonyme/);
  expect(redactions.map(({ reason }: { reason: string }) => reason)).toContain('Kennung');

  // The same export in English: nothing of the language was kept.
  const english = await ask(`/v1/exports/${masked}/contents`, { language: 'fr' });
  expect(english.anonymized).toMatch(/^Names, ids, addresses/);
});

test('an export that failed says why in German, in lists as well', async () => {
  const { job_id: id } = await ask('/v1/exports', { body: ORDER });
  await db.asSuperuser(
    `update exports set status = 'failed', error_code = 'exports.database_lost', error_detail = null where id = $1`,
    [id],
  );
  const error = {
    code: 'exports.database_lost',
    title: 'Die Verbindung zur Datenbank riss ab, während der Export geschrieben wurde.',
    detail: null,
  };
  expect(await ask(`/v1/exports/${id}`)).toMatchObject({ error });
  const { exports } = await ask('/v1/exports');
  expect(exports.find(({ job_id: one }: { job_id: string }) => one === id)).toMatchObject({ error });
});

test('a refusal is German; its code and what was wrong this time are not', async () => {
  const refused = await send('/v1/exports', { who: viewer, body: ORDER });
  expect(refused.status).toBe(403);
  expect(refused.headers.get('content-language')).toBe('de');
  expect(await refused.json()).toMatchObject({ code: 'access.forbidden', title: 'Das dürfen Sie nicht.' });
});

test('manifests, receipts and the audit log are English, whoever asks for them', async () => {
  const { job_id: id } = await ask('/v1/exports', { body: { ...ORDER, files: true } });
  const manifest = await send(`/v1/exports/${id}/files/manifest.json`);
  expect(manifest.headers.has('content-language')).toBe(false);
  const text = await manifest.text();
  expect(text).toContain('its bytes were never received');
  expect(text).not.toMatch(/nie angekommen|Felder:/);
  expect(await (await send(`/v1/exports/${id}/files/manifest.json`, { language: 'en' })).text()).toBe(text);

  await send('/v1/exports', { who: viewer, body: ORDER });
  const log = await send('/v1/audit-log');
  expect(log.headers.has('content-language')).toBe(false);
  const rows = await db.asSuperuser('select details::text from audit_events where workspace_id = $1', [
    workspaceId,
  ]);
  expect(rows.length).toBeGreaterThan(0);
  for (const told of [await log.text(), JSON.stringify(rows)])
    expect(told).not.toMatch(/dürfen Sie nicht|bestellt|angekommen/);
});
