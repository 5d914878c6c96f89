import { z } from 'zod';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Transaction } from '../../../database/connect.ts';
import { ConveyError } from '../../../errors.ts';
import { crossSite } from '../../../http/http.errors.ts';
import type { App } from '../../../http/route-config.ts';
import { badName } from '../../access.errors.ts';
import { memberExists } from '../../members/members.errors.ts';
import { ROLES } from '../../permissions.ts';
import { getWorkspace, type Workspace } from '../../workspaces/workspaces.ts';
import { accountActor, recordAccountEvent } from '../account-events.ts';
import { recordJoining } from './record-joining.ts';
import { getOneTimeLink, type OneTimeLink, useOneTimeLink } from '../one-time-links.ts';
import {
  codeField,
  describeSession,
  localeField,
  newPasswordField,
  sessionSchema,
  tokenField,
} from '../session.schemas.ts';
import {
  badPassword,
  badCode,
  emailTaken,
  secondFactorToJoin,
  signInFailed,
  signInToJoin,
  tooManySignIns,
  unknownLink,
} from '../sign-in.errors.ts';
import {
  checkCode,
  checkCredentials,
  ensureOurPage,
  findSessionOf,
  type SignIn,
  startSession,
} from '../sign-in.ts';
import type { CodeKind } from '../second-factor/second-factor.ts';
import { createUser, findUserByEmail, type User } from '../users.ts';

interface Invited {
  link: OneTimeLink & { email: string; role: (typeof ROLES)[number]; workspaceId: string };
  workspace: Workspace;
  user: User | undefined;
}

/** What somebody with the link of an invitation sees, and how they accept it. */
export function registerInvitationRoutes(app: App, signIn: SignIn): void {
  const { database, passwords } = signIn;

  app.post(
    '/v1/invitations/lookup',
    {
      config: { operation: 'getInvitationByToken', errors: [unknownLink] },
      schema: {
        tags: ['account'],
        summary: 'What an invitation invites to',
        body: z.object({ token: tokenField }),
        response: {
          200: z.object({
            workspace: z.object({ name: z.string() }),
            role: z.enum(ROLES),
            email: z.string().describe('Who was invited.'),
            has_account: z.boolean().describe('There is an account with this address: sign in to accept.'),
            expires_at: z.iso.datetime(),
          }),
        },
      },
    },
    async ({ body }) => {
      const { link, workspace, user } = await database.inSystem((transaction) =>
        getInvited(transaction, body.token),
      );
      return {
        workspace: { name: workspace.name },
        role: link.role,
        email: link.email,
        has_account: user !== undefined,
        expires_at: link.expiresAt.toISOString(),
      };
    },
  );

  app.post(
    '/v1/invitations',
    {
      config: {
        operation: 'acceptInvitation',
        errors: [
          unknownLink,
          badName,
          badPassword,
          signInToJoin,
          signInFailed,
          secondFactorToJoin,
          badCode,
          emailTaken,
          memberExists,
          tooManySignIns,
          crossSite,
        ],
      },
      schema: {
        tags: ['account'],
        summary: 'Accept an invitation',
        description:
          'Somebody new gives their name and a password. Who has an account with the invited address is signed in, or gives its password and, where it has a second factor, a code.',
        body: z.object({
          token: tokenField,
          name: z.string().max(200).optional().describe('Of somebody new.'),
          locale: localeField.optional(),
          password: newPasswordField.optional(),
          code: codeField.optional(),
        }),
        response: { 200: sessionSchema },
      },
    },
    async (request, reply) => {
      ensureOurPage(request);
      const { token } = request.body;
      const invited = await database.inSystem((transaction) => getInvited(transaction, token));
      return invited.user === undefined
        ? joinAsNew(request, reply, invited, request.body)
        : joinAs(request, reply, invited, { ...request.body, user: invited.user });
    },
  );

  async function joinAsNew(
    request: FastifyRequest,
    reply: FastifyReply,
    { link, workspace }: Invited,
    {
      token,
      name = '',
      password = '',
      locale = 'en',
    }: {
      token: string;
      name?: string | undefined;
      password?: string | undefined;
      locale?: string | undefined;
    },
  ) {
    const about = { email: link.email, names: [name, workspace.name] };
    const passwordHash = await passwords.hash(password, '/password', about);
    const user = await database.inScope({ workspaceId: workspace.id }, async (transaction) => {
      await useOneTimeLink(transaction, 'invite', token);
      const made = await createUser(transaction, { email: link.email, name, passwordHash, locale });
      await recordAccountEvent(transaction, workspace.id, accountActor(made, request), {
        action: 'user.created',
      });
      await recordJoining(transaction, request, made, link);
      return made;
    });
    const state = await startSession(signIn, request, reply, { user, method: 'link' });
    return describeSession(database, user.id, { ...state, workspaceId: workspace.id });
  }

  async function joinAs(
    request: FastifyRequest,
    reply: FastifyReply,
    { link, workspace }: Invited,
    {
      token,
      user,
      password,
      code,
    }: { token: string; user: User; password?: string | undefined; code?: string | undefined },
  ) {
    const session = await findSessionOf(signIn, request);
    let secondFactor: CodeKind | undefined;
    const isSignedIn = session?.userId === user.id && !session.awaitsSecondFactor;
    if (!isSignedIn) {
      if (password === undefined) throw new ConveyError(signInToJoin);
      const { hasSecondFactor } = await checkCredentials(signIn, request, reply, {
        email: user.email,
        password,
      });
      // A password alone opens nothing where there is a second factor, so it accepts nothing either.
      if (hasSecondFactor && code === undefined) throw new ConveyError(secondFactorToJoin);
      if (hasSecondFactor) secondFactor = await checkCode(signIn, request, reply, { user, code: code! });
    }
    await database.inScope({ workspaceId: workspace.id }, async (transaction) => {
      await useOneTimeLink(transaction, 'invite', token);
      if (isSignedIn) {
        await transaction.query('update sessions set workspace_id = $2 where id = $1', [
          session.id,
          workspace.id,
        ]);
      }
      await recordJoining(transaction, request, user, link);
    });
    const state = isSignedIn
      ? { awaitsSecondFactor: false }
      : await startSession(signIn, request, reply, {
          user,
          method: 'password',
          ...(secondFactor === undefined ? {} : { secondFactor }),
        });
    return describeSession(database, user.id, isSignedIn ? { ...state, workspaceId: workspace.id } : state);
  }
}

async function getInvited(transaction: Transaction, token: string): Promise<Invited> {
  const link = (await getOneTimeLink(transaction, 'invite', token)) as Invited['link'];
  const workspace = await getWorkspace(transaction, link.workspaceId);
  return { link, workspace, user: await findUserByEmail(transaction, link.email) };
}
