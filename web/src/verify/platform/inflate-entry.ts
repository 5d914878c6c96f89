import { MalformedError } from '../../../../src/verify/scan-json.ts';
import { crc32 } from './crc-32.ts';
import { InflateError } from './huffman.ts';
import { Inflate } from './inflate.ts';

/** Stands for `src/verify/inflate-entry.ts` in a browser: unpacks one entry of a zip while its bytes pass by. */
export class EntryInflater {
  crc = 0;
  sizeBytes = 0;
  packedBytes = 0;
  hasEnded = false;
  readonly #inflate: Inflate;

  constructor(onData: (bytes: Buffer) => void) {
    this.#inflate = new Inflate((bytes) => {
      this.crc = crc32(bytes, this.crc);
      this.sizeBytes += bytes.length;
      onData(Buffer.from(bytes));
    });
  }

  /** Takes bytes up to the end of the entry; answers how many of these belonged to it. @throws MalformedError */
  async feed(chunk: Buffer): Promise<number> {
    try {
      const used = this.#inflate.push(chunk);
      this.packedBytes += used;
      this.hasEnded = this.#inflate.isDone;
      return used;
    } catch (error) {
      if (!(error instanceof InflateError)) throw error;
      throw new MalformedError('an entry of the archive cannot be unpacked', { cause: error });
    }
  }
}
