import { z } from 'zod';
import { endPage, nextCursor, pageOf, pageQuery } from '../../http/paging.ts';
import type { RegisterRoutes } from '../../http/route-config.ts';
import { actorOfRequest } from '../actor.ts';
import { badEmail } from '../sign-in/sign-in.errors.ts';
import {
  getInvitation,
  type Invitation,
  type InvitationDependencies,
  invite,
  listInvitations,
  withdrawInvitation,
} from './invitations.ts';
import { badAudiences, memberExists, unknownInvitation } from './members.errors.ts';
import { placeFields, placeShown, readPlace } from './place.ts';

const invitationSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    ...placeShown,
    created_by: z.string(),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime().describe('The link opens nothing from then on.'),
  })
  .meta({ id: 'Invitation' });

const invitationParams = z.object({ id: z.string().describe('Id of the invitation (`lnk_…`).') });

/** `/v1/members/invitations`: who was asked to join, and as what. */
export function invitationRoutes(dependencies: InvitationDependencies): RegisterRoutes {
  const { database } = dependencies;
  return (app) => {
    app.get(
      '/v1/members/invitations',
      {
        config: { operation: 'listInvitations', permission: 'members.read' },
        schema: {
          tags: ['access'],
          summary: 'Invitations that were neither accepted nor withdrawn',
          querystring: z.object(pageQuery),
          response: { 200: z.object({ invitations: z.array(invitationSchema), next_cursor: nextCursor }) },
        },
      },
      async (request, reply) => {
        const page = pageOf(request.query);
        const found = await database.inScope(request.scope, (transaction) =>
          listInvitations(transaction, request.scope.workspaceId, page),
        );
        const { entries, next_cursor } = endPage(request, reply, found, request.query, ({ id }) => id);
        return { invitations: entries.map(describeInvitation), next_cursor };
      },
    );

    app.post(
      '/v1/members/invitations',
      {
        config: {
          operation: 'inviteMember',
          permission: 'members.manage',
          errors: [badEmail, badAudiences, memberExists],
          replay: { operation: 'getInvitation', id: 'id' },
        },
        schema: {
          tags: ['access'],
          summary: 'Invite somebody by mail; the link works once, for 7 days',
          description: 'An older invitation of the same address ends. Only an owner invites an owner.',
          body: z.strictObject({ email: z.string().max(320), ...placeFields }),
          response: { 201: invitationSchema },
        },
      },
      async (request, reply) => {
        const { email, role, audiences } = request.body;
        const wanted = { email, ...readPlace(role, audiences) };
        const made = await invite(dependencies, request.principal, actorOfRequest(request), wanted);
        return reply
          .code(201)
          .header('location', `/v1/members/invitations/${made.id}`)
          .send(describeInvitation(made));
      },
    );

    app.get(
      '/v1/members/invitations/:id',
      {
        config: { operation: 'getInvitation', permission: 'members.read', errors: [unknownInvitation] },
        schema: {
          tags: ['access'],
          summary: 'An invitation',
          params: invitationParams,
          response: { 200: invitationSchema },
        },
      },
      async ({ scope, params }) =>
        describeInvitation(
          await database.inScope(scope, (transaction) =>
            getInvitation(transaction, scope.workspaceId, params.id),
          ),
        ),
    );

    app.delete(
      '/v1/members/invitations/:id',
      {
        config: {
          operation: 'withdrawInvitation',
          permission: 'members.manage',
          errors: [unknownInvitation],
        },
        schema: {
          tags: ['access'],
          summary: 'Withdraw an invitation: its link opens nothing from then on',
          params: invitationParams,
          response: { 204: z.null().describe('Withdrawn.') },
        },
      },
      async (request, reply) => {
        const { principal, params } = request;
        await withdrawInvitation(database, principal, actorOfRequest(request), params.id);
        return reply.code(204).send(null);
      },
    );
  };
}

function describeInvitation(invitation: Invitation): z.infer<typeof invitationSchema> {
  const { id, email, role, audiences, createdBy, createdAt, expiresAt } = invitation;
  return {
    id,
    email,
    role,
    audiences,
    created_by: createdBy,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt.toISOString(),
  };
}
