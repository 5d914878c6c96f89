import type { Transaction } from '../../database/connect.ts';
import { type AuditAction, auditActions } from '../actions.ts';
import { JOINED_BODIES, STORED_EVENT_COLUMNS, type StoredEvent } from '../read-chain.ts';

/** Which events; what is left out does not narrow. */
export interface EventFilter {
  /** Ref of who acted. */
  actor?: string;
  /** Any of these. */
  actions?: readonly AuditAction[];
  /** Ref of what it was done to. */
  target?: string;
  outcome?: 'success' | 'denied' | 'failed';
  /** RFC 3339 or a date; at or after. */
  from?: string;
  /** RFC 3339 or a date; before. */
  to?: string;
}

/** Actions that a text names: one by its name, several by a prefix (`export.*`); empty: it names none. */
export function actionsNamed(text: string): AuditAction[] {
  const all = Object.keys(auditActions) as AuditAction[];
  if (!text.endsWith('.*')) return all.filter((action) => action === text);
  return all.filter((action) => action.startsWith(text.slice(0, -1)));
}

/** The newest event of the scope's chain; undefined: there is none. */
export async function findHead(
  transaction: Transaction,
  workspaceId: string,
): Promise<{ seq: number; hash: string; at: Date } | undefined> {
  const [head] = await transaction.query<{ seq: number; hash: string; at: Date }>(
    'select seq, hash, at from audit_events where workspace_id = $1 order by seq desc limit 1',
    [workspaceId],
  );
  return head;
}

/** Up to `limit` events with a number up to `uptoSeq` (undefined: all), newest first, from an index in that order. */
export function readEvents(
  transaction: Transaction,
  workspaceId: string,
  page: { filter: EventFilter; uptoSeq: number | undefined; limit: number },
): Promise<StoredEvent[]> {
  const { text, values } = eventsQuery(workspaceId, page);
  return transaction.query<StoredEvent>(text, values);
}

/** The statement of `readEvents`. */
export function eventsQuery(
  workspaceId: string,
  { filter, uptoSeq, limit }: { filter: EventFilter; uptoSeq: number | undefined; limit: number },
): { text: string; values: unknown[] } {
  const values: unknown[] = [workspaceId, limit];
  const conditions = ['workspace_id = $1'];
  const add = (condition: string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(`${condition} $${values.length}`);
  };
  add('seq <=', uptoSeq);
  add('actor_ref =', filter.actor);
  add('target_ref =', filter.target);
  add('outcome =', filter.outcome);
  add('at >=', filter.from);
  add('at <', filter.to);
  const select = (extra: string) =>
    `select * from audit_events where ${conditions.join(' and ')}${extra} order by seq desc limit $2`;
  let events = select('');
  if (filter.actions !== undefined) {
    values.push(filter.actions);
    // Each action's newest, by its index; then the newest of those.
    events = `select one.* from unnest($${values.length}::text[]) wanted (name)
        cross join lateral (${select(' and action = wanted.name')}) one order by one.seq desc limit $2`;
  }
  const text = `select ${STORED_EVENT_COLUMNS} from (${events}) e ${JOINED_BODIES} order by e.seq desc`;
  return { text, values };
}
