import type { Database, Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import { ensureName, isPlain } from '../name.ts';
import type { Role } from '../permissions.ts';
import { badEmail, emailTaken } from './sign-in.errors.ts';

export interface User {
  id: string;
  email: string;
  name: string;
  locale: string;
  /** bcrypt; null: signs in elsewhere. */
  passwordHash: string | null;
  /** A second factor is in force. */
  hasSecondFactor: boolean;
  disabledAt: Date | null;
}

/** A workspace that a user is a member of. */
export interface Place {
  id: string;
  slug: string;
  name: string;
  role: Role;
  audiences: string[] | null;
  requiresSecondFactor: boolean;
}

const COLUMNS = `id, email, name, locale, password_hash as "passwordHash",
  totp_confirmed_at is not null as "hasSecondFactor", disabled_at as "disabledAt"`;
/** RFC 5321 §4.5.3.1.3. */
const LONGEST_EMAIL = 254;
/** Narrower than RFC 5322: one address, nothing that a mail's header or a list of recipients would read. */
const EMAIL = /^[^\s\p{Cc}@"<>(),:;\\[\]]{1,64}@[^\s\p{Cc}@"<>(),:;\\[\]]*[^\s\p{Cc}@"<>(),:;\\[\].]$/u;

/** An address as it is compared: two spellings that people take for the same are the same. */
export function emailKeyOf(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/** The address without blanks around it. Throws `access.bad_email` for what is none. */
export function ensureEmail(email: string): string {
  const trimmed = email.normalize('NFKC').trim();
  if (!isPlain(trimmed) || trimmed.length > LONGEST_EMAIL || !EMAIL.test(trimmed))
    throw new ConveyError(badEmail);
  return trimmed;
}

/**
 * Makes a user. Throws `access.bad_email`, `access.bad_name` or `access.email_taken`. Part of the caller's
 * transaction, which records it.
 * @param passwordHash of `hashPassword`; left out: the user signs in at another provider
 */
export async function createUser(
  transaction: Transaction,
  {
    email,
    name,
    passwordHash,
    locale = 'en',
  }: { email: string; name: string; passwordHash?: string; locale?: string },
): Promise<User> {
  const address = ensureEmail(email);
  ensureName(name);
  const [user] = await transaction.query<User>(
    `insert into users (id, email, email_key, name, locale, password_hash, password_changed_at)
     values ($1, $2, $3, $4, $5, $6, case when $6::text is null then null else now() end)
     on conflict (email_key) do nothing returning ${COLUMNS}`,
    [newId('usr'), address, emailKeyOf(address), name, locale, passwordHash ?? null],
  );
  if (user === undefined) throw new ConveyError(emailTaken);
  return user;
}

/** Finds a user by their address, however it is spelt. */
export async function findUserByEmail(transaction: Transaction, email: string): Promise<User | undefined> {
  const [user] = await transaction.query<User>(`select ${COLUMNS} from users where email_key = $1`, [
    emailKeyOf(email),
  ]);
  return user;
}

/** Finds a user by id; one who is not there is a programming error and throws. */
export async function getUser(transaction: Transaction, id: string): Promise<User> {
  const [user] = await transaction.query<User>(`select ${COLUMNS} from users where id = $1`, [id]);
  if (user === undefined) throw new Error(`there is no user ${id}`);
  return user;
}

/** Takes the password away: from then on none opens. False: there was none. */
export async function clearPassword(transaction: Transaction, userId: string): Promise<boolean> {
  const rows = await transaction.query(
    `update users set password_hash = null, password_changed_at = now()
      where id = $1 and password_hash is not null returning id`,
    [userId],
  );
  return rows.length > 0;
}

/** Sets a password: from then on only this one opens. */
export async function setPassword(
  transaction: Transaction,
  userId: string,
  passwordHash: string,
): Promise<void> {
  await transaction.query('update users set password_hash = $2, password_changed_at = now() where id = $1', [
    userId,
    passwordHash,
  ]);
}

/** Changes what others see of a user, or the language of their mails. @returns the names of what is another now */
export async function changeProfile(
  transaction: Transaction,
  userId: string,
  { name, locale }: { name?: string | undefined; locale?: string | undefined },
): Promise<string[]> {
  const [before] = await transaction.query<Pick<User, 'name' | 'locale'>>(
    'select name, locale from users where id = $1 for update',
    [userId],
  );
  await transaction.query(
    'update users set name = coalesce($2, name), locale = coalesce($3, locale) where id = $1',
    [userId, name ?? null, locale ?? null],
  );
  return [
    ...(name === undefined || name === before!.name ? [] : ['name']),
    ...(locale === undefined || locale === before!.locale ? [] : ['locale']),
  ];
}

/** The workspaces that a user is a member of, in the order in which they joined. */
export async function listPlaces(database: Database, userId: string): Promise<Place[]> {
  return database.inSystem((transaction) =>
    transaction.query<Place>(
      `select w.id, w.slug, w.name, m.role, m.audiences, w.requires_second_factor as "requiresSecondFactor"
         from members m join workspaces w on w.id = m.workspace_id
        where m.user_id = $1 order by m.created_at, w.id`,
      [userId],
    ),
  );
}

/** Makes a user a member; false: was one already. Part of the caller's transaction, which records it. */
export async function addMember(
  transaction: Transaction,
  member: { workspaceId: string; userId: string; role: Role; audiences: readonly string[] | null },
): Promise<boolean> {
  const { workspaceId, userId, role, audiences } = member;
  const rows = await transaction.query(
    `insert into members (workspace_id, user_id, role, audiences) values ($1, $2, $3, $4)
     on conflict do nothing returning user_id`,
    [workspaceId, userId, role, audiences],
  );
  return rows.length > 0;
}

/** Whether there is any user: until then the server waits for its first owner. */
export async function hasUsers(transaction: Transaction): Promise<boolean> {
  const [row] = await transaction.query<{ found: boolean }>('select exists (select from users) as found');
  return row!.found;
}
