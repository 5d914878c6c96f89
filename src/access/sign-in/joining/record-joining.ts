import type { FastifyRequest } from 'fastify';
import { recordEvent } from '../../../audit/record-event.ts';
import type { Transaction } from '../../../database/connect.ts';
import { ConveyError } from '../../../errors.ts';
import { actedBy } from '../../actor.ts';
import { memberExists } from '../../members/members.errors.ts';
import type { Role } from '../../permissions.ts';
import { accountActor } from '../account-events.ts';
import { addMember, type User } from '../users.ts';

/** As what somebody joins a workspace. */
export interface Joining {
  /** Of the invitation; null: none was needed. */
  id: string | null;
  workspaceId: string;
  role: Role;
  audiences: readonly string[] | null;
  /** Who invited them: a user’s id, `operator` or `system`. */
  createdBy: string;
}

/** Makes a user a member, and records it as the last statement. Throws `access.member_exists`. */
export async function recordJoining(
  transaction: Transaction,
  request: FastifyRequest,
  user: Pick<User, 'id' | 'name'>,
  { id, workspaceId, role, audiences, createdBy }: Joining,
): Promise<void> {
  const isNew = await addMember(transaction, { workspaceId, userId: user.id, role, audiences });
  if (!isNew) throw new ConveyError(memberExists);
  const after = audiences === null ? null : [...audiences];
  await recordEvent(transaction, workspaceId, {
    ...actedBy(accountActor(user, request), {
      changes: { role: { before: null, after: role }, audiences: { before: null, after } },
    }),
    action: 'member.joined',
    outcome: 'success',
    target: { type: 'user', ref: user.id },
    details: { role, invitation: id, invited_by: createdBy },
  });
}
