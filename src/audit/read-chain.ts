import type { Transaction } from '../database/connect.ts';

/** An event exactly as it is stored: texts, not yet trusted to be numbers, times or JSON. */
export interface StoredEvent {
  workspace_id: string;
  seq: string;
  /** Seconds since 1970 with six decimals; PostgreSQL keeps microseconds, and an edit may hide in them. */
  at_epoch: string;
  actor_type: string;
  actor_ref: string;
  action: string;
  target_type: string;
  target_ref: string;
  outcome: string;
  interface: string;
  details: string;
  body_hash: string;
  prev_hash: string;
  hash: string;
  /** Whether the personal part is there; the next three are null otherwise. */
  has_body: boolean;
  subject_ref: string | null;
  salt: string | null;
  body: string | null;
}

/** Columns of `StoredEvent`, from `e` (an event) and `b` (its personal part). */
export const STORED_EVENT_COLUMNS = `e.workspace_id, e.seq::text as seq, extract(epoch from e.at)::text as at_epoch,
            e.actor_type, e.actor_ref, e.action, e.target_type, e.target_ref, e.outcome, e.interface,
            e.details::text as details, e.body_hash, e.prev_hash, e.hash,
            b.seq is not null as has_body, b.subject_ref, b.salt, b.body::text as body`;

/**
 * Joins the personal part of each event of the workspace `$1`. “offset 0” keeps this a look-up by key; a merge
 * join would read all earlier bodies for every page.
 */
export const JOINED_BODIES = `left join lateral (
         select * from audit_bodies where workspace_id = $1 and seq = e.seq offset 0) b on true`;

/** Before anything that a bigint can hold: a page from here begins with the very first row there is. */
export const LOWEST_SEQ = '-9223372036854775808';

/** Up to `limit` events of the scope's chain in order of `seq`, from one number on, found by the primary key. */
export function readChainPage(
  transaction: Transaction,
  workspaceId: string,
  fromSeq: string,
  limit: number,
): Promise<StoredEvent[]> {
  return transaction.query<StoredEvent>(
    `select ${STORED_EVENT_COLUMNS}
       from (select * from audit_events where workspace_id = $1 and seq >= $2::bigint order by seq limit $3) e
       ${JOINED_BODIES}
      order by e.seq`,
    [workspaceId, fromSeq, limit],
  );
}
