import { z } from 'zod';
import type { Database } from '../../database/connect.ts';
import type { RegisterRoutes } from '../../http/route-config.ts';
import { sentence } from '../../http/sentence.ts';
import { badName } from '../access.errors.ts';
import { actorOfRequest } from '../actor.ts';
import {
  alsoTaken,
  API_KEY_SCOPES,
  missingFeature,
  needsOf,
  PLAN_FEATURES,
  permissionNames,
  type PermissionName,
  permissionOf,
  ROLES,
  rolesFor,
  scopesFor,
} from '../permissions.ts';
import { rulesOf } from '../principal.ts';
import { changeSettings, readSettings, type Settings } from './settings.ts';
import { badTightening, forPeople, secondFactorFirst } from './workspaces.errors.ts';

const tightening = z.record(z.string(), z.array(z.string()));

const permissionName = z.enum(permissionNames as [PermissionName, ...PermissionName[]]);

const settingsSchema = z
  .object({
    workspace: z.object({ id: z.string(), slug: z.string() }),
    name: z.string(),
    requires_second_factor: z.boolean().describe('Members need a second factor to do anything here.'),
    tightening: tightening.describe(
      'Permission → the roles that keep it; what is not named is as by default. See `GET /v1/permissions`.',
    ),
    also_taken: z
      .array(
        z.object({
          permission: permissionName,
          roles: z.array(z.enum(ROLES)),
          needs: z.array(permissionName).describe('What it needs and some of them lack.'),
        }),
      )
      .describe('What these roles lose by the tightening although it does not name it.'),
    plan_features: z.array(z.string()).describe('What the workspace’s plan has; the operator says.'),
  })
  .meta({ id: 'Settings' });

const permissionSchema = z
  .object({
    permission: z.string(),
    doc: sentence().describe('Completes the sentence “may …”.'),
    roles: z.array(z.enum(ROLES)).describe('Who has it in this workspace.'),
    default_roles: z.array(z.enum(ROLES)).describe('Who has it where nothing was tightened.'),
    kept_roles: z.array(z.enum(ROLES)).describe('Whom it cannot be taken from.'),
    needs: z.array(permissionName).describe('What a member needs as well; keys do not.'),
    scopes: z.array(z.enum(API_KEY_SCOPES)).describe('Each of these gives it to an API key.'),
    feature: z.enum(PLAN_FEATURES).nullable().describe('The plan feature it needs.'),
    is_in_plan: z.boolean().describe('Whether the workspace’s plan has that feature.'),
  })
  .meta({ id: 'Permission' });

/** `/v1/settings` and `/v1/permissions`: what the workspace set, and who may therefore do what. */
export function settingsRoutes({ database }: { database: Database }): RegisterRoutes {
  return (app) => {
    app.get(
      '/v1/settings',
      {
        config: { operation: 'getSettings', permission: 'settings.manage' },
        schema: {
          tags: ['access'],
          summary: 'The settings of the workspace',
          response: { 200: settingsSchema },
        },
      },
      async ({ scope }) =>
        describeSettings(
          await database.inScope(scope, (transaction) => readSettings(transaction, scope.workspaceId)),
        ),
    );

    app.patch(
      '/v1/settings',
      {
        config: {
          operation: 'changeSettings',
          permission: 'settings.manage',
          errors: [badName, badTightening, forPeople, secondFactorFirst],
        },
        schema: {
          tags: ['access'],
          summary: 'Change settings; what is left out stays',
          description:
            '`tightening` takes the place of the whole one before it. It only takes away; what needs a permission that is taken goes with it (`also_taken`); and who lacks a permission cannot give it back: an owner can. API keys can neither change it nor switch `requires_second_factor` off.',
          body: z.strictObject({
            name: z.string().optional().describe('1 to 100 characters in one line.'),
            requires_second_factor: z.boolean().optional(),
            tightening: tightening.optional(),
          }),
          response: { 200: settingsSchema },
        },
      },
      async (request) => {
        const { name, requires_second_factor: requiresSecondFactor } = request.body;
        const change = { name, requiresSecondFactor, tightening: request.body.tightening };
        return describeSettings(
          await changeSettings(database, request.principal, actorOfRequest(request), change),
        );
      },
    );

    app.get(
      '/v1/permissions',
      {
        config: { operation: 'listPermissions', permission: 'self.read' },
        schema: {
          tags: ['access'],
          summary: 'Who may do what in this workspace, as it stands',
          response: {
            200: z.object({ roles: z.array(z.enum(ROLES)), permissions: z.array(permissionSchema) }),
          },
        },
      },
      async ({ principal }) => {
        const rules = rulesOf(principal) ?? { planFeatures: null, tightening: {} };
        return {
          roles: [...ROLES],
          permissions: permissionNames.map((name) => {
            const { doc, roles, feature = null, kept = [] } = permissionOf(name);
            return {
              permission: name,
              doc,
              roles: rolesFor(name, rules),
              default_roles: [...roles],
              kept_roles: [...kept],
              needs: [...needsOf(name)],
              scopes: scopesFor(name),
              feature,
              is_in_plan: missingFeature(name, rules) === undefined,
            };
          }),
        };
      },
    );
  };
}

function describeSettings(settings: Settings): z.infer<typeof settingsSchema> {
  const { id, slug, name, requiresSecondFactor, planFeatures } = settings;
  return {
    workspace: { id, slug },
    name,
    requires_second_factor: requiresSecondFactor,
    tightening: settings.tightening as Record<string, string[]>,
    also_taken: alsoTaken(settings),
    plan_features: planFeatures ?? [...PLAN_FEATURES],
  };
}
