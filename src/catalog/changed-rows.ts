import { literal } from '../database/literal.ts';
import { ConveyError, errorKind } from '../errors.ts';

const badPlace = errorKind('catalog.bad_place', 500, 'A place in the order of changes is not one.');

/** A place in the order of changes (`changed_epoch`, `changed_xid`): architecture, “The change feed”. */
export interface ChangePlace {
  epoch: number;
  /** Transaction id, decimal. */
  xid: string;
}

/** Where a snapshot's knowledge ends: every transaction before it has ended, and the snapshot shows it. One row. */
export const SAFE_HORIZON = `select epoch::float8 as epoch, pg_snapshot_xmin(pg_current_snapshot())::text as xid
  from feed_state where id = 'feed'`;

/**
 * What a transaction that had not ended at the snapshot wrote comes in the next window, whether the snapshot shows it
 * or not; rows of an older epoch are all settled.
 */
const SETTLED = `(c.changed_epoch < (select epoch from feed_state where id = 'feed')
  or c.changed_xid < pg_snapshot_xmin(pg_current_snapshot()))`;

/**
 * SQL that gives one column of the rows of a table that changed from a place on, up to the snapshot's safe horizon.
 * Two branches, so that each is one range of the index `<table>_changes`.
 */
export function changedSql(
  table: string,
  column: string,
  { workspaceId, from }: { workspaceId: string; from: ChangePlace },
): string {
  if (!Number.isSafeInteger(from.epoch) || !/^\d{1,20}$/.test(from.xid)) throw new ConveyError(badPlace);
  const rows = (condition: string) => `select c.${column} from ${table} c
    where c.workspace_id = ${literal(workspaceId)} and ${condition} and ${SETTLED} and c.${column} is not null`;
  return `${rows(`c.changed_epoch = ${from.epoch} and c.changed_xid >= '${from.xid}'::xid8`)}
    union all ${rows(`c.changed_epoch > ${from.epoch}`)}`;
}
