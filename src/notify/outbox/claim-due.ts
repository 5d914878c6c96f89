import type { Database } from '../../database/connect.ts';

/** Tables whose rows are sent, and the column that says which of them share a receiver. */
const groupColumns = { mails: 'id', webhook_deliveries: 'webhook_id' } as const;

export interface DueQuery {
  table: keyof typeof groupColumns;
  now: Date;
  /** Claimed rows are nobody else's for this long; then whoever claimed them is taken for dead. */
  leaseMs: number;
  limit: number;
  /** Most rows of one receiver. */
  perGroup: number;
  /** Receivers that are busy: none of theirs. */
  busyGroups: readonly string[];
}

/** Rows that are looked at to find some for every receiver. */
const LOOK_AHEAD = 500;

/**
 * Takes queued rows that are due, the longest waiting first: their `next_attempt_at` is moved to the end of the
 * lease, so that no other server takes them, and is what the outcome is written by (a late one writes nothing).
 */
export function claimDue<Row extends object>(database: Database, query: DueQuery): Promise<Row[]> {
  const { table, now, leaseMs, limit, perGroup, busyGroups } = query;
  const group = groupColumns[table];
  return database.inSystem((transaction) =>
    transaction.query<Row>(
      `with waiting as (
         select id, ${group} as receiver, next_attempt_at from ${table}
          where status = 'queued' and next_attempt_at <= $1 and ${group} <> all ($2)
          order by next_attempt_at limit ${LOOK_AHEAD}),
       placed as (
         select id, next_attempt_at, row_number() over (partition by receiver order by next_attempt_at) as place
           from waiting),
       picked as (select id from placed where place <= $3 order by next_attempt_at limit $4)
       update ${table} set next_attempt_at = $5
        where id in (
          select id from ${table}
           where id in (select id from picked) and status = 'queued' and next_attempt_at <= $1
             for update skip locked)
       returning *`,
      [now, busyGroups, perGroup, limit, new Date(now.getTime() + leaseMs)],
    ),
  );
}
