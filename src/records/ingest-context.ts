import type { Transaction } from '../database/connect.ts';
import type { IngestRecord } from './grammar/parse-record.ts';
import type { Rejection } from './grammar/refusal.ts';
import type { TableGrowth } from './table-growth.ts';

/**
 * Says which records must not be stored although they are well-formed: those of an erased person, or past
 * their retention. Runs inside the batch's transaction, before anything is written.
 */
export type Screen = (
  transaction: Transaction,
  workspaceId: string,
  records: readonly IngestRecord[],
) => Promise<ReadonlyMap<IngestRecord, Rejection>>;

/** What the steps of one ingest share. */
export interface IngestContext {
  /** The team workspace that the lines were sent to; waiting lines are kept in it. */
  workspaceId: string;
  /** Its host product: the accounts' personal workspaces belong to it. */
  product: string;
  feedEpoch: number;
  /** Marks the waiting lines of this body. */
  run: string;
  /** All or nothing: one transaction for everything. */
  isAtomic: boolean;
  /** Lines wait in the workspace, so that new records may set some free. As of the last batch. */
  hasWaiting: boolean;
  maxTextBytes: number;
  screen: Screen | undefined;
  /** Tables of which the last batch knew no record: a first load, see `mergeStage`. */
  firstLoads: Set<string>;
  growth: TableGrowth;
  /** Keys of stored objects that no record names any more, to be deleted after the commit. */
  orphanedContents: string[];
  /**
   * Runs work in a short transaction in the scope of `workspaceId`; in an atomic ingest, inside the one
   * that is open.
   */
  transact: <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;
}

/** Moves the transaction to another workspace's rows. */
export async function enterScope(transaction: Transaction, workspaceId: string): Promise<void> {
  await transaction.query(`select set_config('convey.workspace_id', $1, true)`, [workspaceId]);
}
