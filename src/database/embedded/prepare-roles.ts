import pg from 'pg';
import { type Cluster, SUPERUSER } from './init-cluster.ts';

export const DATABASE = 'convey';
/** Owns the database and migrates it. */
export const OWNER_ROLE = 'convey_owner';
/** What the running server works as: row-level security holds for it. */
export const APP_ROLE = 'convey_app';

/** Stored with the grants, in one transaction: says that they are all there. */
const PREPARED = 'prepared by Convey, 1';

/** A postgres:// URL of the cluster on `port`. Passwords need no escaping: `loadPasswords` sees to that. */
export function clusterUrl(port: number, role: string, password: string, database: string): string {
  return `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;
}

/** Connects as the superuser. Rejects with PostgreSQL's code 28P01 when the cluster has another password. */
export async function connectSuperuser(cluster: Cluster, port: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: clusterUrl(port, SUPERUSER, cluster.passwords.superuser, 'postgres'),
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {}); // the server's end is seen by its process, not here
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
  return client;
}

/** Runs a command that takes no parameters: PostgreSQL itself puts `values` into the template, quoted. */
async function runFormatted(client: pg.Client, template: string, values: string[]): Promise<void> {
  const places = values.map((_, index) => `, $${index + 2}::text`).join('');
  const made = await client.query<{ command: string }>(`select format($1::text${places}) as command`, [
    template,
    ...values,
  ]);
  await client.query(made.rows[0]?.command ?? '');
}

async function ensureRole(client: pg.Client, role: string, password: string): Promise<void> {
  const limits = 'login nosuperuser nobypassrls nocreatedb nocreaterole noreplication';
  const { rows } = await client.query<{ is_limited: boolean }>(
    `select rolcanlogin and not (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication)
       as is_limited from pg_roles where rolname = $1`,
    [role],
  );
  if (rows[0] === undefined)
    await runFormatted(client, `create role %I ${limits} password %L`, [role, password]);
  else if (!rows[0].is_limited) await runFormatted(client, `alter role %I ${limits}`, [role]);
}

/**
 * Makes the two roles and the database, whichever are missing. May be interrupted anywhere and run again.
 * The application may connect and make temporary tables; nobody but the superuser may use other databases.
 */
export async function prepareRoles(client: pg.Client, cluster: Cluster): Promise<void> {
  await ensureRole(client, OWNER_ROLE, cluster.passwords.owner);
  await ensureRole(client, APP_ROLE, cluster.passwords.app);
  const { rows } = await client.query<{ note: string | null }>(
    `select shobj_description(oid, 'pg_database') as note from pg_database where datname = $1`,
    [DATABASE],
  );
  if (rows[0]?.note === PREPARED) return;
  if (rows[0] === undefined) {
    await client.query(`create database ${DATABASE} owner ${OWNER_ROLE} template template0`);
  }
  await client.query(`
    begin;
    revoke all on database ${DATABASE}, postgres, template1 from public;
    grant connect, temporary on database ${DATABASE} to ${APP_ROLE};
    comment on database ${DATABASE} is '${PREPARED}';
    commit;
  `);
}
