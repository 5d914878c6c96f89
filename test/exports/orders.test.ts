import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportFieldNames } from '../../src/exports/order/export-fields.ts';
import type { Manifest } from '../../src/packages/manifest.ts';
import { describeVerification } from '../../src/verify/describe-verification.ts';
import { type Verification, verifyPackage } from '../../src/verify/verify-package.ts';
import { type Person, plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// What one may order, of which fields (V-04, V-05, V-08, V-30), and what is refused by name.

let db: TestDatabase;
let server: TestServer;
let folder: string;
let workspaceId: string;
let key: Record<string, string>;
let owner: Person;

const CONVERSATIONS = 6;
const EACH = 10;
/** What stands in the contact, the notes, the events: nowhere but where it was chosen. */
const [CUSTOMER, NOTE, EVENT, FILE] = ['who-it-is', 'between-us', 'what-happened', 'attached.txt'];

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  folder = await mkdtemp(join(tmpdir(), 'convey-orders-'));
  workspaceId = await db.createWorkspace('acme');
  await plantRecords(db, workspaceId, { conversations: CONVERSATIONS, messagesEach: EACH });
  await db.asSuperuser(`
    update contacts set name = '${CUSTOMER}', email = '${CUSTOMER}' || id || '@example.com',
      identity_verified = '{"method": "hmac"}';
    update conversations set metadata = '{"their": "${CUSTOMER}"}', csat = '{"rating": 5, "comment": "Fine"}',
      skills = '[{"name": "refund"}]', started_at = created_at, assigned_agent_id = 'a1', bot_id = 'b1';
    update messages set body = '${NOTE}' where is_internal;
    update messages set author_name = case author_kind when 'contact' then '${CUSTOMER}' else 'Tess' end;
    update events set reason = '${EVENT}'`);
  await db.asSuperuser(
    `insert into files (workspace_id, id, ref, kind, name, conversation_id, message_id, created_at, written_at, changed_epoch, changed_xid)
     values ($1, 'f1', 'fil_1', 'upload', $2, 'v1', null, now(), now(), 1, pg_current_xact_id()),
            ($1, 'f2', 'fil_2', 'upload', $3, 'v1', 'm1-10', now(), now(), 1, pg_current_xact_id())`,
    [workspaceId, FILE, `of-a-note-${NOTE}`],
  );
  key = await server.authorize(workspaceId, ['export:create', 'audit:read']);
  owner = await plantMember(db, workspaceId, 'owner');
});
afterAll(async () => {
  await server.stop();
  await db.drop();
  await rm(folder, { recursive: true });
});

interface Told {
  job_id: string;
  status: string;
  format: string;
  fields: string[] | null;
  counts: Record<string, number>;
  files: { url: string; name: string }[];
  package: string;
}
type Headers = Record<string, string>;

