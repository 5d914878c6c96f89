import { createHash } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Manifest } from '../../src/packages/manifest.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// V-12 and pains 1, 20: recordings and attachments are in the package, and one that is gone is a warning in a ready
// export, never a hang (a peer's export stood still for 25 days over one missing file).

let db: TestDatabase;
let server: TestServer;
let headers: Record<string, string>;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  const workspaceId = await db.createWorkspace('calls');
  headers = await server.authorize(workspaceId, ['ingest', 'export:create']);
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

/** A second of a tone, 8 kHz, 16 bit, mono. */
function wav(): Buffer {
  const samples = 8000;
  const bytes = Buffer.alloc(44 + samples * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + samples * 2, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8000, 24);
  bytes.writeUInt32LE(16_000, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i++) bytes.writeInt16LE(Math.round(9000 * Math.sin(i / 3)), 44 + i * 2);
  return bytes;
}

const at = '2026-05-01T10:00:00.000Z';
const file = (id: string, kind: string, mediaType: string) => ({
  type: 'file',
  id,
  kind,
  name: id,
  media_type: mediaType,
  conversation_id: 'call-1',
  created_at: at,
});

async function ingest(...lines: object[]): Promise<void> {
  const reply = await fetch(`${server.url}/v1/ingest`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
    body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  });
  expect(await reply.json()).toMatchObject({ rejected: [] });
}

async function upload(id: string, bytes: Buffer): Promise<void> {
  const reply = await fetch(`${server.url}/v1/files/${id}/content`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  });
  expect(reply.ok, await reply.text()).toBe(true);
}

const keyOf = async (id: string) =>
  (await db.asSuperuser<{ content_key: string }>('select content_key from files where id = $1', [id]))[0]!
    .content_key;

interface Told {
  job_id: string;
  status: string;
  warnings: { code: string; count: number; detail: string }[];
  files: { name: string; url: string; sha256: string; bytes: number }[];
}

async function order(): Promise<Told> {
  const reply = await fetch(`${server.url}/v1/exports`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', prefer: 'wait=30' },
    body: JSON.stringify({ kind: 'conversations', format: 'json', files: true }),
  });
  return (await reply.json()) as Told;
}

/** Changes one byte in the middle of a stored object. */
async function damage(key: string): Promise<void> {
  const root = server.installation.config.storage.slice('file:'.length);
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  const stored = found.find(
    (entry) =>
      entry.isFile() && entry.name === basename(key) && entry.parentPath.startsWith(join(root, 'files')),
  )!;
  const handle = await open(join(stored.parentPath, stored.name), 'r+');
  const { size } = await handle.stat();
  await handle.write(Buffer.from([0x58, 0x59]), 0, 2, Math.floor(size / 2));
  await handle.close();
}

test('a recording and attachments are in the package; the gone, the damaged and the never received ones are warnings', async () => {
  const recording = wav();
  await ingest(
    { type: 'contact', id: 'caller', kind: 'customer', created_at: at },
    {
      type: 'conversation',
      id: 'call-1',
      contact_id: 'caller',
      channel: 'voice',
      status: 'resolved',
      created_at: at,
    },
    file('call.wav', 'recording', 'audio/wav'),
    file('whole.txt', 'attachment', 'text/plain'),
    file('gone.txt', 'attachment', 'text/plain'),
    file('damaged.txt', 'attachment', 'text/plain'),
    file('never.txt', 'attachment', 'text/plain'),
    file('never-2.txt', 'attachment', 'text/plain'),
  );
  await upload('call.wav', recording);
  for (const id of ['whole.txt', 'gone.txt', 'damaged.txt'])
    await upload(id, Buffer.from(`${id} `.repeat(5000)));
  const complete = await order();
  expect(complete.status).toBe('ready');
  expect(complete.warnings).toEqual([
    { code: 'exports.missing_file', count: 2, detail: 'its bytes were never received' },
  ]);

  await server.installation.store.delete(await keyOf('gone.txt'));
  await damage(await keyOf('damaged.txt'));
  const told = await order();
  expect(told).toMatchObject({ status: 'ready', error: null });
  expect(told.warnings).toHaveLength(3);
  expect(told.warnings[0]).toEqual({
    code: 'exports.missing_file',
    count: 2,
    detail: 'its bytes were never received',
  });
  expect(told.warnings).toContainEqual({
    code: 'exports.missing_file',
    count: 1,
    detail: 'its stored bytes are gone',
  });
  expect(told.warnings).toContainEqual({
    code: 'exports.missing_file',
    count: 1,
    detail: 'its stored bytes, or their key, were changed',
  });

  const fetched = async (url: string) =>
    Buffer.from(await (await fetch(server.url + url, { headers })).arrayBuffer());
  const sha256 = createHash('sha256').update(recording).digest('hex');
  const audio = told.files.find((one) => one.sha256 === sha256)!;
  expect((await fetched(audio.url)).equals(recording)).toBe(true);
  const manifest = JSON.parse(
    (await fetched(`/v1/exports/${told.job_id}/files/manifest.json`)).toString(),
  ) as Manifest;
  expect(manifest.files.map((one) => one.sha256)).toContain(sha256);
  expect(manifest.files).toHaveLength(2);
  expect(manifest.missing_files).toHaveLength(4);
  expect(new Set(manifest.missing_files.map(({ id }) => id))).toEqual(
    new Set(['damaged.txt', 'gone.txt', 'never-2.txt', 'never.txt']),
  );
  const listed = (await (await fetch(`${server.url}/v1/exports`, { headers })).json()) as { exports: Told[] };
  expect(listed.exports[0]!.warnings).toEqual(told.warnings);
});
