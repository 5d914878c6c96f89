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

/** The next events of the scope's chain in order of `seq`; `after` undefined: from the very first there is. */
export function readChainPage(
  transaction: Transaction,
  workspaceId: string,
  after: string | undefined,
  limit: number,
): Promise<StoredEvent[]> {
  return transaction.query<StoredEvent>(
    `select e.workspace_id, e.seq::text as seq, extract(epoch from e.at)::text as at_epoch,
            e.actor_type, e.actor_ref, e.action, e.target_type, e.target_ref, e.outcome, e.interface,
            e.details::text as details, e.body_hash, e.prev_hash, e.hash,
            b.seq is not null as has_body, b.subject_ref, b.salt, b.body::text as body
       from audit_events e
       left join audit_bodies b on b.workspace_id = e.workspace_id and b.seq = e.seq
      where e.workspace_id = $1 and ($2::bigint is null or e.seq > $2::bigint)
      order by e.seq
      limit $3`,
    [workspaceId, after, limit],
  );
}
