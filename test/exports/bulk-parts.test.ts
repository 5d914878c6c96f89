import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { conversationCondition } from '../../src/catalog/conversation-filter.ts';
import { verifyPackage } from '../../src/verify/verify-package.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// V-03, V-11: 5,000 conversations in a file, and however many there are, they are cut by themselves, never refused.

const run = promisify(execFile);
const script = fileURLToPath(new URL('../support/read-parts.py', import.meta.url));

const PLANTED = 12_400;
const WANTED = 12_345;
const SMALL = 999;
const MESSAGES_EACH = 3;
const PATIENCE_MS = 240_000;
/** The first so many of the planted conversations, of which one begins each minute. */
const first = (conversations: number) => ({
  until: new Date(Date.UTC(2025, 0, 1) + (conversations + 1) * 60_000).toISOString(),
});
const PARTS = [5_000, 5_000, 2_345];

/** What is ordered, and how another program reads a part of it. One line more, and a format is tested. */
const FORMATS: {
  order: Record<string, unknown>;
  extension: string;
  read: string;
  /** Whether its lines, rows or records name their conversation. */
  hasIds: boolean;
  /** What one conversation of a part counts as. */
  counts: (conversations: number) => Record<string, number>;
}[] = [
  { order: { format: 'ndjson' }, extension: 'ndjson', read: 'ndjson', hasIds: true, counts: nested },
  { order: { format: 'json' }, extension: 'json', read: 'json', hasIds: true, counts: nested },
  {
    order: { format: 'csv' },
    extension: 'csv',
    read: 'csv',
    hasIds: true,
    counts: (n) => ({ conversations: n }),
  },
  {
    order: { format: 'csv', mode: 'messages' },
    extension: 'csv',
    read: 'csv',
    hasIds: true,
    counts: messages,
  },
  {
    order: { format: 'xlsx' },
    extension: 'xlsx',
    read: 'xlsx',
    hasIds: true,
    counts: (n) => ({ conversations: n }),
  },
  {
    order: { format: 'xlsx', mode: 'messages' },
    extension: 'xlsx',
    read: 'xlsx',
    hasIds: true,
    counts: messages,
  },
  { order: { format: 'html' }, extension: 'zip', read: 'html', hasIds: true, counts: nested },
  { order: { format: 'chat-jsonl' }, extension: 'jsonl', read: 'chat-jsonl', hasIds: false, counts: nested },
];

function nested(conversations: number): Record<string, number> {
  return { conversations, ...messages(conversations) };
}
function messages(conversations: number): Record<string, number> {
  return { messages: conversations * MESSAGES_EACH };
}

let db: TestDatabase;
let server: TestServer;
let folder: string;
let workspaceId: string;
let headers: Record<string, string>;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  folder = await mkdtemp(join(tmpdir(), 'convey-parts-'));
  workspaceId = await db.createWorkspace('acme');
  await plantRecords(db, workspaceId, { conversations: PLANTED, messagesEach: MESSAGES_EACH });
  headers = await server.authorize(workspaceId);
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
  files: { url: string; name: string; part: number; records: number; bytes: number; sha256: string }[];
  package: string;
  error: unknown;
}

const get = (path: string, more: Record<string, string> = {}) =>
  fetch(server.url + path, { headers: { ...headers, ...more } });

/** Orders conversations and waits for the end. Answers how long that took as well. */
async function order(body: object): Promise<{ told: Told; seconds: number }> {
  const begun = performance.now();
  const reply = await fetch(`${server.url}/v1/conversations/export`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', prefer: 'wait=60' },
    body: JSON.stringify(body),
  });
  const text = await reply.text();
  expect(reply.status, text).toBe(202);
  let told = JSON.parse(text) as Told;
  // What takes longer than a reply waits for is asked for again.
  await vi.waitUntil(
    async () => {
      if (told.status === 'queued' || told.status === 'running')
        told = (await (await get(`/v1/exports/${told.job_id}`)).json()) as Told;
      return told.status !== 'queued' && told.status !== 'running';
    },
    { timeout: PATIENCE_MS, interval: 200 },
  );
  return { told, seconds: (performance.now() - begun) / 1000 };
}

const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

