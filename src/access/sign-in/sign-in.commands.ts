import { recordEvent } from '../../audit/record-event.ts';
import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { operator } from '../access.commands.ts';
import { memberExists } from '../members/members.errors.ts';
import { readPlace } from '../members/place.ts';
import type { Role } from '../permissions.ts';
import { getWorkspace } from '../workspaces/workspaces.ts';
import type { Accounts } from './account-events.ts';
import { makeOneTimeLink, oneTimeLinkAddress } from './one-time-links.ts';
import { type ListedUser, listUsers, setDisabled } from './shut-users.ts';
import { emailKeyOf, ensureEmail, type User } from './users.ts';

/** `convey user list`: by address. */
export function listAllUsers(database: Database): Promise<ListedUser[]> {
  return database.inSystem((transaction) => listUsers(transaction));
}

/** `convey user disable` and `enable`. Throws `access.unknown_user`. */
export function shutUser(
  accounts: Accounts,
  { email, isDisabled }: { email: string; isDisabled: boolean },
): Promise<{ user: User; sessions: number }> {
  return setDisabled(accounts, email, isDisabled, operator);
}

/**
 * `convey user create`: a link that makes somebody a member, for the operator to hand over; no mail is sent.
 * Throws `access.bad_email`, `access.bad_audiences`, `access.unknown_workspace` or `access.member_exists`.
 */
export async function inviteByOperator(
  database: Database,
  publicUrl: string,
  options: { email: string; workspace: string; role: Role; audiences?: readonly string[] },
): Promise<{ id: string; link: string; expiresAt: Date }> {
  const email = ensureEmail(options.email);
  const { role, audiences } = readPlace(options.role, options.audiences);
  const { id: workspaceId } = await database.inSystem((transaction) =>
    getWorkspace(transaction, options.workspace),
  );
  return database.inScope({ workspaceId }, async (transaction) => {
    const members = await transaction.query(
      `select from members m join users u on u.id = m.user_id where m.workspace_id = $1 and u.email_key = $2`,
      [workspaceId, emailKeyOf(email)],
    );
    if (members.length > 0) throw new ConveyError(memberExists);
    const { id, token, expiresAt } = await makeOneTimeLink(transaction, {
      kind: 'invite',
      email,
      workspaceId,
      role,
      audiences,
      createdBy: 'operator',
    });
    await recordEvent(transaction, workspaceId, {
      action: 'member.invited',
      actor: { type: operator.type, ref: operator.ref },
      interface: operator.interface,
      target: { type: 'invitation', ref: id },
      outcome: 'success',
      details: { role },
      personal: { email, changes: { role: { before: null, after: role } } },
    });
    return { id, link: oneTimeLinkAddress(publicUrl, 'invite', token), expiresAt };
  });
}
