import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import type { RegisterRoutes } from '../http/route-config.ts';
import { API_KEY_SCOPES, type PermissionName, permissionNames } from './permissions.ts';
import { can } from './principal.ts';
import { getWorkspace } from './workspaces.ts';

const whoamiSchema = z
  .object({
    principal: z.object({ type: z.literal('api_key'), id: z.string(), name: z.string() }),
    workspace: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
    scopes: z.array(z.enum(API_KEY_SCOPES)).describe('What the key was given.'),
    permissions: z
      .array(z.enum(permissionNames as [PermissionName, ...PermissionName[]]))
      .describe('What that allows; each operation names the one it needs.'),
  })
  .meta({ id: 'Whoami' });

/** `GET /v1/whoami`: what a key is and may do; the cheapest way to try one. */
export function accessRoutes({ database }: { database: Database }): RegisterRoutes {
  return (app) => {
    app.get(
      '/v1/whoami',
      {
        config: { operation: 'getWhoami', permission: 'self.read' },
        schema: {
          tags: ['access'],
          summary: 'Who this key is and what it may do',
          response: { 200: whoamiSchema },
        },
      },
      async ({ principal }) => {
        const { id, slug, name } = await database.inSystem((transaction) =>
          getWorkspace(transaction, principal.workspaceId),
        );
        return {
          principal: { type: principal.type, id: principal.id, name: principal.name },
          workspace: { id, slug, name },
          scopes: [...principal.scopes],
          permissions: permissionNames.filter((permission) => can(principal, permission)),
        };
      },
    );
  };
}
