import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { ByteSink } from './byte-writer.ts';

/** Bytes of an entry that may wait for compression. With what the stages below hold: under 4 MB ahead. */
const AHEAD_BYTES = 3 << 20;
/** Entries are fed in pieces, so that each stage of the compressor holds a small one. */
const PIECE_BYTES = 1 << 16;

/** One file of the archive; close it before the next is opened. */
export interface ZipEntry extends ByteSink {
  /** Resolves when all of the entry's bytes went to the compressor. */
  close(): Promise<void>;
}

export interface ZipWriter {
  /** Starts a file. `name` is a relative path with `/`; absolute paths and `..` are refused. */
  entry(name: string): Promise<ZipEntry>;
  /** Writes the directory; resolves when the sink has everything. */
  close(): Promise<void>;
}

export interface ZipWriterOptions {
  /** The time of every entry, so that equal contents give equal archives. */
  mtime: Date;
  /** Ends the archive at once: everything pending rejects and the sink gets no more. */
  signal?: AbortSignal;
}

/**
 * Streams a deflated zip into `sink`, file after file (ZIP64 where sizes need it). Back-pressure reaches the
 * writer of an entry; a failing sink, or the signal, rejects whatever is pending and all later calls.
 */
export function createZipWriter(sink: ByteSink, options: ZipWriterOptions): ZipWriter {
  const mtime = new ZoneFreeDate(options.mtime);
  const zip = new ZipFile();
  let failure: { error: unknown } | undefined;
  let open: EntrySource | undefined;

  function fail(error: unknown): void {
    failure ??= { error };
    open?.fail(failure.error);
    output.destroy();
  }
  function ensureWorking(): void {
    if (failure !== undefined) throw failure.error;
  }

  const output = sinkStream(sink);
  // yazl goes on writing into its stream after a failure destroyed it: that error is known already.
  zip.outputStream.on('error', () => {});
  zip.on('error', fail);
  const streamOptions = options.signal === undefined ? {} : { signal: options.signal };
  const finished = pipeline(zip.outputStream, output, streamOptions).catch(fail);

  return {
    async entry(name) {
      ensureWorking();
      if (open !== undefined) throw new Error('The entry before is still open.');
      const source = new EntrySource();
      zip.addReadStreamLazy(name, { mtime, mode: 0o100644 }, (start) => start(null, source));
      open = source;
      return {
        write: (chunk) => source.feed(chunk),
        async close() {
          await source.finish();
          if (open === source) open = undefined;
        },
      };
    },
    async close() {
      ensureWorking();
      if (open !== undefined) throw new Error('The entry before is still open.');
      zip.end();
      await finished;
      ensureWorking();
    },
  };
}

/** The stream yazl reads an entry from, fed from outside. */
class EntrySource extends Readable {
  #failure: { error: unknown } | undefined;
  #waiting: { resolve: () => void; reject: (error: unknown) => void } | undefined;

  constructor() {
    super({ highWaterMark: AHEAD_BYTES });
    // destroy() without an error emits none; yazl's own listeners are on the stages behind.
    this.once('end', () => this.#settle());
  }

  /** Copies the chunk (its owner reuses it) and resolves when there is room for more. */
  async feed(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      this.#ensureWorking();
      if (!this.push(Buffer.from(chunk.subarray(at, at + PIECE_BYTES)))) await this.#settled();
    }
    this.#ensureWorking();
  }

  async finish(): Promise<void> {
    this.#ensureWorking();
    this.push(null);
    while (!this.readableEnded) await this.#settled();
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#waiting?.reject(error);
    this.#waiting = undefined;
    this.destroy();
  }

  override _read(): void {
    this.#settle();
  }

  #settle(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }

  #settled(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  #ensureWorking(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

function sinkStream(sink: ByteSink): Writable {
  // An async function, so that a sink that throws at once fails the stream and not the process.
  const give = async (chunk: Buffer): Promise<void> => sink.write(chunk);
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      give(chunk).then(() => done(), done);
    },
    // The compressor gives 16 kB at a time; sinks (disk, encryption) like larger pieces.
    writev(chunks: { chunk: Buffer }[], done) {
      give(Buffer.concat(chunks.map(({ chunk }) => chunk))).then(() => done(), done);
    },
    highWaterMark: 1 << 18,
  });
}

/**
 * Zip's DOS time has no zone and yazl fills it from the local one: the same archive would differ between
 * machines. This date answers UTC there; the extra field (which readers prefer) is UTC anyway.
 */
class ZoneFreeDate extends Date {
  override getFullYear(): number {
    return this.getUTCFullYear();
  }
  override getMonth(): number {
    return this.getUTCMonth();
  }
  override getDate(): number {
    return this.getUTCDate();
  }
  override getHours(): number {
    return this.getUTCHours();
  }
  override getMinutes(): number {
    return this.getUTCMinutes();
  }
  override getSeconds(): number {
    return this.getUTCSeconds();
  }
}
