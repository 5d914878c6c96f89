import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Transaction } from '../../database/connect.ts';
import type { IngestContext } from '../ingest-context.ts';
import type { IngestRecord } from '../grammar/parse-record.ts';
import type { RecordShape } from '../grammar/record-shape.ts';
import type { StagedRows } from './encode-stage.ts';
import { DELETE_PARTICIPANTS, INSERT_PARTICIPANTS } from './participants-sql.ts';
import { type StageSql, stageSql } from './stage-sql.ts';

export interface Merged {
  inserted: number;
  updated: number;
  unchanged: number;
  older: number;
  /** Patches for which there is no record; nothing was written for them. */
  unknownPatches: IngestRecord[];
}

/** SQLSTATE unique_violation. */
const UNIQUE_VIOLATION = '23505';

interface Classified {
  known: number;
  older: number;
  unchanged: number;
}

const statements = new Map<RecordShape, { plain?: StageSql; patching?: StageSql }>();

function statementsOf(shape: RecordShape, hasPatches: boolean): StageSql {
  let both = statements.get(shape);
  if (both === undefined) {
    both = {};
    statements.set(shape, both);
  }
  return hasPatches ? (both.patching ??= stageSql(shape, true)) : (both.plain ??= stageSql(shape, false));
}

/**
 * Brings encoded rows into their table. The transaction is in the workspace's scope and holds its lock, so
 * that nobody writes the same records between the statements; what the rows refer to must exist.
 */
export async function mergeStage(
  transaction: Transaction,
  context: Pick<IngestContext, 'feedEpoch' | 'firstLoads' | 'isAtomic'>,
  workspaceId: string,
  rows: StagedRows,
): Promise<Merged> {
  const { feedEpoch, firstLoads, isAtomic } = context;
  const { table } = rows.shape;
  const sql = statementsOf(rows.shape, rows.hasPatches);
  if (firstLoads.has(table.name) && !rows.hasPatches && !isAtomic) {
    const inserted = await insertAll(transaction, sql, workspaceId, feedEpoch, rows);
    if (inserted !== undefined) return { ...NOTHING, inserted };
  }
  await copyInto(transaction, sql.copy, rows.bytes);
  const [counts] = await transaction.query<Classified>(sql.classify, [workspaceId]);
  const { known, older, unchanged } = counts!;
  if (known === 0) firstLoads.add(table.name);
  else firstLoads.delete(table.name);
  const unknown = rows.hasPatches
    ? await transaction.query<{ n: number }>(sql.findUnknownPatches, [workspaceId])
    : [];
  // Where nothing is known no row needs to be looked up a second time.
  const statement = known === 0 ? sql.insert : sql.merge;
  const { rowCount } = await transaction.client.query(statement, [workspaceId, feedEpoch]);
  await writeParticipants(transaction, workspaceId, rows, known);
  const updated = known - older - unchanged;
  return {
    inserted: (rowCount ?? 0) - updated,
    updated,
    unchanged,
    older,
    unknownPatches: unknown.map(({ n }) => rows.records[n]!),
  };
}

const NOTHING: Merged = { inserted: 0, updated: 0, unchanged: 0, older: 0, unknownPatches: [] };

/**
 * Inserts all rows unseen: in a first load the lookups would be a fifth of the work. Undefined, and nothing
 * has happened, when one of them is known after all.
 */
async function insertAll(
  transaction: Transaction,
  sql: StageSql,
  workspaceId: string,
  feedEpoch: number,
  rows: StagedRows,
): Promise<number | undefined> {
  await copyInto(transaction, `savepoint first_load; ${sql.copy}`, rows.bytes);
  try {
    const { rowCount } = await transaction.client.query(sql.insert, [workspaceId, feedEpoch]);
    await writeParticipants(transaction, workspaceId, rows, 0);
    return rowCount ?? 0;
  } catch (error) {
    if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
    await transaction.query('rollback to savepoint first_load');
    return undefined;
  }
}

async function writeParticipants(
  transaction: Transaction,
  workspaceId: string,
  { hasParticipants, shape }: StagedRows,
  known: number,
): Promise<void> {
  if (shape.participantsBit === undefined) return;
  if (known > 0) await transaction.query(DELETE_PARTICIPANTS, [workspaceId]);
  if (hasParticipants) await transaction.query(INSERT_PARTICIPANTS, [workspaceId]);
}

async function copyInto({ client }: Transaction, sql: string, bytes: Buffer): Promise<void> {
  const stream = client.query(copyFrom(sql));
  const isDone = finished(stream);
  stream.end(bytes);
  await isDone;
}
