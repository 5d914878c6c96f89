import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportFieldNames } from '../../src/exports/order/export-fields.ts';
import type { Manifest } from '../../src/packages/manifest.ts';
import { verifyPackage } from '../../src/verify/verify-package.ts';
import { type Person, plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// Contract §5: an editor exports their audiences and nothing else; who fetches an export must be able to see all
// that its frozen plan holds, now.

let db: TestDatabase;
let server: TestServer;
let folder: string;
let workspaceId: string;
let editor: Person;
let agent: Person;
let owner: Person;

/** Every text of the conversations that are not the editor's. */
const MARK = 'not-for-vip';
const NOTE = 'between-us';
const VIP = 4;
const EACH = 10;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_PART_CONVERSATIONS: '3', CONVEY_KEPT_EXPORTS: '5' });
  folder = await mkdtemp(join(tmpdir(), 'convey-reach-'));
  workspaceId = await db.createWorkspace('reach');
  await plantRecords(db, workspaceId, { conversations: 12, messagesEach: EACH });
  await db.asSuperuser(`
    update conversations set audience = case when substr(id, 2)::int % 3 = 0 then 'vip' else 'public' end
      where workspace_id = '${workspaceId}';
    update conversations set subject = '${MARK}' where audience = 'public';
    update contacts set name = '${MARK}', email = '${MARK}' || id || '@example.com', notes = '${NOTE}'
      where id in (select contact_id from conversations where audience = 'public');
    update messages set body = '${MARK}'
      where conversation_id in (select id from conversations where audience = 'public');
    update messages set body = '${NOTE}' where is_internal;
    update messages set author_name = 'Tess Teammate' where author_kind = 'teammate';
    update events set reason = '${NOTE}'`);
  const key = await server.authorize(workspaceId, ['ingest']);
  for (const [id, conversation, text] of [
    ['file-vip', 'v3', 'contents for vip'],
    ['file-public', 'v1', `contents ${MARK}`],
  ] as const) {
    const line = {
      type: 'file',
      id,
      kind: 'attachment',
      name: id,
      conversation_id: conversation,
      size: text.length,
      sha256: createHash('sha256').update(text).digest('hex'),
    };
    const ingested = await fetch(`${server.url}/v1/ingest`, {
      method: 'POST',
      headers: { ...key, 'content-type': 'application/x-ndjson' },
      body: JSON.stringify(line),
    });
    expect(ingested.status).toBe(200);
    const put = await fetch(`${server.url}/v1/files/${id}/content`, {
      method: 'PUT',
      headers: { ...key, 'content-type': 'text/plain' },
      body: text,
    });
    expect(put.status, await put.text()).toBe(200);
  }
  editor = await plantMember(db, workspaceId, 'editor', { audiences: ['vip'] });
  agent = await plantMember(db, workspaceId, 'agent');
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
  counts: Record<string, number>;
  files: { url: string; name: string; records: number }[];
  package: string;
  manifest: string;
}

