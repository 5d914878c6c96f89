import type { Log } from '../../../log.ts';

/**
 * Work that a reply does not wait for: mails, and notes of what failed. How long it takes would tell from outside
 * whether there is an account.
 */
export class AfterReply {
  readonly #log: Log;
  readonly #running = new Set<Promise<void>>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Starts work. A failure is logged. */
  add(what: string, work: () => Promise<void>): void {
    const running = work().catch((error: unknown) => this.#log.error(`${what} failed`, { error }));
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  /** Waits for all of it; before the database is closed. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
