import { parse } from 'csv-parse/sync';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let headers: { authorization: string };

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace('acme');
  await plantRecords(db, workspaceId, { conversations: 30, messagesEach: 20 });
  headers = await server.authorize(workspaceId);
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

const get = (path: string) => fetch(server.url + path, { headers });
// oxlint-disable-next-line typescript/no-explicit-any -- exported JSON is what the test looks into
const getJson = async (path: string): Promise<any> => (await get(path)).json();
const getCsv = async (path: string): Promise<Record<string, string>[]> =>
  parse(await (await get(path)).text(), { columns: true, bom: true });

test('K-01: the workspace comes out as one JSON document with counts and a mark of completeness', async () => {
  const reply = await get('/v1/workspace/export');
  expect(reply.status).toBe(200);
  expect(reply.headers.get('content-type')).toBe('application/json');
  expect(reply.headers.get('content-disposition')).toMatch(
    /^attachment; filename="convey-workspace-acme-\d{4}-\d\d-\d\d\.json"/,
  );
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  const document = (await reply.json()) as any;
  expect(document.complete).toBe(true);
  expect(document.counts).toMatchObject({
    contacts: 30,
    conversations: 30,
    messages: 480,
    replies: 120,
    citations: 120,
    events: 30,
  });
  expect(document.contacts).toHaveLength(30);
  const [first] = document.conversations;
  expect(first.id).toBe('v1');
  expect(first.messages).toHaveLength(16);
  expect(first.replies).toHaveLength(4);
  expect(first.messages[0]).toMatchObject({ id: 'm1-1', role: 'user', author: { name: 'Ann' } });
  expect(document.audit_log.map((event: { action: string }) => event.action)).toContain('export.requested');
  expect(Object.keys(document)).toEqual(
    expect.arrayContaining([
      'accounts',
      'knowledge_sources',
      'flows',
      'tickets',
      'files',
      'memories',
      'subscriptions',
    ]),
  );
});

test('the workspace comes out as NDJSON in the ingest grammar, ending with its digest', async () => {
  const text = await (await get('/v1/workspace/export?format=ndjson')).text();
  const lines = text.trimEnd().split('\n');
  const end = JSON.parse(lines.at(-1)!) as Record<string, unknown>;
  const before = text.slice(0, text.lastIndexOf(lines.at(-1)!));
  expect(end).toEqual({
    _end: true,
    records: lines.length - 1,
    sha256: createHash('sha256').update(before).digest('hex'),
  });
  const types = lines.slice(0, -1).map((line) => (JSON.parse(line) as { type: string }).type);
  expect(types.filter((type) => type === 'message')).toHaveLength(600);
  expect(types.indexOf('contact')).toBeLessThan(types.indexOf('conversation'));
});

test('K-02: the workspace as CSV is a zip of contacts.csv and conversations.csv', async () => {
  const reply = await get('/v1/workspace/export?format=csv');
  expect(reply.headers.get('content-type')).toBe('application/zip');
  const bytes = Buffer.from(await reply.arrayBuffer());
  expect(bytes.subarray(0, 2).toString()).toBe('PK');
  expect(bytes.includes('contacts.csv')).toBe(true);
  expect(bytes.includes('conversations.csv')).toBe(true);
});

test('H-06: contacts come with exactly these columns, in this order', async () => {
  const text = await (await get('/v1/contacts/export')).text();
  expect(text.slice(0, text.indexOf('\r\n'))).toBe(
    'id,type,email,name,company,job_title,phone,source,external_id,account_id,source_bot_id,source_conversation_id,notes,metadata,churn_reasons,created_at,last_seen_at,promoted_at,churned_at',
  );
  expect(text.split('\r\n')).toHaveLength(32);
  expect((await getJson('/v1/contacts/export?format=json'))[0]).toMatchObject({
    id: 'c1',
    type: 'customer',
    email: 'u1@example.com',
  });
});

test('H-08: conversations are one array of records with messages and replies', async () => {
  const conversations = await getJson('/v1/conversations/export');
  expect(conversations).toHaveLength(30);
  expect(conversations[0].contact).toMatchObject({ id: 'c1', email: 'u1@example.com' });
  expect(conversations[0].replies.map((reply: { is_internal: boolean }) => reply.is_internal)).toEqual([
    false,
    true,
    false,
    true,
  ]);
});

test('V-06: conversations as CSV have exactly these columns, in this order', async () => {
  const text = await (await get('/v1/conversations/export?format=csv')).text();
  expect(text.slice(0, text.indexOf('\r\n'))).toBe(
    'conversation_id,customer_email,channel,started_at,ended_at,status,priority,tags,message_count,agent_assigned,csat_rating,csat_comment,first_message,last_message',
  );
  const [first] = await getCsv('/v1/conversations/export?format=csv');
  expect(first).toMatchObject({
    conversation_id: 'v1',
    message_count: '18',
    customer_email: 'u1@example.com',
  });
  expect(first!['first_message']).toBe('Message 1 of conversation 1, "quoted"\nand broken. ');
});

