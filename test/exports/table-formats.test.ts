import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unguardCell } from '../../src/formats/csv.ts';
import { CUT_MARK } from '../../src/formats/xlsx/fit-cell.ts';
import { CELL_TEXTS, readWorkbook } from '../../src/formats/xlsx/xlsx.fixture.ts';
import type { Manifest } from '../../src/packages/manifest.ts';
import { verifyPackage } from '../../src/verify/verify-package.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// XLSX and lines for training, from what a host sends in to what another program reads.

const run = promisify(execFile);

let db: TestDatabase;
let server: TestServer;
let folder: string;
let headers: Record<string, string>;

const LONG = 'long '.repeat(10_000);
const TEXTS = [...CELL_TEXTS.filter((text) => text !== ''), LONG];

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  folder = await mkdtemp(join(tmpdir(), 'convey-tables-'));
  headers = await server.authorize(await db.createWorkspace('acme'), ['ingest', 'export:create']);
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  await ingest([
    {
      type: 'contact',
      id: '00123',
      kind: 'customer',
      name: '=1+1',
      phone: '+491701234567',
      email: 'a@example.com',
    },
    ...['chat', 'silent', 'noted'].map((id, index) => ({
      type: 'conversation',
      id,
      contact_id: '00123',
      channel: 'chat',
      created_at: at(index),
    })),
    ...['user', 'assistant', 'teammate', 'tool', 'system'].map((role, index) => ({
      type: 'message',
      id: `r${index}`,
      conversation_id: 'chat',
      role,
      author: { name: 'Secret Name' },
      body: `from ${role}`,
      created_at: at(10 + index),
    })),
    {
      type: 'message',
      id: 'n1',
      conversation_id: 'chat',
      role: 'teammate',
      is_internal: true,
      body: 'A NOTE',
      created_at: at(20),
    },
    {
      type: 'message',
      id: 'n2',
      conversation_id: 'noted',
      role: 'teammate',
      is_internal: true,
      body: 'A NOTE',
      created_at: at(21),
    },
    { type: 'message', id: 'e1', conversation_id: 'chat', role: 'user', body: '', created_at: at(22) },
    ...TEXTS.map((body, index) => ({
      type: 'message',
      id: `t${index}`,
      conversation_id: 'chat',
      role: 'user',
      body,
      created_at: at(100 + index),
    })),
  ]);
});
afterAll(async () => {
  await server.stop();
  await db.drop();
  await rm(folder, { recursive: true });
});

async function ingest(records: object[]): Promise<void> {
  const reply = await fetch(`${server.url}/v1/ingest`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
    body: records.map((record) => `${JSON.stringify(record)}\n`).join(''),
  });
  expect(await reply.json()).toMatchObject({ accepted: { inserted: records.length }, rejected_count: 0 });
}

const bytesOf = async (path: string) =>
  Buffer.from(await (await fetch(server.url + path, { headers })).arrayBuffer());

interface Told {
  status: string;
  counts: Record<string, number>;
  files: { url: string; name: string }[];
  manifest: string;
  package: string;
  warnings: { code: string; count: number; detail: string }[];
}

/** Orders a kept export; answers its one part, its manifest, and what the verifier says. */
async function order(body: object) {
  const reply = await fetch(`${server.url}/v1/exports`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', prefer: 'wait=60' },
    body: JSON.stringify(body),
  });
  const text = await reply.text();
  expect(reply.status, text).toBe(202);
  const told = JSON.parse(text) as Told;
  expect(told, text).toMatchObject({ status: 'ready' });
  const path = join(folder, 'package.zip');
  await writeFile(path, await bytesOf(told.package));
  const keys = [(await server.installation.signingKeys.current()).fingerprint];
  const manifest = JSON.parse((await bytesOf(told.manifest)).toString()) as Manifest;
  return {
    told,
    part: await bytesOf(told.files[0]!.url),
    manifest,
    verified: await verifyPackage(path, { keys }),
  };
}

const messageCount = 5 + 2 + 1 + TEXTS.length;

test('a workspace as XLSX has sheets of contacts, conversations and messages, each counted', async () => {
  const { told, part, manifest, verified } = await order({ kind: 'workspace', format: 'xlsx' });
  const { sheets } = await readWorkbook(part);
  expect(sheets.map(({ name, rows }) => [name, rows.length - 1])).toEqual([
    ['contacts', 1],
    ['conversations', 3],
    ['messages', messageCount],
  ]);
  expect(verified).toMatchObject({
    ok: true,
    is_counted: true,
    counts: { contacts: 1, conversations: 3, messages: messageCount },
  });
  expect(told.counts).toEqual(verified.counts); // the conversations that carry messages are not counted again
  expect(told.files[0]!.name).toMatch(/\.xlsx$/);
  expect(manifest.parts[0]).toMatchObject({
    media_type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    layout: {
      format: 'xlsx',
      sheets: { contacts: 'contacts', conversations: 'conversations', messages: 'messages' },
    },
  });
  const [header, contact] = sheets[0]!.rows;
  const cell = (name: string) => contact![header!.findIndex((one) => one!.v === name)];
  // Pains 16 and 17: an id keeps its zeros, a phone its plus, a formula stays a text; none gets an apostrophe.
  expect([cell('id'), cell('phone'), cell('name')]).toMatchObject(
    ['00123', '+491701234567', '=1+1'].map((v) => ({ t: 'text', v })),
  );
});

