import { execFile, spawnSync } from 'node:child_process';
import { on } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import yauzl from 'yauzl';
import type { Manifest } from '../../src/packages/manifest.ts';
import { verifyPackage } from '../../src/verify/verify-package.ts';
import { planted, plantedTraces, plantPerson } from '../support/plant-person.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// V-15 leaves anonymising to the user. Here it is done, counted, and said what it cannot do.

const run = promisify(execFile);
const canReadPdf = spawnSync('pdftotext', ['-v']).error === undefined;
if (!canReadPdf)
  console.warn('SKIPPED: anonymised PDFs are not re-read, as poppler-utils (pdftotext) is not installed.');

let db: TestDatabase;
let server: TestServer;
let folder: string;
let headers: Record<string, string>;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_PART_CONVERSATIONS: '1' });
  folder = await mkdtemp(join(tmpdir(), 'convey-anonymized-'));
  const workspaceId = await db.createWorkspace('acme');
  await plantPerson(db, workspaceId);
  headers = await server.authorize(workspaceId, ['export:create', 'audit:read']);
});
afterAll(async () => {
  await server.stop();
  await db.drop();
  await rm(folder, { recursive: true });
});

interface Told {
  job_id: string;
  status: string;
  package: string;
  error: { code: string } | null;
}

async function post(body: object): Promise<{ status: number; text: string }> {
  const reply = await fetch(`${server.url}/v1/exports`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', prefer: 'wait=60' },
    body: JSON.stringify(body),
  });
  return { status: reply.status, text: await reply.text() };
}

async function fetchPackage(body: object): Promise<Buffer> {
  const { status, text } = await post(body);
  expect(status, text).toBeLessThan(300);
  const told = JSON.parse(text) as Told;
  expect(told, text).toMatchObject({ status: 'ready', error: null });
  return Buffer.from(await (await fetch(server.url + told.package, { headers })).arrayBuffer());
}

/** Every file of an archive, and of the archives in it, by name. */
async function unpack(zip: Buffer): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const [name, bytes] of await readZip(zip)) {
    found.set(name, bytes);
    if (bytes.subarray(0, 4).toString('latin1') !== 'PK\u0003\u0004') continue;
    for (const [inner, content] of await unpack(bytes)) found.set(`${name}!${inner}`, content);
  }
  return found;
}

async function readZip(zip: Buffer): Promise<Map<string, Buffer>> {
  const archive = await promisify<Buffer, yauzl.Options, yauzl.ZipFile>(yauzl.fromBuffer)(zip, {
    autoClose: false,
    lazyEntries: true,
  });
  const found = new Map<string, Buffer>();
  archive.readEntry();
  for await (const [entry] of on(archive, 'entry', { close: ['end'] }) as AsyncIterable<[yauzl.Entry]>) {
    const stream = await promisify<yauzl.Entry, Readable>(archive.openReadStream.bind(archive))(entry);
    found.set(entry.fileName, Buffer.concat((await stream.toArray()) as Buffer[]));
    archive.readEntry();
  }
  return found;
}

const manifestOf = (files: Map<string, Buffer>) =>
  JSON.parse(dataOf(files, '/manifest.json').toString()) as Manifest;
const dataOf = (files: Map<string, Buffer>, end: string) =>
  [...files].find(([name]) => name.endsWith(end))![1];
