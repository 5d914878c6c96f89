import type { Transaction } from '../database/connect.ts';
import { Outcomes } from './count-outcomes.ts';
import type { IngestRecord } from './grammar/parse-record.ts';
import type { Rejection } from './grammar/refusal.ts';
import { unknownRecord } from './ingest.errors.ts';
import type { IngestContext } from './ingest-context.ts';
import { dropObsolete, keepWaiting } from './pending/keep-waiting.ts';
import type { Waiting } from './resolve-parents.ts';

/** What a transaction did: counted once it has committed. */
export interface Applied {
  outcomes: Outcomes;
  /** Ids that exist now, by table: lines may have waited for them. */
  arrived: Map<string, string[]>;
  /** Lines that were rejected now that the database was asked. */
  refused: IngestRecord[];
  /** Parents that lines went back to waiting for. */
  missing: { table: string; id: string }[];
}

export function newApplied(): Applied {
  return { outcomes: new Outcomes(), arrived: new Map(), refused: [], missing: [] };
}

/** What became of a transaction's lines. */
interface Settled {
  /** Stored, or known to be older or the same. */
  settled: readonly IngestRecord[];
  waiting: readonly Waiting[];
  /** Patches of what is nowhere. */
  unknown: readonly IngestRecord[];
}

/** Keeps what waits, drops what no longer needs to, refuses patches of what is nowhere. */
export async function settleLines(
  transaction: Transaction,
  context: IngestContext,
  { settled, waiting, unknown }: Settled,
  applied: Applied,
): Promise<void> {
  if (context.hasWaiting) {
    const still = waiting.map(({ record }) => record);
    await dropObsolete(transaction, context, settled, still, applied.outcomes);
  }
  await keepWaiting(transaction, context, waiting);
  for (const { record, parentTable, parentId } of waiting) {
    if (record.waited !== undefined) applied.missing.push({ table: parentTable, id: parentId });
    const parts = record.parts?.length ?? 1;
    applied.outcomes.count(record.shape.type, 'pending', parts);
    applied.outcomes.count(record.shape.type, 'superseded', 1 - parts);
  }
  const rejection = { code: unknownRecord.code, field: 'id', detail: unknownRecord.title };
  for (const record of unknown) rejectRecord(applied, record, rejection);
}

/** Rejects a record with all the lines that it was folded from. */
export function rejectRecord(
  { outcomes, refused }: Applied,
  record: IngestRecord,
  rejection: Rejection,
): void {
  const parts = record.parts ?? [record];
  refused.push(...parts);
  for (const { line } of parts) outcomes.reject({ line, ...rejection });
  outcomes.count(record.shape.type, 'superseded', 1 - parts.length);
}