async function ask(who: Person, path: string, body?: object) {
  const reply = await fetch(server.url + path, {
    headers: {
      ...who.headers,
      ...(body && { 'content-type': 'application/json', prefer: 'wait=30' }),
    },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await reply.arrayBuffer());
  return {
    status: reply.status,
    bytes,
    text: bytes.toString('latin1'),
    headers: reply.headers,
    json: () => JSON.parse(bytes.toString()) as Record<string, unknown>,
  };
}

/** Orders conversations with all that there is of them, so that what is not there is out of reach, not left out. */
async function order(who: Person, body: { kind: string; [part: string]: unknown }): Promise<Told> {
  const fields = body.kind === 'conversations' ? { fields: exportFieldNames } : {};
  const { status, text, json } = await ask(who, '/v1/exports', { ...fields, ...body });
  expect(status, text).toBe(202);
  const told = json() as unknown as Told;
  expect(told.status, text).toBe('ready');
  return told;
}

const setMember = ({ userId }: Person, role: string, audiences: string[] | null) =>
  db.asSuperuser('update members set role = $2, audiences = $3 where user_id = $1', [
    userId,
    role,
    audiences,
  ]);

const VIP_COUNTS = { conversations: VIP, messages: VIP * 8, replies: VIP * 2, events: VIP };

describe('an editor’s direct export', () => {
  test.each([
    ['format=json', { ...VIP_COUNTS, citations: VIP * 2, files: 1 }],
    ['format=ndjson', { ...VIP_COUNTS, citations: VIP * 2, files: 1 }],
    ['format=csv', { conversations: VIP }],
    ['format=csv&profile=spreadsheet', { conversations: VIP }],
    ['format=csv&mode=messages', { messages: VIP * EACH }],
    ['format=json&status=open&status=resolved', VIP_COUNTS],
    ['format=json&audience=vip&audience=public', VIP_COUNTS],
    ['format=json&audience=public', { conversations: 0, messages: 0 }],
  ])('%s holds only their audiences; the receipt’s counts and audiences say so', async (query, counts) => {
    const { status, text, headers } = await ask(editor, `/v1/conversations/export?${query}`);
    expect(status).toBe(200);
    expect(text).not.toContain(MARK);
    const receipt = await ask(editor, `/v1/exports/${headers.get('convey-export-id')}/receipt`);
    const { manifest } = receipt.json() as { manifest: string | Manifest };
    const stated = (typeof manifest === 'string' ? JSON.parse(manifest) : manifest) as Manifest;
    expect(stated.counts).toMatchObject(counts);
    expect(stated.audience).toEqual({ internal: true, audiences: ['vip'] });
  });

  test('of one conversation is for their audiences; another’s is unknown', async () => {
    for (const format of ['json', 'csv']) {
      const mine = await ask(editor, `/v1/conversations/v3/export?format=${format}`);
      expect(mine.status).toBe(200);
      expect(mine.text).toContain(NOTE);
      const others = await ask(editor, `/v1/conversations/v1/export?format=${format}`);
      const nobodys = await ask(editor, `/v1/conversations/v999/export?format=${format}`);
      expect([others.status, nobodys.status]).toEqual([404, 404]);
      const bare = (text: string) => text.replaceAll(/req_\w+/g, '').replaceAll(/v\d+\b/g, '');
      expect(bare(others.text)).toBe(bare(nobodys.text));
    }
  });

  test('of anything else is refused by name', async () => {
    for (const [path, permission] of [
      ['/v1/workspace/export', 'export.workspace'],
      ['/v1/contacts/export', 'export.contacts'],
      ['/v1/contacts/c3/export', 'export.contact'],
    ] as const) {
      const { status, json } = await ask(editor, path);
      expect(status, path).toBe(403);
      expect(json()).toMatchObject({ code: 'access.forbidden', detail: expect.stringContaining(permission) });
    }
  });
});

describe('an editor’s kept export', () => {
  test.each([
    [
      { kind: 'conversations', format: 'json', files: true },
      { ...VIP_COUNTS, files: 1 },
    ],
    [
      { kind: 'conversations', format: 'ndjson', files: true },
      { ...VIP_COUNTS, files: 1 },
    ],
    [{ kind: 'conversations', format: 'csv', files: true }, { conversations: VIP }],
    [{ kind: 'conversations', format: 'csv', mode: 'messages' }, { messages: VIP * EACH }],
    [
      { kind: 'conversation', id: 'v3', format: 'json', files: true },
      { conversations: 1, files: 1 },
    ],
    [{ kind: 'conversation', id: 'v3', format: 'csv' }, { messages: EACH }],
  ])('%j verifies, and holds only their audiences, files included', async (body, counts) => {
    const told = await order(editor, body);
    const manifest = JSON.parse(
      (await ask(editor, `/v1/exports/${told.job_id}/files/manifest.json`)).bytes.toString(),
    ) as Manifest;
    expect(manifest.counts).toMatchObject(counts);
    expect(manifest.audience).toEqual({ internal: true, audiences: ['vip'] });
    expect(manifest.files).toHaveLength('files' in body && body.format !== 'csv' ? 1 : manifest.files.length);
    const zip = await ask(editor, told.package);
    expect(zip.status).toBe(200);
    expect(zip.text).not.toContain(MARK);
    if (manifest.files.length > 0) expect(zip.text).toContain('contents for vip');
    const path = join(folder, `${told.job_id}.zip`);
    await writeFile(path, zip.bytes);
    const verified = await verifyPackage(path, { keys: [manifest.signer.fingerprint] });
    expect(verified.problems).toEqual([]);
    expect(verified).toMatchObject({ ok: true, counts: manifest.counts });
  });

  test('of no audience at all is empty, and an owner’s of the same filter is not', async () => {
    const nobody = await plantMember(db, workspaceId, 'editor', { audiences: [] });
    const empty = await order(nobody, { kind: 'conversations', format: 'json' });
    expect(empty.counts).toMatchObject({ conversations: 0, messages: 0, replies: 0, events: 0 });
    const all = await order(owner, { kind: 'conversations', format: 'json' });
    expect(all.counts).toMatchObject({ conversations: 12, messages: 96 });
    const manifest = await ask(owner, `/v1/exports/${all.job_id}/files/manifest.json`);
    expect(manifest.json()).toMatchObject({ audience: { internal: true, audiences: null } });
  });

  test('of a conversation of another audience is as unknown as one that is not there', async () => {
    for (const id of ['v1', 'v999']) {
      const refused = await ask(editor, '/v1/exports', { kind: 'conversation', id, format: 'json' });
      expect(refused.status).toBe(404);
      expect(refused.json()).toMatchObject({ code: 'exports.not_found' });
    }
  });

  test('holds what the audience had when it was asked for, whatever the filter says', async () => {
    const told = await order(editor, {
      kind: 'conversations',
      format: 'ndjson',
      filter: { ids: ['v1', 'v2', 'v3'], audience: ['public', 'vip'] },
    });
    expect(told.counts).toMatchObject({ conversations: 1 });
  });
});

describe('an agent’s export', () => {
  test('of a conversation has no notes and no events, kept or not', async () => {
    const direct = await ask(agent, '/v1/conversations/v3/export');
    expect(direct.status).toBe(200);
    expect(direct.text).not.toContain(NOTE);
    expect(direct.text).not.toContain('"events"');
    expect((await ask(agent, '/v1/conversations/v3/export?format=csv')).text).not.toContain(NOTE);
    const told = await order(agent, { kind: 'conversation', id: 'v3', format: 'json', files: true });
    expect(told.counts).toMatchObject({ conversations: 1, messages: 8, replies: 1 });
    expect(told.counts).not.toHaveProperty('events');
    const zip = await ask(agent, told.package);
    expect(zip.text).toContain('contents for vip');
    expect(zip.text).not.toContain(NOTE);
    const manifest = await ask(agent, `/v1/exports/${told.job_id}/files/manifest.json`);
    expect(manifest.json()).toMatchObject({ audience: { internal: false, audiences: null } });
  });

  test('of a person is the one for that person; the record is refused, and so is bulk', async () => {
    const subject = await ask(agent, '/v1/contacts/c1/export');
    expect(subject.status).toBe(200);
    expect(subject.text).not.toContain(NOTE);
    expect(subject.text).not.toContain('Tess'); // teammates by role only
    for (const path of [
      '/v1/contacts/c1/export?profile=record',
      '/v1/conversations/export',
      '/v1/contacts/export',
      '/v1/workspace/export',
    ]) {
      expect((await ask(agent, path)).status, path).toBe(403);
    }
    const body = { kind: 'contact', id: 'c1', format: 'json' };
    expect((await ask(agent, '/v1/exports', { ...body, for: 'record' })).status).toBe(403);
    expect((await order(agent, body)).counts).toMatchObject({ contacts: 1 });
  });
});

describe('fetching later', () => {
  /** Every address of an export that gives out what it holds or says that it is there. */
  const addresses = ({ job_id: id, files, package: zip }: Told) => [
    `/v1/exports/${id}`,
    zip,
    `/v1/exports/${id}/files/manifest.json`,
    ...files.map(({ url }) => url),
  ];

  async function expectAll(who: Person, told: Told, status: number, code?: string) {
    for (const path of addresses(told)) {
      const reply = await ask(who, path);
      expect(reply.status, path).toBe(status);
      if (code !== undefined) expect(reply.json(), path).toMatchObject({ code });
    }
  }

  async function lists(who: Person, { job_id: id }: Told): Promise<boolean> {
    const { json } = await ask(who, '/v1/exports?limit=100');
    return (json() as { exports: { job_id: string }[] }).exports.some((one) => one.job_id === id);
  }

  test('an editor who lost the audience can neither fetch nor list what they had made', async () => {
    const person = await plantMember(db, workspaceId, 'editor', { audiences: ['vip', 'public'] });
    const told = await order(person, { kind: 'conversations', format: 'ndjson' });
    expect(told.counts).toMatchObject({ conversations: 12 });
    await expectAll(person, told, 200);
    expect(await lists(person, told)).toBe(true);
    for (const left of [['vip'], ['public'], ['other'], []]) {
      await setMember(person, 'editor', left);
      await expectAll(person, told, 403, 'exports.beyond_reach');
      expect(await lists(person, told)).toBe(false);
    }
    await setMember(person, 'editor', ['vip', 'public', 'more']);
    await expectAll(person, told, 200);
    expect(await lists(person, told)).toBe(true);
  });

  test('an editor who became an agent or a viewer, or left, fetches nothing', async () => {
    const person = await plantMember(db, workspaceId, 'editor', { audiences: ['vip'] });
    const told = await order(person, { kind: 'conversations', format: 'ndjson' });
    const one = await order(person, { kind: 'conversation', id: 'v3', format: 'json' });
    for (const role of ['agent', 'viewer']) {
      await setMember(person, role, null);
      await expectAll(person, told, 403, 'access.forbidden');
      // Agents may export one conversation, but not with the notes that this one holds.
      await expectAll(person, one, 403, 'access.forbidden');
    }
    await db.asSuperuser('delete from members where user_id = $1', [person.userId]);
    for (const path of addresses(told)) expect([403, 404]).toContain((await ask(person, path)).status);
  });

  test('an owner who became an editor does not reach the export of everything', async () => {
    const person = await plantMember(db, workspaceId, 'owner');
    const bulk = await order(person, { kind: 'conversations', format: 'ndjson' });
    const whole = await order(person, { kind: 'workspace', format: 'ndjson' });
    await setMember(person, 'editor', ['vip', 'public']);
    // All audiences of today are not all audiences.
    await expectAll(person, bulk, 403, 'exports.beyond_reach');
    await expectAll(person, whole, 403, 'access.forbidden');
    expect(await lists(person, bulk)).toBe(false);
    expect(await lists(person, whole)).toBe(false);
  });

  test('another editor fetches it with the audience, and not without', async () => {
    const told = await order(editor, { kind: 'conversations', format: 'ndjson' });
    const wide = await plantMember(db, workspaceId, 'editor', { audiences: ['other', 'vip'] });
    const narrow = await plantMember(db, workspaceId, 'editor', { audiences: ['public'] });
    await expectAll(wide, told, 200);
    expect(await lists(wide, told)).toBe(true);
    await expectAll(narrow, told, 403, 'exports.beyond_reach');
    expect(await lists(narrow, told)).toBe(false);
    await expectAll(owner, told, 200);
    expect(await lists(owner, told)).toBe(true);
  });

  test('an agent neither fetches nor lists what others had made, and a viewer nothing at all', async () => {
    const other = await plantMember(db, workspaceId, 'agent');
    const body = { kind: 'conversation', id: 'v3', format: 'json' };
    const mine = await order(agent, body);
    await expectAll(agent, mine, 200);
    expect(await lists(agent, mine)).toBe(true);
    await expectAll(other, mine, 403, 'access.forbidden');
    expect(await lists(other, mine)).toBe(false);
    const owners = await order(owner, body);
    await expectAll(agent, owners, 403, 'access.forbidden');
    expect(await lists(agent, owners)).toBe(false);
    const viewer = await plantMember(db, workspaceId, 'viewer');
    await expectAll(viewer, mine, 403, 'access.forbidden');
    expect((await ask(viewer, '/v1/exports')).status).toBe(403);
  });

  test('the receipt of a direct export is behind the same door', async () => {
    const person = await plantMember(db, workspaceId, 'editor', { audiences: ['vip'] });
    const { headers } = await ask(person, '/v1/conversations/export?format=csv');
    const path = `/v1/exports/${headers.get('convey-export-id')}/receipt`;
    expect((await ask(person, path)).status).toBe(200);
    await setMember(person, 'editor', ['public']);
    expect((await ask(person, path)).json()).toMatchObject({ code: 'exports.beyond_reach' });
  });

  test('another workspace’s owner finds nothing under its addresses', async () => {
    const told = await order(owner, { kind: 'conversations', format: 'ndjson' });
    const elsewhere = await plantMember(db, await db.createWorkspace('elsewhere'), 'owner');
    await expectAll(elsewhere, told, 404, 'exports.unknown');
    expect(await lists(elsewhere, told)).toBe(false);
  });
});
