import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../log.ts';
import { endServersOf, FAST, hold, makeScratch, portOf, query, removeScratch } from './holder.fixture.ts';
import { listServersOf } from './host/process-identity.ts';
import { getNobody, isRoot, spawnIdentity } from './host/service-user.ts';
import { type EmbeddedDatabase, startEmbedded } from './start-embedded.ts';

let scratch: string;
let homeDir: string;
const started: EmbeddedDatabase[] = [];
const lines: string[] = [];

function folders() {
  return {
    stateRoot: join(scratch, 'state'),
    temporaryFolder: join(scratch, 'tmp'),
    cacheFolders: [join(scratch, 'cache')],
  };
}

async function start(home = homeDir, settings: Record<string, string> = FAST): Promise<EmbeddedDatabase> {
  const log = createLog((line) => lines.push(line));
  const database = await startEmbedded({ homeDir: home, log, settings }, folders());
  started.push(database);
  return database;
}

beforeEach(() => {
  scratch = makeScratch();
  homeDir = join(scratch, 'home');
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((database) => database.stop()));
  endServersOf(join(homeDir, 'postgres', 'data'));
  removeScratch(scratch);
  lines.length = 0;
});

test('data of a stopped database is there after the next start, with the same passwords', async () => {
  const first = await start();
  await query(first.adminUrl, `create table kept (word text); insert into kept values ('straße')`);
  await first.stop();
  expect(listServersOf(join(homeDir, 'postgres', 'data'))).toEqual([]);
  const second = await start();
  expect(await query(second.adminUrl, 'select word, upper(word) as upper from kept')).toEqual([
    { word: 'straße', upper: 'STRAßE' },
  ]);
  expect(new URL(second.adminUrl).password).toBe(new URL(first.adminUrl).password);
}, 60_000);

