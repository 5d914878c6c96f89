import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../../database/connect.ts';
import type { HashCounted } from '../../database/hash-counted.ts';
import { ConveyError } from '../../errors.ts';
import { ensureSameOrigin } from '../../http/refuse-cross-site.ts';
import type { SealedTexts } from '../../keys/sealed-texts.ts';
import type { Log } from '../../log.ts';
import type { Mailer } from '../../notify/mail/mailer.ts';
import { sessionTokenOf, setSessionCookie } from '../session-cookie.ts';
import { endSessionOf, findSession, openSession, type OpenSession, type SessionLimits } from '../sessions.ts';
import { accountActor, changeAccount } from './account-events.ts';
import { FailedSignIns } from './failures/failed-sign-ins.ts';
import { Passwords } from './passwords/passwords.ts';
import { type CodeKind, useCode } from './second-factor/second-factor.ts';
import { badCode, signInFailed } from './sign-in.errors.ts';
import { emailKeyOf, findUserByEmail, type User } from './users.ts';

export interface SignInDependencies {
  database: Database;
  log: Log;
  mailer: Mailer;
  sealedTexts: SealedTexts;
  hashCounted: HashCounted;
  sessions: SessionLimits;
  publicUrl: string;
  productName: string;
  /** bcrypt's; tests take a cheap one. */
  passwordCost?: number | undefined;
}

/** What everything about signing in works with. */
export interface SignIn extends SignInDependencies {
  passwords: Passwords;
  failures: FailedSignIns;
}

/** Puts it together. Close `failures` before the database. */
export function createSignIn(dependencies: SignInDependencies): SignIn {
  const { passwordCost } = dependencies;
  return {
    ...dependencies,
    passwords: new Passwords(passwordCost),
    failures: new FailedSignIns(dependencies),
  };
}

/** How a session came to be. */
export interface SessionStart {
  user: User;
  method: 'password' | 'oidc' | 'link';
  /** The code that was shown. */
  secondFactor?: CodeKind;
}

/**
 * Opens a session for somebody who has shown who they are, hands its cookie to the browser and records it. Where
 * a second factor is set up and was not shown, the session waits for it and opens nothing else; who signs in at
 * another provider (`oidc`) has the factors of that place. The session of the same user that the browser had before,
 * also the one that waited for the code, ends.
 */
export async function startSession(
  signIn: SignIn,
  request: FastifyRequest,
  reply: FastifyReply,
  { user, method, secondFactor }: SessionStart,
): Promise<{ awaitsSecondFactor: boolean }> {
  const awaitsSecondFactor = user.hasSecondFactor && method !== 'oidc' && secondFactor === undefined;
  const account = accountActor(user, request);
  const before = sessionTokenOf(request);
  const opened = await changeAccount(
    signIn,
    account,
    async (transaction) => {
      if (before !== undefined) await endSessionOf(transaction, user.id, before);
      if (!awaitsSecondFactor)
        await transaction.query('update users set last_sign_in_at = now() where id = $1', [user.id]);
      const from = { ip: request.ip, userAgent: request.headers['user-agent'] ?? '' };
      return openSession(
        transaction,
        { userId: user.id, method, awaitsSecondFactor, ...from },
        signIn.sessions,
      );
    },
    ({ id }) =>
      awaitsSecondFactor
        ? undefined
        : {
            action: 'user.signed_in',
            details: {
              method,
              session: id,
              ...(secondFactor === undefined ? {} : { second_factor: secondFactor }),
            },
          },
  );
  setSessionCookie(request, reply, opened);
  return { awaitsSecondFactor };
}

/**
 * Who has this address and password. A wrong one, an unknown address and a user who was shut out answer alike and
 * take the same time. Throws `access.sign_in_failed` or `access.too_many_sign_ins`.
 */
export async function checkCredentials(
  { database, passwords, failures }: SignIn,
  request: FastifyRequest,
  reply: FastifyReply,
  { email, password }: { email: string; password: string },
): Promise<User> {
  const key = emailKeyOf(email);
  const { user, isRight } = await failures.guard(request, reply, { step: 'password', key }, async () => {
    const found = await database.inSystem((transaction) => findUserByEmail(transaction, email));
    const hash = found?.disabledAt === null ? found.passwordHash : undefined;
    return { user: found, isRight: await passwords.verify(password, hash) };
  });
  if (!isRight) throw new ConveyError(signInFailed);
  return user!;
}

/**
 * What the code of a user’s second factor is that somebody gave after the password. Throws `access.bad_code` or
 * `access.too_many_sign_ins`.
 */
export async function checkCode(
  { database, sealedTexts, failures, hashCounted }: SignIn,
  request: FastifyRequest,
  reply: FastifyReply,
  { user, code }: { user: User; code: string },
): Promise<CodeKind> {
  const { id: key } = user;
  let kind: CodeKind | 'repeated' | undefined;
  await failures.guard(request, reply, { step: 'second_factor', key }, async () => {
    kind = await database.inSystem((transaction) =>
      useCode(transaction, { sealedTexts, hashCounted }, key, code),
    );
    return { user, isRight: kind !== undefined && kind !== 'repeated', isRepeated: kind === 'repeated' };
  });
  if (kind === undefined || kind === 'repeated') throw new ConveyError(badCode);
  return kind;
}

/**
 * For routes that anybody may call: a browser's request must come from our own pages, so that no other site signs
 * a person in to somebody else's account. A program, which brings neither cookie nor the headers, may go on.
 */
export function ensureOurPage(request: FastifyRequest): void {
  const { 'sec-fetch-site': site, origin } = request.headers;
  if (site !== undefined || origin !== undefined) ensureSameOrigin(request);
}

/** The open session that a request to a public route brings, if any; from our own pages only. */
export async function findSessionOf(
  { database, sessions }: SignIn,
  request: FastifyRequest,
): Promise<OpenSession | undefined> {
  const token = sessionTokenOf(request);
  if (token === undefined) return undefined;
  ensureSameOrigin(request);
  return findSession(database, token, undefined, sessions);
}
