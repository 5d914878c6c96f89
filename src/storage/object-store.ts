import type { Readable } from 'node:stream';
import { ConveyError } from '../errors.ts';
import { badKey, badRange } from './storage.errors.ts';

/**
 * Bytes on their way in: a stream, or anything that yields buffers. A store is done with a chunk before it asks for the
 * next one, so that a source may use one piece of memory for all of them.
 */
export type ByteSource = AsyncIterable<Uint8Array> | Readable;

export interface PutOptions {
  /** Aborting rejects with the signal's reason; nothing is kept. */
  signal?: AbortSignal;
  /** The size announced beforehand: any other is refused with `storage.size_mismatch`. */
  expectedSizeBytes?: number;
  /** One byte more is refused with `storage.too_large`, as soon as it arrives. */
  maxSizeBytes?: number;
  /** False when nobody needs the digest: it is not worked out, and the `sha256` of the answer is ''. */
  digest?: boolean;
}

/** A range as HTTP counts: first and last byte, both included, from 0. */
export interface OpenOptions {
  start?: number;
  /** A last byte beyond the end means the end. */
  end?: number;
  /** Aborting destroys the stream with the signal's reason. */
  signal?: AbortSignal;
}

export interface StoredObject {
  key: string;
  sizeBytes: number;
  modifiedAt: Date;
}

/**
 * Where bytes rest: objects under keys, whole or not at all. Everything streams; no method holds an object in
 * memory. Drivers (and wrappers, such as encryption) promise what `store-contract.ts` checks, no less.
 *
 * Keys are made by Convey from its own random refs, never from host ids or file names, which are personal
 * data; see `ensureKey`. Other failures of the store itself are `storage.unavailable`.
 */
export interface ObjectStore {
  /**
   * Stores all of the source under the key, replacing in one step what was there: a reader sees the old
   * object or the new one. When it returns, the object survives a crash of the machine. When it throws,
   * nothing is kept, the old object stands and the source is closed (only if the store fails in its very last
   * step, either object may stand). An error of the source is thrown as it is.
   * @throws storage.full, storage.too_large, storage.size_mismatch, storage.bad_key
   */
  put(key: string, source: ByteSource, options?: PutOptions): Promise<{ sizeBytes: number; sha256: string }>;
  /**
   * Opens an object for reading. The stream gives the object as it was now, never a mixture. If it is replaced
   * or deleted meanwhile, a disk goes on with the old one to its end; a store across a network, which cannot
   * promise that, may break off with `storage.changed`. Read it to the end or destroy it: it holds a file or a
   * connection.
   * @throws storage.not_found, storage.bad_range when the first byte lies beyond the end, storage.bad_key
   */
  open(key: string, options?: OpenOptions): Promise<Readable>;
  /** Size of an object, or undefined when there is none. */
  stat(key: string): Promise<{ sizeBytes: number } | undefined>;
  /** Deletes for good, crash-proof like `put`; false when there was nothing. */
  delete(key: string): Promise<boolean>;
  /**
   * Every object below a prefix, which is `''` (everything) or whole segments with a `/` at the end. In no
   * promised order; what is put or deleted meanwhile may or may not appear.
   */
  list(prefix: string): AsyncIterable<StoredObject>;
  /**
   * Removes what a crash in the middle of a put left behind, if nothing was written to it for `olderThanMs`
   * (a put that is running elsewhere is younger). Gives the number removed. Run at start and now and then.
   */
  sweepTemporary(options?: { olderThanMs?: number }): Promise<number>;
}

const MAX_KEY_CHARACTERS = 512;
const MAX_SEGMENT_CHARACTERS = 128;
/** Lower case alone, so that stores that fold case keep two keys apart; single dots inside, for extensions. */
const SEGMENT = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

/**
 * Refuses a key that some store could not hold or could take for something else. A key is segments of
 * `a-z 0-9 _ -` and inner dots, joined by `/`: up to 128 characters a segment, 512 in all.
 * @throws storage.bad_key
 */
export function ensureKey(key: string): void {
  const isGood =
    key.length <= MAX_KEY_CHARACTERS &&
    key.split('/').every((segment) => segment.length <= MAX_SEGMENT_CHARACTERS && SEGMENT.test(segment));
  if (!isGood) throw new ConveyError(badKey);
}

/** Refuses what is not a prefix for `list`: `''`, or a key with a `/` at its end. */
export function ensurePrefix(prefix: string): void {
  if (prefix === '') return;
  if (!prefix.endsWith('/')) throw new ConveyError(badKey, 'A prefix ends in “/”.');
  ensureKey(prefix.slice(0, -1));
}

/**
 * First and last byte that the options mean in an object of this size; `undefined` for the whole of an empty one.
 * @throws storage.bad_range
 */
export function resolveRange(
  sizeBytes: number,
  { start, end }: OpenOptions,
): { start: number; end: number } | undefined {
  if (start === undefined && end === undefined && sizeBytes === 0) return undefined;
  const first = start ?? 0;
  const last = Math.min(end ?? sizeBytes - 1, sizeBytes - 1);
  const isGood = Number.isSafeInteger(first) && Number.isSafeInteger(last) && first >= 0 && first <= last;
  if (!isGood) throw new ConveyError(badRange, `It has ${sizeBytes} bytes.`);
  return { start: first, end: last };
}