test('the roles have what they need and no more', async () => {
  const { adminUrl, runtimeUrl, superuserUrl } = await start();
  expect(
    await query(
      superuserUrl,
      `select rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication
       from pg_roles where rolname like 'convey%' order by 1`,
    ),
  ).toEqual(
    ['convey_app', 'convey_owner'].map((rolname) => ({
      rolname,
      rolsuper: false,
      rolbypassrls: false,
      rolcreatedb: false,
      rolcreaterole: false,
      rolreplication: false,
    })),
  );
  await query(adminUrl, 'create table owned (id int)');
  await query(runtimeUrl, 'create temporary table scratch (id int)');
  await expect(query(runtimeUrl, 'create table public.mine (id int)')).rejects.toMatchObject({
    code: '42501',
  });
  await expect(query(runtimeUrl, 'select * from owned')).rejects.toMatchObject({ code: '42501' });
  await expect(query(runtimeUrl.replace(/convey$/, 'postgres'), 'select 1')).rejects.toMatchObject({
    code: '42501',
  });
  await expect(query(runtimeUrl.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toMatchObject({
    code: '28P01',
  });
}, 60_000);

test('it listens on 127.0.0.1 alone, in UTF-8 and UTC, and operators can override settings', async () => {
  const { superuserUrl } = await start(homeDir, {
    ...FAST,
    work_mem: '5MB',
    application_name: "it's \\ fine",
  });
  const settings = Object.fromEntries(
    (
      await query<{ name: string; value: string }>(
        superuserUrl,
        `select name, current_setting(name) as value from pg_settings where name in ('listen_addresses',
         'unix_socket_directories', 'server_encoding', 'TimeZone', 'work_mem', 'application_name', 'jit',
         'wal_compression', 'data_checksums', 'max_connections', 'checkpoint_timeout', 'max_wal_size')`,
      )
    ).map(({ name, value }) => [name, value]),
  );
  expect(settings).toEqual({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    server_encoding: 'UTF8',
    TimeZone: 'UTC',
    work_mem: '5MB',
    application_name: "it's \\ fine",
    jit: 'off',
    wal_compression: 'pglz',
    data_checksums: 'on',
    max_connections: '100',
    checkpoint_timeout: '15min',
    max_wal_size: '2GB',
  });
  await expect(start(join(scratch, 'other'), { 'bad name': '1' })).rejects.toThrow(/no setting/);
}, 60_000);

test('a second start on the same home is refused, names the holder, and leaves the first alone', async () => {
  const first = await start();
  await expect(start()).rejects.toMatchObject({
    code: 'database.home_in_use',
    detail: expect.stringContaining(`(${process.pid})`),
  });
  const other = hold({ homeDir, scratch });
  const reply = await other.next();
  await other.kill();
  expect(reply.code).toBe('database.home_in_use');
  expect(reply.message).toContain(`Process ${process.pid} holds it`);
  expect(await query(first.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
}, 60_000);

test('of several processes that start at once on an empty home exactly one wins', async () => {
  const holders = Array.from({ length: 4 }, () => hold({ homeDir, scratch }));
  const replies = await Promise.all(holders.map((holder) => holder.next()));
  const winners = holders.filter((_, index) => replies[index]?.adminUrl !== undefined);
  const losers = replies.filter((reply) => reply.code === 'database.home_in_use');
  await Promise.all(holders.map((holder) => holder.stop()));
  expect([winners.length, losers.length]).toEqual([1, 3]);
}, 60_000);

test('databases of different homes start and run at the same time', async () => {
  const databases = await Promise.all(['a', 'b', 'c'].map((name) => start(join(scratch, name))));
  await Promise.all(databases.map((it) => query(it.adminUrl, 'create table t (id int)')));
  expect(new Set(databases.map((it) => portOf(it.adminUrl))).size).toBe(3);
}, 60_000);

test('stopping twice, and at the same time, is one stop, after which the home is free', async () => {
  const database = await start();
  await Promise.all([database.stop(), database.stop()]);
  await database.stop();
  await expect(query(database.adminUrl, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  const again = await start();
  expect(await query(again.runtimeUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
}, 60_000);

test('a lost or damaged password file is made anew and the cluster follows', async () => {
  const first = await start();
  await query(first.adminUrl, 'create table kept (id int)');
  await first.stop();
  const file = join(homeDir, 'postgres', 'passwords.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  writeFileSync(file, '{"superuser":');
  const second = await start();
  expect(second.adminUrl).not.toBe(first.adminUrl);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await query(second.adminUrl, 'select count(*)::int as rows from kept')).toEqual([{ rows: 0 }]);
  expect(await query(second.runtimeUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
}, 60_000);

test('what an interrupted initdb has left is removed and the cluster made anew', async () => {
  const leftOver = join(homeDir, 'postgres', 'init-0123456789ab', 'data');
  await mkdir(join(leftOver, 'base'), { recursive: true });
  writeFileSync(join(leftOver, 'PG_VERSION'), '18\n');
  const { adminUrl } = await start();
  expect(await query(adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(existsSync(leftOver)).toBe(false);
}, 60_000);

test('a start aborted at any moment ends what it had begun and frees the home', async () => {
  // Through the making of the cluster, and then through starts of it.
  for (const delayMs of [50, 300, 500, 600, 700, 2_000, 5, 15, 25, 35, 45, 55, 65]) {
    const controller = new AbortController();
    const starting = startEmbedded({ homeDir, signal: controller.signal, settings: FAST }, folders());
    const timer = setTimeout(() => controller.abort(new Error('changed my mind')), delayMs);
    const outcome = await starting.catch((error: Error) => error);
    clearTimeout(timer);
    if (outcome instanceof Error) expect(outcome.message).toBe('changed my mind');
    else await outcome.stop();
    expect(listServersOf(join(homeDir, 'postgres', 'data'))).toEqual([]);
  }
  const { adminUrl } = await start();
  expect(await query(adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
}, 60_000);

test('data of another major version is refused and left as it is', async () => {
  await (await start()).stop();
  const file = join(homeDir, 'postgres', 'data', 'PG_VERSION');
  writeFileSync(file, '17\n');
  await expect(start()).rejects.toMatchObject({ code: 'database.version_mismatch' });
  writeFileSync(file, '18\n');
  rmSync(join(homeDir, 'postgres', 'data', 'PG_VERSION'));
  await expect(start()).rejects.toMatchObject({ code: 'database.data_missing' });
}, 60_000);

test('a postmaster.pid whose process id belongs to another program does not hinder the start', async () => {
  await (await start()).stop();
  // Of the user that PostgreSQL runs as: from others it would not be misled.
  const bystander = spawn('sleep', ['60'], isRoot() ? spawnIdentity(getNobody()) : {});
  const dataDir = join(homeDir, 'postgres', 'data');
  writeFileSync(
    join(dataDir, 'postmaster.pid'),
    `${bystander.pid}\n${dataDir}\n1\n5432\n\n127.0.0.1\n1 1\nready\n`,
  );
  const { adminUrl } = await start();
  expect(await query(adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  bystander.kill();
}, 60_000);

test("the server's log holds no statement and no value of one", async () => {
  const { adminUrl } = await start();
  await query(adminUrl, 'create table people (email text unique)');
  await query(adminUrl, `insert into people values ('ada@example.org')`);
  await expect(query(adminUrl, `insert into people values ('ada@example.org')`)).rejects.toThrow();
  await expect(query(adminUrl, `select 'ada@example.org'::int`)).rejects.toThrow(/ada@example/);
  const text = readFileSync(join(homeDir, 'postgres', 'postgres.log'), 'utf8');
  expect(text).toContain('ready to accept connections');
  expect(text).not.toContain('ada@example');
}, 60_000);
