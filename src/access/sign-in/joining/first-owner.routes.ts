import { z } from 'zod';
import { crossSite } from '../../../http/http.errors.ts';
import type { App } from '../../../http/route-config.ts';
import { badName, badSlug } from '../../access.errors.ts';
import { ensureName } from '../../name.ts';
import { accountActor } from '../account-events.ts';
import {
  describeSession,
  localeField,
  emailField,
  newPasswordField,
  sessionSchema,
  tokenField,
} from '../session.schemas.ts';
import { badEmail, badPassword, unknownLink, workspaceNeeded } from '../sign-in.errors.ts';
import { ensureOurPage, type SignIn, startSession } from '../sign-in.ts';
import { ensureEmail } from '../users.ts';
import { becomeFirstOwner, findFirstWorkspace } from './first-owner.ts';

/** Becoming the owner of a new server, with the link that its first start prints. */
export function registerFirstOwnerRoutes(app: App, signIn: SignIn): void {
  const { database, passwords } = signIn;

  app.post(
    '/v1/first-owner/lookup',
    {
      config: { operation: 'getFirstOwnerLink', errors: [unknownLink] },
      schema: {
        tags: ['account'],
        summary: 'Whether a first owner’s link works, and what it opens',
        body: z.object({ token: tokenField }),
        response: {
          200: z.object({
            workspace: z
              .object({ slug: z.string(), name: z.string() })
              .nullable()
              .describe('The workspace whose owner one becomes. Null: there is none yet, name one.'),
          }),
        },
      },
    },
    async ({ body }) => {
      const found = await database.inSystem((transaction) => findFirstWorkspace(transaction, body.token));
      return { workspace: found === undefined ? null : { slug: found.slug, name: found.name } };
    },
  );

  app.post(
    '/v1/first-owner',
    {
      config: {
        operation: 'becomeFirstOwner',
        errors: [unknownLink, badEmail, badName, badPassword, badSlug, workspaceNeeded, crossSite],
      },
      schema: {
        tags: ['account'],
        summary: 'Become the first owner of this server',
        body: z.object({
          token: tokenField,
          email: emailField,
          password: newPasswordField,
          name: z.string().max(200).describe('Your name.'),
          locale: localeField.default('en'),
          workspace_name: z.string().max(200).optional().describe('Where there is no workspace yet.'),
          workspace_slug: z.string().max(100).optional().describe('Its short name, in addresses.'),
        }),
        response: { 200: sessionSchema },
      },
    },
    async (request, reply) => {
      ensureOurPage(request);
      const { token, name, password, locale, workspace_name: workspaceName } = request.body;
      const slug = request.body.workspace_slug;
      const email = ensureEmail(request.body.email);
      ensureName(name);
      await database.inSystem((transaction) => findFirstWorkspace(transaction, token));
      const about = { email, names: [name, workspaceName ?? ''] };
      const passwordHash = await passwords.hash(password, '/password', about);
      const person = { email, name, passwordHash, locale };
      const user = await becomeFirstOwner(database, token, person, { name: workspaceName, slug }, (made) =>
        accountActor(made, request),
      );
      const state = await startSession(signIn, request, reply, { user, method: 'link' });
      return describeSession(database, user.id, state);
    },
  );
}
