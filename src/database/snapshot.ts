import pg from 'pg';
import { ConveyError } from '../errors.ts';
import { CopyRows } from './copy-rows.ts';
import { unreachable } from './database.errors.ts';
import { type Scope, scopeStatement } from './scope.ts';

/** How soon a server process that computes without writing notices that we hung up. */
const GONE_CLIENT_CHECK_MS = 2000;

/** What a snapshot needs to know of the server; plain data, so that it crosses into a thread. */
export interface SnapshotOptions {
  url: string;
  scope: Scope;
  signal: AbortSignal;
  /** A snapshot held longer is ended by the server, so that nothing pins old rows for ever. */
  maxAgeMs: number;
}

/**
 * One moment of the database, read over several connections at once: each dataset is one COPY on a
 * connection of its own, all sharing one exported REPEATABLE READ, READ ONLY snapshot.
 */
export class Snapshot {
  /** The moment whose data it shows. */
  readonly takenAt: Date;
  readonly #options: SnapshotOptions;
  readonly #name: string;
  readonly #clients: pg.Client[];
  readonly #idle: pg.Client[] = [];
  readonly #pids: number[] = [];

  private constructor(options: SnapshotOptions, name: string, takenAt: Date, client: pg.Client) {
    this.#options = options;
    this.#name = name;
    this.takenAt = takenAt;
    this.#clients = [client];
  }

  /** Takes the snapshot. Close it in a `finally`. */
  static async open(options: SnapshotOptions): Promise<Snapshot> {
    const client = await connect(options);
    try {
      await begin(client, options.scope);
      const { rows } = await client.query(
        `select pg_export_snapshot() as name, transaction_timestamp() as taken_at, pg_backend_pid() as pid`,
      );
      const snapshot = new Snapshot(options, rows[0].name, rows[0].taken_at, client);
      snapshot.#pids.push(rows[0].pid);
      return snapshot;
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
  }

  /** Server processes in use, for measuring their memory. */
  get backendPids(): readonly number[] {
    return this.#pids;
  }

  /**
   * Starts one ordered COPY on a connection of its own. `sql` names its columns and its order. Give the rows
   * back with `release` when they were read to their end, so that a later COPY has their connection.
   */
  async copy(sql: string, columnCount: number): Promise<CopyRows> {
    return new CopyRows(this.#idle.pop() ?? (await this.#connectMore()), sql, columnCount);
  }

  /** Lets a later COPY use the connection of these rows. */
  release(rows: CopyRows): void {
    if (rows.row.ended) this.#idle.push(rows.client);
  }

  async #connectMore(): Promise<pg.Client> {
    const client = await connect(this.#options);
    this.#clients.push(client);
    await begin(client, this.#options.scope, this.#name);
    const { rows } = await client.query('select pg_backend_pid() as pid');
    this.#pids.push(rows[0].pid);
    return client;
  }

  /** Runs a small query in the snapshot (the count check); one at a time, on the first connection. */
  async query<Row extends object>(sql: string): Promise<Row[]> {
    return (await this.#clients[0]!.query(sql)).rows as Row[];
  }

  /** Gives every connection back at once, in the middle of a COPY if need be. */
  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => disconnect(client)));
  }
}

async function connect({ url, signal, maxAgeMs }: SnapshotOptions): Promise<pg.Client> {
  signal.throwIfAborted();
  const client = new pg.Client({
    connectionString: url,
    application_name: 'convey export',
    connectionTimeoutMillis: 15_000,
    statement_timeout: maxAgeMs,
    idle_in_transaction_session_timeout: maxAgeMs,
    options: `-c client_connection_check_interval=${GONE_CLIENT_CHECK_MS}`,
  });
  client.on('error', () => {}); // reported by the query that was running
  await client.connect().catch((cause: unknown) => {
    throw new ConveyError(unreachable, undefined, { cause });
  });
  return client;
}

async function begin(client: pg.Client, scope: Scope, snapshotName?: string): Promise<void> {
  await client.query('begin isolation level repeatable read read only');
  if (snapshotName !== undefined)
    await client.query(`set transaction snapshot ${pg.escapeLiteral(snapshotName)}`);
  const { text, values } = scopeStatement(scope);
  await client.query(text, values);
}

/**
 * Ends a connection whatever it is doing. A COPY that nobody reads any more never finishes by itself, so the
 * socket is destroyed; the server notices at its next write, or when it next looks whether we are there.
 */
function disconnect(client: pg.Client): Promise<void> {
  const { stream } = (client as unknown as { connection: { stream: import('node:net').Socket } }).connection;
  return new Promise((resolve) => {
    stream.once('close', () => resolve());
    stream.destroy();
    if (stream.closed) resolve();
  });
}
