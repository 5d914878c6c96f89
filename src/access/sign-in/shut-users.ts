import type { Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { Actor } from '../actor.ts';
import { endSessions } from '../sessions.ts';
import { type Accounts, changeAccount } from './account-events.ts';
import { endResetLinks } from './one-time-links.ts';
import { unknownUser } from './sign-in.errors.ts';
import { findUserByEmail, type User } from './users.ts';

/** A user as the operator sees them. */
export interface ListedUser {
  id: string;
  email: string;
  name: string;
  isDisabled: boolean;
  hasSecondFactor: boolean;
  /** Short names. */
  workspaces: string[];
}

/**
 * Shuts a user out of the whole server, or lets them in again. Shutting ends their sessions and reset links; their
 * places stay. Changing nothing leaves no event. Only the operator can: an admin answers for one workspace.
 * @returns sessions that were ended. @throws access.unknown_user
 */
export async function setDisabled(
  accounts: Accounts,
  email: string,
  isDisabled: boolean,
  actor: Actor,
): Promise<{ user: User; sessions: number }> {
  const user = await accounts.database.inSystem((transaction) => findUserByEmail(transaction, email));
  if (user === undefined) throw new ConveyError(unknownUser);
  const { sessions } = await changeAccount(
    accounts,
    actor,
    async (transaction) => {
      const rows = await transaction.query(
        `update users set disabled_at = case when $2 then now() end
          where id = $1 and (disabled_at is not null) <> $2 returning id`,
        [user.id, isDisabled],
      );
      if (isDisabled) await endResetLinks(transaction, user.id);
      const ended = isDisabled ? await endSessions(transaction, user.id, { except: undefined }) : 0;
      return { isChanged: rows.length > 0, sessions: ended };
    },
    ({ isChanged, sessions: ended }) => {
      if (!isChanged) return undefined;
      return isDisabled
        ? { action: 'user.disabled', details: { sessions: ended } }
        : { action: 'user.enabled' };
    },
    user.id,
  );
  return { user, sessions };
}

/** Every user of this server, by address. */
export function listUsers(transaction: Transaction): Promise<ListedUser[]> {
  return transaction.query<ListedUser>(
    `select u.id, u.email, u.name, u.disabled_at is not null as "isDisabled",
            u.totp_confirmed_at is not null as "hasSecondFactor",
            array(select w.slug from members m join workspaces w on w.id = m.workspace_id
                   where m.user_id = u.id order by w.slug) as workspaces
       from users u order by u.email_key`,
  );
}
