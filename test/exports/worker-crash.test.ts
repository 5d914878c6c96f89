import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { verifyPackage } from '../../src/verify/verify-package.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// Wall 4's core: workers are processes of their own, and one that dies takes no export with it.

const PATIENCE = { timeout: 40_000, interval: 50 };
const CLI = fileURLToPath(new URL('../../bin/convey.js', import.meta.url));

let db: TestDatabase;
let server: TestServer;
let headers: Record<string, string>;
let folder: string;
let holder: pg.Client;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_ROLE: 'server', CONVEY_PART_CONVERSATIONS: '20' });
  const workspaceId = await db.createWorkspace('crash');
  await plantRecords(db, workspaceId, { conversations: 50, messagesEach: 10 });
  headers = await server.authorize(workspaceId, ['export:create']);
  folder = await mkdtemp(join(tmpdir(), 'convey-crash-'));
  holder = new pg.Client({ connectionString: db.superuserUrl });
  await holder.connect();
});
afterEach(async () => {
  await holder.query('rollback');
  for (const worker of workers.splice(0)) {
    if (worker.exitCode !== null || worker.signalCode !== null) continue;
    worker.kill('SIGKILL');
    await once(worker, 'exit');
  }
});
afterAll(async () => {
  await holder.end();
  await server.stop();
  await db.drop();
  await rm(folder, { recursive: true });
});

function startWorker(): ChildProcess {
  const { homeDir } = server.installation.config;
  const env = { DATABASE_URL: db.url, CONVEY_HOME: homeDir, CONVEY_LEASE: '1s', CONVEY_EXPORT_ATTEMPTS: '3' };
  const worker = spawn(process.execPath, [CLI, 'worker'], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: 'inherit',
  });
  workers.push(worker);
  return worker;
}

interface Told {
  job_id: string;
  status: string;
  progress: { stage: string };
  counts: Record<string, number> | null;
  error: { code: string } | null;
}

async function call(method: string, path: string, body?: object): Promise<Told> {
  const reply = await fetch(server.url + path, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(reply.ok, `${method} ${path}: ${reply.status}`).toBe(true);
  return (await reply.json()) as Told;
}

const order = () => call('POST', '/v1/exports', { kind: 'conversations', format: 'ndjson' });
const statusIs = (id: string, status: string) =>
  vi.waitUntil(async () => (await call('GET', `/v1/exports/${id}`)).status === status, PATIENCE);
const hold = () => holder.query('begin; lock table messages in access exclusive mode');
const attemptsOf = async (id: string) =>
  (await db.asSuperuser<{ attempts: string }>('select attempts from jobs where subject_id = $1', [id]))[0]!
    .attempts;

async function kill(worker: ChildProcess): Promise<void> {
  worker.kill('SIGKILL');
  await once(worker, 'exit');
}

async function objectsOf(id: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of server.installation.store.list('exports/'))
    if (key.includes(id)) keys.push(key);
  return keys.sort();
}

test('V-02, wall 4: an export whose worker is killed with kill -9 is taken over by another and verifies', async () => {
  await hold();
  const { job_id: id } = await order();
  const first = startWorker();
  await statusIs(id, 'running');
  await kill(first);
  startWorker();
  await vi.waitUntil(async () => Number(await attemptsOf(id)) === 2, PATIENCE);
  expect((await call('GET', `/v1/exports/${id}`)).status).toBe('running');
  await holder.query('rollback');
  await statusIs(id, 'ready');
  const zip = await fetch(`${server.url}/v1/exports/${id}/package.zip`, { headers });
  const path = join(folder, 'taken-over.zip');
  await writeFile(path, Buffer.from(await zip.arrayBuffer()));
  const { fingerprint } = await server.installation.signingKeys.current();
  expect(await verifyPackage(path, { keys: [fingerprint] })).toMatchObject({
    ok: true,
    counts: { conversations: 50 },
  });
  const parts = await db.asSuperuser<{ object_key: string }>(
    'select object_key from export_parts where export_id = $1',
    [id],
  );
  expect(parts).toHaveLength(3);
  expect(await objectsOf(id)).toEqual(parts.map((part) => part.object_key).sort());
});

test('an export that kills every worker ends as failed after its attempts, with the reason and no object', async () => {
  await hold();
  const { job_id: id } = await order();
  for (const attempt of ['1', '2', '3']) {
    const worker = startWorker();
    await vi.waitUntil(async () => (await attemptsOf(id)) === attempt, PATIENCE);
    await kill(worker);
  }
  startWorker();
  await statusIs(id, 'failed');
  expect((await call('GET', `/v1/exports/${id}`)).error).toMatchObject({ code: 'exports.interrupted' });
  expect(await objectsOf(id)).toEqual([]);
});

test('a worker that is asked to stop puts its export back, and the next one finishes it', async () => {
  await hold();
  const { job_id: id } = await order();
  const first = startWorker();
  await statusIs(id, 'running');
  first.kill('SIGTERM');
  await once(first, 'exit');
  expect(first.exitCode).toBe(0);
  expect((await call('GET', `/v1/exports/${id}`)).status).toBe('queued');
  startWorker();
  await holder.query('rollback');
  await statusIs(id, 'ready');
});

test('cancelling reaches a worker in another process; nothing is left', async () => {
  await hold();
  const { job_id: id } = await order();
  startWorker();
  await statusIs(id, 'running');
  expect(await call('DELETE', `/v1/exports/${id}`)).toMatchObject({ status: 'cancelled' });
  expect(await objectsOf(id)).toEqual([]);
});
