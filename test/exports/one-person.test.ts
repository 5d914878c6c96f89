import { afterAll, beforeAll, expect, test } from 'vitest';
import { readZip } from '../../src/formats/documents/documents.fixture.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let db: TestDatabase;
let server: TestServer;
let headers: { authorization: string };

/** Anna and Ben share a conversation that is Anna's; each also has a ticket and a file of their own. */
beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  const workspaceId = await db.createWorkspace('shared');
  headers = await server.authorize(workspaceId);
  const stamp = `now(), 1, pg_current_xact_id()`;
  const insert = (table: string, columns: string, rows: string[]) =>
    db.asSuperuser(
      `insert into ${table} (workspace_id, ref, created_at, written_at, changed_epoch, changed_xid, ${columns})
       values ${rows.map((row) => `('${workspaceId}', gen_random_uuid()::text, '2026-01-01Z', ${stamp}, ${row})`).join(', ')}`,
    );
  await insert('contacts', 'id, kind, name, email, notes', [
    `'anna', 'customer', 'Anna A', 'anna@example.com', 'note on anna'`,
    `'ben', 'customer', 'Ben B', 'ben@example.com', 'note on ben'`,
  ]);
  await insert('conversations', 'id, contact_id, status, subject, summary, csat, metadata', [
    `'talk', 'anna', 'open', 'subject of anna', 'summary of anna', '{"comment": "csat of anna"}', '{"k": "meta of anna"}'`,
  ]);
  await db.asSuperuser(
    `insert into conversation_participants (workspace_id, conversation_id, contact_id, role) values ($1, 'talk', 'ben', 'cc')`,
    [workspaceId],
  );
  await insert(
    'messages',
    'id, conversation_id, author_kind, author_contact_id, author_name, is_internal, body, attributes',
    [
      `'m1', 'talk', 'contact', 'anna', 'Anna A', false, 'text of anna', '{"x": "attribute of anna"}'`,
      `'m2', 'talk', 'contact', 'ben', 'Ben B', false, 'text of ben', '{}'`,
      `'m3', 'talk', 'contact', null, 'Anna A', false, 'second text of anna', '{}'`,
      `'m4', 'talk', 'teammate', null, 'Tom Teammate', false, 'reply to both', '{}'`,
      `'m5', 'talk', 'teammate', null, 'Tom Teammate', true, 'secret note', '{}'`,
    ],
  );
  await insert('tickets', 'id, contact_id, subject', [
    `'t1', 'anna', 'ticket of anna'`,
    `'t2', 'ben', 'ticket of ben'`,
  ]);
  await insert('files', 'id, kind, name, contact_id, conversation_id', [
    `'f1', 'upload', 'file of anna', null, 'talk'`,
    `'f2', 'upload', 'file of ben', 'ben', 'talk'`,
  ]);
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

async function exportOf(id: string, query = ''): Promise<string> {
  const reply = await fetch(`${server.url}/v1/contacts/${id}/export${query}`, { headers });
  expect(reply.status).toBe(200);
  return reply.text();
}

const OF_ANNA = [
  'anna@example.com',
  'Anna A',
  'text of anna',
  'subject of anna',
  'summary of anna',
  'csat of anna',
  'meta of anna',
  'attribute of anna',
  'ticket of anna',
  'file of anna',
];
const OF_BEN = ['ben@example.com', 'Ben B', 'text of ben', 'ticket of ben', 'file of ben'];

test('K-06: who owns a conversation gets all of theirs and nothing of the other contact in it', async () => {
  for (const text of [await exportOf('anna'), await exportOf('anna', '?profile=subject')]) {
    for (const own of OF_ANNA) expect(text).toContain(own);
    for (const others of OF_BEN) expect(text).not.toContain(others);
    expect(text).toContain('reply to both');
  }
});

test('K-06: who joined a conversation gets their own words and nothing of its owner', async () => {
  for (const text of [await exportOf('ben'), await exportOf('ben', '?profile=subject')]) {
    for (const own of OF_BEN) expect(text).toContain(own);
    for (const others of OF_ANNA) expect(text).not.toContain(others);
    expect(text).not.toContain('"anna"');
  }
});

test('pain 29: notes are in the record, and teammates’ names and notes are not in what the subject gets', async () => {
  expect(await exportOf('anna')).toContain('secret note');
  const subject = await exportOf('anna', '?profile=subject');
  for (const internal of ['secret note', 'Tom Teammate', 'note on anna'])
    expect(subject).not.toContain(internal);
});

test('V-09: the CSV of one person has their messages, others’ blanked', async () => {
  const text = await exportOf('ben', '?format=csv');
  expect(text.split('\r\n')).toHaveLength(7);
  expect(text).toContain('text of ben');
  for (const others of OF_ANNA) expect(text).not.toContain(others);
});

/** Every entry of an archive, names included, as one text. */
async function archiveOf(id: string, query: string): Promise<string> {
  const reply = await fetch(`${server.url}/v1/contacts/${id}/export?${query}`, { headers });
  expect(reply.status).toBe(200);
  return [...(await readZip(Buffer.from(await reply.arrayBuffer())))].flat().join('\n');
}

test.each(['html', 'zip'])(
  'K-06, pain 30: documents and the zip (%s) of one person hold nothing of others',
  async (format) => {
    for (const profile of ['record', 'subject']) {
      const anna = await archiveOf('anna', `format=${format}&profile=${profile}`);
      for (const others of OF_BEN) expect(anna).not.toContain(others);
      const ben = await archiveOf('ben', `format=${format}&profile=${profile}`);
      for (const others of [...OF_ANNA, '"anna"', '>anna<']) expect(ben).not.toContain(others);
      for (const own of ['text of anna', 'ticket of anna', 'file of anna', 'reply to both'])
        expect(anna).toContain(own);
      for (const own of ['text of ben', 'ticket of ben', 'file of ben']) expect(ben).toContain(own);
      const isRecord = profile === 'record';
      for (const internal of ['secret note', 'Tom Teammate', 'note on anna'])
        expect(anna.includes(internal)).toBe(isRecord);
    }
  },
);
