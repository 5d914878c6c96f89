import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ConveyError } from '../errors.ts';
import { noSuchRoute } from './http.errors.ts';
import type { Metrics } from './metrics.ts';
import type { App } from './route-config.ts';

/** Headers that a proxy adds: behind one on this machine, everybody's address is this machine's. */
const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/** `/metrics` for Prometheus: to this machine, or with the token; to others it is not there. */
export function registerMetrics(app: App, metrics: Metrics, token: string | undefined): void {
  metrics.gauge('convey_memory_bytes', 'Resident memory of this process.', () => process.memoryUsage.rss());
  metrics.gauge('convey_process_start_time_seconds', 'When this process started.', () =>
    Math.round(Date.now() / 1000 - process.uptime()),
  );
  app.get(
    '/metrics',
    {
      config: { operation: 'getMetrics' },
      schema: {
        tags: ['server'],
        summary: 'Figures for Prometheus',
        response: { 200: { content: { 'text/plain': { schema: z.string() } } } },
      },
    },
    async (request, reply) => {
      if (!isLocal(request) && !hasToken(request, token)) throw new ConveyError(noSuchRoute);
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.render());
    },
  );
}

function isLocal({ socket, headers }: FastifyRequest): boolean {
  const address = socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  const isLoopback = address === '::1' || address.startsWith('127.');
  return isLoopback && PROXY_HEADERS.every((name) => headers[name] === undefined);
}

function hasToken({ headers }: FastifyRequest, token: string | undefined): boolean {
  if (token === undefined) return false;
  const expected = Buffer.from(`Bearer ${token}`);
  const came = Buffer.from(headers.authorization ?? '');
  return came.length === expected.length && timingSafeEqual(came, expected);
}
