import type { JsonObject } from '../../canonical-json.ts';
import { recordEvent } from '../../audit/record-event.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { Page } from '../../http/paging.ts';
import { actedBy, type Actor } from '../actor.ts';
import { type Role, rolesFor } from '../permissions.ts';
import { authorize, type Principal, rulesOf, workspaceOf } from '../principal.ts';
import { lastOwner, unknownMember } from './members.errors.ts';
import { lockPlaces, type Place, readPlace } from './place.ts';

/** Somebody in a workspace. */
export interface Member extends Place {
  userId: string;
  email: string;
  name: string;
  hasSecondFactor: boolean;
  lastSignInAt: Date | null;
  joinedAt: Date;
  /** Where a list goes on after this one. */
  position: string;
}

const MICROSECONDS = '(extract(epoch from m.created_at) * 1000000)::bigint';
const COLUMNS = `m.user_id as "userId", u.email, u.name, m.role, m.audiences,
  u.totp_confirmed_at is not null as "hasSecondFactor", u.last_sign_in_at as "lastSignInAt",
  m.created_at as "joinedAt", ${MICROSECONDS} || '_' || m.user_id as position`;

/** One page of a workspace's members, the oldest first. */
export function listMembers(
  transaction: Transaction,
  workspaceId: string,
  { after, limit }: Page,
): Promise<Member[]> {
  const [, joined = null, userId = null] = /^(\d{1,16})_(\w+)$/.exec(after ?? '') ?? [];
  return transaction.query<Member>(
    `select ${COLUMNS} from members m join users u on u.id = m.user_id
      where m.workspace_id = $1 and ($2::bigint is null or (${MICROSECONDS}, m.user_id) > ($2, $3))
      order by m.created_at, m.user_id limit $4`,
    [workspaceId, joined, userId, limit],
  );
}

/**
 * Changes a member's role, audiences or both. Holds at once: every request reads the member's place anew.
 * Who makes or unmakes an owner needs `workspace.own`.
 * @throws access.unknown_member, access.forbidden, access.last_owner, access.bad_audiences
 */
export async function changeMember(
  database: Database,
  principal: Principal,
  actor: Actor,
  {
    userId,
    role,
    audiences,
  }: { userId: string; role?: Role | undefined; audiences?: readonly string[] | null | undefined },
): Promise<Member> {
  const workspaceId = workspaceOf(principal);
  return database.inScope({ workspaceId }, async (transaction) => {
    const asker = await lockPlaces(transaction, principal);
    authorize(asker, 'members.manage');
    const before = await getMember(transaction, workspaceId, userId);
    // An editor who stays one keeps the audiences that are not spoken of.
    const nextRole = role ?? before.role;
    const kept = nextRole === 'editor' && before.role === 'editor' ? before.audiences : undefined;
    const next = readPlace(nextRole, audiences === undefined ? kept : audiences);
    if (before.role === 'owner' || next.role === 'owner') authorize(asker, 'workspace.own');
    if (isSame(before, next)) return before;
    if (next.role !== 'owner') await ensureNotLastOwner(transaction, workspaceId, before);
    await transaction.query(
      'update members set role = $3, audiences = $4 where workspace_id = $1 and user_id = $2',
      [workspaceId, userId, next.role, next.audiences],
    );
    const withdrawn = await withdrawInvitationsOf(transaction, asker, userId, next.role);
    const after = await getMember(transaction, workspaceId, userId);
    const changes: Record<string, JsonObject> = {};
    if (before.role !== next.role) changes['role'] = { before: before.role, after: next.role };
    if (!hasSameAudiences(before, next))
      changes['audiences'] = { before: before.audiences, after: next.audiences };
    await recordEvent(transaction, workspaceId, {
      ...actedBy(actor, { names: { member: before.name }, changes }),
      action: 'member.changed',
      target: { type: 'user', ref: userId },
      outcome: 'success',
      details: { fields: Object.keys(changes), withdrawn_invitations: withdrawn },
    });
    return after;
  });
}

