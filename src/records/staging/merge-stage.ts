import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Transaction } from '../../database/connect.ts';
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
  workspaceId: string,
  feedEpoch: number,
  rows: StagedRows,
): Promise<Merged> {
  const sql = statementsOf(rows.shape, rows.hasPatches);
  await transaction.query(sql.create);
  await copyInto(transaction, sql.copy, rows.bytes);
  const [counts] = await transaction.query<Classified>(sql.classify, [workspaceId]);
  const { known, older, unchanged } = counts!;
  const unknown = rows.hasPatches
    ? await transaction.query<{ n: number }>(sql.findUnknownPatches, [workspaceId])
    : [];
  // Where nothing is known (a first load) no row needs to be looked up a second time.
  const statement = known === 0 ? sql.insert : sql.merge;
  const { rowCount } = await transaction.client.query(statement, [workspaceId, feedEpoch]);
  if (rows.shape.participantsBit !== undefined)
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

async function writeParticipants(
  transaction: Transaction,
  workspaceId: string,
  { hasParticipants }: StagedRows,
  known: number,
): Promise<void> {
  if (known > 0) await transaction.query(DELETE_PARTICIPANTS, [workspaceId]);
  if (hasParticipants) await transaction.query(INSERT_PARTICIPANTS, [workspaceId]);
}

async function copyInto({ client }: Transaction, sql: string, bytes: Buffer): Promise<void> {
  const stream = client.query(copyFrom(sql));
  const isDone = finished(stream);
  stream.end(bytes);
  await isDone;
}
