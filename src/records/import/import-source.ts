import type { Readable } from 'node:stream';
import type { Reject } from './import.errors.ts';
import type { ImportLimits } from './limits.ts';

/** One record, or why there is none. `line` and `source` say where in the input it came from. */
export type ImportItem =
  | { line: number; source: string; bytes: Buffer }
  | { line: number; source: string; reject: Reject };

export interface ImportSource {
  /**
   * The records in order; `bytes` is one JSON object without a line end, valid UTF-8. For `convey` it is the
   * line as it stood, not parsed. `line` counts from 1; for `json` it is the position of the element. A
   * second call reads again from the start.
   */
  records(): AsyncIterable<ImportItem>;
  /** Bytes of input, as they rest on disk (a zip: unpacked), and how many of them have been read. */
  sizeBytes: number | undefined;
  consumedBytes(): number;
  /**
   * The file that a file record's `content_path` names, relative to the folder of the record's part, whose
   * name is `source`; without `source`, the first part's folder that has it. Undefined if it is not there
   * or the source is not a package. Read the stream or destroy it.
   * @throws `import.unsafe_path`
   */
  openFile(contentPath: string, source?: string): Promise<Readable | undefined>;
  /** Of a package, which was verified before it is read: fingerprint of the key whose signature holds. */
  signedBy?: string | undefined;
  /** Stops every stream that is still open. */
  close(): Promise<void>;
}

/** A file to import and what is known of it before it is read. */
export interface SourceFile {
  path: string;
  /** Its name without the folder: what messages and items call it. */
  name: string;
  sizeBytes: number;
  limits: ImportLimits;
  signal: AbortSignal;
}

/** Counts the bytes of input that have been read, for progress, and stops the reading on a cancel. */
export interface Meter {
  watch(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined>;
  reset(): void;
  consumedBytes(): number;
}

export function createMeter(signal: AbortSignal): Meter {
  let consumed = 0;
  return {
    async *watch(chunks) {
      for await (const chunk of chunks) {
        signal.throwIfAborted();
        consumed += chunk.length;
        yield chunk;
      }
    },
    reset: () => {
      consumed = 0;
    },
    consumedBytes: () => consumed,
  };
}
