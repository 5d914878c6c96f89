import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { ConveyError } from '../errors.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { isChangedObject, isMissingObject, translateS3Error } from './s3-errors.ts';
import { changed, unavailable } from './storage.errors.ts';

/** Breaks one after another without a byte between them; any byte starts the count again. */
const MAX_BREAKS = 5;
const WAIT_MS = 100;

/** The bytes of one answer and where they lie in their object. */
export interface ObjectPart {
  body: Readable;
  etag: string | undefined;
  /** First byte. */
  at: number;
  /** Behind the last byte. */
  endAt: number;
}

/** Asks for an object or, with `range` as in HTTP (`bytes=0-99`), a part of it. Errors are the SDK's. */
export async function getObject(
  { s3, bucket, prefix }: S3Bucket,
  key: string,
  options: { range?: string; etag?: string; signal: AbortSignal },
): Promise<ObjectPart> {
  const answer: GetObjectCommandOutput = await s3.getObject(
    {
      Bucket: bucket,
      Key: prefix + key,
      ...(options.range !== undefined && { Range: options.range }),
      ...(options.etag !== undefined && { IfMatch: options.etag }),
    },
    { abortSignal: options.signal },
  );
  const body = answer.Body as Readable;
  body.on('error', () => {}); // one that breaks while nobody reads must not bring the process down
  const [, first = '0'] = /^bytes (\d+)-/.exec(answer.ContentRange ?? '') ?? [];
  const at = Number(first);
  return { body, etag: answer.ETag, at, endAt: at + answer.ContentLength! };
}

/**
 * The bytes of an answer as a stream. When the connection breaks, as it does under a reader that pauses for
 * minutes, the rest is asked for again, of the very same object: its ETag must match, so that two are never mixed.
 * @param closed aborted when the stream is closed, so that nothing is asked for any more
 */
export function resumingStream(
  bucket: S3Bucket,
  key: string,
  first: ObjectPart,
  closed: AbortController,
): Readable {
  const { etag, endAt } = first;
  let { at, body } = first;
  const request = () =>
    getObject(bucket, key, {
      range: `bytes=${at}-${endAt - 1}`,
      ...(etag !== undefined && { etag }),
      signal: closed.signal,
    });

  async function* read(): AsyncGenerator<Uint8Array> {
    for (let breaks = 0; ; ) {
      let cause: unknown;
      try {
        for await (const chunk of body as AsyncIterable<Uint8Array>) {
          if (chunk.length === 0) continue; // would be taken for silence
          at += chunk.length;
          breaks = 0;
          yield chunk;
        }
      } catch (error) {
        cause = error;
      }
      if (at === endAt) return;
      if (++breaks > MAX_BREAKS || at > endAt || etag === undefined) {
        throw new ConveyError(unavailable, 'It broke off the reply again and again.', { cause });
      }
      try {
        if (breaks > 1) await delay(WAIT_MS * 2 ** (breaks - 2), undefined, { signal: closed.signal });
        const next = await request();
        body = next.body;
        if (next.at !== at)
          throw new ConveyError(unavailable, 'It answered with other bytes than asked for.');
      } catch (error) {
        if (isChangedObject(error) || isMissingObject(error)) {
          throw new ConveyError(changed, undefined, { cause: error });
        }
        throw translateS3Error(error);
      }
    }
  }

  const chunks = read();
  // Not `Readable.from()`: destroying that waits for the next chunk, which a silent connection never gives.
  return new Readable({
    read() {
      chunks.next().then(
        ({ done, value }) => this.push(done === true ? null : value),
        (error: Error) => this.destroy(error),
      );
    },
    destroy(error, callback) {
      closed.abort();
      body.destroy();
      callback(error);
    },
  });
}
