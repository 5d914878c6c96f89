import pg from 'pg';
import type { Log } from '../log.ts';
import { JOBS_CHANNEL } from './job.ts';

const RECONNECT_AFTER_MS = 1_000;

/**
 * Tells when something about the queue changed: one listening connection for a whole process, made at the first
 * subscription and anew when it is lost. Losing it delays, and never loses, what is told: after a reconnection
 * everybody is told once, and whoever waits looks by itself now and then as well.
 */
export class JobEvents {
  readonly #url: string;
  readonly #log: Log;
  readonly #subscribers = new Set<() => void>();
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(url: string, log: Log) {
    this.#url = url;
    this.#log = log;
  }

  /** Calls `told` at every change, until the result is called. */
  subscribe(told: () => void): () => void {
    this.#subscribers.add(told);
    this.#connect();
    return () => this.#subscribers.delete(told);
  }

  /** Resolves at the next change, after a while, or when the signal aborts: then look again. */
  async changed(atMostMs: number, signal?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        unsubscribe();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, atMostMs);
      const unsubscribe = this.subscribe(done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => {});
  }

  #connect(): void {
    if (this.#client !== undefined || this.#isClosed) return;
    const client = new pg.Client({ connectionString: this.#url, application_name: 'convey events' });
    this.#client = client;
    client.on('error', (error) => this.#lost(client, error));
    client.on('end', () => this.#lost(client));
    client.on('notification', () => this.#tell());
    void this.#listen(client);
  }

  async #listen(client: pg.Client): Promise<void> {
    try {
      await client.connect();
      await client.query(`listen ${JOBS_CHANNEL}`);
      this.#tell(); // of what happened before
    } catch (error) {
      this.#lost(client, error);
      await client.end().catch(() => {});
    }
  }

  #lost(client: pg.Client, error?: unknown): void {
    if (this.#client !== client || this.#isClosed) return;
    this.#client = undefined;
    this.#log.warn('the connection that tells of jobs was lost', { error });
    this.#timer = setTimeout(() => this.#connect(), RECONNECT_AFTER_MS).unref();
  }

  #tell(): void {
    for (const told of this.#subscribers) told();
  }
}
