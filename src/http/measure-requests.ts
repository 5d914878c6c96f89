import type { Log } from '../log.ts';
import type { Metrics } from './metrics.ts';
import type { App } from './route-config.ts';

/**
 * Counts and times every request by operation and status, and logs one line for each. Never the address:
 * host ids in it may be a phone number or an email.
 */
export function measureRequests(app: App, metrics: Metrics, log: Log): void {
  const count = metrics.counter('convey_http_requests_total', 'Requests answered.');
  const time = metrics.durations('convey_http_request_duration_seconds', 'Time to the last byte of a reply.');
  let running = 0;
  metrics.gauge('convey_http_requests_running', 'Requests being answered now.', () => running);

  app.addHook('onRequest', async (_request, reply) => {
    running += 1;
    reply.raw.once('close', () => {
      running -= 1;
    });
  });
  app.addHook('onResponse', async (request, reply) => {
    const operation = request.routeOptions.config.operation ?? 'none';
    const status = reply.statusCode;
    const ms = Math.round(reply.elapsedTime);
    count({ operation, method: request.method, status });
    time({ operation }, reply.elapsedTime / 1000);
    const isWhole = reply.raw.writableFinished;
    log.info('request', {
      request_id: request.id,
      operation,
      method: request.method,
      status,
      ms,
      ...(!isWhole && { cut: true }),
    });
  });
}
