import { z } from 'zod';
import { ConveyError } from '../../errors.ts';
import { crossSite } from '../../http/http.errors.ts';
import type { App } from '../../http/route-config.ts';
import { unauthenticated, unknownWorkspace } from '../access.errors.ts';
import { actorOfRequest } from '../actor.ts';
import { clearSessionCookie } from '../session-cookie.ts';
import { endSessions } from '../sessions.ts';
import { changeAccount } from './account-events.ts';
import { codeField, describeSession, emailField, passwordField, sessionSchema } from './session.schemas.ts';
import { badCode, signInFailed, tooManySignIns } from './sign-in.errors.ts';
import {
  checkCode,
  checkCredentials,
  ensureOurPage,
  findSessionOf,
  type SignIn,
  startSession,
} from './sign-in.ts';
import { signedInUser } from './signed-in-user.ts';
import { getUser } from './users.ts';

/** Signing in and out: the session of this browser. */
export function registerSessionRoutes(app: App, signIn: SignIn): void {
  const { database } = signIn;

  app.post(
    '/v1/session',
    {
      config: { operation: 'signIn', errors: [signInFailed, tooManySignIns, crossSite] },
      schema: {
        tags: ['account'],
        summary: 'Sign in with email address and password',
        description: 'Sets the session’s cookie. With a second factor the session waits for its code.',
        body: z.object({ email: emailField, password: passwordField }),
        response: { 200: sessionSchema },
      },
    },
    async (request, reply) => {
      ensureOurPage(request);
      const user = await checkCredentials(signIn, request, reply, request.body);
      const state = await startSession(signIn, request, reply, { user, method: 'password' });
      return describeSession(database, user.id, state);
    },
  );

  app.post(
    '/v1/session/second-factor',
    {
      config: {
        operation: 'signInSecondFactor',
        errors: [unauthenticated, badCode, tooManySignIns, crossSite],
      },
      schema: {
        tags: ['account'],
        summary: 'Finish a sign-in with the second factor',
        description: 'The session that waited ends, and a new one, with another token, takes its place.',
        body: z.object({ code: codeField }),
        response: { 200: sessionSchema },
      },
    },
    async (request, reply) => {
      const waiting = await findSessionOf(signIn, request);
      if (waiting === undefined || !waiting.awaitsSecondFactor)
        throw new ConveyError(unauthenticated, 'No sign-in waits for a code. Begin with your password.');
      const user = await database.inSystem((transaction) => getUser(transaction, waiting.userId));
      const secondFactor = await checkCode(signIn, request, reply, { user, code: request.body.code });
      const start = { user, method: 'password', secondFactor } as const;
      const state = await startSession(signIn, request, reply, start);
      return describeSession(database, user.id, state);
    },
  );

  app.get(
    '/v1/session',
    {
      config: { operation: 'getSession', permission: 'self.manage' },
      schema: {
        tags: ['account'],
        summary: 'Who is signed in, and their workspaces',
        response: { 200: sessionSchema },
      },
    },
    async (request) => {
      const { id, membership } = signedInUser(request);
      const workspaceId = membership?.workspaceId ?? null;
      return describeSession(database, id, { awaitsSecondFactor: false, workspaceId });
    },
  );

  app.delete(
    '/v1/session',
    {
      config: { operation: 'signOut', permission: 'self.manage' },
      schema: {
        tags: ['account'],
        summary: 'Sign out',
        response: { 204: z.null().describe('The session has ended.') },
      },
    },
    async (request, reply) => {
      const { id, sessionId } = signedInUser(request);
      await changeAccount(
        signIn,
        actorOfRequest(request),
        (transaction) => endSessions(transaction, id, { id: sessionId }),
        (sessions) => (sessions === 0 ? undefined : { action: 'user.signed_out', details: { sessions } }),
      );
      clearSessionCookie(request, reply);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/session/workspace',
    {
      config: { operation: 'switchWorkspace', permission: 'self.manage', errors: [unknownWorkspace] },
      schema: {
        tags: ['account'],
        summary: 'Work in another workspace from now on',
        body: z.object({ workspace: z.string().max(100).describe('Its short name or id.') }),
        response: { 200: sessionSchema },
      },
    },
    async (request) => {
      const { id, sessionId } = signedInUser(request);
      const [switched] = await database.inSystem((transaction) =>
        transaction.query<{ workspaceId: string }>(
          `update sessions set workspace_id = w.id
             from workspaces w join members m on m.workspace_id = w.id
            where sessions.id = $1 and m.user_id = $2 and (w.id = $3 or w.slug = $3)
            returning sessions.workspace_id as "workspaceId"`,
          [sessionId, id, request.body.workspace],
        ),
      );
      if (switched === undefined) throw new ConveyError(unknownWorkspace);
      return describeSession(database, id, { awaitsSecondFactor: false, ...switched });
    },
  );
}
