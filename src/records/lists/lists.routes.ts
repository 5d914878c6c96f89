import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { unknownWorkspace } from '../../access/access.errors.ts';
import { conversationCondition } from '../../catalog/conversation-filter.ts';
import { filterQuery, withoutUndefined } from '../../catalog/filter.schemas.ts';
import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { App } from '../../http/route-config.ts';
import { unknownRecord } from './lists.errors.ts';
import { contactCondition, contactQuery } from './contact-filter.ts';
import { getRecord, listOfContact, listOfConversation, listRecords, type ListReply } from './list-records.ts';
import { contactRecords, conversationRecords, listSchemas } from './list-schemas.ts';
import { selectVisible } from './read-page.ts';

const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Records on a page, at most.'),
  cursor: z.string().max(2000).optional().describe('`next_cursor` of the page before.'),
};
const count = z.enum(['true', 'false']).default('false').describe('Count the records of all pages.');
const ownWorkspace = z
  .string()
  .optional()
  .describe('Id of the workspace, for clients that say it (V-17): the one that the credentials are for.');
const recordId = z.object({ id: z.string().describe('The host product’s id.') });
const errors = [unknownRecord];

/** Reading contacts, conversations and messages (contract §2): as far as the scope of who asks reaches. */
export function registerListRoutes(app: App, { database }: { database: Database }): void {
  app.get(
    '/v1/conversations',
    {
      config: {
        operation: 'listConversations',
        permission: 'conversations.read',
        errors: [unknownWorkspace],
      },
      schema: {
        tags: ['records'],
        summary: 'Conversations, newest first',
        description:
          'Takes the filters of the export, and gives the records that it gives, without messages.',
        querystring: z.object({ workspace_id: ownWorkspace, ...filterQuery, ...pageQuery, count }),
        response: { 200: listSchemas.conversations },
      },
    },
    async (request, reply) => {
      const { workspace_id: named, limit, cursor, count, ...filter } = request.query;
      if (named !== undefined && named !== request.scope.workspaceId) throw new ConveyError(unknownWorkspace);
      const condition = conversationCondition(withoutUndefined(filter));
      const selection = selectVisible(conversationRecords, request.scope, { condition });
      const page = { limit, cursor, count: count === 'true' };
      return send(
        request,
        reply,
        await listRecords(database, request.scope, 'conversations', selection, page),
      );
    },
  );

  app.get(
    '/v1/conversations/:id',
    {
      exposeHeadRoute: false, // or it would answer for `…/export`, whose own HEAD is refused
      config: { operation: 'getConversation', permission: 'conversations.read', errors },
      schema: {
        tags: ['records'],
        summary: 'One conversation, without its messages',
        params: recordId,
        response: { 200: listSchemas.conversation },
      },
    },
    async ({ scope, params }, reply) =>
      reply
        .type('application/json; charset=utf-8')
        .send(await getRecord(database, scope, conversationRecords, params.id)),
  );

  for (const { list, operation, summary, description } of [
    {
      list: 'messages',
      operation: 'listMessages',
      summary: 'The messages, replies and notes of a conversation, oldest first',
      description: 'Internal notes come only for those who may see them.',
    },
    {
      list: 'events',
      operation: 'listEvents',
      summary: 'What happened to a conversation, oldest first',
      description: 'Events are internal: who may not see internal notes gets an empty list.',
    },
    {
      list: 'files',
      operation: 'listConversationFiles',
      summary: 'The files of a conversation, oldest first',
      description: 'Files of internal notes come only for those who may see the notes.',
    },
  ] as const) {
    app.get(
      `/v1/conversations/:id/${list}`,
      {
        config: { operation, permission: 'conversations.read', errors },
        schema: {
          tags: ['records'],
          summary,
          description,
          params: recordId,
          querystring: z.object(pageQuery),
          response: { 200: listSchemas[list] },
        },
      },
      async (request, reply) => {
        const { scope, params, query } = request;
        return send(request, reply, await listOfConversation(database, scope, list, params.id, query));
      },
    );
  }

  app.get(
    '/v1/contacts',
    {
      config: { operation: 'listContacts', permission: 'contacts.read' },
      schema: {
        tags: ['records'],
        summary: 'Contacts, newest first',
        description: 'An editor of some audiences sees the contacts of conversations of those audiences.',
        querystring: z.object({ ...contactQuery, ...pageQuery, count }),
        response: { 200: listSchemas.contacts },
      },
    },
    async (request, reply) => {
      const { limit, cursor, count, ...filter } = request.query;
      const selection = selectVisible(contactRecords, request.scope, { condition: contactCondition(filter) });
      const page = { limit, cursor, count: count === 'true' };
      return send(request, reply, await listRecords(database, request.scope, 'contacts', selection, page));
    },
  );

  app.get(
    '/v1/contacts/:id',
    {
      exposeHeadRoute: false, // or it would answer for `…/export`, whose own HEAD is refused
      config: { operation: 'getContact', permission: 'contacts.read', errors },
      schema: {
        tags: ['records'],
        summary: 'One contact',
        description: '`notes`, the team’s own, comes only for those who may see internal notes.',
        params: recordId,
        response: { 200: listSchemas.contact },
      },
    },
    async ({ scope, params }, reply) =>
      reply
        .type('application/json; charset=utf-8')
        .send(await getRecord(database, scope, contactRecords, params.id)),
  );

  for (const { list, operation, summary } of [
    { list: 'tickets', operation: 'listContactTickets', summary: 'The tickets of a contact, newest first' },
    {
      list: 'files',
      operation: 'listContactFiles',
      summary: 'The files of a contact and of their conversations, newest first',
    },
  ] as const) {
    app.get(
      `/v1/contacts/:id/${list}`,
      {
        // What is said in conversations, so that reading contacts is not enough.
        config: { operation, permission: 'conversations.read', errors },
        schema: {
          tags: ['records'],
          summary,
          params: recordId,
          querystring: z.object(pageQuery),
          response: { 200: listSchemas[list] },
        },
      },
      async (request, reply) =>
        send(
          request,
          reply,
          await listOfContact(database, request.scope, list, request.params.id, request.query),
        ),
    );
  }
}

/** Answers with a page, and the address of the next one (RFC 8288). */
function send(request: FastifyRequest, reply: FastifyReply, { json, nextCursor }: ListReply): FastifyReply {
  if (nextCursor !== null) {
    const url = new URL(request.url, 'http://localhost');
    url.searchParams.set('cursor', nextCursor);
    reply.header('link', `<${url.pathname}${url.search}>; rel="next"`);
  }
  return reply.type('application/json; charset=utf-8').send(json);
}
