import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../log.ts';
import type { Metrics } from './metrics.ts';
import type { App } from './route-config.ts';

/** No registered status, but the usual one for a client that left before it was answered. */
const CLIENT_LEFT = 499;

/**
 * Counts and times every request by operation and status, and logs one line for each, when its reply is at
 * its end or its client has left. Never the address: host ids in it may be a phone number or an email.
 */
export function measureRequests(app: App, metrics: Metrics, log: Log): void {
  const count = metrics.counter('convey_http_requests_total', 'Requests answered.');
  const time = metrics.durations('convey_http_request_duration_seconds', 'Time to the last byte of a reply.');
  let running = 0;
  metrics.gauge('convey_http_requests_running', 'Requests being answered now.', () => running);

  const note = (request: FastifyRequest, reply: FastifyReply, startedAt: number) => {
    const elapsedMs = performance.now() - startedAt;
    running -= 1;
    const operation = request.routeOptions.config.operation ?? 'none';
    const { method } = request;
    const isWhole = reply.raw.writableFinished;
    const status = isWhole || reply.raw.headersSent ? reply.statusCode : CLIENT_LEFT;
    count({ operation, method, status });
    time({ operation }, elapsedMs / 1000);
    const ms = Math.round(elapsedMs);
    log.info('request', {
      request_id: request.id,
      operation,
      method,
      status,
      ms,
      ...(!isWhole && { cut: true }),
    });
  };
  app.addHook('onRequest', async (request, reply) => {
    running += 1;
    const startedAt = performance.now();
    reply.raw.once('close', () => note(request, reply, startedAt)); // also when it is cut off, unlike `onResponse`
  });
}
