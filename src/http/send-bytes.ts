import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConveyError } from '../errors.ts';
import { attachment } from './content-disposition.ts';
import { DOWNLOAD_HEADERS } from './download-headers.ts';
import { badRange, preconditionFailed } from './http.errors.ts';
import { watchIdleClient } from './watch-idle-client.ts';

/** A reply that was taken to its end. */
export interface SentBytes {
  bytes: number;
  /** All of it was in this one reply. */
  isWhole: boolean;
  /** The reply reached the last byte of all of it: so did whoever resumed a broken download. */
  isToEnd: boolean;
}

/** Bytes that do not change as long as they are there. */
export interface FixedBytes {
  sizeBytes: number;
  /** Strong: other bytes would have another one. Without quotes. */
  etag: string;
  mediaType: string;
  /** For Content-Disposition. */
  fileName: string;
  /** SHA-256 of all of it, hexadecimal, where it is known (RFC 9530). */
  sha256?: string;
  /** The bytes from `start` up to, but without, `end`. */
  open: (start: number, end: number, signal: AbortSignal) => AsyncIterable<Uint8Array>;
  /** Called after the last byte of a reply was handed to the network. */
  onSent?: (sent: SentBytes) => void;
}

/**
 * Answers GET and HEAD with bytes, a range of them, or 304, as RFC 9110 §13 and §14 say, so that a broken
 * download can be resumed. Of several ranges none is taken: the whole is sent, which is allowed.
 * @param idleClientMs a client that takes no byte for so long is cut off
 * @throws http.bad_range, http.precondition_failed
 */
export function sendBytes(
  request: FastifyRequest,
  reply: FastifyReply,
  bytes: FixedBytes,
  idleClientMs: number,
): FastifyReply {
  const { sizeBytes, etag, fileName, sha256 } = bytes;
  reply
    .header('etag', `"${etag}"`)
    .header('accept-ranges', 'bytes')
    .headers(DOWNLOAD_HEADERS)
    .header('content-disposition', attachment(fileName));
  if (sha256 !== undefined) {
    reply.header('repr-digest', `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`);
  }
  const ifMatch = request.headers['if-match'];
  if (ifMatch !== undefined && !namesStrongly(ifMatch, etag)) throw new ConveyError(preconditionFailed);
  if (isNamed(request.headers['if-none-match'], etag)) return reply.code(304).send();
  reply.header('content-type', bytes.mediaType);
  const range = rangeOf(request, etag, sizeBytes);
  if (range === 'beyond') {
    reply.header('content-range', `bytes */${sizeBytes}`);
    throw new ConveyError(badRange, `It has ${sizeBytes} bytes.`);
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes };
  if (range !== undefined) reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${sizeBytes}`);
  reply.header('content-length', end - start);
  if (request.method === 'HEAD' || start === end) return reply.send(Readable.from([], { objectMode: false })); // Fastify would set the length of a buffer
  const gone = new AbortController();
  const unwatch = watchIdleClient(reply.raw, idleClientMs);
  reply.raw.once('close', () => {
    unwatch();
    if (reply.raw.writableFinished)
      bytes.onSent?.({
        bytes: end - start,
        isWhole: end - start === sizeBytes,
        isToEnd: end === sizeBytes,
      });
    else gone.abort(new Error('the client left'));
  });
  return reply.send(Readable.from(bytes.open(start, end, gone.signal), { objectMode: false }));
}

/** The one range that is asked for, if it still is about the same bytes. */
function rangeOf(
  { method, headers }: FastifyRequest,
  etag: string,
  sizeBytes: number,
): { start: number; end: number } | 'beyond' | undefined {
  const { range, 'if-range': ifRange } = headers;
  if (range === undefined || method !== 'GET') return undefined; // HEAD has no ranges: RFC 9110 §14.2
  if (ifRange !== undefined && ifRange !== `"${etag}"`) return undefined;
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/i.exec(range.trim()) ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const suffix = Math.min(Number(last), sizeBytes);
    return suffix === 0 ? 'beyond' : { start: sizeBytes - suffix, end: sizeBytes };
  }
  const start = Number(first);
  const end = last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  if (last !== '' && Number(last) < start) return undefined; // no valid range: ignored
  return start >= sizeBytes ? 'beyond' : { start, end };
}

/** If-Match compares strongly (RFC 9110 §13.1.1): a weak tag is never the same. */
function namesStrongly(header: string, etag: string): boolean {
  const tags = header.split(',').map((tag) => tag.trim());
  return tags.includes(`"${etag}"`) || tags.includes('*');
}

function isNamed(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(`"${etag}"`) || tags.includes('*');
}
