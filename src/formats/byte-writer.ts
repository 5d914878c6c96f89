import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Takes finished chunks in order, one at a time. */
export interface ByteSink {
  /** Resolves when the chunk was taken and may be overwritten; rejects when the bytes cannot be kept. */
  write(chunk: Buffer): Promise<void>;
}

/**
 * Where codecs write: make room with `reserve`, then write into `buffer` (or `view`, over the same bytes) at
 * `position` and move `position`. Both may change with every `reserve`.
 */
export interface ByteTarget {
  readonly buffer: Buffer;
  readonly view: DataView;
  position: number;
  /** Makes room for at least this many bytes after `position`. */
  reserve(bytes: number): void;
}

export interface ByteWriterOptions {
  /** Size of a chunk; default 1 MiB. */
  chunkBytes?: number;
  /** Chunks that may wait for the sink before `mustWait`; default 3. */
  maxPendingChunks?: number;
  /** Keep a SHA-256 of everything written; default true. */
  hash?: boolean;
}

/** What was written, once all of it is with the sink. */
export interface Written {
  bytes: number;
  /** SHA-256, hexadecimal; empty for a writer that does not hash. */
  sha256: string;
  /** CRC-32 as zip has it, 8 hexadecimal digits; empty for a writer that does not hash. */
  crc32: string;
}

interface Chunk {
  buffer: Buffer;
  view: DataView;
}

/**
 * The output of one file: rendered bytes in recycled chunks, counted, hashed and handed to a sink in order
 * while rendering goes on. Rendering never waits in the middle of a row; whoever drives it asks `mustWait`
 * between rows, so memory is bounded by `maxPendingChunks` chunks and one row.
 *
 * A failing sink never surfaces as an unhandled rejection: `mustWait` turns true and `ready()`/`end()` reject.
 */
export class ByteWriter implements ByteTarget {
  buffer: Buffer;
  view: DataView;
  position = 0;
  /** False: `digestSoFar()` throws and `end()` answers an empty `sha256`. */
  readonly hashes: boolean;

  readonly #sink: ByteSink;
  readonly #chunkBytes: number;
  readonly #maxPendingChunks: number;
  readonly #hash: Hash | undefined;
  #crc = 0;
  readonly #free: Chunk[] = [];
  /** Sealed chunks in order; the first one is with the sink. */
  #pending: { chunk: Chunk; bytes: Buffer }[] = [];
  #pumping = false;
  #sealedBytes = 0;
  #failure: { error: unknown } | undefined;
  #waiters: (() => void)[] = [];

  constructor(sink: ByteSink, options: ByteWriterOptions = {}) {
    this.#sink = sink;
    this.#chunkBytes = options.chunkBytes ?? 1 << 20;
    this.#maxPendingChunks = options.maxPendingChunks ?? 3;
    this.hashes = options.hash ?? true;
    this.#hash = this.hashes ? createHash('sha256') : undefined;
    const chunk = newChunk(this.#chunkBytes);
    this.buffer = chunk.buffer;
    this.view = chunk.view;
  }

  reserve(bytes: number): void {
    if (this.position + bytes <= this.buffer.length) return;
    this.#seal();
    // A row larger than a chunk gets one of its own, which is dropped once written.
    if (bytes > this.buffer.length) this.#use(newChunk(bytes));
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.position);
    this.position += bytes.length;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.position++] = value;
  }

  /** Writes text of which every character is below 0x80. */
  ascii(text: string): void {
    this.reserve(text.length);
    this.position += this.buffer.write(text, this.position, 'latin1');
  }

  /** Writes text as a JSON string. For names and heads; cells of rows never become strings. */
  jsonString(text: string): void {
    this.raw(Buffer.from(JSON.stringify(text)));
  }

  /** Bytes written so far, flushed or not. */
  get bytes(): number {
    return this.#sealedBytes + this.position;
  }

  /** Too many chunks are pending, or the sink failed: call `ready()` before writing more. */
  get mustWait(): boolean {
    return this.#pending.length >= this.#maxPendingChunks || this.#failure !== undefined;
  }

  /** Resolves when fewer than `maxPendingChunks` are pending; rejects with the sink's error. */
  async ready(): Promise<void> {
    while (this.#failure === undefined && this.#pending.length >= this.#maxPendingChunks) {
      await this.#progress();
    }
    this.#throwFailure();
  }

  /** SHA-256 (hex) of every byte written so far. Seals the current chunk, so it is for ends, not for rows. */
  digestSoFar(): string {
    if (this.#hash === undefined) throw new Error('This writer was made without a hash.');
    this.#seal();
    return this.#hash.copy().digest('hex');
  }

  /** Flushes and resolves when the sink has taken everything; rejects with the sink's error. */
  async end(): Promise<Written> {
    this.#seal();
    while (this.#failure === undefined && this.#pending.length > 0) await this.#progress();
    this.#throwFailure();
    if (this.#hash === undefined) return { bytes: this.bytes, sha256: '', crc32: '' };
    const sha256 = this.#hash.copy().digest('hex');
    return { bytes: this.bytes, sha256, crc32: this.#crc.toString(16).padStart(8, '0') };
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Resolves at the next chunk taken or at the failure. */
  #progress(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  #use(chunk: Chunk): void {
    this.#recycle({ buffer: this.buffer, view: this.view });
    this.buffer = chunk.buffer;
    this.view = chunk.view;
  }

  #recycle(chunk: Chunk): void {
    const isOdd = chunk.buffer.length !== this.#chunkBytes;
    if (!isOdd && this.#free.length <= this.#maxPendingChunks) this.#free.push(chunk);
  }

  #seal(): void {
    if (this.position === 0) return;
    const bytes = this.buffer.subarray(0, this.position);
    this.#sealedBytes += this.position;
    this.position = 0;
    if (this.#hash !== undefined) {
      this.#hash.update(bytes);
      this.#crc = crc32(bytes, this.#crc);
    }
    // After a failure the bytes go nowhere: keep overwriting the chunk until the caller notices.
    if (this.#failure !== undefined) return;
    this.#pending.push({ chunk: { buffer: this.buffer, view: this.view }, bytes });
    const next = this.#free.pop() ?? newChunk(this.#chunkBytes);
    this.buffer = next.buffer;
    this.view = next.view;
    if (!this.#pumping) void this.#pump();
  }

  /** Gives the pending chunks to the sink one after the other. Never rejects. */
  async #pump(): Promise<void> {
    this.#pumping = true;
    try {
      for (let first = this.#pending[0]; first !== undefined; first = this.#pending[0]) {
        await this.#sink.write(first.bytes);
        this.#pending.shift();
        this.#recycle(first.chunk);
        this.#wake();
      }
    } catch (error) {
      this.#failure = { error };
      this.#pending = [];
      this.#wake();
    }
    this.#pumping = false;
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}

function newChunk(bytes: number): Chunk {
  // "Slow" means: not a slice of Node's shared pool, whose other slices it would keep alive.
  const buffer = Buffer.allocUnsafeSlow(bytes);
  return { buffer, view: new DataView(buffer.buffer, buffer.byteOffset, bytes) };
}
