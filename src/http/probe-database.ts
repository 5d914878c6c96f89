import type { Database } from '../database/connect.ts';
import type { Log } from '../log.ts';

/** `/readyz` is open to everybody, so however often it is asked, the database is asked once in this time. */
const FRESH_MS = 1000;
const GIVE_UP_MS = 3000;
const LAG_WORTH_A_WARNING_MS = 10_000;

export interface DatabaseState {
  migrations: 'ok' | 'missing' | 'unknown';
  /** Age of the oldest open transaction that writes, anywhere in the cluster. */
  feedLagMs: number;
}

export interface ProbeDeps {
  database: Database;
  log: Log;
  migrations: readonly string[];
}

interface Writer {
  xid: string;
  pid: number | null;
  application_name: string | null;
  age_ms: number | null;
}

/**
 * Transactions that write hold a lock on their own number, which every role may see. When one began is
 * visible only for our own role's connections (or all, to a member of pg_read_all_stats).
 */
const WRITERS = `
  select l.transactionid::text as xid, l.pid, a.application_name,
         (extract(epoch from clock_timestamp() - a.xact_start) * 1000)::bigint as age_ms
    from pg_locks l left join pg_stat_activity a on a.pid = l.pid
   where l.locktype = 'transactionid' and l.mode = 'ExclusiveLock' and l.granted`;

/** Asks the database how it is, at most once a second. */
export class DatabaseProbe {
  readonly #deps: ProbeDeps;
  #latest: { at: number; state: Promise<DatabaseState> } | undefined;
  /** When this process first saw each open writer: the age of those whose beginning is hidden from it. */
  #seenAt = new Map<string, number>();
  #warnedOf = new Set<string>();

  constructor(deps: ProbeDeps) {
    this.#deps = deps;
  }

  /** Rejects when the database does not answer in time. */
  read(): Promise<DatabaseState> {
    const now = performance.now();
    if (this.#latest === undefined || now - this.#latest.at > FRESH_MS) {
      this.#latest = { at: now, state: withTimeout(this.#ask()) };
    }
    return this.#latest.state;
  }

  async #ask(): Promise<DatabaseState> {
    const { database, migrations } = this.#deps;
    return database.inSystem(async (transaction) => {
      const applied = await transaction.query<{ name: string }>('select name from schema_migrations');
      const writers = await transaction.query<Writer>(WRITERS);
      return { migrations: compare(applied, migrations), feedLagMs: this.#oldest(writers) };
    });
  }

  #oldest(writers: Writer[]): number {
    const now = performance.now();
    this.#seenAt = new Map(writers.map(({ xid }) => [xid, this.#seenAt.get(xid) ?? now]));
    let oldestMs = 0;
    for (const { xid, pid, application_name, age_ms } of writers) {
      const ageMs = Math.max(0, Math.round(age_ms ?? now - this.#seenAt.get(xid)!));
      oldestMs = Math.max(oldestMs, ageMs);
      if (ageMs < LAG_WORTH_A_WARNING_MS || this.#warnedOf.has(xid)) continue;
      this.#warnedOf.add(xid);
      this.#deps.log.warn('an open transaction holds the change feed back', { pid, application_name, ageMs });
    }
    for (const xid of this.#warnedOf) if (!this.#seenAt.has(xid)) this.#warnedOf.delete(xid);
    return oldestMs;
  }
}

function compare(applied: { name: string }[], known: readonly string[]): DatabaseState['migrations'] {
  const names = new Set(applied.map(({ name }) => name));
  if (known.some((name) => !names.has(name))) return 'missing';
  return names.size > known.length ? 'unknown' : 'ok';
}

async function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the database did not answer in time')), GIVE_UP_MS);
  });
  work.catch(() => {}); // when it fails after the time is up, nobody waits for it any more
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
