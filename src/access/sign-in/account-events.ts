import type { FastifyRequest } from 'fastify';
import type { AuditAction } from '../../audit/actions.ts';
import { recordEvent, SYSTEM_WORKSPACE_ID } from '../../audit/record-event.ts';
import type { JsonObject } from '../../canonical-json.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import type { Log } from '../../log.ts';
import { actedBy, type Actor } from '../actor.ts';
import { listPlaces } from './users.ts';

/** Something that a user did with their own account, or that somebody tried as if they were the user. */
export interface AccountEvent {
  action: AuditAction;
  outcome?: 'success' | 'denied' | 'failed';
  details?: JsonObject;
}

/** Where accounts are changed, and where it is told when it cannot be written down everywhere. */
export interface Accounts {
  database: Database;
  log: Log;
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
 * further chains get theirs after it, each in its own, as a transaction writes to one chain only. One of those that
 * cannot be written is logged: the change stands, and so does its first event.
 * @param actor who does it: mostly the user
 * @param event what is written; undefined: nothing happened after all
 * @param userId whose account it is, where somebody else does it
 */
export async function changeAccount<Result>(
  { database, log }: Accounts,
  actor: Actor,
  change: (transaction: Transaction) => Promise<Result>,
  event: (result: Result) => AccountEvent | undefined,
  userId = actor.ref,
): Promise<Result> {
  const places = await listPlaces(database, userId);
  const [first = SYSTEM_WORKSPACE_ID, ...others] = places.map(({ id }) => id);
  const result = await database.inScope({ workspaceId: first }, async (transaction) => {
    const changed = await change(transaction);
    const told = event(changed);
    if (told !== undefined) await recordAccountEvent(transaction, first, actor, told, userId);
    return changed;
  });
  const told = event(result);
  for (const workspaceId of told === undefined ? [] : others) {
    const written = database.inScope({ workspaceId }, (transaction) =>
      recordAccountEvent(transaction, workspaceId, actor, told!, userId),
    );
    await written.catch((error: unknown) => {
      const { action } = told!;
      log.error('an account event is missing in a chain', { action, workspace: workspaceId, error });
    });
  }
  return result;
}

/** Writes one event about a user's account into one chain, as the last statement of a transaction in its scope. */
export async function recordAccountEvent(
  transaction: Transaction,
  workspaceId: string,
  actor: Actor,
  { action, outcome = 'success', details = {} }: AccountEvent,
  userId = actor.ref,
): Promise<void> {
  await recordEvent(transaction, workspaceId, {
    ...actedBy(actor),
    action,
    outcome,
    details,
    target: { type: 'user', ref: userId },
  });
}
