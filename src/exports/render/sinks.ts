import { write } from 'node:fs';
import type { ByteSink } from '../../formats/byte-writer.ts';
import type { ObjectStore } from '../../storage/object-store.ts';

/** A sink that is closed when all was written, or given up. */
export interface ClosableSink extends ByteSink {
  /** Resolves when everything is safe. */
  end(): Promise<void>;
  /** Resolves when nothing of it is left that could be taken for whole. Never rejects. */
  abandon(reason: unknown): Promise<void>;
}

/** Writes chunks one after the other at the end of a file that somebody else opened, and closes. */
export function fileSink(fd: number): ClosableSink {
  let position = 0;
  return {
    async write(chunk) {
      for (let done = 0; done < chunk.length; ) {
        done += await writeAt(fd, chunk.subarray(done), position + done);
      }
      position += chunk.length;
    },
    end: async () => {},
    abandon: async () => {},
  };
}

function writeAt(fd: number, bytes: Buffer, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, 0, bytes.length, position, (error, count) => (error ? reject(error) : resolve(count)));
  });
}

/** Hands chunks to the store, one at a time, as the one object that they make up. */
export function objectSink(store: ObjectStore, key: string, signal: AbortSignal): ClosableSink {
  const handOver = new HandOver();
  // The renderer has digested the bytes already.
  const stored = store.put(key, handOver.chunks(), { signal, digest: false });
  stored.then(
    () => handOver.stop(new Error('the store ended an object early')),
    (error: unknown) => handOver.stop(error),
  );
  return {
    write: (chunk) => handOver.give(chunk),
    async end() {
      await handOver.finish();
      await stored;
    },
    async abandon(reason) {
      handOver.fail(reason);
      await Promise.allSettled([stored]);
    },
  };
}

/** A giver and a taker of chunks, in step: `give` resolves when the taker is done with the chunk. */
class HandOver {
  #offered: { chunk: Buffer; taken: () => void; refused: (error: unknown) => void } | undefined;
  #end: { error?: unknown } | undefined;
  #stopped: { error: unknown } | undefined;
  #wake: (() => void) | undefined;

  give(chunk: Buffer): Promise<void> {
    return new Promise((taken, refused) => {
      if (this.#stopped !== undefined) return refused(this.#stopped.error);
      this.#offered = { chunk, taken, refused };
      this.#wake?.();
    });
  }

  async finish(): Promise<void> {
    this.#end ??= {};
    this.#wake?.();
  }

  /** The taker's stream fails with this. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  /** The taker is gone: whoever gives fails. */
  stop(error: unknown): void {
    this.#stopped ??= { error };
    this.#offered?.refused(error);
    this.#offered = undefined;
  }

  async *chunks(): AsyncGenerator<Buffer> {
    for (;;) {
      while (this.#offered === undefined && this.#end === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      if (this.#end !== undefined && 'error' in this.#end) throw this.#end.error;
      if (this.#offered === undefined) return;
      const { chunk, taken } = this.#offered;
      yield chunk;
      this.#offered = undefined;
      taken();
    }
  }
}
