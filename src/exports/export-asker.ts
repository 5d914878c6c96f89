import type { FastifyRequest } from 'fastify';
import { can } from '../access/principal.ts';
import type { Asker } from './request-export.ts';

/** Who asks, from a request whose credentials were checked. */
export function askerOf(request: FastifyRequest): Asker {
  const { principal } = request;
  return {
    type: principal.type,
    id: principal.id,
    name: principal.name,
    interface: principal.interface,
    ip: request.ip,
    userAgent: request.headers['user-agent'] ?? '',
    includeInternal: can(principal, 'notes.read'),
    onceKey: request.onceKey,
  };
}
