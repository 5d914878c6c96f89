import type { Transaction } from '../database/connect.ts';
import { newId } from '../ids.ts';
import { type ClaimedJob, type JobKind, JOBS_CHANNEL } from './job.ts';

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

/** Makes a job that this process has claimed already: it runs it itself, under a lease like any other. */
export async function enqueueClaimedJob(
  transaction: Transaction,
  { kind, workspaceId, subjectId }: { kind: JobKind; workspaceId: string; subjectId: string },
  { worker, leaseMs }: { worker: string; leaseMs: number },
): Promise<ClaimedJob> {
  const [job] = await transaction.query<ClaimedJob>(
    `insert into jobs (id, kind, workspace_id, subject_id, status, worker, attempts, fence, lease_until)
     values ($1, $2, $3, $4, 'running', $5, 1, 1, now() + $6 * interval '1 millisecond')
     returning id, kind, workspace_id as "workspaceId", subject_id as "subjectId", attempts as attempt, fence`,
    [newId('job'), kind, workspaceId, subjectId, worker, leaseMs],
  );
  return job!;
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
