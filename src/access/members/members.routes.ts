import { z } from 'zod';
import type { Database } from '../../database/connect.ts';
import { endPage, nextCursor, pageOf, pageQuery } from '../../http/paging.ts';
import type { RegisterRoutes } from '../../http/route-config.ts';
import { actorOfRequest } from '../actor.ts';
import { badAudiences, lastOwner, unknownMember } from './members.errors.ts';
import { changeMember, listMembers, type Member, removeMember } from './members.ts';
import { placeFields, placeShown } from './place.ts';

const memberSchema = z
  .object({
    user_id: z.string(),
    email: z.string(),
    name: z.string(),
    ...placeShown,
    has_second_factor: z.boolean(),
    last_sign_in_at: z.iso.datetime().nullable(),
    joined_at: z.iso.datetime(),
  })
  .meta({ id: 'Member' });

const memberParams = z.object({ user_id: z.string().describe('Id of the user (`usr_…`).') });

/** `/v1/members`: who is in the workspace and as what (contract §2, §5). */
export function memberRoutes({ database }: { database: Database }): RegisterRoutes {
  return (app) => {
    app.get(
      '/v1/members',
      {
        config: { operation: 'listMembers', permission: 'members.read' },
        schema: {
          tags: ['access'],
          summary: 'The members of the workspace, the oldest first',
          querystring: z.object(pageQuery),
          response: { 200: z.object({ members: z.array(memberSchema), next_cursor: nextCursor }) },
        },
      },
      async (request, reply) => {
        const page = pageOf(request.query);
        const members = await database.inScope(request.scope, (transaction) =>
          listMembers(transaction, request.scope.workspaceId, page),
        );
        const positionOf = ({ position }: Member) => position;
        const { entries, next_cursor } = endPage(request, reply, members, request.query, positionOf);
        return { members: entries.map(describeMember), next_cursor };
      },
    );

    app.patch(
      '/v1/members/:user_id',
      {
        config: {
          operation: 'changeMember',
          permission: 'members.manage',
          errors: [unknownMember, lastOwner, badAudiences],
        },
        schema: {
          tags: ['access'],
          summary: 'Change what a member is; holds at once',
          description: 'Making and unmaking owners is for owners (`workspace.own`).',
          params: memberParams,
          body: z.strictObject({ role: placeFields.role.optional(), audiences: placeFields.audiences }),
          response: { 200: memberSchema },
        },
      },
      async (request) => {
        const change = { userId: request.params.user_id, ...request.body };
        return describeMember(
          await changeMember(database, request.principal, actorOfRequest(request), change),
        );
      },
    );

    app.delete(
      '/v1/members/:user_id',
      {
        // Everybody may leave; for others the handler asks for `members.manage`.
        config: { operation: 'removeMember', permission: 'self.read', errors: [unknownMember, lastOwner] },
        schema: {
          tags: ['access'],
          summary: 'Remove a member, or leave',
          description:
            'Oneself: leave, which every member may. Others: `members.manage`; an owner: `workspace.own`.',
          params: memberParams,
          response: { 204: z.null().describe('No longer a member.') },
        },
      },
      async (request, reply) => {
        const { principal, params } = request;
        await removeMember(database, principal, actorOfRequest(request), params.user_id);
        return reply.code(204).send(null);
      },
    );
  };
}

function describeMember(member: Member): z.infer<typeof memberSchema> {
  const { userId, email, name, role, audiences, hasSecondFactor, lastSignInAt, joinedAt } = member;
  return {
    user_id: userId,
    email,
    name,
    role,
    audiences,
    has_second_factor: hasSecondFactor,
    last_sign_in_at: lastSignInAt?.toISOString() ?? null,
    joined_at: joinedAt.toISOString(),
  };
}
