import type { Database } from '../database/connect.ts';
import type { Log } from '../log.ts';
import { claimJob, nextDueAt } from './claim-job.ts';
import type { ClaimedJob, JobKind, JobProgress, QueueLimits } from './job.ts';
import { holdLease, type LeasedWork } from './hold-lease.ts';
import type { JobEvents } from './job-events.ts';

/** Nobody wakes a worker while the listening connection is gone: so it looks by itself as well. */
const LONGEST_SLEEP_MS = 5_000;
const SHORTEST_SLEEP_MS = 50;

/** What a worker does with jobs of one kind. */
export interface JobHandler {
  /**
   * Runs a claimed job to its end and writes down what became of it, `endJob` included. `signal` aborts with
   * `cancelled` when somebody asked for it, with `jobs.lease_lost` when the job is no longer ours.
   * @returns for the log, the code of what broke it; nothing: it is done
   */
  run(
    job: ClaimedJob,
    signal: AbortSignal,
    onProgress: (progress: JobProgress) => void,
  ): Promise<string | void>;
  /** Writes a job off that was begun too often and never came to an end. */
  writeOff(job: ClaimedJob): Promise<void>;
  /** The reason with which `run` is aborted after a cancel. */
  cancelReason(): Error;
}

export interface WorkerOptions {
  database: Database;
  events: JobEvents;
  log: Log;
  /** Names this process in the queue. */
  name: string;
  /** Jobs that this worker runs at the same time. */
  slots: number;
  limits: QueueLimits;
  handlers: Partial<Record<JobKind, JobHandler>>;
}

/** Takes jobs from the queue and runs them, several at a time, until it is stopped. */
export class JobWorker {
  readonly #options: WorkerOptions;
  readonly #kinds: readonly JobKind[];
  readonly #running = new Map<string, LeasedWork>();
  #unsubscribe: () => void = () => {};
  #isStopping = false;
  #wake: () => void = () => {};
  #loop: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#kinds = Object.keys(options.handlers) as JobKind[];
  }

  start(): void {
    this.#unsubscribe = this.#options.events.subscribe(() => {
      this.#wake();
      for (const { check } of this.#running.values()) check();
    });
    this.#loop = this.#work();
  }

  /** Takes no more jobs, aborts the running ones with the given reason, and waits until they have ended. */
  async stop(reason: Error): Promise<void> {
    this.#isStopping = true;
    this.#wake();
    await this.#loop; // first, so that none begins after the others were told
    for (const { abort } of this.#running.values()) abort(reason);
    await Promise.all([...this.#running.values()].map(({ done }) => done));
    this.#unsubscribe();
  }

  async #work(): Promise<void> {
    const { database, log, name, slots, limits } = this.#options;
    while (!this.#isStopping) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      try {
        const job =
          this.#running.size < slots ? await claimJob(database, name, this.#kinds, limits) : undefined;
        if (job !== undefined) {
          this.#begin(job);
          continue;
        }
        const dueAt = this.#running.size < slots ? await nextDueAt(database, this.#kinds) : undefined;
        await sleep(dueAt, woken);
      } catch (error) {
        log.warn('the queue cannot be read', { error });
        await sleep(undefined, woken);
      }
    }
  }

  #begin(job: ClaimedJob): void {
    const { database, log, limits, handlers } = this.#options;
    const handler = handlers[job.kind]!;
    const options = { database, log, leaseMs: limits.leaseMs, cancelReason: () => handler.cancelReason() };
    const { id: job_id, kind, workspaceId: workspace_id, subjectId: subject_id, attempt } = job;
    const about = { job_id, kind, workspace_id, subject_id, attempt };
    const startedAt = performance.now();
    log.info('a job begins', about);
    const work = holdLease(options, job, async ({ signal, onProgress }) => {
      const isWrittenOff = job.attempt > limits.maxAttempts;
      const outcome = isWrittenOff
        ? await handler.writeOff(job).then(() => 'written off')
        : await handler.run(job, signal, onProgress);
      log.info('a job ended', {
        ...about,
        outcome: outcome ?? 'done',
        ms: Math.round(performance.now() - startedAt),
      });
    });
    const done = work.done
      .catch((error: unknown) =>
        log.error('a job ended without a word', { job_id: job.id, kind: job.kind, error }),
      )
      .finally(() => {
        this.#running.delete(job.id);
        this.#wake();
      });
    this.#running.set(job.id, { ...work, done });
  }
}

function sleep(until: Date | undefined, woken: Promise<void>): Promise<void> {
  const wanted = until === undefined ? LONGEST_SLEEP_MS : until.getTime() - Date.now();
  const ms = Math.min(LONGEST_SLEEP_MS, Math.max(SHORTEST_SLEEP_MS, wanted));
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void woken.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
