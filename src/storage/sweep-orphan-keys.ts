import type { ObjectHeader } from './object-frames.ts';
import type { ObjectKeyName, ObjectKeys, StoredObjectKey } from './object-keys.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How long one call may walk when nobody asked for a whole walk: the server calls every minute. */
const STEP_MS = 5000;

/** Finds keys whose object is not there (any more): a crash or a race between two steps leaves them. */
export class OrphanKeys {
  readonly #keys: ObjectKeys;
  readonly #findHeader: (name: string) => Promise<ObjectHeader | 'unreadable' | undefined>;
  #walk: AsyncGenerator<StoredObjectKey> | undefined;
  #nextWalkAt = 0;

  constructor(
    keys: ObjectKeys,
    findHeader: (name: string) => Promise<ObjectHeader | 'unreadable' | undefined>,
  ) {
    this.#keys = keys;
    this.#findHeader = findHeader;
  }

  /**
   * Removes orphans and gives their number. With an age, walks over all keys; without one (an hour) goes
   * on where the last call stopped, for five seconds, and rests for a day after the last key: each key costs
   * a look at its object.
   */
  async sweep(olderThanMs: number | undefined): Promise<number> {
    if (olderThanMs !== undefined) {
      return (await this.#step(this.#keys.list(), olderThanMs, Number.POSITIVE_INFINITY)).removed;
    }
    if (this.#walk === undefined) {
      if (Date.now() < this.#nextWalkAt) return 0;
      this.#walk = this.#keys.list();
      this.#nextWalkAt = Date.now() + DAY_MS;
    }
    try {
      const { removed, isDone } = await this.#step(this.#walk, HOUR_MS, Date.now() + STEP_MS);
      if (isDone) this.#walk = undefined;
      return removed;
    } catch (error) {
      this.#walk = undefined;
      this.#nextWalkAt = 0;
      throw error;
    }
  }

  async #step(
    walk: AsyncGenerator<StoredObjectKey>,
    olderThanMs: number,
    untilMs: number,
  ): Promise<{ removed: number; isDone: boolean }> {
    const newest = Date.now() - olderThanMs;
    let removed = 0;
    while (Date.now() < untilMs) {
      const { done, value } = await walk.next();
      if (done === true) return { removed, isDone: true };
      // A put stores the key a moment before the object.
      if (value.modifiedAt.getTime() <= newest && (await this.#isOrphan(value))) {
        if (await this.#keys.remove(value)) removed++;
      }
    }
    return { removed, isDone: false };
  }

  /** Never for an object whose header is damaged: with its header mended it can still be read. */
  async #isOrphan({ name, id }: ObjectKeyName): Promise<boolean> {
    const header = await this.#findHeader(name);
    if (header === undefined) return true;
    return header !== 'unreadable' && header.id !== id && (await this.#keys.has({ name, id: header.id }));
  }
}
