import type { Table } from '../../catalog/declare.ts';
import type { Transaction } from '../../database/connect.ts';
import { NOW } from '../staging/stage-sql.ts';
import { type Dependent, deletionPlan, isStamped } from './deletion-plan.ts';

export type DeletionReason = 'deleted' | 'merged' | 'erased' | 'retention';

/** A deletion as one transaction carries it on. */
export interface DeletionStep {
  transaction: Transaction;
  workspaceId: string;
  feedEpoch: number;
  reason: DeletionReason;
  /** Rows that may still be deleted or changed in this transaction. */
  budget: number;
  /** Deleted rows by table. */
  rows: Map<string, number>;
  /** Where the object store keeps contents that no row names any more. */
  contentKeys: string[];
}

/** Parents are looked at in groups, so that a deep tree is walked without ever listing all of it. */
const GROUP_ROWS = 1000;

interface DeletedRow {
  ref: string | null;
  content_key: string | null;
  owner_id: string | null;
}

/**
 * Deletes rows that name one of `values` in a column, with all that belongs to them, as far as the budget
 * goes.
 * @returns true when nothing of them is left; false: go on in another transaction
 */
export async function deleteRows(
  step: DeletionStep,
  what: Dependent,
  values: readonly string[],
): Promise<boolean> {
  if (what.isLeaf) return deleteLeaves(step, what, values);
  const { table, column } = what;
  const { owned, links } = deletionPlan(table);
  while (step.budget > 0) {
    const rows = await step.transaction.query<{ id: string }>(
      `select id from ${table.name} where workspace_id = (select $1::text) and ${column} = any($2::text[]) limit ${Math.min(step.budget, GROUP_ROWS)}`,
      [step.workspaceId, values],
    );
    if (rows.length === 0) return true;
    const ids = rows.map(({ id }) => id);
    for (const dependent of owned) if (!(await deleteRows(step, dependent, ids))) return false;
    for (const { table: linking, column: link } of links) {
      if (!(await clearLinks(step, linking, link, ids))) return false;
    }
    if (step.budget < ids.length) return false;
    const deleted = await step.transaction.query<DeletedRow>(
      `delete from ${table.name} where workspace_id = (select $1::text) and id = any($2::text[])
       returning ${returned(what)}`,
      [step.workspaceId, ids],
    );
    await note(step, what, deleted);
  }
  return false;
}

async function deleteLeaves(
  step: DeletionStep,
  what: Dependent,
  values: readonly string[],
): Promise<boolean> {
  const { table, column } = what;
  if (step.budget <= 0) return false;
  const limit = step.budget;
  const deleted = await step.transaction.query<DeletedRow>(
    `delete from ${table.name} where ctid = any(array(
       select ctid from ${table.name} where workspace_id = (select $1::text) and ${column} = any($2::text[]) limit ${limit}))
     returning ${returned(what)}`,
    [step.workspaceId, values],
  );
  await note(step, what, deleted);
  return deleted.length < limit;
}

function returned(what: Dependent): string {
  const has = (name: string): boolean => what.table.columns.some((column) => column.name === name);
  return [
    has('ref') ? 'ref' : 'null as ref',
    has('content_key') ? 'content_key' : 'null as content_key',
    `${ownerToStamp(what)?.column ?? 'null'} as owner_id`,
  ].join(', ');
}

/**
 * A row without a ref (a participant) is part of its first owner (the conversation) for the change feed: the
 * owner changes when the row goes for another reason than the owner's own end.
 */
function ownerToStamp({ table, column }: Dependent): { table: string; column: string } | undefined {
  if (table.kind !== 'record' || table.refPrefix !== undefined) return undefined;
  const owner = table.references[0]!;
  return owner.column === column ? undefined : { table: owner.table, column: owner.column };
}

async function clearLinks(
  step: DeletionStep,
  table: Table,
  column: string,
  ids: readonly string[],
): Promise<boolean> {
  if (step.budget <= 0) return false;
  const limit = step.budget;
  const stamps = isStamped(table) ? `, ${stampSql('$3')}` : '';
  const { rowCount } = await step.transaction.client.query(
    `update ${table.name} set ${column} = null${stamps} where ctid = any(array(
       select ctid from ${table.name} where workspace_id = (select $1::text) and ${column} = any($2::text[]) limit ${limit}))`,
    [step.workspaceId, ids, ...(stamps === '' ? [] : [step.feedEpoch])],
  );
  step.budget -= rowCount ?? 0;
  return (rowCount ?? 0) < limit;
}

/** What every statement that writes a record sets: the change feed's clock (see docs on the change feed). */
export function stampSql(feedEpoch: string): string {
  return `written_at = ${NOW}, changed_epoch = ${feedEpoch}::bigint, changed_xid = pg_current_xact_id()`;
}

/** Counts deleted rows, leaves their tombstones, stamps what they were a part of. */
async function note(step: DeletionStep, what: Dependent, deleted: readonly DeletedRow[]): Promise<void> {
  const { name } = what.table;
  step.budget -= deleted.length;
  step.rows.set(name, (step.rows.get(name) ?? 0) + deleted.length);
  if (deleted.length === 0) return;
  for (const { content_key: key } of deleted) if (key !== null) step.contentKeys.push(key);
  if (what.leavesTombstones) {
    await leaveTombstones(
      step,
      name,
      deleted.map(({ ref }) => ref!),
    );
  }
  const owner = ownerToStamp(what);
  if (owner === undefined) return;
  await step.transaction.query(
    `update ${owner.table} set ${stampSql('$3')} where workspace_id = (select $1::text) and id = any($2::text[])`,
    [step.workspaceId, deleted.map(({ owner_id: id }) => id), step.feedEpoch],
  );
}

/** Tells the change feed which records are gone, by ref alone. */
export async function leaveTombstones(
  { transaction, workspaceId, feedEpoch, reason }: Omit<DeletionStep, 'budget' | 'rows' | 'contentKeys'>,
  table: string,
  refs: readonly string[],
): Promise<void> {
  await transaction.query(
    `insert into tombstones (workspace_id, ref, dataset, reason, deleted_at, changed_epoch, changed_xid)
     select $1, ref, $2, $3, ${NOW}, $4, pg_current_xact_id() from unnest($5::text[]) ref
     on conflict (workspace_id, ref) do nothing`,
    [workspaceId, table, reason, feedEpoch, refs],
  );
}
