import type { FastifyRequest } from 'fastify';
import type { Asker } from './request-export.ts';

/** Who asks, from a request whose credentials were checked. */
export function askerOf(request: FastifyRequest): Asker {
  const { principal } = request;
  return {
    type: 'api_key',
    id: principal.id,
    name: principal.name,
    interface: 'api',
    ip: request.ip,
    userAgent: request.headers['user-agent'] ?? '',
    // A key has no audience of its own: whoever may export sees what the workspace sees.
    includeInternal: true,
  };
}
