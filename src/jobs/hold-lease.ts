import type { Database } from '../database/connect.ts';
import { ConveyError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ClaimedJob, JobProgress } from './job.ts';
import { leaseLost, renewLease } from './lease.ts';

/** Whoever watches sees it move so often; while nothing moves, a tenth of the lease is often enough. */
const TELL_EVERY_MS = 1_000;

export interface LeaseOptions {
  database: Database;
  log: Log;
  leaseMs: number;
  /** The reason with which the work is aborted after a cancel. */
  cancelReason: () => Error;
}

/** What the work gets. */
export interface HeldLease {
  /** Aborts when somebody asked for a cancel, or with `jobs.lease_lost` when the job is no longer ours. */
  signal: AbortSignal;
  onProgress: (progress: JobProgress) => void;
}

/** Work under a lease: from outside it can be aborted and asked to look at once whether it still holds. */
export interface LeasedWork {
  done: Promise<void>;
  abort: (reason: Error) => void;
  check: () => void;
}

/** Keeps a claimed job's lease alive while `work` runs, tells the queue how far it is, and hears of cancels. */
export function holdLease(
  { database, log, leaseMs, cancelReason }: LeaseOptions,
  job: ClaimedJob,
  work: (held: HeldLease) => Promise<void>,
): LeasedWork {
  const controller = new AbortController();
  let progress: JobProgress = {};
  /** What the queue knows, and since when. */
  let told: { progress: JobProgress; at: number } | undefined;
  let renewing: Promise<void> | undefined;
  const renew = async () => {
    told = { progress, at: performance.now() };
    try {
      const state = await renewLease(database, job, leaseMs, progress);
      if (state === 'lost') controller.abort(new ConveyError(leaseLost));
      if (state === 'cancel asked') controller.abort(cancelReason());
    } catch (error) {
      log.warn('a job could not say that it is alive', { job_id: job.id, error });
    } finally {
      renewing = undefined;
    }
  };
  const check = () => {
    renewing ??= renew();
  };
  const beatMs = leaseMs / 10;
  const timer = setInterval(
    () => {
      const isDue = told === undefined || performance.now() - told.at >= beatMs;
      if (isDue || told!.progress !== progress) check();
    },
    Math.min(TELL_EVERY_MS, beatMs),
  );
  const run = async () => {
    try {
      await work({
        signal: controller.signal,
        onProgress: (now) => {
          progress = now;
        },
      });
    } finally {
      clearInterval(timer);
      await renewing;
    }
  };
  return { done: run(), abort: (reason) => controller.abort(reason), check };
}
