import type { Readable } from 'node:stream';

/** Reads a stream in pieces of the sizes that the reader asks for, and no further than it has to. */
export class ByteReader {
  readonly #stream: Readable;
  readonly #chunks: AsyncIterator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);
  #gathered: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    stream.on('error', () => {}); // the next read says it; until then nobody listens
  }

  /**
   * The next bytes: as many as asked for, fewer only at the end of the stream. They stand until the next read,
   * which may use their place again.
   */
  async read(sizeBytes: number): Promise<Buffer> {
    if (this.#chunk.length >= sizeBytes) return this.#take(sizeBytes);
    if (this.#gathered.length < sizeBytes) this.#gathered = Buffer.allocUnsafeSlow(sizeBytes);
    let length = 0;
    while (length < sizeBytes) {
      if (this.#chunk.length === 0 && !(await this.#fill())) break;
      const part = this.#take(Math.min(this.#chunk.length, sizeBytes - length));
      part.copy(this.#gathered, length);
      length += part.length;
    }
    return this.#gathered.subarray(0, length);
  }

  /** Whether the stream has nothing more. */
  async isAtEnd(): Promise<boolean> {
    while (this.#chunk.length === 0) if (!(await this.#fill())) return true;
    return false;
  }

  /** Gives the stream up, also in the middle of a read. */
  close(): void {
    this.#stream.destroy();
  }

  #take(sizeBytes: number): Buffer {
    const part = this.#chunk.subarray(0, sizeBytes);
    this.#chunk = this.#chunk.subarray(sizeBytes);
    return part;
  }

  async #fill(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done === true) return false;
    this.#chunk = value;
    return true;
  }
}
