import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readList, readZip } from '../../src/formats/documents/documents.fixture.ts';
import { type Verification, verifyFile, verifyPackage } from '../../src/verify/verify-package.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const run = promisify(execFile);
const reader = fileURLToPath(new URL('../support/reread-html.py', import.meta.url));

let db: TestDatabase;
let server: TestServer;
let folder: string;
let workspaceId: string;
let headers: Record<string, string>;
let saved = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_PART_CONVERSATIONS: '12' });
  folder = await mkdtemp(join(tmpdir(), 'convey-documents-'));
  workspaceId = await db.createWorkspace('acme');
  await plantRecords(db, workspaceId, { conversations: 30, messagesEach: 20 });
  headers = await server.authorize(workspaceId, ['ingest', 'export:create']);
  await ingest([
    {
      type: 'file',
      id: 'f1',
      name: 'Anna CV.PDF',
      media_type: 'application/pdf',
      conversation_id: 'v3',
      contact_id: 'c3',
    },
    { type: 'file', id: 'f2', name: 'never sent', conversation_id: 'v3', message_id: 'm3-1' },
    { type: 'ticket', id: 't1', contact_id: 'c3', subject: 'A ticket', status: 'open' },
    { type: 'ticket_message', id: 'tm1', ticket_id: 't1', author: { contact_id: 'c3' }, body: 'Ticket text' },
  ]);
  const sent = await fetch(`${server.url}/v1/files/f1/content`, { method: 'PUT', headers, body: CONTENT });
  expect(sent.status).toBeLessThan(300);
  await db.asSuperuser(
    `update workspaces set brand = '{"name": "Brand <One>", "color": "#ffee00"}' where id = $1`,
    [workspaceId],
  );
});
afterAll(async () => {
  await server.stop();
  await db.drop();
  await rm(folder, { recursive: true });
});

const CONTENT = Buffer.alloc(3_000_000, 'the bytes of a file ');

async function ingest(records: object[]): Promise<void> {
  const reply = await fetch(`${server.url}/v1/ingest`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
    body: records.map((record) => `${JSON.stringify(record)}\n`).join(''),
  });
  expect(await reply.json()).toMatchObject({ rejected_count: 0 });
}

const get = (path: string) => fetch(server.url + path, { headers });

async function save(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, `${++saved}-${name}`);
  await writeFile(path, bytes);
  return path;
}

/** A direct export, checked against its receipt. */
async function fetchVerified(
  path: string,
): Promise<{ bytes: Buffer; reply: Response; verified: Verification }> {
  const reply = await get(path);
  expect(reply.status).toBe(200);
  const bytes = Buffer.from(await reply.arrayBuffer());
  const receipt = await (await get(/<(.+)>/.exec(reply.headers.get('link')!)![1]!)).text();
  const keys = [(await server.installation.signingKeys.current()).fingerprint];
  const verified = await verifyFile(await save('file', bytes), await save('receipt.json', receipt), { keys });
  expect(verified.problems).toEqual([]);
  return { bytes, reply, verified };
}

async function fetchPackage(order: object) {
  const reply = await fetch(`${server.url}/v1/exports`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', prefer: 'wait=60' },
    body: JSON.stringify(order),
  });
  const told = (await reply.json()) as {
    status: string;
    counts: Record<string, number>;
    package: string;
    files: { name: string; url: string; media_type: string }[];
    error: unknown;
  };
  expect(told.status, JSON.stringify(told)).toBe('ready');
  const zip = await save('package.zip', new Uint8Array(await (await get(told.package)).arrayBuffer()));
  const keys = [(await server.installation.signingKeys.current()).fingerprint];
  const verified = await verifyPackage(zip, { keys });
  expect(verified.problems).toEqual([]);
  return { told, verified };
}

