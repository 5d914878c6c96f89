import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countSample } from '../../samples/generate-sample.ts';
import { writeSample } from '../../samples/write-sample.ts';
import { getDataset } from '../../src/catalog/datasets.ts';
import { jsonSchemaOf } from '../../src/catalog/json-schema.ts';
import { operator } from '../../src/cli/operator.ts';
import { exportToPackage } from '../../src/exports/keep/export-to-package.ts';
import type { Manifest } from '../../src/packages/manifest.ts';
import { importFile, type ImportResult } from '../../src/records/import-file.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// Wall 10: export → import into an empty workspace → export gives equal digests.

const CONVERSATIONS = 300; // every field of the grammar is filled from here on
const never = new AbortController().signal;
let db: TestDatabase;
let server: TestServer;
let folder: string;
let first: string;
let second: string;
let imported: ImportResult;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  folder = await mkdtemp(join(tmpdir(), 'convey-round-'));
  first = await db.createWorkspace('first');
  second = await db.createWorkspace('second');
  await writeSample(join(folder, 'sample'), { conversations: CONVERSATIONS });
  imported = await importFile(server.installation, { workspaceId: first }, join(folder, 'sample'), {
    format: 'convey',
    signal: never,
  });
});
afterAll(async () => {
  await server.stop();
  await db.drop();
  await rm(folder, { recursive: true, force: true });
});

async function exportLines(workspaceId: string): Promise<string[]> {
  const headers = await server.authorize(workspaceId);
  const reply = await fetch(`${server.url}/v1/workspace/export?format=ndjson`, { headers });
  return (await reply.text()).trimEnd().split('\n');
}

/** One digest per type of record; the audit log is each workspace's own. */
function digests(lines: string[]): Record<string, string> {
  const hashes = new Map<string, ReturnType<typeof createHash>>();
  for (const line of lines.slice(0, -1)) {
    const { type } = JSON.parse(line) as { type: string };
    if (type === 'audit_event') continue;
    if (!hashes.has(type)) hashes.set(type, createHash('sha256'));
    hashes.get(type)!.update(`${line}\n`);
  }
  return Object.fromEntries([...hashes].map(([type, hash]) => [type, hash.digest('hex')]));
}

test('the whole sample goes in, files included, and nothing is rejected or left waiting', async () => {
  expect(imported.rejected).toEqual([]);
  expect(imported.pending).toBe(0);
  expect(imported.files.missing).toEqual([]);
  expect(imported.files.stored).toBe(countSample({ conversations: CONVERSATIONS }).file);
});

test('what belongs to the workspace comes out, what is an account’s own does not', async () => {
  const counts: Record<string, number> = {};
  for (const line of await exportLines(first)) {
    const { type } = JSON.parse(line) as { type?: string };
    if (type !== undefined && type !== 'audit_event') counts[type] = (counts[type] ?? 0) + 1;
  }
  const { ...expected } = countSample({ conversations: CONVERSATIONS }, 'workspace');
  expect(counts).toEqual(expected);
});

test('every exported line is valid by the JSON Schema of its dataset', async () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  const names: Record<string, string> = {
    account: 'accounts',
    workspace_membership: 'workspace_memberships',
    subscription: 'subscriptions',
    contact: 'contacts',
    knowledge_source: 'knowledge_sources',
    flow: 'flows',
    conversation: 'conversations',
    message: 'all_messages',
    event: 'events',
    ticket: 'tickets',
    ticket_message: 'ticket_messages',
    file: 'files',
    memory: 'memories',
    audit_event: 'audit_log',
  };
  const validators = new Map(
    Object.entries(names).map(([type, name]) => [type, ajv.compile(jsonSchemaOf(getDataset(name)))]),
  );
  const seen = new Set<string>();
  for (const line of (await exportLines(first)).slice(0, -1)) {
    const record = JSON.parse(line) as { type: string };
    const validate = validators.get(record.type)!;
    expect(validate(record), `${record.type}: ${ajv.errorsText(validate.errors)}`).toBe(true);
    seen.add(record.type);
  }
  expect([...seen].sort()).toEqual(Object.keys(names).sort());
});