/**
 * Takes a member out of the workspace; oneself, that is leaving. Their sessions lose the workspace at once. The
 * API keys they made stay: a key belongs to its workspace.
 * @throws access.unknown_member, access.forbidden, access.last_owner
 */
export async function removeMember(
  database: Database,
  principal: Principal,
  actor: Actor,
  userId: string,
): Promise<void> {
  const workspaceId = workspaceOf(principal);
  await database.inScope({ workspaceId }, async (transaction) => {
    const asker = await lockPlaces(transaction, principal);
    const isLeaving = principal.type === 'user' && userId === principal.id;
    // Before the member is looked for, so that nobody learns by trying who is one.
    if (!isLeaving) authorize(asker, 'members.manage');
    const before = await getMember(transaction, workspaceId, userId);
    if (before.role === 'owner') {
      if (!isLeaving) authorize(asker, 'workspace.own');
      await ensureNotLastOwner(transaction, workspaceId, before);
    }
    await transaction.query('delete from members where workspace_id = $1 and user_id = $2', [
      workspaceId,
      userId,
    ]);
    await transaction.query(
      'update sessions set workspace_id = null where user_id = $1 and workspace_id = $2',
      [userId, workspaceId],
    );
    const withdrawn = await withdrawInvitationsOf(transaction, principal, userId, undefined);
    const changes: Record<string, JsonObject> = { role: { before: before.role, after: null } };
    if (before.audiences !== null) changes['audiences'] = { before: before.audiences, after: null };
    await recordEvent(transaction, workspaceId, {
      ...actedBy(actor, { names: { member: before.name }, changes }),
      action: 'member.removed',
      target: { type: 'user', ref: userId },
      outcome: 'success',
      details: { left: isLeaving, withdrawn_invitations: withdrawn },
    });
  });
}

async function getMember(transaction: Transaction, workspaceId: string, userId: string): Promise<Member> {
  const [member] = await transaction.query<Member>(
    `select ${COLUMNS} from members m join users u on u.id = m.user_id
      where m.workspace_id = $1 and m.user_id = $2`,
    [workspaceId, userId],
  );
  if (member === undefined) throw new ConveyError(unknownMember);
  return member;
}

/** To be asked behind the lock, or two owners could leave at the same time. */
async function ensureNotLastOwner(
  transaction: Transaction,
  workspaceId: string,
  { role, userId }: Pick<Member, 'role' | 'userId'>,
): Promise<void> {
  if (role !== 'owner') return;
  const others = await transaction.query(
    `select from members where workspace_id = $1 and role = 'owner' and user_id <> $2 limit 1`,
    [workspaceId, userId],
  );
  if (others.length === 0) throw new ConveyError(lastOwner);
}

/** Who may no longer invite, or no longer invite owners, leaves no open invitation that does. */
async function withdrawInvitationsOf(
  transaction: Transaction,
  asker: Principal,
  userId: string,
  role: Role | undefined,
): Promise<number> {
  const may = (permission: 'members.manage' | 'workspace.own') =>
    role !== undefined && rolesFor(permission, rulesOf(asker) ?? { tightening: {} }).includes(role);
  const rows = await transaction.query(
    `update one_time_links set used_at = now()
      where kind = 'invite' and workspace_id = $1 and created_by = $2 and used_at is null
        and case when role = 'owner' then not $4::boolean else not $3::boolean end
      returning id`,
    [workspaceOf(asker), userId, may('members.manage'), may('workspace.own')],
  );
  return rows.length;
}

function isSame(one: Place, other: Place): boolean {
  return one.role === other.role && hasSameAudiences(one, other);
}

function hasSameAudiences(one: Place, other: Place): boolean {
  return JSON.stringify(one.audiences) === JSON.stringify(other.audiences);
}
