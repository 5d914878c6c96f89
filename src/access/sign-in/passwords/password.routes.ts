import { z } from 'zod';
import { addToCounter } from '../../../database/rate-counters.ts';
import { crossSite } from '../../../http/http.errors.ts';
import type { App } from '../../../http/route-config.ts';
import { actorOfRequest } from '../../actor.ts';
import { endSessions } from '../../sessions.ts';
import { accountActor, changeAccount } from '../account-events.ts';
import {
  endResetLinks,
  getOneTimeLink,
  makeOneTimeLink,
  oneTimeLinkAddress,
  useOneTimeLink,
} from '../one-time-links.ts';
import { emailField, newPasswordField, passwordField, tokenField } from '../session.schemas.ts';
import { badPassword, tooManySignIns, unknownLink, wrongPassword } from '../sign-in.errors.ts';
import { ensureOurPage, type SignIn } from '../sign-in.ts';
import { passwordChanged } from './password-changed.ts';
import { confirmPassword, signedInUser } from '../signed-in-user.ts';
import { emailKeyOf, findUserByEmail, getUser, setPassword } from '../users.ts';

/** Contract §7. */
const MAILS_A_DAY = 3;
const DAY_MS = 24 * 3_600_000;

/** Changing a password, and setting a new one by mail. */
export function registerPasswordRoutes(app: App, signIn: SignIn): void {
  const { database, mailer, passwords, failures } = signIn;

  app.put(
    '/v1/me/password',
    {
      config: {
        operation: 'changePassword',
        permission: 'self.manage',
        errors: [wrongPassword, badPassword, tooManySignIns],
      },
      schema: {
        tags: ['account'],
        summary: 'Change your password',
        description: 'Your other sessions end, and a mail tells you of it.',
        body: z.object({ current_password: passwordField, new_password: newPasswordField }),
        response: { 200: z.object({ ended: z.int().describe('Sessions that were ended.') }) },
      },
    },
    async (request, reply) => {
      const { sessionId } = signedInUser(request);
      const user = await confirmPassword(signIn, request, reply, request.body.current_password);
      const hash = await passwords.hash(request.body.new_password, '/new_password', {
        email: user.email,
        names: [user.name],
      });
      const ended = await changeAccount(
        signIn,
        actorOfRequest(request),
        async (transaction) => {
          await setPassword(transaction, user.id, hash);
          await endResetLinks(transaction, user.id);
          await mailer.queue(transaction, passwordChanged(user));
          return endSessions(transaction, user.id, { except: sessionId });
        },
        (sessions) => ({ action: 'user.password_changed', details: { how: 'changed', sessions } }),
      );
      return { ended };
    },
  );

  app.post(
    '/v1/password-resets',
    {
      config: { operation: 'requestPasswordReset', errors: [crossSite] },
      schema: {
        tags: ['account'],
        summary: 'Have a link sent to set a new password',
        description:
          'Answers the same whether or not there is an account. The link works once, for 60 minutes; at most 3 mails a day.',
        body: z.object({ email: emailField }),
        response: {
          202: z.object({
            accepted: z.literal(true).describe('If there is an account, a mail is on its way.'),
          }),
        },
      },
    },
    async (request, reply) => {
      ensureOurPage(request);
      const { email } = request.body;
      failures.afterReply.add('sending a reset link', () => sendReset(email));
      return reply.code(202).send({ accepted: true });
    },
  );

  app.post(
    '/v1/password-resets/complete',
    {
      config: { operation: 'resetPassword', errors: [unknownLink, badPassword, crossSite] },
      schema: {
        tags: ['account'],
        summary: 'Set a new password with the link of a mail',
        description:
          'Every session of the user ends. It signs nobody in: a second factor is still asked for.',
        body: z.object({ token: tokenField, password: newPasswordField }),
        response: { 204: z.null().describe('The password is set; sign in with it.') },
      },
    },
    async (request, reply) => {
      ensureOurPage(request);
      const { token } = request.body;
      const user = await database.inSystem(async (transaction) => {
        const link = await getOneTimeLink(transaction, 'reset', token);
        return getUser(transaction, link.userId!);
      });
      const hash = await passwords.hash(request.body.password, '/password', {
        email: user.email,
        names: [user.name],
      });
      await changeAccount(
        signIn,
        accountActor(user, request),
        async (transaction) => {
          await useOneTimeLink(transaction, 'reset', token);
          await setPassword(transaction, user.id, hash);
          await endResetLinks(transaction, user.id);
          await mailer.queue(transaction, passwordChanged(user));
          return endSessions(transaction, user.id, { except: undefined });
        },
        (sessions) => ({ action: 'user.password_changed', details: { how: 'reset', sessions } }),
      );
      await failures.limits.unlock(`password ${emailKeyOf(user.email)}`);
      return reply.code(204).send(null);
    },
  );

  async function sendReset(email: string): Promise<void> {
    const key = `reset-mail:${signIn.hashCounted(emailKeyOf(email))}`;
    const { count } = await addToCounter(database, key, DAY_MS);
    if (count > MAILS_A_DAY) return;
    await database.inSystem(async (transaction) => {
      const user = await findUserByEmail(transaction, email);
      // Who signs in elsewhere has no password here that could be forgotten.
      if (user === undefined || user.disabledAt !== null || user.passwordHash === null) return;
      const { token } = await makeOneTimeLink(transaction, {
        kind: 'reset',
        userId: user.id,
        createdBy: user.id,
      });
      await mailer.queue(transaction, {
        to: user.email,
        template: 'reset',
        locale: user.locale,
        values: { name: user.name, link: oneTimeLinkAddress(signIn.publicUrl, 'reset', token) },
      });
    });
  }
}
