import type { Database, Transaction } from './connect.ts';

/** How many there were in the present window, and when it ends. */
export interface RateCount {
  count: number;
  endsAt: Date;
}

/** Something to count in a fixed window that begins with the first. */
export interface Counted {
  /** What is counted; never an address in clear. */
  key: string;
  windowMs: number;
  by: number;
}

/**
 * Counts several things, with one statement and in one trip to the database.
 * @param counted of different keys
 * @returns in the same order; `leftMs` by the database's clock, which all servers share
 */
export async function addToCounters(
  database: Database,
  counted: readonly Counted[],
): Promise<{ count: number; leftMs: number }[]> {
  const rows = await database.querySystem<{ key: string; count: number; leftMs: number }>(
    // In the order of the keys, so that two servers never wait for each other.
    `insert into rate_counters as known (key, count, ends_at)
     select key, n, now() + ms * interval '1 millisecond'
       from unnest($1::text[], $2::bigint[], $3::bigint[]) as counted (key, ms, n) order by key
     on conflict (key) do update set
       count = case when known.ends_at <= now() then excluded.count else known.count + excluded.count end,
       ends_at = case when known.ends_at <= now() then excluded.ends_at else known.ends_at end
     returning key, count, ceil(extract(epoch from ends_at - now()) * 1000)::bigint as "leftMs"`,
    [counted.map(({ key }) => key), counted.map(({ windowMs }) => windowMs), counted.map(({ by }) => by)],
  );
  return counted.map(({ key }) => rows.find((row) => row.key === key)!);
}

/**
 * Counts something in a fixed window that begins with the first. The counters lie in an unlogged table that
 * several servers share, and each call is a transaction of its own: a refused request rolls nothing back.
 * @param key what is counted; never an address in clear (`HashCounted`)
 */
export async function addToCounter(
  database: Database,
  key: string,
  windowMs: number,
  by = 1,
): Promise<RateCount> {
  const [row] = await database.querySystem<RateCount>(
    `insert into rate_counters as known (key, count, ends_at)
       values ($1, $3, now() + $2 * interval '1 millisecond')
       on conflict (key) do update set
         count = case when known.ends_at <= now() then excluded.count else known.count + excluded.count end,
         ends_at = case when known.ends_at <= now() then excluded.ends_at else known.ends_at end
       returning count, ends_at as "endsAt"`,
    [key, windowMs, by],
  );
  return row!;
}

/** The counter as it stands; undefined when its window is over. */
export async function readCounter(database: Database, key: string): Promise<RateCount | undefined> {
  const [row] = await database.querySystem<RateCount>(
    `select count, ends_at as "endsAt" from rate_counters where key = $1 and ends_at > now()`,
    [key],
  );
  return row;
}

/** Takes one back from a counter, if it still runs. */
export async function takeFromCounter(database: Database, key: string): Promise<void> {
  await database.querySystem(
    'update rate_counters set count = greatest(count - 1, 0) where key = $1 and ends_at > now()',
    [key],
  );
}

/** Notes for a while that something happened, as part of the caller’s transaction. */
export async function mark(transaction: Transaction, key: string, forMs: number): Promise<void> {
  await transaction.query(
    `insert into rate_counters (key, count, ends_at) values ($1, 1, now() + $2 * interval '1 millisecond')
     on conflict (key) do update set ends_at = excluded.ends_at`,
    [key, forMs],
  );
}

/** Whether it was noted, and is not over yet. */
export async function isMarked(transaction: Transaction, key: string): Promise<boolean> {
  const rows = await transaction.query('select from rate_counters where key = $1 and ends_at > now()', [key]);
  return rows.length > 0;
}

/** Forgets a counter. */
export async function clearCounter(database: Database, key: string): Promise<void> {
  await database.querySystem('delete from rate_counters where key = $1', [key]);
}

/** Deletes the counters whose window is over. */
export async function sweepCounters(database: Database): Promise<number> {
  const rows = await database.querySystem('delete from rate_counters where ends_at <= now() returning key');
  return rows.length;
}
