const WINDOW_MS = 60_000;

/**
 * Writes the first of its kind at once, and those like it in the next minute as one more with their number: so
 * that nobody can grow an audit chain from outside.
 */
export class RollUp<Item> {
  readonly #write: (latest: Item, times: number) => Promise<void>;
  readonly #windowMs: number;
  readonly #open = new Map<string, { latest: Item; repeats: number; timer: NodeJS.Timeout }>();

  /** @param write never throws */
  constructor(write: (latest: Item, times: number) => Promise<void>, windowMs = WINDOW_MS) {
    this.#write = write;
    this.#windowMs = windowMs;
  }

  /** @param kind items of the same kind are rolled up; there must be few of them */
  async note(kind: string, item: Item): Promise<void> {
    const open = this.#open.get(kind);
    if (open !== undefined) {
      open.latest = item;
      open.repeats += 1;
      return;
    }
    const timer = setTimeout(() => void this.#finish(kind), this.#windowMs).unref();
    this.#open.set(kind, { latest: item, repeats: 0, timer });
    await this.#write(item, 1);
  }

  /** Writes what the current minute still holds back; before the database is closed. */
  async flush(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((kind) => this.#finish(kind)));
  }

  async #finish(kind: string): Promise<void> {
    const open = this.#open.get(kind);
    if (open === undefined) return;
    clearTimeout(open.timer);
    this.#open.delete(kind);
    if (open.repeats > 0) await this.#write(open.latest, open.repeats);
  }
}
