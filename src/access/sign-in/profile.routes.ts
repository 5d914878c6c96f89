import { z } from 'zod';
import type { App } from '../../http/route-config.ts';
import { badName } from '../access.errors.ts';
import { actorOfRequest } from '../actor.ts';
import { ensureName } from '../name.ts';
import { changeAccount } from './account-events.ts';
import { describeSession, localeField, sessionSchema } from './session.schemas.ts';
import { signedInUser } from './signed-in-user.ts';
import type { SignIn } from './sign-in.ts';
import { changeProfile } from './users.ts';

/** What others see of a person, and how mails speak to them. */
export function registerProfileRoutes(app: App, signIn: SignIn): void {
  app.patch(
    '/v1/me',
    {
      config: { operation: 'changeProfile', permission: 'self.manage', errors: [badName] },
      schema: {
        tags: ['account'],
        summary: 'Change your name, or the language of your mails',
        body: z.strictObject({
          name: z.string().max(200).optional().describe('As others see it.'),
          locale: localeField.optional(),
        }),
        response: { 200: sessionSchema },
      },
    },
    async (request) => {
      const { id, membership } = signedInUser(request);
      const { name, locale } = request.body;
      if (name !== undefined) ensureName(name);
      await changeAccount(
        signIn,
        actorOfRequest(request),
        (transaction) => changeProfile(transaction, id, { name, locale }),
        (fields) =>
          fields.length === 0 ? undefined : { action: 'user.profile_changed', details: { fields } },
      );
      const workspaceId = membership?.workspaceId ?? null;
      return describeSession(signIn.database, id, { awaitsSecondFactor: false, workspaceId });
    },
  );
}
