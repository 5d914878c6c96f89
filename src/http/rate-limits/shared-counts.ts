import type { Database } from '../../database/connect.ts';
import { addToCounters } from '../../database/rate-counters.ts';

const FLUSH_MS = 250;

/** What is to be counted by one. */
export interface ToCount {
  key: string;
  windowMs: number;
  /** From this count on each one is told to the database at once; 0: always. */
  exactFrom: number;
}

export interface Count {
  count: number;
  /** Until the window ends. */
  leftMs: number;
}

interface Known {
  /** As the database said last: what all servers counted. */
  count: number;
  windowMs: number;
  /** By this process’s own clock, which cannot be set back. */
  endsAtMs: number;
  /** Counted here since, and not yet told. */
  untold: number;
}

/**
 * Counts that several servers share through the database. A statement for every request would cost a cheap one a
 * third of its time; so while a count is far from its limit, it is kept here and told every 250 ms. What that may
 * let through beyond a limit is what the other servers take of it within 250 ms, and only if that is more than
 * what lay between `exactFrom` and the limit.
 */
export class SharedCounts {
  readonly #database: Database;
  readonly #onError: (error: unknown) => void;
  readonly #known = new Map<string, Known>();
  #timer: NodeJS.Timeout | undefined;

  /** @param onError a batch could not be told: it is forgotten */
  constructor(database: Database, onError: (error: unknown) => void) {
    this.#database = database;
    this.#onError = onError;
  }

  /** Counts each by one; in the same order. Throws what the database throws. */
  async add(wanted: readonly ToCount[]): Promise<Count[]> {
    const now = performance.now();
    const here = wanted.map(({ key }) => this.#known.get(key));
    const isNear = wanted.some(({ exactFrom }, index) => {
      const known = here[index];
      return known === undefined || known.endsAtMs <= now || known.count + known.untold + 1 >= exactFrom;
    });
    if (isNear) return this.#tell(wanted.map((one) => ({ ...one, by: 1 })));
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
    return here.map((known) => {
      known!.untold += 1;
      return { count: known!.count + known!.untold, leftMs: known!.endsAtMs - now };
    });
  }

  /** Tells the database what it does not know yet, and forgets windows that are over. Never throws. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = performance.now();
    const untold = [];
    for (const [key, { endsAtMs, windowMs, untold: by }] of this.#known) {
      if (endsAtMs <= now) this.#known.delete(key);
      else if (by > 0) untold.push({ key, windowMs, by: 0 });
    }
    if (untold.length > 0) await this.#tell(untold).catch(this.#onError);
  }

  /** Adds to the database’s counters, with what was not told before. */
  async #tell(wanted: readonly { key: string; windowMs: number; by: number }[]): Promise<Count[]> {
    const counted = wanted.map(({ key, windowMs, by }) => {
      const known = this.#known.get(key);
      const untold = known !== undefined && known.endsAtMs > performance.now() ? known.untold : 0;
      if (known !== undefined) known.untold = 0;
      return { key, windowMs, by: by + untold };
    });
    const counts = await addToCounters(this.#database, counted);
    const now = performance.now();
    for (const [index, { count, leftMs }] of counts.entries()) {
      const { key, windowMs } = counted[index]!;
      const untold = this.#known.get(key)?.untold ?? 0; // came while the database counted
      this.#known.set(key, { count, windowMs, endsAtMs: now + leftMs, untold });
    }
    return counts;
  }
}
