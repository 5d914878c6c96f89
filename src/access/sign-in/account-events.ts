import type { FastifyRequest } from 'fastify';
import type { AuditAction } from '../../audit/actions.ts';
import { recordEvent, SYSTEM_WORKSPACE_ID } from '../../audit/record-event.ts';
import type { JsonObject } from '../../canonical-json.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import { actedBy, type Actor } from '../actor.ts';
import { listPlaces } from './users.ts';

/** Something that a user did with their own account, or that somebody tried as if they were the user. */
export interface AccountEvent {
  action: AuditAction;
  outcome?: 'success' | 'denied' | 'failed';
  details?: JsonObject;
}

/** A user who is not (yet) a request's principal as the actor of an audit event. */
export function accountActor(user: { id: string; name: string }, { ip, headers }: FastifyRequest): Actor {
  return {
    type: 'user',
    ref: user.id,
    name: user.name,
    interface: 'web',
    from: { ip, userAgent: headers['user-agent'] ?? '' },
  };
}

/**
 * Changes a user's account and writes it into the chain of each workspace they are in, whose admins answer for
 * who gets in; or the system's where they are in none. The change and the first event share a transaction; the
 * further chains get theirs after it, each in its own, as a transaction writes to one chain only.
 * @param account the user, as actor
 * @param event what is written; undefined: nothing happened after all
 */
export async function changeAccount<Result>(
  database: Database,
  account: Actor,
  change: (transaction: Transaction) => Promise<Result>,
  event: (result: Result) => AccountEvent | undefined,
): Promise<Result> {
  const places = await listPlaces(database, account.ref);
  const [first = SYSTEM_WORKSPACE_ID, ...others] = places.map(({ id }) => id);
  const result = await database.inScope({ workspaceId: first }, async (transaction) => {
    const changed = await change(transaction);
    const told = event(changed);
    if (told !== undefined) await recordAccountEvent(transaction, first, account, told);
    return changed;
  });
  const told = event(result);
  for (const workspaceId of told === undefined ? [] : others) {
    await database.inScope({ workspaceId }, (transaction) =>
      recordAccountEvent(transaction, workspaceId, account, told!),
    );
  }
  return result;
}

/** Writes one event about a user's account into one chain, as the last statement of a transaction in its scope. */
export async function recordAccountEvent(
  transaction: Transaction,
  workspaceId: string,
  account: Actor,
  { action, outcome = 'success', details = {} }: AccountEvent,
): Promise<void> {
  await recordEvent(transaction, workspaceId, {
    ...actedBy(account),
    action,
    outcome,
    details,
    target: { type: 'user', ref: account.ref },
  });
}
