import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { ConveyError } from '../errors.ts';
import { advisoryLocks } from './advisory-locks.ts';
import type { Database } from './connect.ts';
import { newerSchema, notMigrated } from './database.errors.ts';

/** Migrations lie beside `src/` and `dist/`. */
const FOLDER = new URL(
  import.meta.url.endsWith('.ts') ? '../../migrations/' : '../../../migrations/',
  import.meta.url,
);

interface Migration {
  name: string;
  sql: string;
  sha256: string;
}

async function readMigrations(): Promise<Migration[]> {
  return Promise.all(
    (await listMigrations()).map(async (name) => {
      const sql = await readFile(new URL(name, FOLDER), 'utf8');
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Names of the migrations that this program knows, in order. */
export async function listMigrations(): Promise<string[]> {
  return (await readdir(FOLDER)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort();
}

/** What a table's rows may be used for by the runtime role. */
export interface TableGrant {
  table: string;
  writes: readonly string[];
}

/**
 * Brings the database to this program's schema: forward only, each file in a transaction of its own, safe
 * when several start at once. Then grants the runtime role what the catalogue says, no more.
 * @param adminUrl connection of the role that owns the tables
 * @param runtimeRole name of the role that serves
 * @returns names of the migrations that ran now
 */
export async function migrate(
  adminUrl: string,
  runtimeRole: string,
  grants: readonly TableGrant[],
): Promise<string[]> {
  const migrations = await readMigrations();
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'convey migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryLocks.migration]);
    await client.query(
      `create table if not exists schema_migrations (
         name text collate "C" primary key, sha256 text not null, applied_at timestamptz not null default now())`,
    );
    const applied = await client.query<{ name: string; sha256: string }>(
      'select name, sha256 from schema_migrations',
    );
    ensureSameHistory(applied.rows, migrations);
    const known = new Set(applied.rows.map((row) => row.name));
    const missing = migrations.filter(({ name }) => !known.has(name));
    for (const migration of missing) await apply(client, migration);
    await grant(client, runtimeRole, grants);
    return missing.map(({ name }) => name);
  } finally {
    await client.end(); // also lets go of the lock
  }
}

/** For a program that may not migrate: throws `database.not_migrated` unless every migration has run. */
export async function ensureMigrated(database: Database): Promise<void> {
  const applied = await database.inSystem(async (transaction) => {
    const [found] = await transaction.query<{ is_there: boolean }>(
      `select to_regclass('schema_migrations') is not null as is_there`,
    );
    return found!.is_there ? transaction.query<{ name: string }>('select name from schema_migrations') : [];
  });
  const names = new Set(applied.map(({ name }) => name));
  const missing = (await listMigrations()).filter((name) => !names.has(name));
  if (missing.length > 0) throw new ConveyError(notMigrated, `Missing: ${missing.join(', ')}.`);
}

async function apply(client: pg.Client, { name, sql, sha256 }: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query('insert into schema_migrations (name, sha256) values ($1, $2)', [name, sha256]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    throw new Error(`migration ${name} failed; the database is as it was before it`, { cause });
  }
}

function ensureSameHistory(applied: { name: string; sha256: string }[], migrations: Migration[]): void {
  const ours = new Map(migrations.map(({ name, sha256 }) => [name, sha256]));
  for (const { name, sha256 } of applied) {
    if (ours.get(name) !== sha256) {
      throw new ConveyError(
        newerSchema,
        `It ran ${name}, which this program ${ours.has(name) ? 'has with another content' : 'does not have'}. Start the version that migrated it.`,
      );
    }
  }
}

async function grant(client: pg.Client, runtimeRole: string, grants: readonly TableGrant[]): Promise<void> {
  const role = pg.escapeIdentifier(runtimeRole);
  await client.query('begin');
  await client.query(`grant usage on schema public to ${role}`);
  for (const { table, writes } of grants) {
    const name = pg.escapeIdentifier(table);
    await client.query(`revoke all on ${name} from ${role}`);
    await client.query(`grant ${['select', ...writes].join(', ')} on ${name} to ${role}`);
  }
  // Ours alone live in the schema, and migrations take them from PUBLIC.
  await client.query(`grant execute on all functions in schema public to ${role}`);
  await client.query('commit');
}
