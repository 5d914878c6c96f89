import pg from 'pg';
import { ConveyError } from '../errors.ts';
import { unreachable } from './database.errors.ts';
import { type Scope, scopeStatement } from './scope.ts';
import { outliveConnections } from './outlive-connections.ts';
import { parseJson } from '../parse-json.ts';

const INT8 = 20;
const INT8_ARRAY = 1016;
const JSON_TYPE = 114;
const JSONB = 3802;
const SHORT_STATEMENT_MS = 30_000;

const types = new pg.TypeOverrides();
types.setTypeParser(INT8, (digits: string) => {
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${digits} does not fit a JavaScript number`);
  return value;
});
types.setTypeParser(JSON_TYPE, parseJson);
types.setTypeParser(JSONB, parseJson);
types.setTypeParser(INT8_ARRAY, (list: string) => list.slice(1, -1).split(',').filter(Boolean).map(Number));

/** One open transaction: everything that reads or writes takes one, so that acts and audit share it. */
export interface Transaction {
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<Row[]>;
  /** The connection itself, for COPY. */
  readonly client: pg.PoolClient;
}

function transactionOn(client: pg.PoolClient): Transaction {
  return {
    client,
    query: async (sql, values = []) => (await client.query(sql, values as unknown[])).rows,
  };
}

/**
 * The runtime role's connections for short work. Long reads (exports) have their own, see `snapshot.ts`.
 */
export class Database {
  readonly pool: pg.Pool;
  readonly url: string;

  constructor(url: string, options: { maxConnections?: number; applicationName?: string } = {}) {
    this.url = url;
    this.pool = new pg.Pool({
      connectionString: url,
      max: options.maxConnections ?? 15,
      application_name: options.applicationName ?? 'convey',
      connectionTimeoutMillis: 15_000,
      idleTimeoutMillis: 30_000,
      statement_timeout: SHORT_STATEMENT_MS,
      idle_in_transaction_session_timeout: SHORT_STATEMENT_MS,
      types,
    });
    outliveConnections(this.pool);
  }

  /** Runs `work` in one READ COMMITTED transaction that sees only the scope's rows. */
  inScope<T>(scope: Scope, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#run(scope, work);
  }

  /** Runs `work` in one transaction that sees no workspace's rows: only the tables outside row-level security. */
  inSystem<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#run(undefined, work);
  }

  /**
   * One statement on the tables outside row-level security, in a transaction of its own: one trip to the server
   * instead of three, for what every request does.
   */
  async querySystem<Row extends object = Record<string, unknown>>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    const client = await this.#connect();
    let broken: Error | undefined;
    // Without a listener a connection that is lost while it works would end the process.
    const onError = (error: Error) => {
      broken = error;
    };
    client.on('error', onError);
    try {
      return (await client.query(sql, values as unknown[])).rows;
    } catch (error) {
      // What the server answered leaves the connection as it was; anything else may not.
      if (!(error instanceof pg.DatabaseError)) broken = error as Error;
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  #connect(): Promise<pg.PoolClient> {
    return this.pool.connect().catch((cause: unknown) => {
      throw new ConveyError(unreachable, undefined, { cause });
    });
  }

  async #run<T>(scope: Scope | undefined, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let broken: Error | undefined;
    const onError = (error: Error) => {
      broken = error;
    };
    client.on('error', onError);
    try {
      // One trip to the server for both.
      await client.query(scope === undefined ? 'begin' : `begin; ${scopeStatement(scope)}`);
      const result = await work(transactionOn(client));
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((failed: Error) => {
        broken = failed;
      });
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  /** Waits for running queries and closes every connection. */
  async close(): Promise<void> {
    await this.pool.end();
  }
}