test('V-07: in messages mode there is one row per message', async () => {
  const rows = await getCsv('/v1/conversations/export?format=csv&mode=messages');
  expect(rows).toHaveLength(600);
  expect(Object.keys(rows[0]!)).toEqual([
    'conversation_id',
    'message_id',
    'created_at',
    'role',
    'author',
    'is_internal',
    'body',
    'citations',
  ]);
  expect(rows.map((row) => row['conversation_id']).slice(0, 20)).toEqual(Array(20).fill('v1'));
});

test('the list’s filters apply to the export, and no others are taken', async () => {
  expect(await getJson('/v1/conversations/export?status=open')).toHaveLength(15);
  expect(await getJson('/v1/conversations/export?status=open&status=resolved')).toHaveLength(30);
  expect(
    await getJson(
      '/v1/conversations/export?tag=vip&tag=billing&since=2025-01-01T00:10:00Z&until=2025-01-01T00:12:00Z',
    ),
  ).toHaveLength(2);
  expect(await getJson('/v1/conversations/export?tag=vip&tag=absent')).toEqual([]);
  expect(await getJson('/v1/conversations/export?email=U7@EXAMPLE.com')).toHaveLength(1);
  expect((await get('/v1/conversations/export?staus=open')).status).toBe(400);
  expect((await get("/v1/conversations/export?since=2025-01-01'%20or%20true")).status).toBe(400);
  expect(await getJson(`/v1/conversations/export?channel=${encodeURIComponent("x' or '1'='1")}`)).toEqual([]);
});

test('V-01: one conversation comes out as JSON and as CSV of its messages', async () => {
  const document = await getJson('/v1/conversations/v3/export');
  expect(document).toMatchObject({
    conversation: { id: 'v3' },
    counts: { conversations: 1, messages: 16, replies: 4 },
    complete: true,
  });
  const rows = await getCsv('/v1/conversations/v3/export?format=csv&profile=spreadsheet');
  expect(rows.map((row) => row['message_id'])).toEqual(
    Array.from({ length: 20 }, (_, index) => `m3-${index + 1}`),
  );
});

test('K-06, H-10: one contact comes out with their conversations and nobody else’s', async () => {
  const document = await getJson('/v1/contacts/c5/export');
  expect(document.contact.id).toBe('c5');
  expect(document.conversations.map(({ id }: { id: string }) => id)).toEqual(['v5']);
  expect(document.conversations[0].replies).toHaveLength(4);
  expect(JSON.stringify(document)).not.toContain('conversation 6');
});

test('the subject’s profile holds no notes, no events, and teammates by role only', async () => {
  const document = await getJson('/v1/contacts/c5/export?profile=subject');
  const [conversation] = document.conversations;
  expect(conversation.replies).toHaveLength(2);
  expect(conversation.replies[0].author).toEqual({ id: null, name: null, contact_id: null });
  expect(conversation).not.toHaveProperty('events');
  expect(document.contact).not.toHaveProperty('notes');
  expect(document.counts.replies).toBe(2);
});

test('an unknown record is 404, an unknown format 400, and neither is logged as an export', async () => {
  const before = await db.asSuperuser<{ n: number }>('select count(*)::int as n from exports');
  expect((await get('/v1/contacts/nobody/export')).status).toBe(404);
  expect((await get('/v1/conversations/nothing/export')).status).toBe(404);
  expect((await get('/v1/contacts/export?format=xml')).status).toBe(400);
  expect(await db.asSuperuser('select count(*)::int as n from exports')).toEqual(before);
});

test('requested, completed and downloaded stand in the audit log, with counts and bytes (V-10)', async () => {
  const reply = await get('/v1/contacts/export');
  const bytes = (await reply.arrayBuffer()).byteLength;
  const id = reply.headers.get('convey-export-id');
  const events = () =>
    db.asSuperuser<{ action: string; details: Record<string, unknown> }>(
      `select action, details from audit_events where details ->> 'export_id' = $1 order by seq`,
      [id],
    );
  await expect
    .poll(async () => (await events()).map(({ action }) => action))
    .toEqual(['export.requested', 'export.completed', 'export.downloaded']);
  const [, completed, downloaded] = await events();
  expect(completed!.details).toMatchObject({ counts: { contacts: 30 }, bytes });
  expect(downloaded!.details).toMatchObject({ bytes });
  const [row] = await db.asSuperuser('select status, bytes::int, sha256 from exports where id = $1', [id]);
  expect(row).toMatchObject({ status: 'ready', bytes, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test('HEAD does not run an export', async () => {
  const reply = await fetch(`${server.url}/v1/contacts/export`, { method: 'HEAD', headers });
  expect(reply.status).toBe(405);
});
