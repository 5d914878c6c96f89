import { createHash, type Hash } from 'node:crypto';
import { ConveyError } from '../errors.ts';
import type { ByteSource, PutOptions } from './object-store.ts';
import { sizeMismatch, tooLarge } from './storage.errors.ts';

/**
 * The bytes of one put on their way into a driver: counted, hashed, held to the announced sizes, and given up
 * at once when the signal aborts, even while the source is silent for ever. (`pipeline()` cannot do that: it
 * waits for an iterator's pending answer before it ends.) Iterate it once, then
 * ask `result()`; when that did not come to its end, `close()` it.
 */
export class MeasuredSource implements AsyncIterable<Uint8Array> {
  readonly #source: ByteSource;
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #options: PutOptions;
  readonly #hash: Hash | undefined;
  #sizeBytes = 0;
  #sourceError: { cause: unknown } | undefined;

  constructor(source: ByteSource, options: PutOptions) {
    this.#source = source;
    this.#iterator = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    this.#options = options;
    this.#hash = options.digest === false ? undefined : createHash('sha256');
    // A stream that fails before it is read, or after it was given up, must not bring the process down.
    if ('destroy' in source) source.on('error', () => {});
  }

  /** Bytes that have passed so far. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Size and SHA-256 ('' when `digest` is false), once everything has passed. Ask once. */
  result(): { sizeBytes: number; sha256: string } {
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash?.digest('hex') ?? '' };
  }

  /** Whether the error came from the source and not from the store, so that it is passed on as it is. */
  isSourceError(error: unknown): boolean {
    return this.#sourceError !== undefined && this.#sourceError.cause === error;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    const { signal } = this.#options;
    let giveUp: (reason: unknown) => void = () => {};
    const onAbort = () => giveUp(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      while (true) {
        signal?.throwIfAborted();
        // A promise of its own for each chunk: racing one long-lived promise would grow by every chunk.
        const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
          giveUp = reject;
          this.#iterator.next().then(resolve, (cause: unknown) => {
            this.#sourceError = { cause };
            reject(cause);
          });
        });
        if (next.done === true) break;
        this.#take(next.value);
        yield next.value;
      }
      this.#ensureComplete();
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Tells the source that nobody will read on. Not awaited: one that is silent would answer never. */
  close(): void {
    this.#iterator.return?.()?.catch(() => {});
    if ('destroy' in this.#source) this.#source.destroy();
  }

  #take(chunk: Uint8Array): void {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a source of bytes gave something else');
    const { maxSizeBytes, expectedSizeBytes } = this.#options;
    this.#sizeBytes += chunk.length;
    if (maxSizeBytes !== undefined && this.#sizeBytes > maxSizeBytes) {
      throw new ConveyError(tooLarge, `It may have ${maxSizeBytes} bytes at most.`);
    }
    if (expectedSizeBytes !== undefined && this.#sizeBytes > expectedSizeBytes) {
      throw new ConveyError(sizeMismatch, `It has more than the announced ${expectedSizeBytes} bytes.`);
    }
    this.#hash?.update(chunk);
  }

  #ensureComplete(): void {
    const { expectedSizeBytes } = this.#options;
    if (expectedSizeBytes !== undefined && this.#sizeBytes !== expectedSizeBytes) {
      throw new ConveyError(
        sizeMismatch,
        `It has ${this.#sizeBytes} bytes, not the announced ${expectedSizeBytes}.`,
      );
    }
  }
}
