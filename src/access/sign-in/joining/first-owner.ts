import { recordEvent } from '../../../audit/record-event.ts';
import { advisoryLocks } from '../../../database/advisory-locks.ts';
import type { Database, Transaction } from '../../../database/connect.ts';
import { ConveyError } from '../../../errors.ts';
import { slugTaken } from '../../access.errors.ts';
import { actedBy, type Actor } from '../../actor.ts';
import { createWorkspace, type Workspace } from '../../workspaces/workspaces.ts';
import { recordAccountEvent } from '../account-events.ts';
import { getOneTimeLink, makeOneTimeLink, oneTimeLinkAddress, useOneTimeLink } from '../one-time-links.ts';
import { unknownLink, workspaceNeeded } from '../sign-in.errors.ts';
import { addMember, createUser, hasUsers, type User } from '../users.ts';

/**
 * The link with which the first person becomes the owner, for 24 hours; undefined once there is any user. Each
 * start makes one, as only its hash is kept; all of them end with the first that is used.
 */
export async function makeFirstOwnerLink(database: Database, publicUrl: string): Promise<string | undefined> {
  return database.inSystem(async (transaction) => {
    if (await hasUsers(transaction)) return undefined;
    const { token } = await makeOneTimeLink(transaction, { kind: 'first_owner', createdBy: 'system' });
    return oneTimeLinkAddress(publicUrl, 'first_owner', token);
  });
}

/** The workspace that the first owner gets: the oldest; undefined: they make one. Throws `access.unknown_link`. */
export async function findFirstWorkspace(
  transaction: Transaction,
  token: string,
): Promise<{ id: string; slug: string; name: string } | undefined> {
  await getOneTimeLink(transaction, 'first_owner', token);
  if (await hasUsers(transaction)) throw new ConveyError(unknownLink);
  const [workspace] = await transaction.query<Workspace>(
    `select id, slug, name from workspaces where kind = 'team' order by created_at, id limit 1`,
  );
  return workspace;
}

/**
 * Makes the first user, the owner of the first workspace, which is made if there is none. Of several at once only
 * one becomes it; the others find their link used up.
 * @throws access.unknown_link, access.workspace_needed, access.bad_slug, access.bad_name, access.bad_email
 */
export async function becomeFirstOwner(
  database: Database,
  token: string,
  person: { email: string; name: string; passwordHash: string; locale: string },
  newWorkspace: { slug?: string | undefined; name?: string | undefined },
  actorFor: (user: User) => Actor,
): Promise<User> {
  const found = await database.inSystem((transaction) => findFirstWorkspace(transaction, token));
  const { id: workspaceId } = found ?? (await makeFirstWorkspace(database, token, newWorkspace));
  return database.inScope({ workspaceId }, async (transaction) => {
    await transaction.query('select pg_advisory_xact_lock($1)', [advisoryLocks.firstOwner]);
    await useOneTimeLink(transaction, 'first_owner', token);
    if (await hasUsers(transaction)) throw new ConveyError(unknownLink);
    const user = await createUser(transaction, person);
    await addMember(transaction, { workspaceId, userId: user.id, role: 'owner', audiences: null });
    await transaction.query(
      `update one_time_links set used_at = now() where kind = 'first_owner' and used_at is null`,
    );
    await recordAccountEvent(transaction, workspaceId, actorFor(user), { action: 'user.created' });
    await recordEvent(transaction, workspaceId, {
      ...actedBy(actorFor(user), { changes: { role: { before: null, after: 'owner' } } }),
      action: 'member.joined',
      outcome: 'success',
      target: { type: 'user', ref: user.id },
      details: { role: 'owner', invitation: null, invited_by: 'system' },
    });
    return user;
  });
}

/** Who loses a race finds the other’s workspace: not its name is in the way, but that the link will be used up. */
async function makeFirstWorkspace(
  database: Database,
  token: string,
  newWorkspace: { slug?: string | undefined; name?: string | undefined },
): Promise<{ id: string }> {
  try {
    return await makeWorkspace(database, newWorkspace);
  } catch (error) {
    if (!(error instanceof ConveyError) || error.kind !== slugTaken) throw error;
    const made = await database.inSystem((transaction) => findFirstWorkspace(transaction, token));
    if (made === undefined) throw error;
    return made;
  }
}

async function makeWorkspace(
  database: Database,
  { slug, name }: { slug?: string | undefined; name?: string | undefined },
): Promise<Workspace> {
  if (slug === undefined || name === undefined) {
    const fields = [
      ...(name === undefined ? [{ pointer: '/workspace_name', detail: 'is missing; takes a name' }] : []),
      ...(slug === undefined
        ? [{ pointer: '/workspace_slug', detail: 'is missing; takes a short name' }]
        : []),
    ];
    throw new ConveyError(workspaceNeeded, undefined, { fields });
  }
  return createWorkspace(database, { slug, name }, { type: 'system', ref: 'system', interface: 'web' });
}
