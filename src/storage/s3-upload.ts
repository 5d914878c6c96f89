import type { S3 } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import type { PutOptions } from './object-store.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { isMissingUpload, isRefusal } from './s3-errors.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_PARTS = 10_000;
/** Parts of 1/1250 of what was sent grow by 0.08 % each: 10,000 of them reach 28 TB from 8 MiB. */
const GROWTH = 1250;
const FIRST_BUFFER_BYTES = 64 * 1024;
/** Long enough for a busy store; what stays behind is swept. */
const CLEAN_UP_MS = 10_000;

type UploadOptions = Pick<PutOptions, 'expectedSizeBytes' | 'signal'>;

/** A part that the store has. */
export interface Part {
  PartNumber: number;
  ETag: string;
}

/**
 * Sends one object, a part at a time from one buffer, so that no more than a part is in memory: a small one in
 * one request, a larger one as a multipart upload, of which nobody sees anything before its last request.
 *
 * The last request is not aborted: nobody would know which object stands. (If the store cannot be reached any
 * more just then, nobody knows either; see `ObjectStore.put`.)
 */
export async function uploadObject(
  bucket: S3Bucket,
  key: string,
  source: AsyncIterable<Uint8Array>,
  options: UploadOptions,
): Promise<void> {
  const filler = new PartFiller(source);
  const first = await filler.next(partBytes(bucket.partBytes, 0, options.expectedSizeBytes));
  const target = { Bucket: bucket.bucket, Key: bucket.prefix + key };
  if (first.isLast) {
    options.signal?.throwIfAborted();
    const { bytes } = first;
    await bucket.s3.putObject({ ...target, Body: bytes, ContentLength: bytes.length });
    return;
  }
  await uploadParts(bucket, target, filler, first, options);
}

async function uploadParts(
  { s3, partBytes: leastBytes }: S3Bucket,
  target: { Bucket: string; Key: string },
  filler: PartFiller,
  first: FilledPart,
  { expectedSizeBytes, signal }: UploadOptions,
): Promise<void> {
  const request = signal === undefined ? {} : { abortSignal: signal };
  const { UploadId } = await s3.createMultipartUpload(target); // not aborted: its id is needed to clean up
  const upload = { ...target, UploadId };
  const parts: Part[] = [];
  let isCompleting = false;
  try {
    let sentBytes = 0;
    for (let part = first; ; part = await filler.next(partBytes(leastBytes, sentBytes, expectedSizeBytes))) {
      const PartNumber = parts.length + 1;
      const { ETag } = await s3.uploadPart({ ...upload, PartNumber, Body: part.bytes }, request);
      parts.push({ PartNumber, ETag: ETag! });
      sentBytes += part.bytes.length;
      if (part.isLast) break;
    }
    signal?.throwIfAborted();
    isCompleting = true;
    await complete(s3, upload, parts);
  } catch (error) {
    // While a store may still be completing, an abort could take parts from an object that already stands.
    if (isCompleting && !isRefusal(error)) throw error;
    const abortSignal = AbortSignal.timeout(CLEAN_UP_MS);
    await s3.abortMultipartUpload(upload, { abortSignal }).catch(() => {}); // left to the sweep
    throw error;
  }
}

async function complete(
  s3: S3,
  upload: { Bucket: string; Key: string; UploadId: string | undefined },
  parts: Part[],
): Promise<void> {
  try {
    await s3.completeMultipartUpload({ ...upload, MultipartUpload: { Parts: parts } });
  } catch (error) {
    if (!isMissingUpload(error)) throw error;
    // The answer to an earlier attempt may have been lost on the way: then the object is there.
    const { Bucket, Key } = upload;
    const found = await s3.headObject({ Bucket, Key }).catch(() => undefined);
    if (found?.ETag !== etagOf(parts)) throw error;
  }
}

/** The digest of the parts' digests, which S3 gives an object of many parts. */
export function etagOf(parts: Part[]): string {
  const hash = createHash('md5');
  for (const { ETag } of parts) hash.update(Buffer.from(ETag.replaceAll('"', ''), 'hex'));
  return `"${hash.digest('hex')}-${parts.length}"`;
}

/**
 * Size of the next part, such that an object never needs more than 10,000: equal ones if the size is known
 * (some stores insist on that), growing ones if not.
 */
export function partBytes(leastBytes: number, sentBytes: number, expectedSizeBytes?: number): number {
  const wanted =
    expectedSizeBytes === undefined
      ? Math.ceil(sentBytes / GROWTH)
      : Math.ceil(expectedSizeBytes / MAX_PARTS);
  return Math.max(leastBytes, wanted);
}

interface FilledPart {
  /** Valid until the next part is asked for. */
  bytes: Buffer;
  isLast: boolean;
}

/** Cuts a source into parts, all in one buffer that grows only as far as there are bytes. */
class PartFiller {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #buffer = Buffer.alloc(0);
  #rest: Uint8Array = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  async next(sizeBytes: number): Promise<FilledPart> {
    let filled = this.#take(0, sizeBytes);
    while (filled < sizeBytes || this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return { bytes: this.#buffer.subarray(0, filled), isLast: true };
      this.#rest = value;
      filled = this.#take(filled, sizeBytes);
    }
    return { bytes: this.#buffer.subarray(0, filled), isLast: false };
  }

  /** Moves as much of the chunk at hand into the buffer as the part takes. */
  #take(filled: number, sizeBytes: number): number {
    const count = Math.min(this.#rest.length, sizeBytes - filled);
    if (count === 0) return filled;
    if (filled + count > this.#buffer.length) {
      const grown = Math.max(filled + count, this.#buffer.length * 2, FIRST_BUFFER_BYTES);
      const larger = Buffer.allocUnsafeSlow(Math.min(sizeBytes, grown));
      this.#buffer.copy(larger, 0, 0, filled);
      this.#buffer = larger;
    }
    this.#buffer.set(this.#rest.subarray(0, count), filled);
    this.#rest = this.#rest.subarray(count);
    return filled + count;
  }
}
