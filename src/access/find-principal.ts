import type { Database, Transaction } from '../database/connect.ts';
import { ConveyError } from '../errors.ts';
import { noLongerAllowed } from './access.errors.ts';
import { findApiKey } from './api-keys/api-keys.ts';
import { readMembership } from './members/place.ts';
import type { Principal } from './principal.ts';

/**
 * Somebody as they stand now, without a request: for what they asked for earlier and is done only now.
 * @throws access.no_longer_allowed when they are no member any more or were shut out, or the key was revoked or has
 *   ended
 */
export async function findPrincipal(
  database: Database,
  workspaceId: string,
  { type, id }: Pick<Principal, 'type' | 'id'>,
): Promise<Principal> {
  return database.inScope({ workspaceId }, (transaction) =>
    type === 'user' ? findMember(transaction, workspaceId, id) : findKey(transaction, workspaceId, id),
  );
}

async function findMember(transaction: Transaction, workspaceId: string, id: string): Promise<Principal> {
  const [user] = await transaction.query<{ name: string; email: string }>(
    'select name, email from users where id = $1 and disabled_at is null',
    [id],
  );
  const membership = await readMembership(transaction, workspaceId, id);
  if (user === undefined || membership === undefined)
    throw new ConveyError(noLongerAllowed, 'Whoever asked for it is no member of the workspace any more.');
  // No session: nobody sits there now, who could be asked for anything more.
  const none = { sessionId: '', lacksSecondFactor: false };
  return { type: 'user', id, ...user, ...none, membership, interface: 'web' };
}

async function findKey(transaction: Transaction, workspaceId: string, id: string): Promise<Principal> {
  const key = await findApiKey(transaction, workspaceId, id);
  if (key === undefined || key.state !== 'valid')
    throw new ConveyError(noLongerAllowed, `The API key that asked for it is ${key?.state ?? 'gone'}.`);
  const { name, scopes, rules } = key;
  return { type: 'api_key', id, name, workspaceId, scopes, rules, interface: 'api' };
}
