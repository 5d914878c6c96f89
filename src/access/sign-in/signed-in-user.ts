import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccessDenied } from '../access.errors.ts';
import type { UserPrincipal } from '../principal.ts';
import { needsProof, signInAgain, wrongPassword } from './sign-in.errors.ts';
import { ConveyError } from '../../errors.ts';
import type { SignIn } from './sign-in.ts';
import { emailKeyOf, getUser, type User } from './users.ts';

/** How old the sign-in of somebody without a password may be where others give theirs. */
const FRESH_MINUTES = 10;

/** The person of a request to a route with `self.manage`, which no API key has. */
export function signedInUser({ principal }: FastifyRequest): UserPrincipal {
  if (principal.type !== 'user') throw new AccessDenied('self.manage');
  return principal;
}

/**
 * The signed-in user, after they gave their password once more: an open session alone does not change how one
 * signs in. Throws `access.wrong_password`, or `access.too_many_sign_ins`.
 */
export async function confirmPassword(
  { database, passwords, failures }: SignIn,
  request: FastifyRequest,
  reply: FastifyReply,
  password: string,
): Promise<User> {
  const { id, email } = signedInUser(request);
  const key = emailKeyOf(email);
  const { user, isRight } = await failures.guard(request, reply, { step: 'password', key }, async () => {
    const user = await database.inSystem((transaction) => getUser(transaction, id));
    return { user, isRight: await passwords.verify(password, user.passwordHash) };
  });
  if (!isRight) throw new ConveyError(wrongPassword);
  return user;
}

/**
 * Asks once more who sits there, before it changes how they sign in: by their password, or, of who signs in
 * elsewhere and has none, by a session that is not older than 10 minutes. Throws `access.needs_proof`,
 * `access.wrong_password`, `access.sign_in_again` or `access.too_many_sign_ins`.
 */
export async function confirmIdentity(
  signIn: SignIn,
  request: FastifyRequest,
  reply: FastifyReply,
  password: string | undefined,
): Promise<void> {
  const { id, sessionId } = signedInUser(request);
  const [row] = await signIn.database.querySystem<{ hasPassword: boolean; isFresh: boolean }>(
    `select u.password_hash is not null as "hasPassword",
            s.created_at > now() - $3 * interval '1 minute' as "isFresh"
       from users u join sessions s on s.user_id = u.id where u.id = $1 and s.id = $2`,
    [id, sessionId, FRESH_MINUTES],
  );
  if (row?.hasPassword !== true) {
    if (row?.isFresh !== true) throw new ConveyError(signInAgain);
    return;
  }
  if (password === undefined) throw new ConveyError(needsProof);
  await confirmPassword(signIn, request, reply, password);
}
