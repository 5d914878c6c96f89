import { z } from 'zod';
import type { Database } from '../../database/connect.ts';
import { endPage, nextCursor, pageOf, pageQuery } from '../../http/paging.ts';
import type { RegisterRoutes } from '../../http/route-config.ts';
import { badExpiry, badName, badNetwork, badScopes, unknownKey } from '../access.errors.ts';
import { actorOfRequest } from '../actor.ts';
import { API_KEY_SCOPES } from '../permissions.ts';
import { workspaceOf } from '../principal.ts';
import { type ApiKey, createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts';
import { ensureMayGive } from './ensure-may-give.ts';

const MOST_NETWORKS = 50;
const LONGEST_NETWORK = 60;

const keySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    hint: z.string().describe('How the key begins: to tell keys apart.'),
    scopes: z.array(z.enum(API_KEY_SCOPES)),
    allowed_networks: z.array(z.string()).describe('Where it may be used from; empty: anywhere.'),
    created_by: z.string().describe('Id of the user or key that made it, or `operator`.'),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime().nullable(),
    last_used_at: z.iso.datetime().nullable().describe('To the minute.'),
    revoked_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ApiKey' });

const newKeyBody = z.strictObject({
  name: z.string().describe('What it is for; 1 to 100 characters in one line.'),
  scopes: z
    .array(z.enum(API_KEY_SCOPES))
    .min(1)
    .max(API_KEY_SCOPES.length)
    .describe('What it may do: nothing that you may not do yourself.'),
  expires_at: z.iso.datetime({ offset: true }).nullable().optional().describe('When it ends by itself.'),
  allowed_networks: z
    .array(z.string().max(LONGEST_NETWORK))
    .max(MOST_NETWORKS)
    .default([])
    .describe('Addresses, or networks like `192.0.2.0/24`; left out: it may be used from anywhere.'),
});

/** `/v1/api-keys`: list, create, revoke (contract §2). */
export function apiKeyRoutes({ database }: { database: Database }): RegisterRoutes {
  return (app) => {
    app.get(
      '/v1/api-keys',
      {
        config: { operation: 'listApiKeys', permission: 'keys.manage' },
        schema: {
          tags: ['access'],
          summary: 'The API keys of the workspace, revoked ones included',
          querystring: z.object(pageQuery),
          response: { 200: z.object({ api_keys: z.array(keySchema), next_cursor: nextCursor }) },
        },
      },
      async (request, reply) => {
        const page = pageOf(request.query);
        const keys = await database.inScope(request.scope, (transaction) =>
          listApiKeys(transaction, request.scope.workspaceId, page),
        );
        const { entries, next_cursor } = endPage(request, reply, keys, request.query, ({ id }) => id);
        return { api_keys: entries.map(describeApiKey), next_cursor };
      },
    );

    app.post(
      '/v1/api-keys',
      {
        config: {
          operation: 'createApiKey',
          permission: 'keys.manage',
          errors: [badName, badScopes, badExpiry, badNetwork],
        },
        schema: {
          tags: ['access'],
          summary: 'Make an API key; its text is in this answer and never shown again',
          body: newKeyBody,
          response: {
            201: z.object({ ...keySchema.shape, key: z.string().describe('The key itself: keep it now.') }),
          },
        },
      },
      async (request, reply) => {
        const { name, scopes, expires_at: end, allowed_networks: allowedNetworks } = request.body;
        ensureMayGive(request.principal, scopes);
        const expiresAt = end === undefined || end === null ? null : new Date(end);
        const { key, text } = await createApiKey(
          database,
          { workspaceId: workspaceOf(request.principal), name, scopes, expiresAt, allowedNetworks },
          actorOfRequest(request),
        );
        return reply.code(201).send({ ...describeApiKey(key), key: text });
      },
    );

    app.delete(
      '/v1/api-keys/:id',
      {
        config: { operation: 'revokeApiKey', permission: 'keys.manage', errors: [unknownKey] },
        schema: {
          tags: ['access'],
          summary: 'Revoke an API key: its next request is refused',
          params: z.object({ id: z.string().describe('Id of the key (`key_…`).') }),
          response: { 200: keySchema },
        },
      },
      async (request) => {
        const { workspaceId } = request.scope;
        const wanted = { workspaceId, id: request.params.id };
        return describeApiKey(await revokeApiKey(database, wanted, actorOfRequest(request)));
      },
    );
  };
}

function describeApiKey(key: ApiKey): z.infer<typeof keySchema> {
  return {
    id: key.id,
    name: key.name,
    hint: key.hint,
    scopes: key.scopes,
    allowed_networks: key.allowedNetworks,
    created_by: key.createdBy,
    created_at: key.createdAt.toISOString(),
    expires_at: key.expiresAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
  };
}