async function call(method: string, path: string, headers: Headers = key, body?: object) {
  const reply = await fetch(server.url + path, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json', prefer: 'wait=30' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await reply.arrayBuffer());
  const { status, headers: answered } = reply;
  return {
    status,
    headers: answered,
    bytes,
    text: bytes.toString(),
    json: () => JSON.parse(bytes.toString()),
  };
}

async function order(body: object, path = '/v1/exports', headers = key): Promise<Told> {
  const { status, text, json } = await call('POST', path, headers, body);
  expect(status, text).toBe(202);
  const told = json() as Told;
  expect(told.status, text).toBe('ready');
  return told;
}
const orderConversations = (body: object, headers = key) => order(body, '/v1/conversations/export', headers);

const contentsOf = async ({ files: [file] }: Told) => (await call('GET', file!.url)).text;
const recordsOf = async (told: Told) => JSON.parse(await contentsOf(told)) as Record<string, unknown>[];
const manifestOf = async ({ job_id: id }: Told) =>
  (await call('GET', `/v1/exports/${id}/files/manifest.json`)).json() as Manifest;

async function expectVerified(told: Told): Promise<Verification> {
  const path = join(folder, `${told.job_id}.zip`);
  await writeFile(path, (await call('GET', told.package)).bytes);
  const { signer } = await manifestOf(told);
  const verified = await verifyPackage(path, { keys: [signer.fingerprint] });
  expect(verified).toMatchObject({ ok: true, problems: [] });
  return verified;
}

/** Leaves of a record’s own, with nested names joined by a dot; lists are left out. */
const columnsOf = (record: Record<string, unknown>, lists: readonly string[] = []) =>
  Object.keys(record).filter((name) => !lists.includes(name));
const LISTS = ['messages', 'replies', 'citations', 'events', 'files'];
const ALWAYS = (
  'id bot_id status priority assigned_agent agents language started_at resolved_at ended_at created_at updated_at ' +
  'version assigned_agent_id'
).split(' ');

describe('POST /v1/conversations/export', () => {
  test('takes what V-08 shows, and answers where to ask how it is; both addresses tell the same', async () => {
    const body = { filter: { since: '2025-01-01' }, format: 'json' };
    const { status, headers, json } = await call('POST', '/v1/conversations/export', key, body);
    expect(status).toBe(202);
    const { job_id: id } = json() as Told;
    expect(headers.get('location')).toBe(`/v1/exports/${id}`);
    const one = await call('GET', `/v1/conversations/export/${id}`);
    const other = await call('GET', `/v1/exports/${id}`);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(one.json()).toEqual(other.json());
    expect(one.json()).toMatchObject({
      kind: 'conversations',
      format: 'json',
      filter: body.filter,
      status: 'ready',
    });
  });

  test('without a filter is of all, with ids of those', async () => {
    expect((await orderConversations({})).counts).toMatchObject({ conversations: CONVERSATIONS });
    const told = await orderConversations({ ids: ['v2', 'v4', 'no-such'], format: 'json' });
    expect((await recordsOf(told)).map(({ id }) => id)).toEqual(['v2', 'v4']);
    // Who asks for three and gets two is told.
    expect(told).toMatchObject({ warnings: [{ code: 'exports.absent_conversation', count: 1 }] });
  });

  test.each(['json', 'chat-jsonl'] as const)(
    'a named one that is not there stands in the signed manifest as well, and “convey verify” says so (%s)',
    async (format) => {
      const told = await orderConversations({ ids: ['v2', 'no-such', 'nor-this'], format });
      const { left_out: leftOut } = await manifestOf(told);
      const why = expect.stringContaining('Conversations that were named are not there: no such id');
      expect(leftOut).toContainEqual({ what: 'exports.absent_conversation (2)', why });
      const said = describeVerification(await expectVerified(told)).join('\n');
      expect(said).toContain('exports.absent_conversation (2)');
      const whole = await orderConversations({ ids: ['v2'], format });
      expect(JSON.stringify((await manifestOf(whole)).left_out)).not.toContain('absent_conversation');
    },
  );

  test('an export of another workspace is as unknown as one that is not there', async () => {
    const { job_id: id } = await orderConversations({});
    const foreign = await server.authorize(await db.createWorkspace('elsewhere'));
    for (const path of [`/v1/conversations/export/${id}`, '/v1/conversations/export/exp_0'])
      expect(await call('GET', path, foreign).then(({ json }) => json())).toMatchObject({
        status: 404,
        code: 'exports.unknown',
      });
  });
});

describe('a wrong order is refused, and the refusal names the part and what it takes (V-30)', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);
  test.each([
    [{ kind: 'conversations', format: 'docx' }, '/format', /takes one of json, ndjson, csv/],
    [
      { kind: 'conversations', format: 'zip' },
      '/format',
      /takes one of json, ndjson, csv.* for conversations/,
    ],
    [{ kind: 'audit', format: 'csv' }, '/format', /takes one of json, ndjson for audit/],
    [{ kind: 'everything' }, '/kind', /takes one of workspace/],
    [
      { kind: 'conversations', fields: ['messages', 'secrets'] },
      '/fields/1',
      /takes one of messages, customer/,
    ],
    [{ kind: 'conversations', fields: [] }, '/fields', /at least 1/],
    [{ kind: 'contacts', fields: ['tags'] }, '/fields', /for conversations/],
    [{ kind: 'conversations', filter: { since: 'yesterday' } }, '/filter/since', /takes a time/],
    [{ kind: 'conversations', filter: { since: '2026-02-30' } }, '/filter/since', /takes a/],
    [{ kind: 'conversations', filter: { colour: 'red' } }, '/filter/colour', /not known/],
    [{ kind: 'conversations', ids: ids(201) }, '/ids', /at most 200/],
    [{ kind: 'conversations', filter: { ids: ids(201) } }, '/filter/ids', /at most 200/],
    [{ kind: 'conversations', ids: ['v1'], filter: {} }, '/ids', /place of filter/],
    [{ kind: 'workspace', filter: {} }, '/filter', /for conversations/],
    [{ kind: 'conversation' }, '/id', /is missing/],
    [{ kind: 'workspace', id: 'v1' }, '/id', /for one conversation or contact/],
    [{ kind: 'contacts', format: 'csv', files: true }, '/files', /holds no files/],
    [{ kind: 'audit', files: true }, '/files', /holds no files/],
    [{ kind: 'conversations', format: 'json', mode: 'messages' }, '/mode', /CSV or XLSX/],
    [{ kind: 'conversations', format: 'json', profile: 'machine' }, '/profile', /for CSV/],
    [{ kind: 'conversations', for: 'subject' }, '/for', /one contact/],
    [
      { kind: 'conversations', format: 'csv', mode: 'messages', fields: ['tags'] },
      '/fields',
      /messages among/,
    ],
    [{ kind: 'conversations', notify: ['not an address'] }, '/notify/0', /takes an email address/],
    [{ kind: 'conversations', notify: ['nobody@example.net'] }, '/notify', /members/],
    [{ kind: 'conversations', fields: ['tags'], field_set: 'fst_1' }, '/field_set', /place of fields/],
    [{ kind: 'conversations', colour: 'red' }, '/colour', /is not known here; takes kind, format/],
  ])('%j at %s', async (body, pointer, detail) => {
    const before = await db.asSuperuser('select count(*) from exports');
    const { status, json } = await call('POST', '/v1/exports', key, body);
    const problem = json() as { errors: { pointer: string; detail: string }[] };
    expect({ status, at: problem.errors?.map((one) => one.pointer) }).toEqual({ status: 400, at: [pointer] });
    expect(problem.errors[0]!.detail).toMatch(detail);
    expect(await db.asSuperuser('select count(*) from exports')).toEqual(before);
  });

  test('all that is wrong is told at once', async () => {
    const body = { kind: 'contacts', id: 'c1', mode: 'messages', fields: ['tags'] };
    const { json } = await call('POST', '/v1/exports', key, body);
    const problem = json() as { code: string; errors: { pointer: string }[] };
    expect(problem.code).toBe('exports.bad_request');
    expect(problem.errors.map(({ pointer }) => pointer)).toEqual(['/id', '/mode', '/fields']);
  });

  test('a saved choice of fields that is not there is not found', async () => {
    const refused = await call('POST', '/v1/conversations/export', key, { field_set: 'fst_0' });
    expect(refused.json()).toMatchObject({ status: 404, code: 'exports.unknown_field_set' });
  });
});

