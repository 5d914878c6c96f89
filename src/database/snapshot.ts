import type { Socket } from 'node:net';
import pg from 'pg';
import { ConveyError } from '../errors.ts';
import { CopyRows } from './copy-rows.ts';
import { unreachable } from './database.errors.ts';
import { literal } from './literal.ts';
import { lowerBackendPriority } from './lower-backend-priority.ts';
import { type Scope, scopeStatement } from './scope.ts';
import { outliveConnections } from './outlive-connections.ts';

/** How soon a server process that computes without writing notices that we hung up. */
const GONE_CLIENT_CHECK_MS = 2000;
/** Connections are kept this long for the next export: making one costs more than a small export. */
const KEPT_IDLE_MS = 5000;
/**
 * How long to wait for a table that somebody locks against readers. Several connections read one export: one that
 * waits behind a lock that itself waits for the others would wait for ever.
 */
const LOCK_PATIENCE_MS = 60_000;
/** Far more than exports may use: the connection budget decides, see `exports/connection-budget.ts`. */
const MOST_CONNECTIONS = 1000;

/** What a snapshot needs to know of the server; plain data, so that it crosses into a thread. */
export interface SnapshotOptions {
  url: string;
  scope: Scope;
  signal: AbortSignal;
  /** A snapshot held longer is ended by the server, so that nothing pins old rows for ever. */
  maxAgeMs: number;
  /** Long work takes what everything else leaves over; what somebody waits for does not. */
  givesWay: boolean;
  /** How long to wait for a table that somebody locks against readers: `LOCK_PATIENCE_MS`, unless said. */
  lockPatienceMs?: number;
}

/**
 * One moment of the database, read over several connections at once: each dataset is one COPY on a
 * connection of its own, all sharing one exported REPEATABLE READ, READ ONLY snapshot.
 */
export class Snapshot {
  /** The moment whose data it shows. */
  readonly takenAt: Date;
  readonly #options: SnapshotOptions;
  /** What other connections, of this process or another, join it by, as long as it is held. */
  readonly name: string;
  readonly #clients: pg.PoolClient[];
  /** The connection that exported the snapshot: for small queries. */
  readonly #holder: pg.PoolClient | undefined;
  /** Connections without a running COPY. */
  readonly #idle = new Set<pg.PoolClient>();
  readonly #pids: number[] = [];
  #closing: Promise<void> | undefined;

  private constructor(options: SnapshotOptions, name: string, takenAt: Date, clients: pg.PoolClient[]) {
    this.#options = options;
    this.name = name;
    this.takenAt = takenAt;
    this.#clients = clients;
    this.#holder = clients[0];
    this.#pids.push(...clients.map(pidOf));
  }

  /** Takes the snapshot. Close it in a `finally`. */
  static async open(options: SnapshotOptions): Promise<Snapshot> {
    const client = await begin(options);
    try {
      const { rows } = await client.query(
        `select pg_export_snapshot() as name, transaction_timestamp() as taken_at`,
      );
      return new Snapshot(options, rows[0].name, rows[0].taken_at, [client]);
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /** Reads a snapshot that somebody else holds; `query` is theirs. Close it in a `finally`. */
  static join(options: SnapshotOptions, { name, takenAt }: { name: string; takenAt: Date }): Snapshot {
    return new Snapshot(options, name, takenAt, []);
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
    const [kept] = this.#idle;
    if (kept !== undefined) {
      this.#idle.delete(kept);
      return new CopyRows(kept, sql, columnCount);
    }
    const client = await begin(this.#options, this.name);
    if (this.#closing !== undefined) {
      await hangUp(client); // came too late for `close` to see it
      throw new Error('the snapshot was closed');
    }
    this.#clients.push(client);
    this.#pids.push(pidOf(client));
    return new CopyRows(client, sql, columnCount);
  }

  /** Lets a later COPY use the connection of these rows. */
  release(rows: CopyRows): void {
    if (rows.row.ended) this.#idle.add(rows.client);
  }

  /** Runs a small query in the snapshot (the count check); one at a time, on the first connection. */
  async query<Row extends object>(sql: string): Promise<Row[]> {
    return (await this.#holder!.query(sql)).rows as Row[];
  }

  /** Gives every connection back at once, in the middle of a COPY if need be. */
  close({ isClean = false } = {}): Promise<void> {
    this.#closing ??= Promise.all(
      this.#clients.map(async (client) => {
        const isIdle = isClean && (client === this.#holder || this.#idle.has(client));
        if (isIdle)
          await client.query('rollback').then(
            () => client.release(),
            () => client.release(true),
          );
        else await hangUp(client);
      }),
    ).then(() => {});
    return this.#closing;
  }
}

/** One pool per server, thread and priority. */
const pools = new Map<string, pg.Pool>();

function poolOf({ url, givesWay }: Pick<SnapshotOptions, 'url' | 'givesWay'>): pg.Pool {
  const key = `${givesWay} ${url}`;
  let pool = pools.get(key);
  if (pool === undefined) {
    pool = new pg.Pool({
      connectionString: url,
      application_name: 'convey export',
      max: MOST_CONNECTIONS,
      idleTimeoutMillis: KEPT_IDLE_MS,
      connectionTimeoutMillis: 15_000,
      options: `-c client_connection_check_interval=${GONE_CLIENT_CHECK_MS}`,
      allowExitOnIdle: true,
    });
    outliveConnections(pool);
    if (givesWay) pool.on('connect', (client) => lowerBackendPriority(pidOf(client), socketOf(client)));
    pools.set(key, pool);
  }
  return pool;
}

async function begin(
  { url, signal, scope, maxAgeMs, givesWay, lockPatienceMs = LOCK_PATIENCE_MS }: SnapshotOptions,
  name?: string,
): Promise<pg.PoolClient> {
  signal.throwIfAborted();
  const client = await poolOf({ url, givesWay })
    .connect()
    .catch((cause: unknown) => {
      throw new ConveyError(unreachable, undefined, { cause });
    });
  try {
    // One round trip; a snapshot is named before anything is read.
    await client.query(
      [
        'begin isolation level repeatable read read only',
        ...(name === undefined ? [] : [`set transaction snapshot ${literal(name)}`]),
        `set local statement_timeout = ${Math.ceil(maxAgeMs)}`,
        `set local idle_in_transaction_session_timeout = ${Math.ceil(maxAgeMs)}`,
        `set local lock_timeout = ${Math.ceil(lockPatienceMs)}`,
        // Ordered streams come from an index; workers would take the cores that render.
        'set local max_parallel_workers_per_gather = 0',
        // The policies' estimates would have a foreign server compile what one index scan does.
        'set local jit = off',
        scopeStatement(scope),
      ].join('; '),
    );
    return client;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

function socketOf(client: pg.PoolClient): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

function pidOf(client: pg.PoolClient): number {
  return (client as unknown as { processID: number }).processID;
}

/**
 * Ends a connection whatever it is doing. A COPY that nobody reads any more never finishes by itself, so the
 * socket is destroyed; the server notices at its next write, or when it next looks whether we are there.
 */
function hangUp(client: pg.PoolClient): Promise<void> {
  const stream = socketOf(client);
  return new Promise((resolve) => {
    stream.once('close', () => resolve());
    stream.destroy();
    client.release(true);
    if (stream.closed) resolve();
  });
}
