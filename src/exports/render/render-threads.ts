import { Worker } from 'node:worker_threads';
import { ConveyError, listErrorKinds } from '../../errors.ts';
import { explainFailure } from '../explain-failure.ts';
import { cancelled, rendererDied } from '../exports.errors.ts';
import type { RenderJob, RenderResult } from './render-files.ts';
import type { StoreAddress } from '../../storage/open-encrypted-store.ts';
import type { FromRenderer, RenderFailure, RenderTarget, ThreadData, ToRenderer } from './render-messages.ts';
import type { RenderProgress } from './tell-progress.ts';

/** Where a rendering thread begins; run from source, it first loads what understands TypeScript. */
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './render-thread.source.js' : './render-thread.js',
  import.meta.url,
);

/**
 * Room for new objects. Rows become no objects, so that little is new; the usual 48 MB fill up all the same before they
 * are looked through, in each thread (docs/decisions/0008).
 */
const YOUNG_MB = 6;

/** What a run tells while it goes on. */
export interface RenderWatch {
  signal: AbortSignal;
  onWritten?: (bytes: number) => void;
  onProgress?: (progress: RenderProgress) => void;
  onBackends?: (pids: readonly number[]) => void;
}

interface Run {
  watch: RenderWatch;
  resolve: (result: RenderResult) => void;
  reject: (error: Error) => void;
}

interface Thread {
  worker: Worker;
  givesWay: boolean;
  runs: Map<number, Run>;
}

/**
 * The threads that render: some that give way to everything else, for long work, and one that does not, for what
 * somebody waits for. Each takes several exports at a time; a new one goes to the thread with the fewest. Threads start
 * when first needed; one that dies fails its exports and is replaced.
 */
export class RenderThreads {
  readonly #size: number;
  readonly #store: StoreAddress;
  readonly #threads: Thread[] = [];
  #lastRun = 0;

  /**
   * @param size most threads that give way
   * @param store where rendered objects go; each thread opens it for itself
   */
  constructor(size: number, store: StoreAddress) {
    this.#size = size;
    this.#store = store;
  }

  /**
   * Renders into an open file or an object. Rejects with a coded error; an aborted run rejects with `exports.cancelled`
   * once its connections are given back.
   */
  async render(job: RenderJob, target: RenderTarget, watch: RenderWatch): Promise<RenderResult> {
    if (watch.signal.aborted) throw new ConveyError(cancelled);
    const thread = this.#leastBusy(job.givesWay);
    const run = ++this.#lastRun;
    const abort = () => thread.worker.postMessage({ type: 'abort', run } satisfies ToRenderer);
    watch.signal.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise<RenderResult>((resolve, reject) => {
        thread.runs.set(run, { watch, resolve, reject });
        thread.worker.postMessage({ type: 'render', run, job, target } satisfies ToRenderer);
      });
    } finally {
      watch.signal.removeEventListener('abort', abort);
      thread.runs.delete(run);
    }
  }

  /** Ends the threads; running exports fail. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()));
  }

  #leastBusy(givesWay: boolean): Thread {
    const threads = this.#threads.filter((thread) => thread.givesWay === givesWay);
    const idle = threads.find(({ runs }) => runs.size === 0);
    if (idle !== undefined) return idle;
    if (threads.length < (givesWay ? this.#size : 1)) return this.#start(givesWay);
    return threads.reduce((best, thread) => (thread.runs.size < best.runs.size ? thread : best));
  }

  #start(givesWay: boolean): Thread {
    const workerData: ThreadData = { store: this.#store, givesWay };
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB };
    const worker = new Worker(ENTRY, { execArgv: [], name: 'convey render', workerData, resourceLimits });
    const thread: Thread = { worker, givesWay, runs: new Map() };
    worker.unref();
    worker.on('message', (message: FromRenderer) => this.#receive(thread, message));
    worker.on('error', (cause) => this.#bury(thread, cause));
    worker.on('exit', (code) => this.#bury(thread, new Error(`rendering thread ended with ${code}`)));
    this.#threads.push(thread);
    return thread;
  }

  #receive(thread: Thread, message: FromRenderer): void {
    const run = thread.runs.get(message.run);
    if (run === undefined) return;
    switch (message.type) {
      case 'written':
        return run.watch.onWritten?.(message.bytes);
      case 'progress':
        return run.watch.onProgress?.(message.progress);
      case 'backends':
        return run.watch.onBackends?.(message.pids);
      case 'done':
        return run.resolve(message.result);
      case 'failed':
        return run.reject(run.watch.signal.aborted ? new ConveyError(cancelled) : revive(message.failure));
    }
  }

  #bury(thread: Thread, cause: unknown): void {
    const index = this.#threads.indexOf(thread);
    if (index >= 0) this.#threads.splice(index, 1);
    for (const run of thread.runs.values()) run.reject(new ConveyError(rendererDied, undefined, { cause }));
    thread.runs.clear();
  }
}

/** The error that happened in the thread, as one for people. */
function revive(failure: RenderFailure): Error {
  const kind = listErrorKinds().find(({ code }) => code === failure.code);
  if (kind !== undefined) return new ConveyError(kind, failure.detail);
  return explainFailure(Object.assign(new Error(failure.message), { code: failure.systemCode })) as Error;
}
