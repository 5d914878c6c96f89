import pg from 'pg';
import type { Database } from '../database/connect.ts';
import { ConveyError } from '../errors.ts';
import type { Log } from '../log.ts';
import { claimJob, nextDueAt } from './claim-job.ts';
import { type ClaimedJob, type JobKind, type JobProgress, JOBS_CHANNEL, type QueueLimits } from './job.ts';
import { leaseLost, renewLease } from './lease.ts';

/** Nobody wakes a worker whose listening connection is gone: so it looks by itself as well. */
const LONGEST_SLEEP_MS = 5_000;
const SHORTEST_SLEEP_MS = 50;

/** What a worker does with jobs of one kind. */
export interface JobHandler {
  /**
   * Runs a claimed job to its end and writes down what became of it, `endJob` included. `signal` aborts with
   * `cancelled` when somebody asked for it, with `jobs.lease_lost` when the job is no longer ours.
   */
  run(job: ClaimedJob, signal: AbortSignal, onProgress: (progress: JobProgress) => void): Promise<void>;
  /** Writes a job off that was begun too often and never came to an end. */
  writeOff(job: ClaimedJob): Promise<void>;
  /** The reason with which `run` is aborted after a cancel. */
  cancelReason(): Error;
}

export interface WorkerOptions {
  database: Database;
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
  readonly #running = new Map<string, { done: Promise<void>; controller: AbortController; check(): void }>();
  #listener: pg.Client | undefined;
  #isStopping = false;
  #wake: () => void = () => {};
  #loop: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#kinds = Object.keys(options.handlers) as JobKind[];
  }

  start(): void {
    this.#loop = this.#work();
  }

  /** Takes no more jobs, aborts the running ones with the given reason, and waits until they have ended. */
  async stop(reason: Error): Promise<void> {
    this.#isStopping = true;
    this.#wake();
    for (const { controller } of this.#running.values()) controller.abort(reason);
    await this.#loop;
    await Promise.all([...this.#running.values()].map(({ done }) => done));
    await this.#listener?.end().catch(() => {});
  }

  async #work(): Promise<void> {
    const { database, log, name, slots, limits } = this.#options;
    while (!this.#isStopping) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      try {
        await this.#listen();
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

  /** Hears of new and cancelled jobs; a connection that was lost is made anew at the next turn. */
  async #listen(): Promise<void> {
    if (this.#listener !== undefined) return;
    const client = new pg.Client({
      connectionString: this.#options.database.url,
      application_name: 'convey worker',
    });
    client.on('error', () => {
      if (this.#listener === client) this.#listener = undefined;
    });
    client.on('notification', () => {
      this.#wake();
      for (const { check } of this.#running.values()) check();
    });
    await client.connect();
    await client.query(`listen ${JOBS_CHANNEL}`);
    this.#listener = client;
  }

  #begin(job: ClaimedJob): void {
    const { database, log, limits, handlers } = this.#options;
    const handler = handlers[job.kind]!;
    const controller = new AbortController();
    let progress: JobProgress = {};
    let renewing: Promise<void> | undefined;
    const renew = async () => {
      try {
        const state = await renewLease(database, job, limits.leaseMs, progress);
        if (state === 'lost') controller.abort(new ConveyError(leaseLost));
        if (state === 'cancel asked') controller.abort(handler.cancelReason());
      } catch (error) {
        log.warn('a job could not say that it is alive', { job_id: job.id, error });
      } finally {
        renewing = undefined;
      }
    };
    const check = () => {
      renewing ??= renew();
    };
    const timer = setInterval(check, limits.leaseMs / 10);
    const run = async () => {
      try {
        if (job.attempt > limits.maxAttempts) await handler.writeOff(job);
        else await handler.run(job, controller.signal, (now) => (progress = now));
      } catch (error) {
        log.error('a job ended without a word', { job_id: job.id, kind: job.kind, error });
      } finally {
        clearInterval(timer);
        await renewing;
        this.#running.delete(job.id);
        this.#wake();
      }
    };
    // In the map before it can end.
    const entry = { done: Promise.resolve(), controller, check };
    this.#running.set(job.id, entry);
    entry.done = run();
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