describe('fields', () => {
  test('by default messages, customer and tags; what is left out is named in the manifest (V-05)', async () => {
    const told = await orderConversations({ format: 'json' });
    expect(told.fields).toEqual(['messages', 'customer', 'tags']);
    expect(told.counts).toEqual({ conversations: 6, messages: 48, replies: 6 });
    const text = await contentsOf(told);
    const [record] = JSON.parse(text) as Record<string, unknown>[];
    const chosen = [
      'subject',
      'summary',
      'contact',
      'contact_id',
      'account_id',
      'participants',
      'metadata',
      'ada',
    ];
    expect(columnsOf(record!, LISTS).sort()).toEqual([...ALWAYS, ...chosen, 'attributes', 'tags'].sort());
    expect(Object.keys(record!).filter((name) => LISTS.includes(name))).toEqual(['messages', 'replies']);
    expect(record!['contact']).toMatchObject({ identity_verified: { method: 'hmac' } }); // V-04
    for (const absent of [NOTE, EVENT, FILE, '"citations"', '"csat"', '"channel"', '"audience"', '"skills"'])
      expect(text).not.toContain(absent);
    const manifest = await manifestOf(told);
    expect(manifest.fields).toEqual(told.fields);
    expect(manifest.audience).toMatchObject({ internal: false });
    expect(manifest.left_out[0]).toEqual({
      what: 'fields: channel, audience, skills, notes, events, citations, csat, files',
      why: 'they were not asked for',
    });
    await expectVerified(told);
  });

  const ONLY: Record<string, { columns?: string[]; lists?: string[]; has?: string }> = {
    messages: { columns: ['subject', 'summary'], lists: ['messages', 'replies'], has: 'quoted' },
    customer: {
      columns: ['contact_id', 'account_id', 'participants', 'metadata', 'ada', 'attributes', 'contact'],
      has: CUSTOMER,
    },
    channel: { columns: ['channel', 'channel_id', 'widget_id'] },
    tags: { columns: ['tags'] },
    audience: { columns: ['audience'] },
    skills: { columns: ['skills'], has: 'refund' },
    notes: { lists: ['messages', 'replies'], has: NOTE },
    events: { lists: ['events'], has: EVENT },
    citations: { lists: ['citations'], has: 'example.com/a' },
    csat: { columns: ['csat'], has: 'Fine' },
    files: { lists: ['files'], has: FILE },
  };

  test.each(exportFieldNames)('%s alone brings what is its own, and nothing of the others', async (field) => {
    const told = await orderConversations({ format: 'json', fields: [field] });
    expect(told.fields).toEqual([field]);
    const text = await contentsOf(told);
    const [record] = JSON.parse(text) as Record<string, unknown>[];
    const { columns = [], lists = [], has } = ONLY[field]!;
    expect(columnsOf(record!).sort()).toEqual([...ALWAYS, ...columns, ...lists].sort());
    for (const [other, { has: mark }] of Object.entries(ONLY)) {
      if (mark === undefined) continue;
      if (other === field) expect(text).toContain(mark);
      else expect(text).not.toContain(mark);
    }
    expect(has === undefined || text.includes(has)).toBe(true);
    await expectVerified(told);
  });

  test('all of them are what the direct route gives, and verify', async () => {
    const told = await orderConversations({ format: 'json', fields: exportFieldNames.toReversed() });
    expect(told.fields).toEqual(exportFieldNames);
    const direct = await call('GET', '/v1/conversations/export?format=json');
    expect(await recordsOf(told)).toEqual(JSON.parse(direct.text));
    expect((await manifestOf(told)).left_out).toEqual([
      { what: 'contents of files', why: 'they were not asked for' },
    ]);
    await expectVerified(told);
  });

  test('without customer, messages do not say who wrote them for the contact; teammates are still named', async () => {
    const told = await orderConversations({ format: 'ndjson', fields: ['messages'] });
    const text = await contentsOf(told);
    expect(text).not.toContain(CUSTOMER);
    expect(text).toContain('Tess');
    await expectVerified(told);
  });

  test('a file that hangs on an internal note comes with the notes, and not without', async () => {
    const names = async (fields: string[]) => {
      const text = await contentsOf(await orderConversations({ format: 'json', fields, files: true }));
      return [FILE, `of-a-note-${NOTE}`].map((name) => text.includes(name));
    };
    expect(await names(['files', 'messages'])).toEqual([true, false]);
    expect(await names(['tags'])).toEqual([true, false]); // contents of files bring their list
    expect(await names(['notes', 'files'])).toEqual([true, true]);
  });

  test('CSV has exactly the columns of V-06 and V-07 by default, and loses those of fields that are left out', async () => {
    const head = async (body: object) => {
      const told = await orderConversations({ format: 'csv', ...body });
      await expectVerified(told);
      return (await contentsOf(told)).split('\r\n')[0];
    };
    const v06 =
      'conversation_id,customer_email,channel,started_at,ended_at,status,priority,tags,message_count,' +
      'agent_assigned,csat_rating,csat_comment,first_message,last_message';
    expect(await head({})).toBe(v06);
    expect(await head({ fields: ['tags', 'csat'] })).toBe(
      'conversation_id,started_at,ended_at,status,priority,tags,agent_assigned,csat_rating,csat_comment',
    );
    const v07 = 'conversation_id,message_id,created_at,role,author,is_internal,body,citations';
    expect(await head({ mode: 'messages' })).toBe(v07);
    expect(await head({ mode: 'messages', fields: ['messages'] })).toBe(v07.replace(',citations', ''));
    expect(
      (await contentsOf(await orderConversations({ format: 'csv', mode: 'messages' }))).includes(NOTE),
    ).toBe(false);
    const withNotes = { format: 'csv', mode: 'messages', fields: ['messages', 'notes'] };
    expect(await contentsOf(await orderConversations(withNotes))).toContain(NOTE);
  });

  test('what is left out is left out of every format: HTML, XLSX, lines for training', async () => {
    const one = { kind: 'conversation', id: 'v1', format: 'html' };
    const page = await contentsOf(await order({ ...one, fields: ['messages', 'tags'] }));
    expect(page).toContain('Message 1 of conversation 1');
    expect(page).toContain('billing');
    for (const absent of [CUSTOMER, NOTE, EVENT, FILE]) expect(page).not.toContain(absent);
    expect(await contentsOf(await order({ ...one, fields: ['messages', 'customer', 'notes'] }))).toMatch(
      new RegExp(`${CUSTOMER}[^]*${NOTE}`),
    );

    const workbook = await orderConversations({ format: 'xlsx', fields: ['tags'] });
    const path = join(folder, 'tags.xlsx');
    await writeFile(path, (await call('GET', workbook.files[0]!.url)).bytes);
    const { stdout } = await promisify(execFile)('unzip', ['-p', path], { maxBuffer: 10_000_000 });
    expect(stdout).toContain('agent_assigned');
    for (const absent of ['customer_email', 'csat_rating', 'first_message'])
      expect(stdout).not.toContain(absent);

    const lines = await orderConversations({ format: 'chat-jsonl' });
    expect(lines.fields).toEqual(['messages']);
    const text = await contentsOf(lines);
    expect(JSON.parse(text.split('\n')[0]!)).toMatchObject({
      messages: [{ role: 'user' }, {}, {}, {}, {}, {}, {}, {}, {}],
    });
    for (const absent of [CUSTOMER, NOTE, EVENT, FILE]) expect(text).not.toContain(absent);
  });

  test('of one conversation everything is there unless fields are named', async () => {
    const one = { kind: 'conversation', id: 'v1', format: 'json' };
    const whole = await order(one);
    expect(whole.fields).toBeNull();
    expect(await contentsOf(whole)).toContain(NOTE);
    const some = await order({ ...one, fields: ['tags'] });
    for (const absent of [NOTE, EVENT, FILE, CUSTOMER]) expect(await contentsOf(some)).not.toContain(absent);
    await expectVerified(some);
  });

  test('notes and events are refused by name to those who may not see them, who get the rest', async () => {
    const agent = await plantMember(db, workspaceId, 'agent');
    const one = { kind: 'conversation', id: 'v1', format: 'json' };
    for (const field of ['notes', 'events']) {
      const refused = await call('POST', '/v1/exports', agent.headers, {
        ...one,
        fields: ['messages', field],
      });
      expect(refused.json()).toMatchObject({
        status: 403,
        code: 'access.forbidden',
        detail: expect.stringContaining('notes.read'),
      });
    }
    const told = await order({ ...one, fields: ['messages', 'files'] }, '/v1/exports', agent.headers);
    const { files } = told;
    const { text } = await call('GET', files[0]!.url, agent.headers);
    expect(text).toContain('quoted');
    expect(text).not.toContain(NOTE);
  });
});

