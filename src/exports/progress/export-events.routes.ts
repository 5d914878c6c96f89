import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Principal } from '../../access/principal.ts';
import { ConveyError } from '../../errors.ts';
import { sendEvents, type StreamedEvent } from '../../http/event-stream.ts';
import type { App } from '../../http/route-config.ts';
import { tooManyStreams, unknownExport } from '../exports.errors.ts';
import {
  findWatched,
  hasEnded,
  LAST_EVENT_ID,
  type Watched,
  watchExports,
  type WatchDependencies,
} from './watch-exports.ts';

export interface EventRoutes extends WatchDependencies {
  /** A client that takes no byte for so long is cut off. */
  idleClientMs: number;
}

const HEARTBEAT_MS = 15_000;
/** Streams that one user or key may have open at this server. */
const MOST_STREAMS = 10;

const query = z.object({
  seconds: z.coerce
    .number()
    .int()
    .min(0)
    .max(86_400)
    .optional()
    .describe('End after so long; 0: after how things stand. Left out: when there is nothing more to tell.'),
});

const response = {
  200: {
    description:
      'Server-sent events: `export` with `job_id`, `status`, `progress` and `error`, once at the beginning and at every change; `end`, with a `code` where whoever watches may not any more. A comment comes where nothing happened for 15 seconds.',
    content: { 'text/event-stream': { schema: z.string() } },
  },
};

/** How exports are, told while it happens: of one, and of all within reach (for the web app). */
export function registerExportEventRoutes(app: App, dependencies: EventRoutes): void {
  const open = new Map<string, number>();
  const stopping = new AbortController();
  app.addHook('preClose', async () => stopping.abort());

  app.get(
    '/v1/exports/:id/events',
    {
      exposeHeadRoute: false,
      config: {
        operation: 'watchExport',
        permission: 'export.read',
        errors: [unknownExport, tooManyStreams],
      },
      schema: {
        tags: ['exports'],
        summary: 'Watch one export until it has ended',
        params: z.object({ id: z.string().describe('Id of the export (`exp_…`).') }),
        querystring: query,
        response: {
          ...response,
          204: z.null().describe('It has ended, and you know: do not connect again.'),
        },
      },
    },
    (request, reply) => watch(request, reply, request.query.seconds, request.params.id),
  );

  app.get(
    '/v1/exports/events',
    {
      exposeHeadRoute: false,
      config: { operation: 'watchExports', permission: 'export.read', errors: [tooManyStreams] },
      schema: {
        tags: ['exports'],
        summary: 'Watch the exports of the workspace that one may see',
        description: 'Those that wait or run, and those that ended a moment ago.',
        querystring: query,
        response,
      },
    },
    (request, reply) => watch(request, reply, request.query.seconds),
  );

  async function watch(
    request: FastifyRequest,
    reply: FastifyReply,
    seconds: number | undefined,
    exportId?: string,
  ): Promise<void> {
    const { principal } = request;
    const watched: Watched = { principal, ...(exportId === undefined ? {} : { exportId }) };
    const first = await findWatched(dependencies, watched);
    const knows = request.headers['last-event-id'] === LAST_EVENT_ID;
    if (knows && exportId !== undefined && first.every(hasEnded)) return reply.code(204).send(null);
    takePlace(principal, reply);
    const source = (signal: AbortSignal): AsyncIterable<StreamedEvent> => {
      if (seconds === undefined) return watchExports(dependencies, watched, first, signal);
      const over = seconds === 0 ? AbortSignal.abort() : AbortSignal.timeout(seconds * 1000);
      return watchExports(dependencies, watched, first, AbortSignal.any([signal, over]));
    };
    const { idleClientMs } = dependencies;
    return sendEvents(reply, source, { heartbeatMs: HEARTBEAT_MS, idleClientMs, signal: stopping.signal });
  }

  /** One of the principal's streams, until its reply is over. Throws `exports.too_many_streams`. */
  function takePlace({ id }: Principal, { raw }: FastifyReply): void {
    const count = open.get(id) ?? 0;
    if (count >= MOST_STREAMS) throw new ConveyError(tooManyStreams, `At most ${MOST_STREAMS} at once.`);
    if (raw.destroyed) return; // the client left already: nothing would give the place back
    open.set(id, count + 1);
    raw.once('close', () => {
      const left = open.get(id)! - 1;
      if (left > 0) open.set(id, left);
      else open.delete(id);
    });
  }
}