test('messages as XLSX hold every text as it came in; one that no cell holds is cut, and three places say so', async () => {
  const { told, part, manifest, verified } = await order({
    kind: 'conversations',
    format: 'xlsx',
    mode: 'messages',
  });
  expect(verified).toMatchObject({ ok: true, counts: { messages: expect.any(Number) } });
  const { sheets } = await readWorkbook(part);
  expect(sheets.map(({ name }) => name)).toEqual(['messages']);
  const [header, ...rows] = sheets[0]!.rows;
  const column = (name: string) => header!.findIndex((one) => one!.v === name);
  const bodies = rows
    .filter((row) => String(row[column('message_id')]!.v).startsWith('t'))
    .map((row) => String(row[column('body')]!.v));
  expect(bodies.slice(0, -1)).toEqual(TEXTS.slice(0, -1));
  expect(bodies.at(-1)).toBe(LONG.slice(0, 32_767 - CUT_MARK.length) + CUT_MARK);
  expect(told.warnings).toEqual([
    { code: 'formats.cell_cut', count: 1, detail: expect.stringContaining('32,767') },
  ]);
  expect(manifest.left_out).toContainEqual({ what: 'formats.cell_cut (1)', why: expect.any(String) });
});

test.each(['machine', 'spreadsheet'] as const)(
  'messages as %s CSV hold every text as it came in, as Python’s csv reads it',
  async (profile) => {
    const { part, verified } = await order({
      kind: 'conversations',
      format: 'csv',
      mode: 'messages',
      profile,
    });
    expect(verified).toMatchObject({ ok: true });
    const isSpreadsheet = profile === 'spreadsheet';
    // Pain 15: who reads the bytes as they are gets no BOM; Excel gets one.
    expect(part.subarray(0, 3).equals(Buffer.from('\uFEFF'))).toBe(isSpreadsheet);
    const path = join(folder, 'messages.csv');
    await writeFile(path, part);
    const script = `import csv, json, sys
csv.field_size_limit(1 << 30)
with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    print(json.dumps(list(csv.DictReader(file))))`;
    const { stdout } = await run('python3', ['-c', script, path], { maxBuffer: 1 << 26 });
    const rows = (JSON.parse(stdout) as { message_id: string; body: string }[]).filter(({ message_id: id }) =>
      id.startsWith('t'),
    );
    expect(rows.map(({ body }) => (isSpreadsheet ? unguardCell(body) : body))).toEqual(TEXTS);
    const formulas = rows.filter(({ body }) => /^[=@＝＠]/.test(body));
    expect(formulas.length > 0).toBe(!isSpreadsheet);
  },
);

test('conversations as XLSX have the columns of V-06, numbers as numbers', async () => {
  const { part, verified } = await order({ kind: 'conversations', format: 'xlsx' });
  expect(verified).toMatchObject({ ok: true, counts: { conversations: 3 } });
  const [sheet] = (await readWorkbook(part)).sheets;
  expect(sheet!.rows[0]!.map((cell) => cell!.v)).toEqual(
    'conversation_id,customer_email,channel,started_at,ended_at,status,priority,tags,message_count,agent_assigned,csat_rating,csat_comment,first_message,last_message'.split(
      ',',
    ),
  );
  expect(sheet!.rows[1]![8]).toMatchObject({ t: 'number' });
  expect(sheet!.rows[1]![3]).toMatchObject({ t: 'text', v: '2026-01-01T00:00:00.000Z' });
});

test('contacts as XLSX are one sheet', async () => {
  const { part, verified } = await order({ kind: 'contacts', format: 'xlsx' });
  expect(verified).toMatchObject({ ok: true, counts: { contacts: 1 } });
  expect((await readWorkbook(part)).sheets.map(({ name }) => name)).toEqual(['contacts']);
});

test('lines for training hold roles and texts, never notes, names or empty conversations', async () => {
  const { told, part, manifest, verified } = await order({ kind: 'conversations', format: 'chat-jsonl' });
  const text = part.toString();
  expect(text.endsWith('}]}\n')).toBe(true);
  expect(text).not.toContain('_end');
  expect(text).not.toContain('A NOTE');
  expect(text).not.toContain('Secret Name');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines).toEqual([
    {
      messages: [
        { role: 'user', content: 'from user' },
        { role: 'assistant', content: 'from assistant' },
        { role: 'assistant', content: 'from teammate' },
        { role: 'tool', content: 'from tool' },
        { role: 'system', content: 'from system' },
        ...TEXTS.map((content) => ({ role: 'user', content })),
      ],
    },
  ]);
  expect(told.counts).toEqual({ conversations: 1, messages: 5 + TEXTS.length });
  expect(verified).toMatchObject({ ok: true, counts: told.counts });
  expect(manifest.audience.internal).toBe(false);
  expect(manifest.left_out.map(({ what }) => what).join()).toContain('conversations without');
  expect(told.files[0]!.name).toMatch(/\.jsonl$/);
});

test.each([
  [{ kind: 'conversation', id: 'chat', format: 'xlsx' }],
  [{ kind: 'contact', id: '00123', format: 'xlsx' }],
  [{ kind: 'workspace', format: 'chat-jsonl' }],
  [{ kind: 'conversations', format: 'chat-jsonl', mode: 'messages' }],
  [{ kind: 'conversations', format: 'xlsx', profile: 'spreadsheet' }],
  [{ kind: 'conversations', format: 'chat-jsonl', fields: ['tags'] }],
])('%j is refused', async (body) => {
  const reply = await fetch(`${server.url}/v1/exports`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(reply.status).toBe(400);
  expect(await reply.json()).toMatchObject({ code: 'exports.bad_request' });
});