describe('the audit log as an export', () => {
  test.each(['json', 'ndjson'])('as %s holds every event up to its moment, and verifies', async (format) => {
    const told = await order({ kind: 'audit', format });
    expect(Object.keys(told.counts)).toEqual(['audit_log']);
    const text = await contentsOf(told);
    expect(text).toContain('export.requested');
    expect(text.match(/"prev_hash"/g)).toHaveLength(told.counts['audit_log']!);
    expect((await manifestOf(told)).left_out).toEqual([]);
    await expectVerified(told);
  });

  test('takes audit.export to order and to fetch, and the feature in the plan', async () => {
    const told = await order({ kind: 'audit' });
    const plain = await server.authorize(workspaceId, ['export:create']);
    for (const { status, json } of [
      await call('POST', '/v1/exports', plain, { kind: 'audit' }),
      await call('GET', told.package, plain),
      await call('GET', `/v1/exports/${told.job_id}`, plain),
    ]) {
      expect(status).toBe(403);
      expect(json()).toMatchObject({ detail: expect.stringContaining('audit.export') });
    }
    await db.asSuperuser(`update workspaces set plan_features = '{}' where id = $1`, [workspaceId]);
    try {
      const refused = await call('POST', '/v1/exports', owner.headers, { kind: 'audit' });
      expect(refused.json()).toMatchObject({ status: 403, code: 'access.plan_required' });
      expect((await call('GET', told.package)).json()).toMatchObject({ code: 'access.plan_required' });
    } finally {
      await db.asSuperuser('update workspaces set plan_features = null where id = $1', [workspaceId]);
    }
  });
});