const linesOf = (files: Map<string, Buffer>) =>
  [...files]
    .filter(([name]) => name.endsWith('.ndjson') && !name.includes('!'))
    .flatMap(([, bytes]) => bytes.toString().trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const ofType = (lines: Record<string, unknown>[], type: string) =>
  lines.filter((line) => line['type'] === type);

/** What of the files still tells of the planted person: name, and the text around it. */
async function tracesIn(files: Map<string, Buffer>): Promise<string[]> {
  const traces: string[] = [];
  for (const [name, bytes] of files) {
    for (const text of [name, await textOf(bytes)]) {
      const at = text.search(plantedTraces);
      if (at >= 0) traces.push(`${name}: …${text.slice(Math.max(0, at - 200), at + 100)}`);
    }
  }
  return traces;
}

async function textOf(bytes: Buffer): Promise<string> {
  if (bytes.subarray(0, 4).toString('latin1') !== '%PDF') return bytes.toString('utf8');
  const path = join(folder, 'one.pdf');
  await writeFile(path, bytes);
  return (await run('pdftotext', ['-htmlmeta', path, '-'])).stdout;
}

const conversationId = `conversations-1-${planted.email}`;

describe.each([
  [{ kind: 'workspace', format: 'json' }],
  [{ kind: 'workspace', format: 'ndjson' }],
  [{ kind: 'workspace', format: 'csv' }],
  [{ kind: 'workspace', format: 'xlsx' }],
  [{ kind: 'contacts', format: 'ndjson' }],
  [{ kind: 'contacts', format: 'csv', profile: 'spreadsheet' }],
  [
    {
      kind: 'conversations',
      format: 'json',
      fields: ['messages', 'customer', 'tags', 'files', 'citations', 'csat', 'events', 'skills'],
    },
  ],
  [{ kind: 'conversations', format: 'ndjson' }],
  [{ kind: 'conversations', format: 'csv' }],
  [{ kind: 'conversations', format: 'csv', mode: 'messages' }],
  [{ kind: 'conversations', format: 'xlsx' }],
  [{ kind: 'conversations', format: 'html' }],
  ...(canReadPdf ? [[{ kind: 'conversations', format: 'pdf' }] as [{ kind: string; format: string }]] : []),
  [{ kind: 'conversations', format: 'chat-jsonl' }],
  [{ kind: 'conversations', format: 'json', filter: { email: planted.email } }],
  [{ kind: 'conversation', format: 'json', id: conversationId }],
  [{ kind: 'conversation', format: 'csv', id: conversationId }],
  [{ kind: 'conversation', format: 'html', id: conversationId }],
])('an anonymised export of %j', (order) => {
  test('holds the planted person nowhere, not in file names and not in its manifest, and verifies', async () => {
    const zip = await fetchPackage({
      ...order,
      anonymize: true,
      ...(order.kind === 'contacts' ? {} : { files: true }),
    });
    const files = await unpack(zip);
    expect(await tracesIn(files)).toEqual([]);
    const manifest = manifestOf(files);
    expect(
      manifest.counts[order.kind === 'conversation' ? 'conversations' : order.kind] ?? 1,
    ).toBeGreaterThan(0);
    expect(manifest).toMatchObject({
      files: [],
      missing_files: [],
      anonymized: expect.stringContaining('not promised'),
    });
    expect(manifest.redactions.length).toBeGreaterThan(0);
    expect(manifest.redactions.every(({ count }) => count > 0)).toBe(true);
    const path = join(folder, `${manifest.export.id}.zip`);
    await writeFile(path, zip);
    const { problems, counts } = await verifyPackage(path, { keys: [manifest.signer.fingerprint] });
    expect(problems).toEqual([]);
    expect(counts).toEqual(manifest.counts);
  });

  test('would hold it otherwise: the search finds what is there', async () => {
    expect(await tracesIn(await unpack(await fetchPackage(order)))).not.toEqual([]);
  });
});

test('records still name one another, across datasets and parts; another export has other pseudonyms', async () => {
  const order = { kind: 'workspace', format: 'ndjson', anonymize: true };
  const [one, other] = [await unpack(await fetchPackage(order)), await unpack(await fetchPackage(order))];
  expect(manifestOf(one).parts.length).toBeGreaterThan(2);
  const lines = linesOf(one);
  const [contact] = ofType(lines, 'contact');
  const conversations = ofType(lines, 'conversation');
  const messages = ofType(lines, 'message');
  expect(conversations.map((line) => line['contact_id'])).toEqual([contact!['id'], contact!['id']]);
  expect(messages.map((line) => line['conversation_id'])).toEqual(conversations.map((line) => line['id']));
  expect(messages.map((line) => line['author'])).toEqual(
    messages.map(() => ({ id: contact!['id'], name: contact!['name'], contact_id: contact!['id'] })),
  );
  expect(ofType(lines, 'account')[0]).toMatchObject({ email: contact!['email'], name: contact!['name'] });
  const { name, email, phone } = contact as Record<string, string>;
  expect(messages[0]!['body']).toBe(`${name}, Frau ${name}, ${email}, ${phone}, [card]`);
  // Times and what is nobody's stay as they were.
  expect(messages[0]).toMatchObject({ role: 'user', created_at: '2026-03-01T10:00:00.000Z' });

  const pseudonyms = (files: Map<string, Buffer>) =>
    new Set(
      [...files.values()].flatMap(
        (bytes) => bytes.toString().match(/anon_[0-9a-f]{20}|Person [0-9a-f]{10}/g) ?? [],
      ),
    );
  const theirs = pseudonyms(other);
  expect(theirs.size).toBe(pseudonyms(one).size);
  expect([...pseudonyms(one)].filter((pseudonym) => theirs.has(pseudonym))).toEqual([]);
});

test('the manifest says what was replaced where, what is left out, and by what kind of filter', async () => {
  const order = { kind: 'conversations', format: 'json', files: true, anonymize: true };
  const filter = { email: planted.email, status: ['open'] };
  const manifest = manifestOf(await unpack(await fetchPackage({ ...order, filter })));
  expect(manifest.filter).toEqual({ email: '[hidden]', status: ['open'] });
  expect(manifest.redactions).toEqual(
    expect.arrayContaining([
      { path: 'messages.body', reason: 'card', count: 2 },
      { path: 'messages.body', reason: 'email', count: 2 },
      { path: 'conversations.contact.email', reason: 'email', count: 2 },
    ]),
  );
  expect(manifest.left_out).toContainEqual({ what: 'contents of files', why: 'they cannot be anonymised' });
  const whole = manifestOf(
    await unpack(await fetchPackage({ kind: 'workspace', format: 'json', anonymize: true })),
  );
  expect(whole.left_out).toContainEqual({ what: 'audit_log', why: 'it says who did what' });
  expect(Object.keys(whole.counts)).not.toContain('audit_log');
});

test.each([
  [{ kind: 'contact', id: `contacts-1-${planted.email}` }, 'contact'],
  [{ kind: 'audit' }, 'audit'],
])('%j is refused by name', async (order, name) => {
  const { status, text } = await post({ ...order, anonymize: true });
  expect(status).toBe(400);
  expect(text).toContain(`is not for ${name}`);
  expect(JSON.parse(text)).toMatchObject({ code: 'exports.bad_request' });
});

test('the key of pseudonyms is written down nowhere', async () => {
  await fetchPackage({ kind: 'contacts', format: 'csv', anonymize: true });
  const [row] = await db.asSuperuser<{ plan: object }>(
    'select plan from exports order by created_at desc limit 1',
  );
  expect(JSON.stringify(row!.plan)).not.toMatch(/key/i);
});
