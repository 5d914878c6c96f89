import { execFile } from 'node:child_process';
import { readdir, readlink } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let headers: { authorization: string };
let blocker: pg.Client;

/** Large enough that neither the kernel's buffers nor a chunk of ours hold it. */
const PATH = '/v1/workspace/export?format=ndjson';

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_IDLE_CLIENT: '2s' });
  workspaceId = await db.createWorkspace('broken');
  await plantRecords(db, workspaceId, { conversations: 2000, messagesEach: 10, bodyRepeats: 20 });
  headers = await server.authorize(workspaceId);
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});
afterEach(async () => {
  await blocker?.end().catch(() => {});
});

/** Holds an export fast near its end (`memories` comes last but one), after most of its bytes have left. */
async function holdExports(): Promise<void> {
  blocker = new pg.Client({ connectionString: db.superuserUrl });
  blocker.on('error', () => {});
  await blocker.connect();
  await blocker.query('begin');
  await blocker.query('lock table memories in access exclusive mode');
}

/** Server processes that hold a transaction of an export; idle ones wait some seconds for the next. */
const exportBackends = async () =>
  (
    await db.asSuperuser<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity
        where application_name = 'convey export' and state <> 'idle' and datname = current_database()`,
    )
  )[0]!.n;

const blockedBackends = async () =>
  (
    await db.asSuperuser<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where application_name = 'convey export' and wait_event_type = 'Lock' and datname = current_database()`,
    )
  )[0]!.n;

const lastExport = async () =>
  (
    await db.asSuperuser<{ status: string; error_code: string | null }>(
      'select status, error_code from exports order by created_at desc limit 1',
    )
  )[0]!;

/** Spool files that this process still holds open; they have no name any more. */
async function openSpools(): Promise<number> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  return links.filter((link) => link.includes('/spool/spool-')).length;
}

function curl(...args: string[]): Promise<{ exitCode: number; status: number; bytes: number }> {
  return new Promise((resolve) => {
    const all = [
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code} %{size_download}',
      '-H',
      `authorization: ${headers.authorization}`,
      ...args,
    ];
    execFile('curl', all, (error, stdout) => {
      const [status, bytes] = stdout.split(' ').map(Number);
      resolve({ exitCode: Number(error?.code ?? 0), status: status!, bytes: bytes! });
    });
  });
}

function ask(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
      socket.write(
        `GET ${PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${headers.authorization}\r\n\r\n`,
      );
      resolve(socket);
    });
    socket.on('error', reject);
  });
}

const terminateExports = () =>
  db.asSuperuser(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'convey export' and datname = current_database()`,
  );

test('an unhindered export arrives whole, by HTTP/1.1 and by HTTP/1.0', async () => {
  const modern = await curl(server.url + PATH);
  expect(modern).toMatchObject({ exitCode: 0, status: 200 });
  const old = await curl('--http1.0', server.url + PATH);
  expect(old).toMatchObject({ exitCode: 0, status: 200 });
  expect(old.bytes).toBeGreaterThan(20_000_000);
});

test('a database that dies in the middle gives a broken transfer, never a short success', async () => {
  await holdExports();
  const download = curl(server.url + PATH);
  await expect.poll(blockedBackends, { timeout: 20_000 }).toBeGreaterThan(0);
  await terminateExports();
  const { exitCode, status, bytes } = await download;
  expect(status).toBe(200);
  expect(bytes).toBeGreaterThan(1_000_000);
  expect(exitCode).not.toBe(0);
  await expect.poll(lastExport).toEqual({ status: 'failed', error_code: 'exports.database_lost' });
  expect(await exportBackends()).toBe(0);
  await expect.poll(openSpools).toBe(0);
});

test('over HTTP/1.0, which has no end mark, the same failure is an error status and no bytes of the file', async () => {
  await holdExports();
  const download = curl('--http1.0', server.url + PATH);
  await expect.poll(blockedBackends, { timeout: 20_000 }).toBeGreaterThan(0);
  await terminateExports();
  const { status, bytes } = await download;
  expect(status).toBe(503);
  expect(bytes).toBeLessThan(2000);
});

test('a client that never reads holds no snapshot and no connection, and is cut off in the end', async () => {
  const socket = await ask();
  socket.pause();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await expect.poll(lastExport, { timeout: 20_000 }).toEqual({ status: 'ready', error_code: null });
  expect(await exportBackends()).toBe(0);
  expect(await openSpools()).toBe(1);
  await expect.poll(openSpools, { timeout: 20_000 }).toBe(0);
  socket.resume();
  await closed;
  const downloads = await db.asSuperuser<{ n: number }>(
    `select count(*)::int as n from exports where status = 'ready' and last_downloaded_at is null`,
  );
  expect(downloads[0]!.n).toBe(1); // rendered, but never handed over: not noted as downloaded
});

test('a client that leaves ends its export and frees everything', async () => {
  await holdExports();
  const socket = await ask();
  socket.on('data', () => {});
  await expect.poll(blockedBackends, { timeout: 20_000 }).toBeGreaterThan(0);
  socket.destroy();
  await expect.poll(exportBackends, { timeout: 20_000 }).toBe(0);
  await expect.poll(lastExport).toEqual({ status: 'cancelled', error_code: 'exports.cancelled' });
  await expect.poll(openSpools).toBe(0);
});

test('a fourth direct export of a workspace at once is refused with 429, one of another workspace is not', async () => {
  await holdExports();
  const sockets = await Promise.all([ask(), ask(), ask()]);
  await expect.poll(blockedBackends, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
  const refused = await fetch(`${server.url}/v1/contacts/export`, { headers });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ code: 'exports.too_many_replies' });
  const other = await server.authorize(await db.createWorkspace('other'));
  expect((await fetch(`${server.url}/v1/contacts/export`, { headers: other })).status).toBe(200);
  for (const socket of sockets) socket.destroy();
  await expect.poll(exportBackends, { timeout: 20_000 }).toBe(0);
});

test('an export whose server was killed is marked as failed by the sweep', async () => {
  const { sweepInterrupted } = await import('../../src/exports/finish/sweep-interrupted.ts');
  const id = 'exp_interrupted';
  await db.asSuperuser(
    `insert into exports (workspace_id, id, kind, format, plan, status, stage, requested_by, interface, created_at, beat_at)
     values ($1, $2, 'workspace', 'json', '{}', 'running', 'contacts', '{}', 'api', now(), now() - interval '5 minutes')`,
    [workspaceId, id],
  );
  expect(await sweepInterrupted(db.database)).toBe(1);
  const [row] = await db.asSuperuser('select status, error_code from exports where id = $1', [id]);
  expect(row).toEqual({ status: 'failed', error_code: 'exports.interrupted' });
  expect(await sweepInterrupted(db.database)).toBe(0);
});
