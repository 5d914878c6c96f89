import { z } from 'zod';
import { ConveyError } from '../../errors.ts';
import type { App } from '../../http/route-config.ts';
import { actorOfRequest } from '../actor.ts';
import { clearSessionCookie } from '../session-cookie.ts';
import { endSessions, listSessions } from '../sessions.ts';
import { changeAccount } from './account-events.ts';
import { unknownSession } from './sign-in.errors.ts';
import { signedInUser } from './signed-in-user.ts';
import type { SignIn } from './sign-in.ts';

const oneSession = z.object({
  id: z.string().describe('Id of the session (`ses_…`).'),
  is_this: z.boolean().describe('It is the one that asks.'),
  method: z.string().describe('How it began: `password`, `oidc` or `link`.'),
  ip: z.string().describe('Address it began from.'),
  user_agent: z.string().describe('Browser it began in.'),
  created_at: z.iso.datetime(),
  last_seen_at: z.iso.datetime().describe('Last request, to the minute.'),
  expires_at: z.iso.datetime(),
});

const endedSchema = z.object({ ended: z.int().describe('How many sessions were ended.') });

/** The open sessions of a person, on all their devices. */
export function registerSessionListRoutes(app: App, signIn: SignIn): void {
  const { database, sessions: limits } = signIn;

  app.get(
    '/v1/sessions',
    {
      config: { operation: 'listSessions', permission: 'self.manage' },
      schema: {
        tags: ['account'],
        summary: 'Your open sessions, the one used last first',
        response: { 200: z.object({ sessions: z.array(oneSession) }) },
      },
    },
    async (request) => {
      const { id, sessionId } = signedInUser(request);
      const rows = await database.inSystem((transaction) => listSessions(transaction, id, limits));
      return {
        sessions: rows.map((row) => ({
          id: row.id,
          is_this: row.id === sessionId,
          method: row.method,
          ip: row.ip,
          user_agent: row.userAgent,
          created_at: row.createdAt.toISOString(),
          last_seen_at: row.lastSeenAt.toISOString(),
          expires_at: row.expiresAt.toISOString(),
        })),
      };
    },
  );

  app.delete(
    '/v1/sessions/:id',
    {
      config: { operation: 'endSession', permission: 'self.manage', errors: [unknownSession] },
      schema: {
        tags: ['account'],
        summary: 'End one of your sessions',
        params: z.object({ id: z.string().max(100).describe('Id of the session.') }),
        response: { 200: endedSchema },
      },
    },
    async (request, reply) => {
      const { id, sessionId } = signedInUser(request);
      const ended = await changeAccount(
        signIn,
        actorOfRequest(request),
        (transaction) => endSessions(transaction, id, { id: request.params.id }),
        (sessions) => (sessions === 0 ? undefined : { action: 'user.signed_out', details: { sessions } }),
      );
      if (ended === 0) throw new ConveyError(unknownSession);
      if (request.params.id === sessionId) clearSessionCookie(request, reply);
      return { ended };
    },
  );

  app.delete(
    '/v1/sessions',
    {
      config: { operation: 'endSessions', permission: 'self.manage' },
      schema: {
        tags: ['account'],
        summary: 'End your other sessions, or all of them',
        querystring: z.object({
          all: z.enum(['true', 'false']).default('false').describe('`true`: this one as well.'),
        }),
        response: { 200: endedSchema },
      },
    },
    async (request, reply) => {
      const { id, sessionId } = signedInUser(request);
      const isAll = request.query.all === 'true';
      const ended = await changeAccount(
        signIn,
        actorOfRequest(request),
        (transaction) => endSessions(transaction, id, { except: isAll ? undefined : sessionId }),
        (sessions) =>
          sessions === 0 ? undefined : { action: 'user.signed_out', details: { sessions, all: isAll } },
      );
      if (isAll) clearSessionCookie(request, reply);
      return { ended };
    },
  );
}