describe.each(FORMATS)(
  '$order',
  { timeout: PATIENCE_MS },
  ({ order: wanted, extension, read, hasIds, counts }) => {
    let told: Told;
    const contents: Buffer[] = [];

    test('of 12,345 conversations come in three parts, which hold exactly what the filter finds, each once', async () => {
      const filter = first(WANTED);
      const [found] = await db.asSuperuser<{ n: number }>(
        `select count(*)::int as n from conversations t where t.workspace_id = $1 and (${conversationCondition(filter)})`,
        [workspaceId],
      );
      expect(found!.n).toBe(WANTED);
      const ordered = await order({ ...wanted, filter });
      told = ordered.told;
      console.log(`12,345 conversations as ${JSON.stringify(wanted)}: ${ordered.seconds.toFixed(1)} s`);
      expect(told).toMatchObject({ status: 'ready', error: null, counts: counts(WANTED) });
      expect(told.files.map(({ part }) => part)).toEqual([1, 2, 3]);
      expect(told.files.map(({ name }) => name.slice(name.indexOf('-part')))).toEqual(
        PARTS.map((_, index) => `-part00${index + 1}.${extension}`),
      );
      const paths: string[] = [];
      for (const { url, name } of told.files) {
        const bytes = Buffer.from(await (await get(url)).arrayBuffer());
        contents.push(bytes);
        paths.push(join(folder, name.slice('data/'.length)));
        await writeFile(paths.at(-1)!, bytes);
      }
      const { stdout } = await run('python3', [script, read, ...paths], { maxBuffer: 1 << 26 });
      const reread = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { conversations: (string | null)[]; messages: number | null });
      expect(reread.map((part) => part.conversations.length)).toEqual(PARTS);
      if (hasIds) {
        const ids = reread.flatMap((part) => part.conversations);
        expect(ids).toEqual(Array.from({ length: WANTED }, (_, index) => `v${index + 1}`));
      }
      const said = counts(WANTED)['messages'];
      if (said !== undefined) expect(reread.reduce((sum, part) => sum + (part.messages ?? 0), 0)).toBe(said);
    });

    test('are parts that can be fetched alone, from any place, each with its digest', async () => {
      for (const [index, { url, bytes, sha256 }] of told.files.entries()) {
        const content = contents[index]!;
        expect([content.length, sha256Of(content).toString('hex')]).toEqual([bytes, sha256]);
        const head = await fetch(server.url + url, { method: 'HEAD', headers });
        const tag = head.headers.get('etag')!;
        expect(tag).toBe(`"${sha256}"`); // strong: no W/ before it
        expect(head.headers.get('repr-digest')).toBe(`sha-256=:${sha256Of(content).toString('base64')}:`);
        const at = Math.floor(content.length / 3);
        const rest = await get(url, { range: `bytes=${at}-`, 'if-range': tag });
        expect(rest.status).toBe(206);
        expect(rest.headers.get('content-range')).toBe(`bytes ${at}-${bytes - 1}/${bytes}`);
        expect(Buffer.from(await rest.arrayBuffer()).equals(content.subarray(at))).toBe(true);
        const middle = await get(url, { range: 'bytes=10-99' });
        expect(Buffer.from(await middle.arrayBuffer()).equals(content.subarray(10, 100))).toBe(true);
      }
    });

    test('are a package that verifies, its parts counted anew', async () => {
      const path = join(folder, `${told.job_id}.zip`);
      await writeFile(path, Buffer.from(await (await get(told.package)).arrayBuffer()));
      const keys = [(await server.installation.signingKeys.current()).fingerprint];
      const result = await verifyPackage(path, { keys });
      expect(result).toMatchObject({
        ok: true,
        problems: [],
        parts: 3,
        is_counted: true,
        counts: counts(WANTED),
      });
      const manifest = (await (await get(`/v1/exports/${told.job_id}/files/manifest.json`)).json()) as {
        parts: { part: number; counts: Record<string, number> }[];
      };
      expect(manifest.parts.map(({ part, counts: counted }) => [part, counted])).toMatchObject(
        PARTS.map((conversations, index) => [index + 1, counts(conversations)]),
      );
    });

    test('of fewer than 1,000 conversations are ready in well under 60 s, in one file', async () => {
      const { told: small, seconds } = await order({ ...wanted, filter: first(SMALL) });
      console.log(`${SMALL} conversations as ${JSON.stringify(wanted)}: ${seconds.toFixed(2)} s`);
      expect(small).toMatchObject({ status: 'ready', counts: counts(SMALL) });
      expect(small.files.map(({ part }) => part)).toEqual([1]);
      expect(small.files[0]!.name).not.toContain('-part');
      expect(seconds).toBeLessThan(30);
    });
  },
);

test(
  'fewer than 1,000 conversations as PDF are ready in under 60 s as well, a document for each',
  async () => {
    const { told, seconds } = await order({ format: 'pdf', filter: first(SMALL) });
    console.log(`${SMALL} conversations as PDF: ${seconds.toFixed(1)} s`);
    expect(told).toMatchObject({ status: 'ready', counts: nested(SMALL) });
    const path = join(folder, 'pdf.zip');
    await writeFile(path, Buffer.from(await (await get(told.files[0]!.url)).arrayBuffer()));
    const { stdout } = await run('python3', [script, 'pdf', path], { maxBuffer: 1 << 26 });
    expect(JSON.parse(stdout)).toMatchObject({
      conversations: Array.from({ length: SMALL }, (_, index) => `v${index + 1}`),
    });
    expect(seconds).toBeLessThan(60);
  },
  PATIENCE_MS,
);
