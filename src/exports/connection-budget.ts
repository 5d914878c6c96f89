/**
 * How many database connections exports may hold together. An export takes all it needs at once or waits its
 * turn: taking them one by one, two exports could each wait for the other's for ever.
 */
export class ConnectionBudget {
  #free: number;
  readonly #size: number;
  #queue: { count: number; grant: () => void }[] = [];

  constructor(size: number) {
    this.#free = size;
    this.#size = size;
  }

  /** Resolves with the function that gives them back; rejects when the signal aborts first. */
  async take(count: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const wanted = Math.min(count, this.#size);
    if (this.#queue.length > 0 || wanted > this.#free) await this.#wait(wanted, signal);
    else this.#free -= wanted;
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      this.#free += wanted;
      this.#grant();
    };
  }

  #wait(count: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = {
        count,
        grant: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#queue = this.#queue.filter((other) => other !== entry);
        reject(signal.reason);
        this.#grant();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(entry);
    });
  }

  #grant(): void {
    for (
      let first = this.#queue[0];
      first !== undefined && first.count <= this.#free;
      first = this.#queue[0]
    ) {
      this.#queue.shift();
      this.#free -= first.count;
      first.grant();
    }
  }
}