// oxlint-disable-next-line typescript/no-explicit-any -- what another program printed
async function reread(...pages: Buffer[]): Promise<any[]> {
  const paths: string[] = [];
  for (const page of pages) paths.push(await save('page.html', page));
  const { stdout } = await run('python3', [reader, ...paths], { maxBuffer: 64 << 20 });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

test('V-01: one conversation as HTML comes as a branded page with every message, to be kept and not to be run', async () => {
  const { bytes, reply, verified } = await fetchVerified('/v1/conversations/v3/export?format=html');
  expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(reply.headers.get('content-disposition')).toMatch(
    /^attachment; filename="brand-one-conversation-acme-[\d-]+\.html"/,
  );
  expect(reply.headers.get('content-security-policy')).toContain('sandbox');
  expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
  expect(verified.counts).toEqual({ conversations: 1 });
  const [page] = await reread(bytes);
  expect(page.messages).toHaveLength(20);
  const rows = await db.asSuperuser<{ id: string; body: string }>(
    `select id, body from messages where workspace_id = $1 and conversation_id = 'v3' order by created_at, id`,
    [workspaceId],
  );
  expect(page.messages.map(({ id, body }: { id: string; body: string }) => ({ id, body }))).toEqual(rows);
  const text = bytes.toString();
  for (const shown of [
    'Brand &lt;One&gt;',
    reply.headers.get('convey-export-id'),
    'Exported by <bdi>test</bdi>',
    'u3@example.com',
  ])
    expect(text).toContain(shown);
  expect(text).toContain('never sent');
});

test('a logo whose bytes are gone holds up nobody’s data', async () => {
  const setLogo = (key: string | null) =>
    db.asSuperuser(`update workspaces set logo_key = $2, logo_type = 'image/png' where id = $1`, [
      workspaceId,
      key,
    ]);
  await setLogo('logos/gone/lgo_1');
  try {
    const { bytes } = await fetchVerified('/v1/conversations/v3/export?format=html');
    expect(bytes.toString()).not.toContain('<img');
  } finally {
    await setLogo(null);
  }
});

test('an unknown conversation is not found in any format', async () => {
  for (const format of ['html', 'pdf', 'json'])
    expect((await get(`/v1/conversations/nothing/export?format=${format}`)).status).toBe(404);
});

test('V-09: one person as HTML is a zip of their conversations and tickets, with a first page about them', async () => {
  const { bytes, reply, verified } = await fetchVerified('/v1/contacts/c3/export?format=html');
  expect(reply.headers.get('content-type')).toBe('application/zip');
  const entries = await readZip(bytes);
  expect([...entries.keys()]).toEqual([
    expect.stringMatching(/^conversations\/000001-2025-01-01-email\.html$/),
    expect.stringMatching(/^tickets\/000001-[\d-]+\.html$/),
    'index.html',
    'documents.ndjson',
  ]);
  expect(verified.counts).toMatchObject({
    contacts: 1,
    conversations: 1,
    messages: 16,
    replies: 4,
    tickets: 1,
    ticket_messages: 1,
    files: 2,
  });
  const [conversation, ticket, index] = await reread(...[...entries.values()].slice(0, 3));
  expect(conversation.messages).toHaveLength(20);
  expect(ticket.messages).toMatchObject([{ body: 'Ticket text', kind: 'contact' }]);
  expect(index.facts).toEqual(expect.arrayContaining(['c3', 'Name 3', 'u3@example.com']));
  expect(index.links).toEqual([...entries.keys()].slice(0, 2));
  expect(entries.get('index.html')!.toString()).toContain('Anna CV.PDF');
});

test('K-06, H-10: one person as a zip has their records for programs and people, and the bytes of their files', async () => {
  const { bytes, verified } = await fetchVerified('/v1/contacts/c3/export?format=zip');
  const entries = await readZip(bytes);
  const [row] = await db.asSuperuser<{ ref: string }>(
    `select ref from files where workspace_id = $1 and id = 'f1'`,
    [workspaceId],
  );
  const path = `files/${row!.ref}.pdf`;
  expect([...entries.keys()].slice(2)).toEqual([
    'contact.json',
    'messages.csv',
    path,
    'index.html',
    'documents.ndjson',
  ]);
  expect(entries.get(path)!.equals(CONTENT)).toBe(true);
  const record = JSON.parse(entries.get('contact.json')!.toString()) as Record<string, unknown>;
  expect(record).toMatchObject({ contact: { id: 'c3' }, complete: true, tickets: [{ id: 't1' }] });
  expect(entries.get('messages.csv')!.toString().split('\r\n')[0]).toContain('message_id');
  expect(readList(entries)).toContainEqual({
    type: 'missing_file',
    file_id: 'f2',
    reason: 'its bytes were never received',
  });
  const index = entries.get('index.html')!.toString();
  expect(index).toContain(`<a href="${path}">`);
  expect(index).toContain('its bytes were never received');
  expect(verified.counts).toMatchObject({ contacts: 1, messages: 16, files: 2 });
  const [said] = await db.asSuperuser<{ warnings: { code: string; count: number }[] }>(
    `select warnings from exports where workspace_id = $1 and kind = 'contact' and format = 'zip' order by created_at desc limit 1`,
    [workspaceId],
  );
  expect(said!.warnings).toMatchObject([{ code: 'exports.missing_file', count: 1 }]);
});

test('V-12, pain 20: a file whose stored bytes are gone is told and ends nothing', async () => {
  const [row] = await db.asSuperuser<{ content_key: string }>(
    `select content_key from files where workspace_id = $1 and id = 'f1'`,
    [workspaceId],
  );
  await db.asSuperuser(`update files set content_key = $2 where workspace_id = $1 and id = 'f1'`, [
    workspaceId,
    `${row!.content_key}-gone`,
  ]);
  try {
    const { bytes } = await fetchVerified('/v1/contacts/c3/export?format=zip');
    expect(readList(await readZip(bytes))).toContainEqual({
      type: 'missing_file',
      file_id: 'f1',
      reason: 'its stored bytes are gone',
    });
  } finally {
    await db.asSuperuser(`update files set content_key = $2 where workspace_id = $1 and id = 'f1'`, [
      workspaceId,
      row!.content_key,
    ]);
  }
});

test('pains 29, 30: documents of one person hold nothing of others, and for themselves no notes and no teammates', async () => {
  const text = async (query: string) =>
    [...(await readZip((await fetchVerified(`/v1/contacts/c4/export?${query}`)).bytes)).values()].join('\n');
  for (const query of [
    'format=html',
    'format=zip',
    'format=html&profile=subject',
    'format=zip&profile=subject',
  ]) {
    const found = await text(query);
    expect(found).toContain('u4@example.com');
    expect(found).not.toMatch(/u[35]@example\.com/);
    expect(found).not.toContain('conversation 3,');
    const isSubject = query.includes('subject');
    expect(found.includes('Internal note')).toBe(!isSubject);
    if (isSubject) expect(found).not.toMatch(/class="teammate[^]{0,200}Ann/);
  }
});

test('V-02: conversations in bulk are one document each, in parts with an index, and the package verifies', async () => {
  const { told, verified } = await fetchPackage({ kind: 'conversations', format: 'html' });
  expect(told.files.map(({ name }) => name).filter((name) => /part\d+\.zip$/.test(name))).toHaveLength(3);
  expect(verified.counts).toMatchObject({ conversations: 30, messages: 480 });
  const parts = await Promise.all(
    told.files.map(async ({ url }) => readZip(Buffer.from(await (await get(url)).arrayBuffer()))),
  );
  const pages = parts.map((entries) =>
    [...entries.keys()].filter((name) => name.startsWith('conversations/')),
  );
  expect(pages.map((names) => names.length)).toEqual([12, 12, 6]);
  const read = await reread(
    ...parts.flatMap((entries, part) => pages[part]!.map((name) => entries.get(name)!)),
  );
  const shown = read.flatMap(({ messages }) => messages as { id: string; body: string }[]);
  const rows = await db.asSuperuser<{ id: string; body: string }>(
    `select m.id, m.body from messages m join conversations c using (workspace_id)
      where m.workspace_id = $1 and c.id = m.conversation_id and not m.is_internal
      order by c.created_at, c.id, m.created_at, m.id`,
    [workspaceId],
  );
  // Notes are a field that was not asked for.
  expect(shown.map(({ id, body }) => ({ id, body }))).toEqual(rows);
  for (const entries of parts) {
    for (const { name, sha256 } of readList(entries))
      expect(
        createHash('sha256')
          .update(entries.get(name as string)!)
          .digest('hex'),
      ).toBe(sha256);
    expect([...entries.keys()].join()).not.toMatch(/name|example/i);
  }
});

test('fields that were not asked for are in no document', async () => {
  const { told } = await fetchPackage({
    kind: 'conversations',
    format: 'html',
    fields: ['messages'],
    filter: { ids: ['v5'] },
  });
  const entries = await readZip(Buffer.from(await (await get(told.files[0]!.url)).arrayBuffer()));
  const text = [...entries.values()].join('\n');
  expect(text).toContain('Message 1 of conversation 5');
  for (const left of [
    'u5@example.com',
    'Name 5',
    'billing',
    'https://example.com/a',
    'Internal note',
    'class="event"',
  ])
    expect(text).not.toContain(left);
});

test('a kept zip of one person verifies, and its files lie in it once', async () => {
  const { told, verified } = await fetchPackage({ kind: 'contact', id: 'c3', format: 'zip', files: true });
  expect(verified).toMatchObject({ files: 0, parts: 1 });
  const entries = await readZip(Buffer.from(await (await get(told.files[0]!.url)).arrayBuffer()));
  expect([...entries.keys()].filter((name) => name.startsWith('files/'))).toHaveLength(1);
  expect(entries.get('contact.json')!.toString()).toContain('"complete":true');
});

test('an anonymised archive names nobody, whoever made it included', async () => {
  const { told } = await fetchPackage({
    kind: 'conversations',
    format: 'html',
    anonymize: true,
    fields: ['messages', 'customer', 'notes', 'events', 'files'],
    filter: { ids: ['v3', 'v4'] },
  });
  const entries = await readZip(Buffer.from(await (await get(told.files[0]!.url)).arrayBuffer()));
  const text = [...entries.values()].join('\n');
  expect(text).toContain('Message 1 of conversation 3');
  for (const personal of ['u3@example.com', 'Name 3', 'Anna CV', 'Ann<', '<bdi>test</bdi>', '"v3"', '>v3<'])
    expect(text).not.toContain(personal);
});

test.each([
  { kind: 'conversation', id: 'v3', format: 'html' },
  { kind: 'contact', id: 'c3', format: 'html', for: 'subject' },
  { kind: 'contact', id: 'c3', format: 'html', files: true },
  { kind: 'conversations', format: 'html', files: true, filter: { ids: ['v3'] } },
])('kept %j verifies, in one part', async (order) => {
  const { told, verified } = await fetchPackage(order);
  expect(verified.parts).toBe(1);
  expect(told.files[0]!.name).toMatch(order.kind === 'conversation' ? /\.html$/ : /\.zip$/);
});

test('V-01, V-09: conversation and person as PDF', async () => {
  const one = await fetchVerified('/v1/conversations/v3/export?format=pdf');
  expect(one.reply.headers.get('content-type')).toBe('application/pdf');
  expect(one.bytes.subarray(0, 5).toString()).toBe('%PDF-');
  const entries = await readZip((await fetchVerified('/v1/contacts/c3/export?format=pdf')).bytes);
  await fetchPackage({ kind: 'conversation', id: 'v3', format: 'pdf' });
  const { verified } = await fetchPackage({
    kind: 'conversations',
    format: 'pdf',
    filter: { ids: ['v3', 'v4'] },
  });
  expect(verified.counts).toMatchObject({ conversations: 2, messages: 32 });
  expect([...entries.keys()].map((name) => name.slice(-5))).toEqual([
    'l.pdf',
    expect.stringMatching(/\.pdf$/),
    '.html',
    'djson',
  ]);
}, 60_000);
