import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';

/** Files in Convey's own format, wherever they rest: one file, a folder or a zip. */
export interface ConveyPackage {
  /** The record files in reading order; `name` is their path inside the package. */
  parts: { name: string; sizeBytes: number }[];
  /** Bytes of a part as they rest (perhaps gzip); errors name the part. */
  readPart(name: string): AsyncIterable<Buffer>;
  /** Bytes of any other file by its path inside the package; undefined if it is not there. */
  openFile(path: string): Promise<Readable | undefined>;
  close(): Promise<void>;
}

const CHUNK_BYTES = 256 * 1024;

/** Bytes of a file on disk in chunks worth their overhead. */
export function readFileBytes(path: string, signal: AbortSignal): Readable {
  return createReadStream(path, { highWaterMark: CHUNK_BYTES, signal });
}

/** One file of records by itself; it has no contents of other files beside it. */
export function openSinglePart(
  path: string,
  name: string,
  sizeBytes: number,
  signal: AbortSignal,
): ConveyPackage {
  return {
    parts: [{ name, sizeBytes }],
    readPart: () => readFileBytes(path, signal),
    openFile: async () => undefined,
    close: async () => {},
  };
}

/**
 * Which of a package's files hold records: `*.ndjson` and `*.ndjson.gz` at the root or in `data/`, by
 * name in code-unit order (the same on every machine), `records.ndjson` first.
 */
export function choosePartNames(names: Iterable<string>): string[] {
  const parts = [...names].filter((name) => /^(data\/)?[^/]+\.ndjson(\.gz)?$/.test(name));
  const isFirst = (name: string): boolean => /^(data\/)?records\.ndjson(\.gz)?$/.test(name);
  return parts.sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)) || (a < b ? -1 : 1));
}
