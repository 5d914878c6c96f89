import { randomBytes } from 'node:crypto';
import { close, open, read } from 'node:fs';
import { mkdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';

const openFile = promisify(open);
const closeFile = promisify(close);
const readFile = promisify(read);

const READ_BYTES = 256 * 1024;
/**
 * Pieces of memory that whole reads of a reply take turns in. New memory for each would have V8 collect the whole heap
 * every 64 MB, on the thread that answers everybody: small requests waited for it. A stream that is piped to a reply
 * holds two chunks of this size at most, the one that the socket has not taken and the one behind it.
 */
const TURNS = 4;
/** Kept back until the export is finished, so that an end mark never leaves before the export stands. */
const HELD_BACK_BYTES = 256;

/**
 * The file between an export and the reply that carries it: the renderer writes at its own speed, readers
 * follow at theirs, so that a slow client holds no snapshot and no connection. The file has no name from the
 * first moment on: a crash leaves nothing.
 */
export class Spool {
  /** For the renderer's thread: descriptors are the process's own. */
  readonly fd: number;
  #written = 0;
  #state: 'writing' | 'complete' | { error: Error } = 'writing';
  #isClosed = false;
  #waiting: (() => void)[] = [];

  private constructor(fd: number) {
    this.fd = fd;
  }

  static async create(folder: string): Promise<Spool> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `spool-${randomBytes(12).toString('hex')}`);
    const fd = await openFile(path, 'wx+', 0o600);
    await unlink(path);
    return new Spool(fd);
  }

  /** The renderer has written this many bytes altogether. */
  advance(bytes: number): void {
    this.#written = bytes;
    this.#wake();
  }

  /** The export stands: readers get the end as well. */
  complete(bytes: number): void {
    this.#written = bytes;
    this.#state = 'complete';
    this.#wake();
  }

  /** The export failed: readers fail, and never see an end. */
  fail(error: Error): void {
    if (this.#state === 'writing') this.#state = { error };
    this.#wake();
  }

  /** Bytes that may leave now. */
  get released(): number {
    return this.#state === 'complete' ? this.#written : Math.max(0, this.#written - HELD_BACK_BYTES);
  }

  /** Resolves at the first byte that may leave or at the end; rejects when the export fails before. */
  async started(signal: AbortSignal): Promise<void> {
    while (this.#state === 'writing' && this.released === 0) await this.#change(signal);
    this.#throwFailure();
  }

  /** Resolves with the size when the export stands; rejects when it fails. */
  async finished(signal: AbortSignal): Promise<number> {
    while (this.#state === 'writing') await this.#change(signal);
    this.#throwFailure();
    return this.#written;
  }

  /**
   * The bytes from the start, as they come, to be piped to a reply: chunks are written over once those behind them were
   * taken. Ends only when the export stands; otherwise is destroyed.
   */
  read(signal: AbortSignal): Readable {
    return Readable.from(this.#chunks(signal), { objectMode: false, highWaterMark: READ_BYTES });
  }

  async *#chunks(signal: AbortSignal): AsyncGenerator<Buffer> {
    const turns: Buffer[] = [];
    for (let position = 0, turn = 0; ; ) {
      while (position >= this.released && this.#state === 'writing') await this.#change(signal);
      this.#throwFailure();
      const length = Math.min(READ_BYTES, this.released - position);
      if (length === 0) return;
      // Smaller ones may queue up at the socket by the dozen.
      const memory =
        length < READ_BYTES
          ? Buffer.allocUnsafe(length)
          : (turns[turn++ % TURNS] ??= Buffer.allocUnsafeSlow(READ_BYTES));
      const { bytesRead, buffer } = await readFile(this.fd, memory, 0, length, position);
      if (bytesRead === 0) throw new Error('the spool is shorter than what was written to it');
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** Frees the disk. Readers that are still at it fail. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.fail(new Error('the spool was closed'));
    await closeFile(this.fd);
  }

  #throwFailure(): void {
    if (typeof this.#state === 'object') throw this.#state.error;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(signal.reason);
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(() => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
    });
  }
}
