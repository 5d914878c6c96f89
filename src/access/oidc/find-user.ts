import type { FastifyRequest } from 'fastify';
import type { Database, Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { ensureName } from '../name.ts';
import type { Role } from '../permissions.ts';
import { accountActor, changeAccount, recordAccountEvent } from '../sign-in/account-events.ts';
import { endSessions } from '../sessions.ts';
import { endResetLinks } from '../sign-in/one-time-links.ts';
import { passwordChanged } from '../sign-in/passwords/password-changed.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { type Joining, recordJoining } from '../sign-in/joining/record-joining.ts';
import {
  clearPassword,
  createUser,
  emailKeyOf,
  findUserByEmail,
  getUser,
  type User,
} from '../sign-in/users.ts';
import { getWorkspace } from '../workspaces/workspaces.ts';
import type { Identity } from './identity-provider.ts';
import { oidcNoAccount } from './oidc.errors.ts';

/** Where users are kept, and how they are told. */
type People = Pick<SignIn, 'database' | 'log' | 'mailer'>;

/** Whose addresses count, and who may join uninvited. */
export interface OidcPeople {
  /** Empty: any. */
  domains: readonly string[];
  join: { workspace: string; role: Role } | undefined;
}

/** The audience of editors who join uninvited: what everybody may see. */
const DEFAULT_AUDIENCES = ['public'];

/**
 * The user whom a provider’s person is. First the one tied to them (issuer and subject, which never change
 * hands); else, by an address that the provider has verified, a user who is then tied to them, or somebody
 * invited, or whom the settings let join, who is made a user.
 * @throws access.oidc_no_account
 */
export async function findOrJoin(
  { database, log, mailer }: People,
  request: FastifyRequest,
  identity: Identity,
  { domains, join }: OidcPeople,
): Promise<User> {
  const known = await database.inSystem((transaction) => findByIdentity(transaction, identity));
  if (known !== undefined) return ensureOpen(known);
  const { email } = identity;
  if (email === undefined || !identity.isEmailVerified)
    throw new ConveyError(oidcNoAccount, 'The provider does not say that it has verified your address.');
  const domain = emailKeyOf(email).split('@').at(-1)!;
  if (domains.length > 0 && !domains.includes(domain)) throw new ConveyError(oidcNoAccount);

  const user = await database.inSystem((transaction) => findUserByEmail(transaction, email));
  if (user !== undefined) return link({ database, log, mailer }, request, ensureOpen(user), identity);
  const invitations = await database.inSystem((transaction) => listInvitations(transaction, email));
  if (invitations.length === 0 && join !== undefined) invitations.push(await uninvited(database, join));
  const [first, ...others] = invitations;
  if (first === undefined) throw new ConveyError(oidcNoAccount);
  const made = await joinAsNew(database, request, { ...identity, email }, first);
  for (const other of others) {
    await database.inScope({ workspaceId: other.workspaceId }, async (transaction) => {
      if (await isTaken(transaction, other)) await recordJoining(transaction, request, made, other);
    });
  }
  return made;
}

function ensureOpen(user: User): User {
  if (user.disabledAt !== null) throw new ConveyError(oidcNoAccount, 'Your account here was shut.');
  return user;
}

async function findByIdentity(
  transaction: Transaction,
  { issuer, subject }: Identity,
): Promise<User | undefined> {
  const [row] = await transaction.query<{ id: string }>(
    'select user_id as id from user_identities where issuer = $1 and subject = $2',
    [issuer, subject],
  );
  return row && getUser(transaction, row.id);
}

/** Ties a user to who they are at the provider. False: another person there is this user already. */
async function tie(
  transaction: Transaction,
  userId: string,
  { issuer, subject }: Identity,
): Promise<boolean> {
  const rows = await transaction.query(
    `insert into user_identities (issuer, subject, user_id)
     select $1, $2, $3
      where not exists (select from user_identities where issuer = $1 and user_id = $3)
     on conflict do nothing returning user_id`,
    [issuer, subject, userId],
  );
  return rows.length > 0;
}

/**
 * Ties a user to who they are over there, for the first time. Whoever had the account until now knew its password or
 * holds its sessions, and need not be who the provider says owns the address: both end.
 */
async function link(people: People, request: FastifyRequest, user: User, identity: Identity): Promise<User> {
  const { issuer } = identity;
  const { linked } = await changeAccount(
    people,
    accountActor(user, request),
    async (transaction) => {
      await transaction.query('select from users where id = $1 for update', [user.id]);
      // An address that was given to somebody else over there must not open the account of who had it before.
      if (!(await tie(transaction, user.id, identity)))
        throw new ConveyError(oidcNoAccount, 'Somebody else over there has used this address here before.');
      const hadPassword = await clearPassword(transaction, user.id);
      await endResetLinks(transaction, user.id);
      if (hadPassword) await people.mailer.queue(transaction, passwordChanged(user));
      const sessions = await endSessions(transaction, user.id, { except: undefined });
      return { linked: { ...user, passwordHash: null }, hadPassword, sessions };
    },
    ({ hadPassword, sessions }) => ({
      action: 'user.identity_linked',
      details: { issuer, password_ended: hadPassword, sessions },
    }),
  );
  return linked;
}

/** The open invitations of an address, the oldest first. */
function listInvitations(transaction: Transaction, email: string): Promise<Joining[]> {
  return transaction.query<Joining>(
    `select id, workspace_id as "workspaceId", role, audiences, created_by as "createdBy" from one_time_links
      where kind = 'invite' and used_at is null and expires_at > now()
        and lower(btrim(normalize(email, nfkc))) = $1
      order by created_at, id`,
    [emailKeyOf(email)],
  );
}

async function uninvited(
  database: Database,
  { workspace, role }: { workspace: string; role: Role },
): Promise<Joining> {
  const { id: workspaceId } = await database.inSystem((transaction) => getWorkspace(transaction, workspace));
  const audiences = role === 'editor' ? DEFAULT_AUDIENCES : null;
  return { id: null, workspaceId, role, audiences, createdBy: 'system' };
}

/** Uses an invitation up; false: it was used or withdrawn a moment ago. */
async function isTaken(transaction: Transaction, { id }: Joining): Promise<boolean> {
  if (id === null) return true;
  const rows = await transaction.query(
    'update one_time_links set used_at = now() where id = $1 and used_at is null returning id',
    [id],
  );
  return rows.length > 0;
}

async function joinAsNew(
  database: Database,
  request: FastifyRequest,
  identity: Identity & { email: string },
  invitation: Joining,
): Promise<User> {
  const { workspaceId } = invitation;
  return database.inScope({ workspaceId }, async (transaction) => {
    if (!(await isTaken(transaction, invitation))) throw new ConveyError(oidcNoAccount);
    const user = await createUser(transaction, { email: identity.email, name: nameOf(identity) });
    await tie(transaction, user.id, identity);
    const account = accountActor(user, request);
    await recordAccountEvent(transaction, workspaceId, account, { action: 'user.created' });
    const details = { issuer: identity.issuer };
    await recordAccountEvent(transaction, workspaceId, account, { action: 'user.identity_linked', details });
    await recordJoining(transaction, request, user, invitation);
    return user;
  });
}

/** The name that the provider tells, where it is one that Convey takes; else the address up to the “@”. */
function nameOf({ name = '', email }: { name?: string | undefined; email: string }): string {
  try {
    ensureName(name);
    return name;
  } catch {
    return email.split('@')[0]!;
  }
}
