import type { Readable } from 'node:stream';
import { ConveyError } from '../errors.ts';
import { MeasuredSource } from './measure-source.ts';
import {
  type ByteSource,
  ensureKey,
  ensurePrefix,
  type ObjectStore,
  type OpenOptions,
  type PutOptions,
  resolveRange,
  type StoredObject,
} from './object-store.ts';
import { openS3Bucket, type S3Bucket, type S3Tuning } from './s3-bucket.ts';
import { isAbort, isMissingObject, isOutOfRange, translateS3Error } from './s3-errors.ts';
import { listBucket } from './s3-list.ts';
import { parseS3Location } from './s3-location.ts';
import { getObject, resumingStream } from './s3-read.ts';
import { sweepUploads } from './s3-sweep.ts';
import { uploadObject } from './s3-upload.ts';
import { badRange, notFound } from './storage.errors.ts';

/** A part of a slow put may take longer than a chunk on a disk, and what is left behind costs little. */
const DAY_MS = 86_400_000;

/**
 * Objects in a bucket of S3, or of a store that speaks like it, under a prefix which nothing else may write to.
 * Needs no conditional writes and no checksums newer than Content-MD5, which not every such store has.
 *
 * A bucket with versioning keeps what is replaced and deleted here: see docs/operations.md.
 */
export class S3Store implements ObjectStore {
  readonly #bucket: S3Bucket;

  private constructor(bucket: S3Bucket) {
    this.#bucket = bucket;
  }

  /**
   * Opens a store at `s3://bucket[/prefix]?region=…&endpoint=…&path-style=true|false`. Credentials are those
   * that the AWS SDK finds: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY first.
   * @throws storage.bad_location, and storage.unavailable when objects cannot be put and deleted there, so that
   *   a bad setting ends the start
   */
  static async open(location: string, tuning?: S3Tuning): Promise<S3Store> {
    return new S3Store(await openS3Bucket(parseS3Location(location), tuning));
  }

  async put(
    key: string,
    source: ByteSource,
    options: PutOptions = {},
  ): Promise<{ sizeBytes: number; sha256: string }> {
    ensureKey(key);
    const measured = new MeasuredSource(source, options);
    try {
      await uploadObject(this.#bucket, key, measured, options);
    } catch (error) {
      measured.close();
      const { signal } = options;
      if (signal?.aborted && isAbort(error)) throw signal.reason;
      throw measured.isSourceError(error) || error === signal?.reason ? error : translateS3Error(error);
    }
    return measured.result();
  }

  async open(key: string, options: OpenOptions = {}): Promise<Readable> {
    ensureKey(key);
    const { signal } = options;
    signal?.throwIfAborted();
    const range = rangeHeader(options);
    if (range === 'none') return this.#refuseRange(key, options);
    const closed = new AbortController();
    const abortRequest = () => closed.abort(signal?.reason);
    signal?.addEventListener('abort', abortRequest, { once: true });
    try {
      const first = await getObject(this.#bucket, key, {
        ...(range !== undefined && { range }),
        signal: closed.signal,
      });
      const stream = resumingStream(this.#bucket, key, first, closed);
      const onAbort = () => stream.destroy(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      stream.once('close', () => signal?.removeEventListener('abort', onAbort));
      if (signal?.aborted) onAbort();
      return stream;
    } catch (error) {
      if (signal?.aborted && isAbort(error)) throw signal.reason;
      if (isOutOfRange(error)) return this.#refuseRange(key, options);
      throw translateS3Error(error);
    } finally {
      signal?.removeEventListener('abort', abortRequest);
    }
  }

  /** Says what is wrong with a range that the object does not have, or that no object has. */
  async #refuseRange(key: string, options: OpenOptions): Promise<never> {
    const found = await this.stat(key);
    if (found === undefined) throw new ConveyError(notFound);
    resolveRange(found.sizeBytes, options);
    throw new ConveyError(badRange); // replaced by a larger one at this very moment
  }

  async stat(key: string): Promise<{ sizeBytes: number } | undefined> {
    ensureKey(key);
    const { s3, bucket, prefix } = this.#bucket;
    try {
      const { ContentLength } = await s3.headObject({ Bucket: bucket, Key: prefix + key });
      return { sizeBytes: ContentLength! };
    } catch (error) {
      if (isMissingObject(error)) return undefined;
      throw translateS3Error(error);
    }
  }

  /** S3 does not say whether there was something, so it is asked before: of two at once both may say true. */
  async delete(key: string): Promise<boolean> {
    if ((await this.stat(key)) === undefined) return false;
    const { s3, bucket, prefix } = this.#bucket;
    try {
      await s3.deleteObject({ Bucket: bucket, Key: prefix + key });
      return true;
    } catch (error) {
      if (isMissingObject(error)) return false;
      throw translateS3Error(error);
    }
  }

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    ensurePrefix(prefix);
    yield* listBucket(this.#bucket, prefix);
  }

  async sweepTemporary({ olderThanMs = DAY_MS }: { olderThanMs?: number } = {}): Promise<number> {
    return sweepUploads(this.#bucket, new Date(Date.now() - olderThanMs));
  }
}

/** The range as a header; `none` for what is none in any object, which S3 would answer with the whole one. */
function rangeHeader({ start, end }: OpenOptions): string | undefined {
  if (start === undefined && end === undefined) return undefined;
  const [first, last] = [start ?? 0, end ?? Number.MAX_SAFE_INTEGER];
  const isRange = Number.isSafeInteger(first) && Number.isSafeInteger(last) && first >= 0 && first <= last;
  return isRange ? `bytes=${first}-${end ?? ''}` : 'none';
}
