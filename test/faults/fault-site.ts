import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import { expireExports } from '../../src/exports/keep/end-export.ts';
import { verifyPackage } from '../../src/verify/verify-package.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const CLI = fileURLToPath(new URL('../../bin/convey.js', import.meta.url));
/** No fault may hold an export up for longer. */
const PATIENCE = { timeout: 110_000, interval: 25 };
const CONVERSATIONS = 120;

/** An export as the API tells of it. */
export interface Told {
  job_id: string;
  kind: string;
  status: 'queued' | 'running' | 'ready' | 'failed' | 'cancelled' | 'expired';
  counts: Record<string, number> | null;
  files: { url: string }[];
  package: string | null;
  error: { code: string; title: string } | null;
}

/** A server with a workspace full of records and files, to be hit by faults. */
export interface FaultSite {
  db: TestDatabase;
  server: TestServer;
  headers: Record<string, string>;
  order(body: object): Promise<string>;
  look(id: string): Promise<Told>;
  /** Waits for its end, and checks that what it says is true. */
  ended(id: string): Promise<Told>;
  startWorker(): ChildProcess;
  /** Nothing lies in the store, once swept, but what ready exports are made of. */
  expectNoOrphans(): Promise<void>;
  close(): Promise<void>;
}

/** @param settings of the server and its workers; `storage` is where their objects lie */
export async function openSite(settings: Record<string, string> = {}): Promise<FaultSite> {
  const db = await createTestDatabase();
  const env = {
    CONVEY_LEASE: '1s',
    CONVEY_EXPORT_ATTEMPTS: '3',
    CONVEY_PART_CONVERSATIONS: '25',
    CONVEY_REQUESTS_PER_MINUTE: '0', // it is looked at all the time
    ...settings,
  };
  const server = await startTestServer(db.database, env);
  const workspaceId = await db.createWorkspace('faults');
  await plantRecords(db, workspaceId, { conversations: CONVERSATIONS, messagesEach: 20, bodyRepeats: 4 });
  const headers = await server.authorize(workspaceId, ['ingest', 'export:create', 'audit:read']);
  await plantFiles(server.url, headers);
  const folder = await mkdtemp(join(tmpdir(), 'convey-faults-'));
  const { fingerprint } = await server.installation.signingKeys.current();
  const workers = new Set<ChildProcess>();

  async function look(id: string): Promise<Told> {
    const reply = await fetch(`${server.url}/v1/exports/${id}`, { headers });
    expect(reply.ok, `looking at an export: ${reply.status}`).toBe(true);
    const told = (await reply.json()) as Told;
    if (told.status !== 'ready') expect([told.files, told.package]).toEqual([[], null]);
    return told;
  }

  /** What is published verifies; what is not cannot be fetched. */
  async function check(told: Told): Promise<void> {
    if (told.status !== 'ready') {
      expect(told.error).toMatchObject({
        code: expect.stringMatching(/^\w+\.\w+$/),
        title: expect.any(String),
      });
      for (const name of ['package.zip', 'files/manifest.json']) {
        const reply = await fetch(`${server.url}/v1/exports/${told.job_id}/${name}`, { headers });
        expect(reply.status, name).toBeGreaterThanOrEqual(400);
        await reply.body?.cancel();
      }
      return;
    }
    const path = join(folder, `${told.job_id}.zip`);
    await vi.waitFor(() => fetchPackage(told.job_id, path), PATIENCE);
    const { ok, problems, counts } = await verifyPackage(path, { keys: [fingerprint] });
    expect(problems).toEqual([]);
    expect(ok).toBe(true);
    // Of rows of messages the export has counted the conversations too; the file does not show them.
    expect(told.counts).toMatchObject(counts);
    if (told.kind !== 'contacts') expect(counts['conversations'] ?? CONVERSATIONS).toBe(CONVERSATIONS);
    await rm(path);
  }

  async function fetchPackage(id: string, path: string): Promise<void> {
    const reply = await fetch(`${server.url}/v1/exports/${id}/package.zip`, { headers });
    expect(reply.status).toBe(200);
    await pipeline(Readable.fromWeb(reply.body as never), createWriteStream(path));
  }

  return {
    db,
    server,
    headers,
    look,
    order: (body) =>
      vi.waitFor(async () => {
        const reply = await fetch(`${server.url}/v1/exports`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        expect(reply.status).toBe(202);
        return ((await reply.json()) as Told).job_id;
      }, PATIENCE),
    ended: async (id) => {
      const told = await vi.waitFor(async () => {
        const now = await look(id);
        expect(['ready', 'failed', 'cancelled']).toContain(now.status);
        return now;
      }, PATIENCE);
      await check(told);
      return told;
    },
    startWorker: () => {
      const { homeDir, storage } = server.installation.config;
      const worker = spawn(process.execPath, [CLI, 'worker'], {
        env: {
          PATH: process.env['PATH'],
          ...pick(process.env, /^AWS_/),
          ...env,
          DATABASE_URL: db.url,
          CONVEY_HOME: homeDir,
          CONVEY_STORAGE: storage,
        },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      workers.add(worker);
      worker.once('exit', () => workers.delete(worker));
      return worker;
    },
    expectNoOrphans: async () => {
      const { exports, store } = server.installation;
      await expireExports(exports);
      await store.sweepTemporary({ olderThanMs: -60_000 });
      const needed = await db.asSuperuser<{ object_key: string }>(
        `select object_key from export_parts join exports on id = export_id where status = 'ready'`,
      );
      const found: string[] = [];
      for await (const { key } of store.list('exports/')) found.push(key);
      expect(found.sort()).toEqual(needed.map(({ object_key }) => object_key).sort());
    },
    close: async () => {
      for (const worker of workers) {
        worker.kill('SIGKILL');
        await once(worker, 'exit');
      }
      await server.stop();
      await db.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const pick = (env: NodeJS.ProcessEnv, names: RegExp) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => names.test(name)));

/** A few attachments with bytes, so that exports copy contents as well. */
async function plantFiles(url: string, headers: Record<string, string>): Promise<void> {
  const files = Array.from({ length: 8 }, (_, index) => ({
    id: `f${index}`,
    bytes: Buffer.alloc(60_000, index),
  }));
  const lines = files.map(({ id }, index) =>
    JSON.stringify({
      type: 'file',
      id,
      kind: 'attachment',
      name: `${id}.bin`,
      conversation_id: `v${index + 1}`,
    }),
  );
  const ingested = await fetch(`${url}/v1/ingest`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
    body: `${lines.join('\n')}\n`,
  });
  expect(ingested.status).toBe(200);
  for (const { id, bytes } of files) {
    const put = await fetch(`${url}/v1/files/${id}/content`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/octet-stream' },
      body: bytes,
    });
    expect(put.ok).toBe(true);
  }
}
