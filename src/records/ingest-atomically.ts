import type { Database, Transaction } from '../database/connect.ts';
import type { Scope } from '../database/scope.ts';
import type { FieldProblem } from '../errors.ts';
import { ConveyError } from '../errors.ts';
import { Batch, BATCH_ROWS } from './assemble-batch.ts';
import { type IngestResult, Outcomes } from './count-outcomes.ts';
import { shapesByType } from './grammar/record-shape.ts';
import { splitLines } from './import/split-lines.ts';
import { atomicRefused, atomicTooLong, IngestError, interrupted, unknownParent } from './ingest.errors.ts';
import type { IngestContext } from './ingest-context.ts';
import { IngestRun } from './ingest-run.ts';
import { isRejected, LINE_BYTES, parseLines, type RejectedLine } from './parse-line.ts';
import { originOf } from './pending/keep-waiting.ts';

/** One transaction holds all of it, and must stay below a second. */
const ATOMIC_BYTES = 16 * 1024 * 1024;

/** All lines of a body, or none: reads it whole, then writes it in one transaction. See `ingest`. */
export async function ingestAtomically(
  database: Database,
  scope: Scope,
  context: IngestContext,
  source: AsyncIterable<Buffer>,
  signal: AbortSignal | undefined,
): Promise<IngestResult> {
  const batches = await readWhole(source, context.maxTextBytes, signal);
  const run = new IngestRun(context);
  try {
    await database.inScope(scope, async (transaction) => {
      context.transact = (work) => work(transaction);
      for (const batch of batches) await run.apply(batch);
      const unstored = [...run.outcomes.rejected, ...(await findWaiting(transaction, context))];
      if (unstored.length > 0) throw refusal(run.outcomes.received, unstored);
    });
  } catch (error) {
    context.orphanedContents.length = 0;
    if (error instanceof IngestError) throw error;
    const isOurs = error instanceof ConveyError && error.code.startsWith('ingest.');
    const kind = isOurs ? error.kind : interrupted;
    throw new IngestError(kind, new Outcomes().toResult(), 'Nothing was stored.', { cause: error });
  }
  return run.outcomes.toResult();
}

async function readWhole(
  source: AsyncIterable<Buffer>,
  maxTextBytes: number,
  signal: AbortSignal | undefined,
): Promise<Batch[]> {
  const batches: Batch[] = [];
  const rejected: RejectedLine[] = [];
  let batch = new Batch();
  let received = 0;
  let bytes = 0;
  for await (const lines of splitLines(source, LINE_BYTES)) {
    signal?.throwIfAborted();
    bytes += lines.bytes.length;
    for (const parsed of parseLines(lines, maxTextBytes)) {
      if (++received > BATCH_ROWS || bytes > ATOMIC_BYTES) {
        const detail = `It takes up to ${BATCH_ROWS} lines and ${ATOMIC_BYTES} bytes.`;
        throw new IngestError(atomicTooLong, new Outcomes().toResult(), detail);
      }
      if (isRejected(parsed)) {
        rejected.push(parsed);
        continue;
      }
      if (!batch.add(parsed)) {
        batches.push(batch);
        batch = new Batch();
        batch.add(parsed);
      }
      batch.outcomes.received++;
      batch.outcomes.throughLine = parsed.line;
    }
  }
  if (rejected.length > 0) throw refusal(received, rejected);
  return [...batches, batch];
}

/** Lines of this body that still wait at its end: in an atomic body that is a refusal. */
async function findWaiting(transaction: Transaction, context: IngestContext): Promise<RejectedLine[]> {
  if (!context.hasWaiting) return [];
  const rows = await transaction.query<{ id: string; type: string; parent_table: string }>(
    `select id, type, parent_table from ingest_pending
      where workspace_id = $1 and position('_' || $2 || '_' in id) > 0 order by id limit ${BATCH_ROWS}`,
    [context.workspaceId, context.run],
  );
  return rows.map(({ id, type, parent_table: table }) => {
    const shape = shapesByType.get(type)!;
    const awaited = shape.awaited.find((one) => one.table === table);
    const field = awaited === undefined ? 'participants' : shape.columns[awaited.index]!.field!;
    return { line: originOf(id).line, code: unknownParent.code, field, detail: 'It names no record.' };
  });
}

function refusal(received: number, unstored: readonly RejectedLine[]): IngestError {
  const outcomes = new Outcomes();
  outcomes.received = received;
  for (const line of unstored) outcomes.reject(line);
  const result = outcomes.toResult();
  const fields = result.rejected.map(
    ({ line, field, code, detail }): FieldProblem => ({
      pointer: field === '' ? `line ${line}` : `line ${line}: ${field}`,
      detail: `${code}: ${detail}`,
    }),
  );
  const detail = `${unstored.length} of ${received} lines cannot be stored.`;
  return new IngestError(atomicRefused, result, detail, { fields });
}
