import { once } from 'node:events';
import { createInflateRaw, crc32 } from 'node:zlib';
import { MalformedError } from './scan-json.ts';

/** Unpacks one entry of a zip while its bytes pass by; where they end, the packed data says itself. */
export class EntryInflater {
  /** CRC-32 and number of the bytes that came out, and number of those that went in. */
  crc = 0;
  sizeBytes = 0;
  packedBytes = 0;
  hasEnded = false;
  readonly #inflate = createInflateRaw();
  #failure: unknown;

  /** @param onData what comes out, piece by piece; an error that it throws is `feed`’s */
  constructor(onData: (bytes: Buffer) => void) {
    this.#inflate.on('data', (bytes: Buffer) => {
      if (this.#failure !== undefined) return;
      this.crc = crc32(bytes, this.crc);
      this.sizeBytes += bytes.length;
      try {
        onData(bytes);
      } catch (error) {
        this.#failure = error;
      }
    });
    this.#inflate.on('error', () => {
      this.#failure ??= new MalformedError('an entry of the archive cannot be unpacked');
    });
  }

  /**
   * Takes bytes up to the end of the entry; answers how many of these belonged to it.
   * @throws MalformedError
   */
  async feed(chunk: Buffer): Promise<number> {
    const inflate = this.#inflate;
    await new Promise<void>((resolve) => {
      const done = () => {
        inflate.off('error', done);
        resolve();
      };
      inflate.once('error', done); // after a failure nothing else would tell
      inflate.write(chunk, done);
    });
    if (this.#failure !== undefined) this.#fail();
    const used = inflate.bytesWritten - this.packedBytes;
    this.packedBytes = inflate.bytesWritten;
    if (used < chunk.length) {
      if (!inflate.readableEnded) await once(inflate, 'end');
      this.hasEnded = true;
      this.#close();
    }
    if (this.#failure !== undefined) this.#fail();
    return used;
  }

  #close(): void {
    this.#inflate.destroy();
  }

  #fail(): never {
    this.#close();
    throw this.#failure;
  }
}
