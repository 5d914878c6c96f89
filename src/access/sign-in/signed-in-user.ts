import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccessDenied } from '../access.errors.ts';
import type { UserPrincipal } from '../principal.ts';
import { wrongPassword } from './sign-in.errors.ts';
import { ConveyError } from '../../errors.ts';
import type { SignIn } from './sign-in.ts';
import { emailKeyOf, getUser, type User } from './users.ts';

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
