import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { tables } from '../../src/catalog/catalog.ts';
import { Database } from '../../src/database/connect.ts';
import { checkRuntimeRole } from '../../src/database/check-runtime-role.ts';
import { describeSchema } from '../../src/database/describe-schema.ts';
import { readFeedEpoch } from '../../src/database/feed-epoch.ts';
import { ensureMigrated, listMigrations, migrate } from '../../src/database/migrate.ts';
import { asRole } from '../support/database-server.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const grants = tables.map(({ name, writes }) => ({ table: name, writes }));
const names = ['one', 'two', 'changed', 'failing', 'untouched'].map((name) => `empty_${name}_${process.pid}`);
let cluster: pg.Client;
let migrated: TestDatabase;

const adminUrl = (index: number) => asRole(inject('superuserUrl'), 'convey_owner', names[index]!);

async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  cluster = new pg.Client({ connectionString: inject('superuserUrl') });
  await cluster.connect();
  for (const name of names)
    await cluster.query(`create database ${name} template template0 owner convey_owner`);
  migrated = await createTestDatabase();
});

afterAll(async () => {
  for (const name of names) await cluster.query(`drop database ${name} with (force)`);
  await cluster.end();
  await migrated.drop();
});

test('wall 11: an empty database is migrated, a second run does nothing', async () => {
  expect(await migrate(adminUrl(0), 'convey_app', grants)).toEqual(await listMigrations());
  expect(await migrate(adminUrl(0), 'convey_app', grants)).toEqual([]);
});

test('wall 11: of two that migrate at once each migration runs in one', async () => {
  const [first, second] = await Promise.all([
    migrate(adminUrl(1), 'convey_app', grants),
    migrate(adminUrl(1), 'convey_app', grants),
  ]);
  expect([...first, ...second].sort()).toEqual(await listMigrations());
});

test('a database that another version migrated is refused', async () => {
  await migrate(adminUrl(2), 'convey_app', grants);
  await query(adminUrl(2), `update schema_migrations set sha256 = 'other' where name like '0001%'`);
  await expect(migrate(adminUrl(2), 'convey_app', grants)).rejects.toMatchObject({
    code: 'database.newer_schema',
  });
});

test('a migration that fails leaves the database as it was before it', async () => {
  await query(adminUrl(3), 'create table audit_events (n int)'); // in the way of 0003
  await expect(migrate(adminUrl(3), 'convey_app', grants)).rejects.toThrow('0003_workings.sql');
  const rows = await query<{ name: string }>(adminUrl(3), 'select name from schema_migrations order by name');
  expect(rows.map(({ name }) => name)).toEqual(['0001_system.sql', '0002_records.sql']);
  expect(await query(adminUrl(3), `select to_regclass('tombstones')::text as t`)).toEqual([{ t: null }]);
});

test('a program that may not migrate says so when the schema is not there', async () => {
  const database = new Database(adminUrl(4));
  await expect(ensureMigrated(database)).rejects.toMatchObject({ code: 'database.not_migrated' });
  await database.close();
  await expect(ensureMigrated(migrated.database)).resolves.toBeUndefined();
});

test('the runtime role serves; the owner, a superuser and a role that may bypass policies are refused', async () => {
  await expect(checkRuntimeRole(migrated.database)).resolves.toBeUndefined();
  for (const [url, why] of [
    [migrated.adminUrl, 'owns the table'],
    [migrated.superuserUrl, 'is a superuser'],
  ] as const) {
    const database = new Database(url);
    await expect(checkRuntimeRole(database)).rejects.toThrow(why);
    await database.close();
  }
  const bypassing = `bypass_${process.pid}`;
  await cluster.query(`create role ${bypassing} login bypassrls password 'only-for-tests'`);
  const url = new URL(migrated.url);
  url.username = bypassing;
  const database = new Database(url.href);
  await expect(checkRuntimeRole(database)).rejects.toThrow('has BYPASSRLS');
  await database.close();
  await cluster.query(`drop role ${bypassing}`);
});

test('the runtime role cannot change or remove audit events, nor the books of migrations', async () => {
  for (const sql of [
    'update audit_events set action = $$x$$',
    'delete from audit_events',
    'truncate audit_events',
    'update audit_bodies set salt = $$x$$',
    'delete from schema_migrations',
    'create table mine (n int)',
    'alter table messages disable row level security',
  ]) {
    await expect(query(migrated.url, sql), sql).rejects.toMatchObject({ code: '42501' });
  }
});

test('the epoch of the change feed rises when the database moved to another cluster', async () => {
  const before = await readFeedEpoch(migrated.database);
  expect(await readFeedEpoch(migrated.database)).toBe(before);
  await migrated.asSuperuser(`update feed_state set system_identifier = 'restored elsewhere'`);
  expect(await readFeedEpoch(migrated.database)).toBe(before + 1);
});

test('the committed description of the schema is the migrated schema', async () => {
  const text = await migrated.database.inSystem((transaction) => describeSchema(transaction));
  await expect(text).toMatchFileSnapshot('../../docs/generated/schema.txt');
});
