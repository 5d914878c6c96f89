import { recordEvent } from '../../audit/record-event.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { Page } from '../../http/paging.ts';
import type { Mailer } from '../../notify/mail/mailer.ts';
import { actedBy, type Actor } from '../actor.ts';
import { authorize, type Principal, workspaceOf } from '../principal.ts';
import { makeOneTimeLink, oneTimeLinkAddress } from '../sign-in/one-time-links.ts';
import { emailKeyOf, ensureEmail } from '../sign-in/users.ts';
import { memberExists, unknownInvitation } from './members.errors.ts';
import { lockPlaces, type Place } from './place.ts';

/** A link that makes somebody a member, not used yet. */
export interface Invitation extends Place {
  id: string;
  email: string;
  createdBy: string;
  createdAt: Date;
  expiresAt: Date;
}

export interface InvitationDependencies {
  database: Database;
  mailer: Mailer;
  publicUrl: string;
}

const COLUMNS = `id, email, role, audiences, created_by as "createdBy", created_at as "createdAt",
  expires_at as "expiresAt"`;
const IS_OPEN = `kind = 'invite' and workspace_id = $1 and used_at is null`;

/** One page of the invitations that were neither used nor withdrawn, those past their time included. */
export function listInvitations(
  transaction: Transaction,
  workspaceId: string,
  { after, limit }: Page,
): Promise<Invitation[]> {
  return transaction.query<Invitation>(
    `select ${COLUMNS} from one_time_links
      where ${IS_OPEN} and ($2::text is null or id > $2) order by id limit $3`,
    [workspaceId, after ?? null, limit],
  );
}

/** One of them. Throws `access.unknown_invitation`. */
export async function getInvitation(
  transaction: Transaction,
  workspaceId: string,
  id: string,
): Promise<Invitation> {
  const [invitation] = await transaction.query<Invitation>(
    `select ${COLUMNS} from one_time_links where ${IS_OPEN} and id = $2`,
    [workspaceId, id],
  );
  if (invitation === undefined) throw new ConveyError(unknownInvitation);
  return invitation;
}

/**
 * Invites somebody by mail. An older invitation of the same address ends: one link at a time. Only an owner invites
 * an owner. The link is in the mail alone, so that whoever invites cannot accept in another's name.
 * @throws access.bad_email, access.member_exists, access.forbidden
 */
export async function invite(
  { database, mailer, publicUrl }: InvitationDependencies,
  principal: Principal,
  actor: Actor,
  { email: given, role, audiences }: Place & { email: string },
): Promise<Invitation> {
  const email = ensureEmail(given);
  const workspaceId = workspaceOf(principal);
  return database.inScope({ workspaceId }, async (transaction) => {
    const asker = await lockPlaces(transaction, principal);
    authorize(asker, 'members.manage');
    if (role === 'owner') authorize(asker, 'workspace.own');
    const members = await transaction.query(
      `select from members m join users u on u.id = m.user_id where m.workspace_id = $1 and u.email_key = $2`,
      [workspaceId, emailKeyOf(email)],
    );
    if (members.length > 0) throw new ConveyError(memberExists);
    const open = await transaction.query<{ id: string; email: string; role: string }>(
      `select id, email, role from one_time_links where ${IS_OPEN}`,
      [workspaceId],
    );
    const older = open.filter((link) => emailKeyOf(link.email) === emailKeyOf(email));
    if (older.some((link) => link.role === 'owner')) authorize(asker, 'workspace.own');
    await transaction.query('update one_time_links set used_at = now() where id = any ($1)', [
      older.map(({ id }) => id),
    ]);
    const made = await makeOneTimeLink(transaction, {
      kind: 'invite',
      email,
      workspaceId,
      role,
      audiences,
      createdBy: actor.ref,
    });
    const [workspace] = await transaction.query<{ name: string }>(
      'select name from workspaces where id = $1',
      [workspaceId],
    );
    const link = oneTimeLinkAddress(publicUrl, 'invite', made.token);
    await mailer.queue(transaction, {
      to: email,
      template: 'invite',
      workspaceId,
      values: { link, workspace: workspace?.name ?? '', role, inviter: principal.name },
    });
    const invitation = await getInvitation(transaction, workspaceId, made.id);
    await recordEvent(transaction, workspaceId, {
      ...actedBy(actor, {
        email,
        changes: {
          role: { before: null, after: role },
          ...(audiences === null ? {} : { audiences: { before: null, after: audiences } }),
        },
      }),
      action: 'member.invited',
      target: { type: 'invitation', ref: made.id },
      outcome: 'success',
      details: { role, replaced: older.map(({ id }) => id) },
    });
    return invitation;
  });
}

/**
 * Withdraws an invitation: its link opens nothing from then on. Only an owner withdraws an owner's.
 * @throws access.unknown_invitation, access.forbidden
 */
export async function withdrawInvitation(
  database: Database,
  principal: Principal,
  actor: Actor,
  id: string,
): Promise<void> {
  const workspaceId = workspaceOf(principal);
  await database.inScope({ workspaceId }, async (transaction) => {
    const asker = await lockPlaces(transaction, principal);
    authorize(asker, 'members.manage');
    const invitation = await getInvitation(transaction, workspaceId, id);
    if (invitation.role === 'owner') authorize(asker, 'workspace.own');
    const rows = await transaction.query(
      `update one_time_links set used_at = now() where ${IS_OPEN} and id = $2 returning id`,
      [workspaceId, id],
    );
    if (rows.length === 0) throw new ConveyError(unknownInvitation); // was accepted a moment ago
    await recordEvent(transaction, workspaceId, {
      ...actedBy(actor, {
        email: invitation.email,
        changes: { role: { before: invitation.role, after: null } },
      }),
      action: 'member.invitation_withdrawn',
      target: { type: 'invitation', ref: id },
      outcome: 'success',
      details: { role: invitation.role },
    });
  });
}
