import type { Database } from '../../database/connect.ts';
import type { Log } from '../../log.ts';
import { claimDue, type DueQuery } from './claim-due.ts';

const POLL_MS = 1000;

export interface OutboxWork<Row> {
  table: DueQuery['table'];
  /** Longer than one try can take. */
  leaseMs: number;
  /** Rows in work at the same time, in this process. */
  atOnce: number;
  /** … and of one receiver. */
  perGroup: number;
  groupOf: (row: Row) => string;
  /** One try, and writing down what came of it. What it throws is logged; the row comes again after its lease. */
  handle: (row: Row) => Promise<void>;
  now: () => Date;
}

/**
 * Sends what lies in an outbox table, several at a time. Any number of servers may run it on one database. A
 * receiver that is slow holds up nobody else: while something of its is in work, no more of its is claimed.
 */
export class OutboxLoop<Row extends object> {
  readonly #database: Database;
  readonly #log: Log;
  readonly #work: OutboxWork<Row>;
  readonly #running = new Set<Promise<void>>();
  /** Receivers, with how many of their rows are in work. */
  readonly #busy = new Map<string, number>();
  #filling: Promise<number> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(database: Database, log: Log, work: OutboxWork<Row>) {
    this.#database = database;
    this.#log = log;
    this.#work = work;
  }

  /** Looks for due rows now and every second, until `stop`. */
  start(): this {
    this.#timer = setInterval(() => this.#look(), POLL_MS);
    this.#look();
    return this;
  }

  /** Claims nothing more, and waits for what is in work. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#filling?.catch(() => {});
    await Promise.all(this.#running);
  }

  /** Works until nothing is due. For tests and commands, instead of `start`. */
  async drain(): Promise<void> {
    while ((await this.#fill()) > 0 || this.#running.size > 0) await Promise.all(this.#running);
  }

  #look(): void {
    this.#fill().catch((error: unknown) =>
      this.#log.error('an outbox could not be read', { table: this.#work.table, error }),
    );
  }

  /** Claims as much as there is room for. @returns how many rows */
  async #fill(): Promise<number> {
    this.#filling ??= this.#claim().finally(() => {
      this.#filling = undefined;
    });
    return this.#filling;
  }

  async #claim(): Promise<number> {
    const { table, leaseMs, atOnce, perGroup, groupOf, now } = this.#work;
    let claimed = 0;
    while (!this.#isStopped && this.#running.size < atOnce) {
      const rows = await claimDue<Row>(this.#database, {
        table,
        leaseMs,
        perGroup,
        now: now(),
        limit: atOnce - this.#running.size,
        busyGroups: [...this.#busy.keys()],
      });
      if (rows.length === 0) break;
      claimed += rows.length;
      for (const row of rows) this.#begin(row, groupOf(row));
    }
    return claimed;
  }

  #begin(row: Row, group: string): void {
    this.#busy.set(group, (this.#busy.get(group) ?? 0) + 1);
    const work = this.#work
      .handle(row)
      .catch((error: unknown) =>
        this.#log.error('something in an outbox could not be handled', { table: this.#work.table, error }),
      )
      .finally(() => {
        this.#running.delete(work);
        const left = this.#busy.get(group)! - 1;
        if (left > 0) this.#busy.set(group, left);
        else this.#busy.delete(group);
        if (this.#timer !== undefined) this.#look();
      });
    this.#running.add(work);
  }
}
