import { type Principal, scopeOf, workspaceOf } from '../../access/principal.ts';
import { emailKeyOf } from '../../access/sign-in/users.ts';
import type { Database } from '../../database/connect.ts';
import { badOrder } from './read-order.ts';

/**
 * Refuses to tell others than members of the workspace: a server that mails whomever it is told to would be
 * everybody's to misuse. Asked when somebody names them; who leaves later is told nothing (`tell-ended.ts`).
 * @throws exports.bad_request naming `notify`
 */
export async function ensureMembers(
  database: Database,
  principal: Principal,
  addresses: readonly string[] = [],
): Promise<void> {
  if (addresses.length === 0) return;
  const workspaceId = workspaceOf(principal);
  const keys = [...new Set(addresses.map(emailKeyOf))];
  const [found] = await database.inScope(scopeOf(principal), (transaction) =>
    transaction.query<{ n: number }>(
      `select count(*) as n from members m join users u on u.id = m.user_id
        where m.workspace_id = $1 and u.email_key = any ($2)`,
      [workspaceId, keys],
    ),
  );
  if (found!.n < keys.length)
    throw badOrder([{ pointer: '/notify', detail: 'takes mail addresses of members of the workspace' }]);
}
