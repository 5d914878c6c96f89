import { z } from 'zod';
import type { Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { badAudiences } from './members.errors.ts';
import { type Role, ROLES } from '../permissions.ts';
import { type Membership, type Principal, workspaceOf } from '../principal.ts';

const MOST_AUDIENCES = 200;
const LONGEST_AUDIENCE = 100;

/** What somebody is, or is to be, in a workspace. */
export interface Place {
  role: Role;
  /** Of an editor; null for the other roles: all. */
  audiences: string[] | null;
}

/** A place's fields as requests bring them. */
export const placeFields = {
  role: z.enum(ROLES).describe('What they may do: see `GET /v1/permissions`.'),
  audiences: z
    .array(z.string().min(1).max(LONGEST_AUDIENCE))
    .max(MOST_AUDIENCES)
    .nullable()
    .optional()
    .describe('Of an editor, who needs it: the audiences within reach. The other roles take none.'),
};

/** A place's fields as replies show them. */
export const placeShown = {
  role: z.enum(ROLES),
  audiences: z.array(z.string()).nullable().describe('Of an editor; null for the other roles: all.'),
};

/** Puts role and audiences together. Throws `access.bad_audiences`. */
export function readPlace(role: Role, audiences: readonly string[] | null | undefined): Place {
  const isEditor = role === 'editor';
  if (isEditor !== (audiences !== undefined && audiences !== null)) {
    const detail = isEditor ? 'needs a list' : `takes none with the role ${role}`;
    throw new ConveyError(badAudiences, undefined, { fields: [{ pointer: '/audiences', detail }] });
  }
  return { role, audiences: audiences === undefined || audiences === null ? null : [...new Set(audiences)] };
}

/**
 * Waits until nobody else changes members or settings of the principal's workspace; its turn ends with the
 * transaction. Gives the principal as they stand then: a role may have been taken away since the request came in.
 */
export async function lockPlaces<Who extends Principal>(
  transaction: Transaction,
  principal: Who,
): Promise<Who> {
  const workspaceId = workspaceOf(principal);
  await transaction.query('select from workspaces where id = $1 for no key update', [workspaceId]);
  if (principal.type === 'api_key') return principal;
  // A statement of its own: only one that begins after the lock was given sees what its last holder left.
  return { ...principal, membership: await readMembership(transaction, workspaceId, principal.id) };
}

/** What a user is in a workspace as it stands, by the workspace’s rules; undefined: nothing. */
export async function readMembership(
  transaction: Transaction,
  workspaceId: string,
  userId: string,
): Promise<Membership | undefined> {
  const [row] = await transaction.query<{
    role: Role;
    audiences: string[] | null;
    planFeatures: string[] | null;
    tightening: Record<string, string[]>;
  }>(
    `select m.role, m.audiences, w.plan_features as "planFeatures", w.tightening
       from members m join workspaces w on w.id = m.workspace_id
      where m.workspace_id = $1 and m.user_id = $2`,
    [workspaceId, userId],
  );
  if (row === undefined) return undefined;
  const { role, audiences, ...rules } = row;
  return { workspaceId, role, audiences, rules };
}
