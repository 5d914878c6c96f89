import type { Database } from '../database/connect.ts';
import { ConveyError } from '../errors.ts';
import { unauthenticated } from './access.errors.ts';
import { findPrincipal } from './find-principal.ts';
import { type Principal, workspaceOf } from './principal.ts';
import type { SessionLimits } from './sessions.ts';

/**
 * The principal of a reply that is still open (a stream of events) as they stand now. It is no visit: a session that
 * nothing else is asked with still ends when it is idle.
 * @throws access.unauthenticated when the session has ended; access.no_longer_allowed when they are no member any more
 *   or were shut out, or the key was revoked or has ended
 */
export async function renewPrincipal(
  database: Database,
  principal: Principal,
  { idleMs }: Pick<SessionLimits, 'idleMs'>,
): Promise<Principal> {
  if (principal.type === 'user') await ensureSession(database, principal.sessionId, idleMs);
  const now = await findPrincipal(database, workspaceOf(principal), principal);
  return now.type === 'user' && principal.type === 'user' ? { ...now, sessionId: principal.sessionId } : now;
}

async function ensureSession(database: Database, id: string, idleMs: number): Promise<void> {
  const rows = await database.querySystem(
    `select id from sessions
      where id = $1 and ended_at is null and expires_at > now() and not awaits_second_factor
        and last_seen_at > now() - $2 * interval '1 millisecond'`,
    [id, idleMs],
  );
  if (rows.length === 0) throw new ConveyError(unauthenticated, 'The session has ended.');
}
