import { ConveyError } from '../../errors.ts';
import { cancelled } from '../exports.errors.ts';
import type { AcceptedExport } from '../request-export.ts';
import { type KeepDependencies, keepExport } from './keep-export.ts';

/** How far a running export is. */
export interface KeptProgress {
  records: number;
  bytes: number;
  stage: string;
}

interface Entry {
  accepted: AcceptedExport;
  controller: AbortController;
  progress: KeptProgress;
  isRunning: boolean;
  ended: Promise<void>;
  begin: () => void;
}

/**
 * The kept exports of this process: so many of a workspace run at a time, the others wait their turn in the
 * order in which they came. They end with the process; the next start writes down that they did.
 */
export class KeptExports {
  readonly #dependencies: KeepDependencies;
  readonly #perWorkspace: number;
  readonly #entries = new Map<string, Entry>();

  constructor(dependencies: KeepDependencies, perWorkspace: number) {
    this.#dependencies = dependencies;
    this.#perWorkspace = perWorkspace;
  }

  /** Runs an accepted export when its turn comes. Resolves when it has ended, however it did. */
  start(accepted: AcceptedExport): Promise<void> {
    const controller = new AbortController();
    const progress: KeptProgress = { records: 0, bytes: 0, stage: 'waiting' };
    let begin = () => {};
    const turn = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const entry: Entry = { accepted, controller, progress, begin, isRunning: false, ended: turn };
    controller.signal.addEventListener('abort', begin, { once: true });
    entry.ended = turn.then(() => this.#run(entry));
    this.#entries.set(accepted.id, entry);
    this.#beginNext();
    return entry.ended;
  }

  progressOf(id: string): (KeptProgress & { position?: number }) | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.isRunning) return entry?.progress;
    const waiting = this.#ofWorkspace(entry).filter(({ isRunning }) => !isRunning);
    return { ...entry.progress, position: waiting.indexOf(entry) + 1 };
  }

  /** Resolves when an export of this process has ended; at once for any other. */
  async ended(id: string): Promise<void> {
    await this.#entries.get(id)?.ended;
  }

  /** Ends a waiting or running export; resolves when it has given everything back. */
  async cancel(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    entry?.controller.abort(new ConveyError(cancelled));
    await entry?.ended;
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    await Promise.all([...this.#entries.keys()].map((id) => this.cancel(id)));
  }

  async #run(entry: Entry): Promise<void> {
    const { accepted, controller, progress } = entry;
    entry.isRunning = true;
    try {
      await keepExport(this.#dependencies, accepted, {
        signal: controller.signal,
        onWritten: (bytes) => {
          progress.bytes = bytes;
        },
        onProgress: (records, stage) => {
          Object.assign(progress, { records, stage });
        },
      });
    } catch (error) {
      // The books hold the reason; what nobody foresaw is for the log as well.
      if (!(error instanceof ConveyError)) {
        this.#dependencies.log.error('an export failed', { export_id: accepted.id, error });
      }
    } finally {
      this.#entries.delete(accepted.id);
      this.#beginNext();
    }
  }

  #ofWorkspace({ accepted }: Entry): Entry[] {
    const { workspaceId } = accepted.scope;
    return [...this.#entries.values()].filter((other) => other.accepted.scope.workspaceId === workspaceId);
  }

  #beginNext(): void {
    const running = new Map<string, number>();
    for (const { accepted, isRunning, begin } of this.#entries.values()) {
      const { workspaceId } = accepted.scope;
      const count = (running.get(workspaceId) ?? 0) + 1;
      running.set(workspaceId, count);
      if (!isRunning && count <= this.#perWorkspace) begin();
    }
  }
}
