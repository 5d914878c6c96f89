/** Whose connections they are, and for what. */
export interface Taker {
  workspaceId: string;
  /** Long work; what somebody waits for does not give way. */
  givesWay: boolean;
}

interface Waiting extends Taker {
  count: number;
  grant: () => void;
}

/** Of all connections, those that long work leaves to what somebody waits for. */
const PROMPT_SHARE = 1 / 4;
/** Of the connections for long work, those that one workspace may hold. */
const WORKSPACE_SHARE = 2 / 3;

/**
 * How many database connections exports may hold together. Whoever takes some takes all it needs at once and gives
 * them back before it takes others: taking them one by one, two could each wait for the other's for ever. Long work
 * leaves a quarter to exports of one conversation or person, and one workspace leaves a third of the rest to others, so
 * that nobody's giants stand in front of everybody else.
 */
export class ConnectionBudget {
  #free: number;
  readonly #prompt: number;
  /** That long work may hold altogether, and holds. */
  readonly #long: number;
  #longHeld = 0;
  readonly #ofWorkspace: number;
  /** By long work, by workspace. */
  readonly #held = new Map<string, number>();
  #queue: Waiting[] = [];

  /** @param size at least 1 */
  constructor(size: number) {
    this.#free = size;
    this.#prompt = size < 4 ? 0 : Math.ceil(size * PROMPT_SHARE);
    this.#long = size - this.#prompt;
    this.#ofWorkspace = Math.ceil(this.#long * WORKSPACE_SHARE);
  }

  /**
   * Resolves with the function that gives them back; rejects when the signal aborts first.
   * @param count more than there can ever be counts as all there can be
   */
  async take(count: number, taker: Taker, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const most = taker.givesWay ? this.#ofWorkspace : Math.max(1, this.#prompt);
    const wanted = Math.min(count, most);
    await this.#wait({ ...taker, count: wanted }, signal);
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      this.#free += wanted;
      if (taker.givesWay) this.#hold(taker.workspaceId, -wanted);
      this.#grant();
    };
  }

  #wait(wanted: Omit<Waiting, 'grant'>, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = {
        ...wanted,
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
      this.#grant();
    });
  }

  /** In the order in which they came, but that nobody waits behind a workspace that has its share. */
  #grant(): void {
    // Who waits for room is not overtaken by others of its kind, or they could keep it waiting for ever.
    const isFull = { long: false, prompt: false };
    this.#queue = this.#queue.filter((entry) => {
      const { count, givesWay, workspaceId } = entry;
      const kind = givesWay ? 'long' : 'prompt';
      if (isFull[kind]) return true;
      if (givesWay && (this.#held.get(workspaceId) ?? 0) + count > this.#ofWorkspace) return true;
      const room = givesWay ? Math.min(this.#free, this.#long - this.#longHeld) : this.#free;
      if (count > room) return (isFull[kind] = true);
      this.#free -= count;
      if (givesWay) this.#hold(workspaceId, count);
      entry.grant();
      return false;
    });
  }

  #hold(workspaceId: string, change: number): void {
    this.#longHeld += change;
    const held = (this.#held.get(workspaceId) ?? 0) + change;
    if (held === 0) this.#held.delete(workspaceId);
    else this.#held.set(workspaceId, held);
  }
}
