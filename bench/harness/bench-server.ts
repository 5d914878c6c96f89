import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { tables } from '../../src/catalog/catalog.ts';
import { startEmbedded } from '../../src/database/embedded/start-embedded.ts';
import { listMigrations, migrate } from '../../src/database/migrate.ts';

/** The PostgreSQL that is measured, and a folder on its disk for what the cases write. */
export interface BenchServer {
  superuserUrl: string;
  /** `CONVEY_HOME` of the measured processes. */
  homeDir: string;
  workDir: string;
  version: string;
  password: string;
  /** Stops what was started here and removes what is not to be kept. */
  stop(): Promise<void>;
}

/** One database with a generated workspace (or an empty one), by role. */
export interface BenchDatabase {
  runtimeUrl: string;
  superuserUrl: string;
  workspaceId: string;
  conversations: number;
}

const OWNER = 'convey_bench_owner';
const APP = 'convey_bench_app';
export const WORKSPACE_ID = 'wsp_bench';
const GENERATOR = new URL('generate-workspace.sql', import.meta.url);
const MIGRATIONS = new URL('../../migrations/', import.meta.url);

/** Starts the embedded PostgreSQL as `convey serve` would, or connects to the one that `databaseUrl` names. */
export async function openBenchServer(options: {
  databaseUrl: string | undefined;
  homeDir: string | undefined;
  keep: boolean;
}): Promise<BenchServer> {
  const homeDir = options.homeDir ?? (await mkdtemp(join(tmpdir(), 'convey-bench-')));
  const workDir = join(homeDir, 'work');
  await mkdir(workDir, { recursive: true });
  if (options.homeDir === undefined) await chmod(homeDir, 0o755); // as root, PostgreSQL is another user
  const embedded = options.databaseUrl === undefined ? await startEmbedded({ homeDir }) : undefined;
  const superuserUrl = options.databaseUrl ?? embedded!.superuserUrl;
  const isKept = options.keep || options.homeDir !== undefined;
  const password = randomBytes(18).toString('hex');
  const [row] = await runSql<{ server_version: string }>(superuserUrl, 'show server_version');
  for (const role of [OWNER, APP]) {
    const [known] = await runSql(superuserUrl, 'select from pg_roles where rolname = $1', [role]);
    await runSql(superuserUrl, `${known ? 'alter' : 'create'} role ${role} login password '${password}'`);
  }
  const close = async () => {
    if (!isKept && embedded === undefined) await dropEverything(superuserUrl);
    await embedded?.stop();
    const isHomeKept = options.homeDir !== undefined || (options.keep && embedded !== undefined);
    if (!isHomeKept) await rm(homeDir, { recursive: true, force: true });
    else if (options.homeDir === undefined) process.stderr.write(`kept: --home ${homeDir}\n`);
  };
  let stopping: Promise<void> | undefined;
  return {
    superuserUrl,
    homeDir,
    workDir,
    version: row!.server_version,
    password,
    stop: () => {
      stopping ??= close();
      return stopping;
    },
  };
}

/** The database with a generated workspace of that size; made when it is not there as this version makes it. */
export async function ensureWorkspace(server: BenchServer, conversations: number): Promise<BenchDatabase> {
  const name = `convey_bench_${conversations}`;
  const database = { ...urlsOf(server, name), workspaceId: WORKSPACE_ID, conversations };
  await ensureDatabase(server, name, async () => {
    const generator = await readFile(GENERATOR, 'utf8');
    const sql = generator.replaceAll(':workspace', WORKSPACE_ID).replaceAll(/:n\b/g, String(conversations));
    for (const step of [sql, 'vacuum analyze', 'checkpoint']) await runSql(database.superuserUrl, step);
  });
  return database;
}

const EMPTY = 'convey_bench_empty';
const INGEST = 'convey_bench_ingest';

/** A fresh database whose one workspace is empty: what an ingest starts from, the last one dropped. */
export async function freshWorkspace(server: BenchServer): Promise<BenchDatabase> {
  await ensureDatabase(server, EMPTY, async () => {
    await runSql(
      urlsOf(server, EMPTY).superuserUrl,
      `insert into workspaces (id, kind, slug, name, product) values ('${WORKSPACE_ID}', 'team', 'bench', 'Bench', 'bench')`,
    );
  });
  await createDatabase(server, INGEST, EMPTY);
  await runSql(server.superuserUrl, 'checkpoint');
  return { ...urlsOf(server, INGEST), workspaceId: WORKSPACE_ID, conversations: 0 };
}

/** Makes a migrated database and fills it, unless it is there as this version makes it: its comment says so. */
async function ensureDatabase(server: BenchServer, name: string, fill: () => Promise<void>): Promise<void> {
  const hash = createHash('sha256').update(await readFile(GENERATOR));
  for (const migration of await listMigrations()) hash.update(await readFile(new URL(migration, MIGRATIONS)));
  const mark = hash.digest('hex');
  const [found] = await runSql<{ mark: string | null }>(
    server.superuserUrl,
    `select shobj_description(oid, 'pg_database') as mark from pg_database where datname = $1`,
    [name],
  );
  if (found?.mark !== mark) await createDatabase(server, name);
  const grants = tables.map(({ name: table, writes }) => ({ table, writes }));
  await migrate(asRole(server, OWNER, name), APP, grants);
  if (found?.mark === mark) return;
  await fill();
  await runSql(server.superuserUrl, `comment on database ${name} is '${mark}'`);
}

/** Runs a statement (or several, without values) on a connection of its own. */
export async function runSql<Row extends object = Record<string, unknown>>(
  url: string,
  sql: string,
  values?: unknown[],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'bench' });
  client.on('error', () => {}); // said by the query that was running
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as Row[];
  } finally {
    await client.end();
  }
}

async function createDatabase(server: BenchServer, name: string, template = 'template0'): Promise<void> {
  await runSql(server.superuserUrl, `drop database if exists ${name} with (force)`);
  await runSql(
    server.superuserUrl,
    `create database ${name} owner ${OWNER} template ${template} encoding 'UTF8'`,
  );
}

async function dropEverything(superuserUrl: string): Promise<void> {
  const found = await runSql<{ datname: string }>(
    superuserUrl,
    `select datname from pg_database where datname ~ '^convey_bench_([0-9]+|empty|ingest)$'`,
  );
  for (const { datname } of found) await runSql(superuserUrl, `drop database ${datname} with (force)`);
  for (const role of [APP, OWNER]) await runSql(superuserUrl, `drop role ${role}`);
}

function urlsOf(server: BenchServer, name: string): { runtimeUrl: string; superuserUrl: string } {
  const superuser = new URL(server.superuserUrl);
  superuser.pathname = `/${name}`;
  return { runtimeUrl: asRole(server, APP, name), superuserUrl: superuser.href };
}

function asRole({ superuserUrl, password }: BenchServer, role: string, database: string): string {
  const url = new URL(superuserUrl);
  url.username = role;
  url.password = password;
  url.pathname = `/${database}`;
  return url.href;
}
