import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// What one contact has: tickets and files; and contacts that are looked for by a part of what is known of them.

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let owner: Person;
let editor: Person;
let agent: Person;

const STAMP = `timestamptz '2026-03-01Z', now(), 1, pg_current_xact_id()`;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace('lists');
  const foreign = await db.createWorkspace('foreign');
  await plantRecords(db, workspaceId, { conversations: 6, messagesEach: 10 });
  await plantRecords(db, foreign, { conversations: 1, messagesEach: 1 });
  await db.asSuperuser(
    `update conversations set audience = case when id = 'v2' then 'vip' else 'public' end`,
  );
  await db.asSuperuser(
    `update contacts set name = '王小明', company = 'Größe & 100% Söhne', external_id = 'crm-77', phone = '+49 151 5550'
      where workspace_id = $1 and id = 'c5'`,
    [workspaceId],
  );
  for (const [id, contact, conversation] of [
    ['t1', 'c1', 'v1'],
    ['t2', 'c1', null],
    ['t3', 'c2', 'v2'],
  ])
    await db.asSuperuser(
      `insert into tickets (workspace_id, id, ref, contact_id, conversation_id, subject, created_at, written_at, changed_epoch, changed_xid)
       values ($1, $2, 'tkt_' || $2, $3, $4, 'Ticket ' || $2, ${STAMP})`,
      [workspaceId, id, contact, conversation],
    );
  for (const [id, contact, conversation, message] of [
    ['named', 'c1', null, null],
    ['said', null, 'v1', null],
    ['noted', null, 'v1', 'm1-10'],
    ['others', 'c3', 'v1', null],
    ['vip', 'c2', 'v2', null],
  ])
    await db.asSuperuser(
      `insert into files (workspace_id, id, ref, kind, name, contact_id, conversation_id, message_id, created_at, written_at, changed_epoch, changed_xid)
       values ($1, $2, 'fil_' || $2, 'attachment', $2 || '.txt', $3, $4, $5, ${STAMP})`,
      [workspaceId, id, contact, conversation, message],
    );
  owner = await plantMember(db, workspaceId, 'owner');
  editor = await plantMember(db, workspaceId, 'editor', { audiences: ['vip'] });
  agent = await plantMember(db, workspaceId, 'agent');
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

type Answer = Record<'tickets' | 'files' | 'contacts', { id: string }[]> & { next_cursor: string | null };

async function ask(path: string, { headers }: Pick<Person, 'headers'> = owner) {
  const reply = await fetch(server.url + path, { headers });
  return { status: reply.status, json: (await reply.json()) as Answer };
}
const ids = async (list: 'tickets' | 'files', contact: string, person = owner) =>
  (await ask(`/v1/contacts/${contact}/${list}`, person)).json[list].map(({ id }) => id).toSorted();

test('a contact has their tickets, and the files that their export holds', async () => {
  expect(await ids('tickets', 'c1')).toEqual(['t1', 't2']);
  // Not what somebody else left in their conversation.
  expect(await ids('files', 'c1')).toEqual(['named', 'noted', 'said']);
  expect(await ids('tickets', 'c4')).toEqual([]);
  const exported = await fetch(`${server.url}/v1/contacts/c1/export?format=json`, owner);
  const { files, tickets } = (await exported.json()) as Answer;
  expect(files.map(({ id }) => id).toSorted()).toEqual(['named', 'noted', 'said']);
  expect(tickets.map(({ id }) => id).toSorted()).toEqual(['t1', 't2']);
});

test('pages hold each of them once, the newest first, also those of one moment', async () => {
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { json } = await ask(`/v1/contacts/c1/files?limit=1${more}`);
    seen.push(...json.files.map(({ id }) => id));
    cursor = json.next_cursor;
  }
  expect(seen).toEqual(['said', 'noted', 'named']);
});

test('who may see less finds less: notes’ files, other audiences, other workspaces', async () => {
  expect(await ids('files', 'c1', agent)).toEqual(['named', 'said']);
  expect(await ids('files', 'c2', editor)).toEqual(['vip']);
  expect(await ids('tickets', 'c2', editor)).toEqual(['t3']);
  const unknown = await ask('/v1/contacts/nobody/files', editor);
  const hidden = await ask('/v1/contacts/c1/files', editor);
  expect([hidden.status, unknown.status]).toEqual([404, 404]);
  expect(hidden.json).toMatchObject({ code: 'records.not_found' });
  const key = await server.authorize(workspaceId, ['contacts:read']);
  expect((await ask('/v1/contacts/c1/files', { headers: key as never })).status).toBe(403);
});

test('contacts are found by a part of name, address, phone, company or id, in any script and case', async () => {
  const found = async (q: string) =>
    (await ask(`/v1/contacts?${new URLSearchParams({ q }).toString()}`)).json.contacts?.map(({ id }) => id);
  expect(await found('小明')).toEqual(['c5']);
  expect(await found(' größe ')).toEqual(['c5']);
  expect(await found('CRM-7')).toEqual(['c5']);
  expect(await found('151 55')).toEqual(['c5']);
  expect(await found('u3@EXAMPLE')).toEqual(['c3']);
  // Signs of patterns are signs.
  expect(await found('100% S')).toEqual(['c5']);
  expect(await found('u%1')).toEqual([]);
  expect(await found('name_1')).toEqual([]);
  expect(await found("o'neil\\")).toEqual([]);
  expect((await ask('/v1/contacts?q=%25')).status).toBe(400);
});