test('wall 10: export → import into an empty workspace → export: equal digests per type of record', async () => {
  const lines = await exportLines(first);
  const file = join(folder, 'export.ndjson');
  await writeFile(file, `${lines.join('\n')}\n`);
  const result = await importFile(server.installation, { workspaceId: second }, file, {
    format: 'convey',
    signal: never,
  });
  expect(result.rejected).toEqual([]);
  expect(result.left_out).toBe(lines.filter((line) => line.startsWith('{"type":"audit_event"')).length);
  expect(digests(await exportLines(second))).toEqual(digests(lines));
});

test('walls 10 and 5: a package with its files → an empty workspace → a package: equal digests, files included', async () => {
  const third = await db.createWorkspace('third');
  const made = async (workspaceId: string, name: string) => {
    const keep = { files: true, partConversations: 100 };
    const request = { kind: 'workspace', format: 'ndjson', keep } as const;
    const path = join(folder, name);
    await exportToPackage(server.installation.exports, { workspaceId }, operator, request, path, {
      signal: never,
    });
    return path;
  };
  const read = async (path: string) => {
    const manifest = JSON.parse(await readFile(join(path, 'manifest.json'), 'utf8')) as Manifest;
    const parts = await Promise.all(manifest.parts.map(({ name }) => readFile(join(path, name), 'utf8')));
    const lines = parts.flatMap((part) => part.trimEnd().split('\n').slice(0, -1));
    return {
      digests: digests([...lines, '']),
      files: manifest.files,
      missing: manifest.missing_files,
      parts: parts.length,
    };
  };
  const one = await read(await made(first, 'package'));
  const back = await importFile(server.installation, { workspaceId: third }, join(folder, 'package'), {
    format: 'convey',
    signal: never,
  });
  expect(back.rejected).toEqual([]);
  expect(back.files.missing).toEqual([]);
  expect(back.signed_by).toMatch(/^sha256:/);
  const two = await read(await made(third, 'package-again'));
  expect(two.digests).toEqual(one.digests);
  const contents = ({ files }: typeof one) => files.map(({ ref: _ref, ...file }) => file);
  expect(contents(two)).toEqual(contents(one));
  expect(one.files.length).toBeGreaterThan(0);
  expect([one.missing, two.missing]).toEqual([[], []]);
  expect(one.parts).toBe(5); // before, three of 100 conversations, after
  // What the command line writes is for its owner alone.
  const entries = await readdir(join(folder, 'package'), { recursive: true });
  for (const entry of ['', ...entries]) {
    const found = await stat(join(folder, 'package', entry));
    expect((found.mode & 0o777).toString(8), entry).toBe(found.isDirectory() ? '700' : '600');
  }
  expect((await stat(await made(first, 'package.zip'))).mode & 0o777).toBe(0o600);
});

test('importing the same again changes nothing', async () => {
  const before = digests(await exportLines(first));
  const again = await importFile(server.installation, { workspaceId: first }, join(folder, 'sample'), {
    format: 'convey',
    signal: never,
  });
  expect(again.accepted).toEqual({ inserted: 0, updated: 0, deleted: 0, merged: 0 });
  expect(digests(await exportLines(first))).toEqual(before);
});

test('files come back byte for byte', async () => {
  const rows = await db.asSuperuser<{ content_key: string; sha256: string }>(
    'select content_key, sha256 from files where workspace_id = $1 and content_key is not null',
    [first],
  );
  expect(rows.length).toBe(imported.files.stored);
  for (const { content_key: key, sha256 } of rows) {
    const hash = createHash('sha256');
    for await (const chunk of await server.installation.store.open(key)) hash.update(chunk as Buffer);
    expect(hash.digest('hex')).toBe(sha256);
  }
});
