import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  endServersOf,
  eventually,
  FAST,
  type Holder,
  hold,
  isRunning,
  makeScratch,
  postmasterPid,
  query,
  removeScratch,
} from './holder.fixture.ts';
import { listServersOf } from './host/process-identity.ts';

let scratch: string;
let homeDir: string;
let dataDir: string;
const holders: Holder[] = [];

function start(settings: Record<string, string> = FAST): Holder {
  const holder = hold({ homeDir, scratch, settings });
  holders.push(holder);
  return holder;
}

beforeEach(() => {
  scratch = makeScratch();
  homeDir = join(scratch, 'home');
  dataDir = join(homeDir, 'postgres', 'data');
});

afterEach(async () => {
  await Promise.all(holders.splice(0).map((holder) => holder.stop()));
  const left = listServersOf(dataDir);
  endServersOf(dataDir);
  removeScratch(scratch);
  expect(left).toEqual([]);
});

test('after a kill -9 of Convey the next start takes over its running PostgreSQL', async () => {
  const first = start();
  const { adminUrl } = await first.next();
  await query(adminUrl, 'create table kept as select 42 as answer');
  const pid = postmasterPid(dataDir);
  await first.kill();
  expect(isRunning(pid)).toBe(true);
  // As a session of the dead process would: it must not hold its lock against the next one.
  const stale = new pg.Client({ connectionString: adminUrl });
  stale.on('error', () => {});
  await stale.connect();
  await stale.query('select pg_advisory_lock(1)');

  const second = start();
  const reply = await second.next();
  expect(postmasterPid(dataDir)).toBe(pid);
  expect(reply.adminUrl).toBe(adminUrl);
  expect(await query(adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  expect(await query(adminUrl, 'select pg_try_advisory_lock(1) as got')).toEqual([{ got: true }]);
  expect(second.stderr()).toContain('Took over the PostgreSQL');
  await second.stop();
  await eventually(() => expect(isRunning(pid)).toBe(false));
  await stale.end().catch(() => {});
}, 60_000);

test('a PostgreSQL left running with other settings is stopped and started with the new ones', async () => {
  const first = start();
  const { adminUrl } = await first.next();
  await query(adminUrl, 'create table kept as select 42 as answer');
  const pid = postmasterPid(dataDir);
  await first.kill();
  const reply = await start({ ...FAST, work_mem: '7MB' }).next();
  expect(isRunning(pid)).toBe(false);
  expect(await query(reply.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  expect(await query(reply.adminUrl, 'show work_mem')).toEqual([{ work_mem: '7MB' }]);
}, 60_000);

test('after a kill -9 PostgreSQL comes back on the same port and pools reconnect', async () => {
  const holder = start({ ...FAST, fsync: 'on' });
  const { adminUrl } = await holder.next();
  const pool = new pg.Pool({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });
  pool.on('error', () => {});
  await pool.query('create table kept as select 42 as answer');
  for (let round = 0; round < 3; round++) {
    const pid = postmasterPid(dataDir);
    process.kill(pid, 'SIGKILL');
    await eventually(() => expect(postmasterPid(dataDir)).not.toBe(pid));
    const { rows } = await eventually(() => pool.query('select answer from kept'));
    expect(rows).toEqual([{ answer: 42 }]);
  }
  await pool.end();
  expect(holder.stderr()).toContain('PostgreSQL ended unexpectedly');
  expect(holder.stderr()).toContain('PostgreSQL runs again');
}, 60_000);

test('a busy session that outlives a killed PostgreSQL does not keep it from coming back', async () => {
  const holder = start();
  const { adminUrl } = await holder.next();
  const busy = new pg.Client({ connectionString: adminUrl });
  busy.on('error', () => {});
  await busy.connect();
  // Computes for minutes without ever looking up.
  const ended = busy
    .query('select count(*) from generate_series(1, 3000000000)')
    .catch((error: Error) => error);
  await eventually(async () => {
    const active = await query(adminUrl, `select 1 from pg_stat_activity where query like 'select count%'`);
    expect(active.length).toBe(1);
  });
  const pid = postmasterPid(dataDir);
  process.kill(pid, 'SIGKILL');
  await eventually(() => expect(postmasterPid(dataDir)).not.toBe(pid));
  expect(await eventually(() => query(adminUrl, 'select 1 as one'))).toEqual([{ one: 1 }]);
  expect(await ended).toBeInstanceOf(Error);
  await busy.end().catch(() => {});
}, 60_000);

test('after a kill -9 of both the next start recovers what was committed', async () => {
  const first = start({ ...FAST, fsync: 'on' });
  const { adminUrl } = await first.next();
  await query(adminUrl, 'create table kept as select generate_series(1, 10000) as id');
  const pid = postmasterPid(dataDir);
  first.child.kill('SIGKILL');
  process.kill(pid, 'SIGKILL');
  await first.kill();
  const reply = await start({ ...FAST, fsync: 'on' }).next();
  expect(await query(reply.adminUrl, 'select count(*)::int as rows from kept')).toEqual([{ rows: 10000 }]);
}, 60_000);

test('a Convey killed at any moment of its first start leaves nothing that the next one stumbles over', async () => {
  for (const delayMs of [250, 400, 550, 700, 850, 1_000]) {
    const holder = start();
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await holder.kill();
  }
  const { adminUrl } = await start().next();
  expect(await query(adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(readdirSync(join(homeDir, 'postgres')).filter((name) => name.startsWith('init-'))).toEqual([]);
}, 60_000);

test('an initdb that outlives its killed Convey is ended and its draft removed', async () => {
  const first = start();
  const folder = join(homeDir, 'postgres');
  await eventually(() => {
    const draft = readdirSync(folder).find((name) => name.startsWith('init-'));
    expect(existsSync(join(folder, draft ?? 'none', 'data', 'base'))).toBe(true);
  });
  await first.kill();
  expect(existsSync(dataDir)).toBe(false);
  const { adminUrl } = await start().next();
  expect(await query(adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(readdirSync(folder).filter((name) => name.startsWith('init-'))).toEqual([]);
}, 60_000);

test('a process that ends without stopping its database asks it to stop', async () => {
  const holder = start();
  await holder.next();
  const pid = postmasterPid(dataDir);
  holder.child.stdin?.write('exit\n');
  await eventually(() => expect(isRunning(pid)).toBe(false));
  await holder.kill();
}, 60_000);
