import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import type { RegisterRoutes } from '../http/route-config.ts';
import { API_KEY_SCOPES, type PermissionName, permissionNames, ROLES } from './permissions.ts';
import { can } from './principal.ts';
import { getWorkspaceById } from './workspaces/workspaces.ts';

const whoamiSchema = z
  .object({
    principal: z.object({ type: z.enum(['api_key', 'user']), id: z.string(), name: z.string() }),
    workspace: z
      .object({ id: z.string(), slug: z.string(), name: z.string() })
      .nullable()
      .describe('Null: a user who is in no workspace, or has not said in which.'),
    scopes: z.array(z.enum(API_KEY_SCOPES)).describe('What the key was given; empty for users.'),
    role: z.enum(ROLES).nullable().describe('What the user is in the workspace; null for keys.'),
    audiences: z.array(z.string()).nullable().describe('An editor’s audiences; null: all.'),
    needs_second_factor: z
      .boolean()
      .describe(
        'The workspace asks its members for a second factor: until it is set up, nothing opens but one’s own account.',
      ),
    permissions: z
      .array(z.enum(permissionNames as [PermissionName, ...PermissionName[]]))
      .describe('What that allows; each operation names the one it needs.'),
  })
  .meta({ id: 'Whoami' });

/** `GET /v1/whoami`: who asks and what they may do; the cheapest way to try a key. */
export function accessRoutes({ database }: { database: Database }): RegisterRoutes {
  return (app) => {
    app.get(
      '/v1/whoami',
      {
        config: { operation: 'getWhoami', permission: 'self.read' },
        schema: {
          tags: ['access'],
          summary: 'Who asks, and what they may do',
          response: { 200: whoamiSchema },
        },
      },
      async ({ principal }) => {
        const membership = principal.type === 'user' ? principal.membership : undefined;
        const workspaceId = principal.type === 'user' ? membership?.workspaceId : principal.workspaceId;
        const workspace = workspaceId === undefined ? null : await getWorkspaceById(database, workspaceId);
        return {
          principal: { type: principal.type, id: principal.id, name: principal.name },
          workspace: workspace && { id: workspace.id, slug: workspace.slug, name: workspace.name },
          scopes: principal.type === 'user' ? [] : [...principal.scopes],
          role: membership?.role ?? null,
          audiences: membership?.audiences == null ? null : [...membership.audiences],
          needs_second_factor: principal.type === 'user' && principal.lacksSecondFactor,
          permissions: permissionNames.filter((permission) => can(principal, permission)),
        };
      },
    );
  };
}
