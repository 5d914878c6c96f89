import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { JsonObject } from '../canonical-json.ts';
import { watchIdleClient } from './watch-idle-client.ts';

/** One server-sent event. */
export interface StreamedEvent {
  event: string;
  /** What a browser sends back as `Last-Event-ID` when it connects again. */
  id?: string;
  data: JsonObject;
}

export interface EventStreamOptions {
  /** A stream is not silent for longer than this: proxies cut what is. */
  heartbeatMs: number;
  /** A client that takes no byte for so long is cut off. */
  idleClientMs: number;
  /** Ends the stream: the server stops. */
  signal: AbortSignal;
}

/** A browser that lost its stream waits so long before it asks again. */
const RETRY_MS = 3_000;

/**
 * Answers with a stream of server-sent events (HTML Living Standard §9.2) until the source ends or the client leaves.
 * No event is made before the client took those before it.
 * @param source gets a signal that aborts when the client has left or the server stops, and ends then
 */
export function sendEvents(
  reply: FastifyReply,
  source: (signal: AbortSignal) => AsyncIterable<StreamedEvent>,
  { heartbeatMs, idleClientMs, signal: stopping }: EventStreamOptions,
): FastifyReply {
  const left = new AbortController();
  const unwatch = watchIdleClient(reply.raw, idleClientMs);
  reply.raw.once('close', () => {
    unwatch();
    left.abort();
  });
  if (reply.raw.destroyed) left.abort();
  const signal = AbortSignal.any([left.signal, stopping]);
  return reply
    .header('content-type', 'text/event-stream; charset=utf-8')
    .header('x-accel-buffering', 'no') // a proxy that collects what it passes on would hold events back
    .send(
      Readable.from(frameEvents(source(signal), heartbeatMs), { objectMode: false, highWaterMark: 1024 }),
    );
}

/** Events as their stream's bytes, with a comment wherever nothing happened for `heartbeatMs`. */
export async function* frameEvents(
  source: AsyncIterable<StreamedEvent>,
  heartbeatMs: number,
): AsyncGenerator<Buffer> {
  yield Buffer.from(`retry: ${RETRY_MS}\n\n`);
  const events = source[Symbol.asyncIterator]();
  try {
    let next = events.next();
    for (;;) {
      const came = await within(next, heartbeatMs);
      if (came === undefined) {
        yield Buffer.from(': nothing new\n\n');
        continue;
      }
      if (came.done === true) return;
      yield Buffer.from(textOf(came.value));
      next = events.next();
    }
  } finally {
    // Not awaited: it waits for the source's present step, which its signal ends.
    void Promise.resolve(events.return?.()).catch(() => {});
  }
}

/** JSON has no line breaks of its own, so the data is one line. */
function textOf({ event, id, data }: StreamedEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** What a promise gives, or undefined when it takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
