import type { Database, Transaction } from '../database/connect.ts';
import { ConveyError, errorKind } from '../errors.ts';
import type { ClaimedJob, JobProgress } from './job.ts';
import { wakeWorkers } from './enqueue-job.ts';

/** A worker was taken for dead and another has its job: whatever it still wants to write must not count. */
export const leaseLost = errorKind(
  'jobs.lease_lost',
  500,
  'The worker gave no sign for too long, and another one has taken over.',
);

/** Says that a job is alive and how far it is, and hears whether it should end. */
export async function renewLease(
  database: Database,
  { id, fence }: ClaimedJob,
  leaseMs: number,
  progress: JobProgress,
): Promise<'held' | 'cancel asked' | 'lost'> {
  const [row] = await database.querySystem<{ is_cancelled: boolean }>(
    `update jobs set lease_until = clock_timestamp() + $3 * interval '1 millisecond', progress = $4
      where id = $1 and fence = $2 and status = 'running' returning cancel_asked_at is not null as is_cancelled`,
    [id, fence, leaseMs, JSON.stringify(progress)],
  );
  if (row === undefined) return 'lost';
  return row.is_cancelled ? 'cancel asked' : 'held';
}

/**
 * Ends a job, in the transaction that writes what became of its subject: a worker that lost its lease changes
 * nothing, since this throws and rolls everything back.
 * @throws jobs.lease_lost
 */
export async function endJob(
  transaction: Transaction,
  { id, kind, fence }: ClaimedJob,
  status: 'done' | 'failed' | 'cancelled',
): Promise<void> {
  const rows = await transaction.query(
    `update jobs set status = $3, finished_at = now(), lease_until = null
      where id = $1 and fence = $2 and status = 'running' returning id`,
    [id, fence, status],
  );
  if (rows.length === 0) throw new ConveyError(leaseLost);
  await wakeWorkers(transaction, kind); // another of the workspace may have waited for this
}

/** Puts a job back into the queue for another attempt. @throws jobs.lease_lost */
export async function retryJob(
  transaction: Transaction,
  { id, fence }: ClaimedJob,
  afterMs: number,
): Promise<void> {
  const rows = await transaction.query(
    `update jobs set status = 'queued', lease_until = null, worker = null,
            run_at = now() + $3 * interval '1 millisecond'
      where id = $1 and fence = $2 and status = 'running' returning id`,
    [id, fence, afterMs],
  );
  if (rows.length === 0) throw new ConveyError(leaseLost);
}
