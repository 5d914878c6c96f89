import type { Transaction } from '../database/connect.ts';
import { newId } from '../ids.ts';
import { type JobKind, JOBS_CHANNEL } from './job.ts';

/**
 * Puts a job into the queue, in the transaction that makes what it is about: both or neither. Workers wake when
 * that commits.
 */
export async function enqueueJob(
  transaction: Transaction,
  { kind, workspaceId, subjectId }: { kind: JobKind; workspaceId: string; subjectId: string },
): Promise<string> {
  const id = newId('job');
  await transaction.query(
    `insert into jobs (id, kind, workspace_id, subject_id, status) values ($1, $2, $3, $4, 'queued')`,
    [id, kind, workspaceId, subjectId],
  );
  await wakeWorkers(transaction, kind);
  return id;
}

/** Has every worker look at the queue, and at what became of its jobs, when the transaction commits. */
export async function wakeWorkers(transaction: Transaction, why: string): Promise<void> {
  await transaction.query('select pg_notify($1, $2)', [JOBS_CHANNEL, why]);
}

/**
 * Asks that a job end: a waiting one is cancelled at once, a running one when its worker hears of it, which takes
 * no longer than the way of the notification.
 * @returns whether it was still waiting (`cancelled`), runs (`asked`), or has ended (`ended`)
 */
export async function cancelJob(
  transaction: Transaction,
  kind: JobKind,
  subjectId: string,
): Promise<'cancelled' | 'asked' | 'ended'> {
  const [job] = await transaction.query<{ status: string }>(
    `update jobs set
       status = case when status = 'queued' then 'cancelled' else status end,
       finished_at = case when status = 'queued' then now() end,
       cancel_asked_at = coalesce(cancel_asked_at, now())
     where kind = $1 and subject_id = $2 and status in ('queued', 'running') returning status`,
    [kind, subjectId],
  );
  if (job === undefined) return 'ended';
  await wakeWorkers(transaction, 'cancel');
  return job.status === 'cancelled' ? 'cancelled' : 'asked';
}
