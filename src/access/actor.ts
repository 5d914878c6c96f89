import type { Principal } from './principal.ts';

/** Who acts: a request's principal, the command line, or the server itself. */
export interface Actor {
  type: 'operator' | 'system' | 'api_key' | 'user';
  ref: string;
  /** For the personal part of audit events. */
  name?: string;
  interface: 'cli' | 'api' | 'web' | 'system';
}

/** The principal as the actor of an audit event. */
export function actorOf({ type, id, name, interface: through }: Principal): Actor {
  return { type, ref: id, name, interface: through };
}
