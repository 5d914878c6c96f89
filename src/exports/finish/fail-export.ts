import { recordEvent } from '../../audit/record-event.ts';
import type { Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { ClaimedJob } from '../../jobs/job.ts';
import { endJob } from '../../jobs/lease.ts';
import { cancelled } from '../exports.errors.ts';
import type { FinishDependencies } from './finish-export.ts';
import { type AcceptedExport, eventOf } from '../request-export.ts';
import { tellEnded, type TellDependencies } from './tell-ended.ts';

/** Writes down why an export ended without a file, and ends its job with it: `cancelled` or `failed`. */
export async function failExport(
  { database, tell }: Pick<FinishDependencies, 'database' | 'tell'>,
  accepted: AcceptedExport,
  error: unknown,
  stage: string,
  job?: ClaimedJob,
): Promise<void> {
  await database.inScope(accepted.scope, async (transaction) => {
    if (job !== undefined) await endJob(transaction, job, isCancel(error) ? 'cancelled' : 'failed');
    await writeFailure(transaction, accepted, error, stage, tell);
  });
}

/**
 * As part of the caller's transaction: the state of an export that ended without a file, and its audit event.
 * @param tell who is told of a kept one's failure; unset where nobody waits (a cancel)
 */
export async function writeFailure(
  transaction: Transaction,
  accepted: AcceptedExport,
  error: unknown,
  stage: string,
  tell?: TellDependencies,
): Promise<void> {
  const { scope, id } = accepted;
  const code = error instanceof ConveyError ? error.code : 'http.internal';
  const detail = error instanceof ConveyError ? error.message : 'Something went wrong here.';
  const rows = await transaction.query(
    `update exports set status = $3, stage = $4, error_code = $5, error_detail = $6, finished_at = now()
      where workspace_id = $1 and id = $2 and status in ('queued', 'running') returning id`,
    [scope.workspaceId, id, isCancel(error) ? 'cancelled' : 'failed', stage, code, detail],
  );
  if (rows.length === 0) return;
  if (!isCancel(error) && accepted.plan.keep !== null && tell !== undefined)
    await tellEnded(transaction, tell, accepted, { status: 'failed', code });
  const event = isCancel(error)
    ? eventOf(accepted, 'export.cancelled', 'success', { stage })
    : eventOf(accepted, 'export.failed', 'failed', { stage, code });
  await recordEvent(transaction, scope.workspaceId, event);
}

function isCancel(error: unknown): boolean {
  return error instanceof ConveyError && error.kind === cancelled;
}
