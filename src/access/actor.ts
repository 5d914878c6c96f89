import type { FastifyRequest } from 'fastify';
import type { AuditEvent, PersonalPart } from '../audit/record-event.ts';
import type { Principal } from './principal.ts';

/** Who acts: a request's principal, the command line, or the server itself. */
export interface Actor {
  type: 'operator' | 'system' | 'api_key' | 'user';
  ref: string;
  /** For the personal part of audit events. */
  name?: string;
  interface: 'cli' | 'api' | 'web' | 'system';
  /** Of the request, for the personal part of audit events. */
  from?: { ip: string; userAgent: string };
}

/** The principal as the actor of an audit event. */
export function actorOf({ type, id, name, interface: through }: Principal): Actor {
  return { type, ref: id, name, interface: through };
}

/** The principal of a request as the actor of an audit event, with where the request came from. */
export function actorOfRequest({ principal, ip, headers }: FastifyRequest): Actor {
  return { ...actorOf(principal), from: { ip, userAgent: headers['user-agent'] ?? '' } };
}

/** The parts of an audit event that tell who acted; `personal` is what else is personal about it. */
export function actedBy(
  { type, ref, name, interface: through, from }: Actor,
  personal: PersonalPart = {},
): Pick<AuditEvent, 'actor' | 'interface' | 'personal'> {
  const all: PersonalPart =
    from === undefined ? personal : { ...personal, ip: from.ip, user_agent: from.userAgent };
  return {
    actor: { type, ref, ...(name === undefined ? {} : { name }) },
    interface: through,
    ...(Object.keys(all).length === 0 ? {} : { personal: all }),
  };
}
