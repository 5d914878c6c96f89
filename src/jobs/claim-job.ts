import { advisoryLocks } from '../database/advisory-locks.ts';
import type { Database } from '../database/connect.ts';
import type { ClaimedJob, JobKind, QueueLimits } from './job.ts';

/**
 * Claims the next job, if one may begin: of the workspace that has the fewest running, the oldest; never more
 * than so many of one workspace. A job whose worker gave no sign is next in line again, with a higher fence.
 * Claims take turns on one lock for the few milliseconds of this transaction, which makes the limit exact.
 */
export async function claimJob(
  database: Database,
  worker: string,
  kinds: readonly JobKind[],
  { perWorkspace, leaseMs }: QueueLimits,
): Promise<ClaimedJob | undefined> {
  return database.inSystem(async (transaction) => {
    await transaction.query('select pg_advisory_xact_lock($1, 0)', [advisoryLocks.jobClaims]);
    // A statement of its own: only one that begins after the lock was given sees the last claim.
    const [job] = await transaction.query<ClaimedJob>(
      `with running as (
         select workspace_id, count(*) as n from jobs
          where status = 'running' and lease_until > now() group by workspace_id
       ), next as (
         select j.id from jobs j left join running r on r.workspace_id = j.workspace_id
          where j.kind = any ($2) and coalesce(r.n, 0) < $3
            and ((j.status = 'queued' and j.run_at <= now()) or (j.status = 'running' and j.lease_until <= now()))
          order by coalesce(r.n, 0), j.run_at, j.id limit 1 for update of j skip locked
       )
       update jobs set status = 'running', worker = $1, attempts = attempts + 1, fence = fence + 1,
              lease_until = clock_timestamp() + $4 * interval '1 millisecond'
         from next where jobs.id = next.id
       returning jobs.id, kind, workspace_id as "workspaceId", subject_id as "subjectId",
                 attempts as attempt, fence`,
      [worker, kinds, perWorkspace, leaseMs],
    );
    return job;
  });
}

/**
 * When a job that cannot begin yet may begin, or the lease of a running one ends: how long a worker can sleep if
 * nobody wakes it. What is only kept waiting by the limit begins when another ends, which wakes.
 */
export async function nextDueAt(database: Database, kinds: readonly JobKind[]): Promise<Date | undefined> {
  const [row] = await database.querySystem<{ at: Date | null }>(
    `select min(case when status = 'queued' then run_at else lease_until end) as at from jobs
      where kind = any ($1) and (status = 'running' or (status = 'queued' and run_at > now()))`,
    [kinds],
  );
  return row?.at ?? undefined;
}
