import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { tables } from '../../src/catalog/catalog.ts';
import { startEmbedded } from '../../src/database/embedded/start-embedded.ts';
import { migrate } from '../../src/database/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's address of the cluster that test databases are made in. */
    superuserUrl: string;
    /** A migrated database to clone. */
    templateName: string;
  }
}

const PASSWORD = 'only-for-tests';

/**
 * Vitest's global set-up: one PostgreSQL for the run (embedded, or the one that CONVEY_TEST_SUPERUSER_URL
 * names: CI uses that for version 15) with one migrated template that every test file clones.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['CONVEY_TEST_SUPERUSER_URL'];
  let homeDir: string | undefined;
  let stop: () => Promise<void> = async () => {};
  let superuserUrl = given ?? '';
  if (given === undefined) {
    homeDir = await mkdtemp(join(tmpdir(), 'convey-test-'));
    await chmod(homeDir, 0o755); // as root, PostgreSQL runs as another user and must get in
    const embedded = await startEmbedded({ homeDir, settings: { fsync: 'off', max_connections: '300' } });
    superuserUrl = embedded.superuserUrl;
    stop = embedded.stop;
  }
  const templateName = await createTemplate(superuserUrl);
  project.provide('superuserUrl', superuserUrl);
  project.provide('templateName', templateName);
  return async () => {
    await stop();
    if (homeDir !== undefined) await rm(homeDir, { recursive: true, force: true });
  };
}

async function createTemplate(superuserUrl: string): Promise<string> {
  const folder = new URL('../../migrations/', import.meta.url);
  const hash = createHash('sha256');
  for (const name of (await readdir(folder)).sort()) hash.update(await readFile(new URL(name, folder)));
  hash.update(JSON.stringify(tables.map(({ name, writes }) => [name, writes])));
  const templateName = `convey_template_${hash.digest('hex').slice(0, 12)}`;
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(4400099)');
    for (const role of ['convey_owner', 'convey_app']) {
      await client.query(`do $$ begin create role ${role} login password '${PASSWORD}'; exception
        when duplicate_object then alter role ${role} login password '${PASSWORD}'; end $$`);
    }
    const { rowCount } = await client.query('select from pg_database where datname = $1 and datistemplate', [
      templateName,
    ]);
    if (rowCount === 0) {
      await client.query(`drop database if exists ${templateName}`);
      await client.query(
        `create database ${templateName} owner convey_owner template template0 encoding 'UTF8'`,
      );
      const adminUrl = asRole(superuserUrl, 'convey_owner', templateName);
      await migrate(
        adminUrl,
        'convey_app',
        tables.map(({ name, writes }) => ({ table: name, writes })),
      );
      await client.query(`alter database ${templateName} with is_template true`);
    }
  } finally {
    await client.end();
  }
  return templateName;
}

/** The same server's address for another role and database. */
export function asRole(superuserUrl: string, role: string, database: string): string {
  const url = new URL(superuserUrl);
  url.username = role;
  url.password = PASSWORD;
  url.pathname = `/${database}`;
  return url.href;
}
