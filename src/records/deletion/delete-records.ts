import { getTable } from '../../catalog/catalog.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import type { Scope } from '../../database/scope.ts';
import { BATCH_ROWS } from '../assemble-batch.ts';
import { lockWorkspaces } from '../lock-workspace.ts';
import { isLeaf } from './deletion-plan.ts';
import { type DeletionReason, type DeletionStep, deleteRows } from './delete-step.ts';

export interface Deletion {
  feedEpoch: number;
  /** A record table of the catalogue. */
  table: string;
  ids: readonly string[];
  reason: DeletionReason;
}

/** What one transaction of a deletion did. */
export interface DeletionProgress {
  /** Nothing is left. */
  isDone: boolean;
  /** Deleted rows by table. */
  rows: ReadonlyMap<string, number>;
  /** To be deleted from the object store once the transaction has committed. */
  contentKeys: readonly string[];
}

/**
 * Deletes records with all that belongs to them, as the catalogue's references say: children first, links
 * from other records cleared, a tombstone for each record (what goes with its conversation or ticket leaves
 * none of its own). Yields after every transaction; each touches at most 5,000 rows, so that a conversation
 * of a million messages never holds the change feed back. Stopping early leaves the rest in place; calling
 * again goes on.
 */
export async function* deleteRecords(
  database: Database,
  scope: Scope,
  deletion: Deletion,
  signal?: AbortSignal,
): AsyncGenerator<DeletionProgress, void, undefined> {
  for (;;) {
    signal?.throwIfAborted();
    const progress = await database.inScope(scope, async (transaction) => {
      await lockWorkspaces(transaction, [scope.workspaceId]);
      return deleteSome(transaction, scope.workspaceId, deletion);
    });
    yield progress;
    if (progress.isDone) return;
  }
}

/** One transaction's share of a deletion. The transaction is in the scope and holds the workspace's lock. */
export async function deleteSome(
  transaction: Transaction,
  workspaceId: string,
  { feedEpoch, table, ids, reason }: Deletion,
): Promise<DeletionProgress> {
  const step: DeletionStep = {
    transaction,
    workspaceId,
    feedEpoch,
    reason,
    budget: BATCH_ROWS,
    rows: new Map(),
    contentKeys: [],
  };
  const root = getTable(table);
  const roots = { table: root, column: 'id', isLeaf: isLeaf(root), leavesTombstones: true };
  const isDone = await deleteRows(step, roots, ids);
  return { isDone, rows: step.rows, contentKeys: step.contentKeys };
}
