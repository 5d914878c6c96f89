import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { Database } from '../../src/database/connect.ts';
import { newId } from '../../src/ids.ts';
import { asRole } from './database-server.ts';

export interface TestDatabase {
  /** Address of the runtime role. */
  url: string;
  /** Address of the role that owns the tables. */
  adminUrl: string;
  superuserUrl: string;
  /** Connections of the runtime role. */
  database: Database;
  /** Runs a statement as superuser, outside row-level security: to look, or to plant. */
  asSuperuser<Row extends object = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Makes a workspace and gives its id. */
  createWorkspace(slug?: string): Promise<string>;
  drop(): Promise<void>;
}

async function once<Row extends object>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as Row[];
  } finally {
    await client.end();
  }
}

/** A database of the test file's own, cloned from the migrated template. Drop it in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const cluster = inject('superuserUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await once(cluster, `create database ${name} template ${inject('templateName')} owner convey_owner`);
  const url = asRole(cluster, 'convey_app', name);
  const own = new URL(cluster);
  own.pathname = `/${name}`;
  const database = new Database(url);
  return {
    url,
    adminUrl: asRole(cluster, 'convey_owner', name),
    superuserUrl: own.href,
    database,
    asSuperuser: (sql, values) => once(own.href, sql, values),
    createWorkspace: async (slug = newId('w')) => {
      const id = newId('wsp');
      await once(
        own.href,
        `insert into workspaces (id, kind, slug, name, product) values ($1, 'team', $2, $2, $1)`,
        [id, slug],
      );
      return id;
    },
    drop: async () => {
      await database.close();
      await once(cluster, `drop database ${name} with (force)`);
    },
  };
}
