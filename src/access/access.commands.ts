import type { Database } from '../database/connect.ts';
import type { Actor } from './actor.ts';
import { type ApiKey, createApiKey, listApiKeys, revokeApiKey } from './api-keys/api-keys.ts';
import { PLAN_FEATURES, type PlanFeature } from './permissions.ts';
import { readFeatures, setPlan } from './workspaces/plan.ts';
import * as workspaces from './workspaces/workspaces.ts';

/** What `convey workspace …` and `convey key …` do; reading arguments and printing is the CLI's. */

/** The person at the command line of this server: whoever may run it may do everything. */
export const operator: Actor = { type: 'operator', ref: 'operator', interface: 'cli' };

/** `convey workspace create`. */
export function createWorkspace(
  database: Database,
  options: { slug: string; name?: string; product?: string },
): Promise<workspaces.Workspace> {
  return workspaces.createWorkspace(database, options, operator);
}

/** `convey workspace list`: the oldest first. */
export function listWorkspaces(database: Database): Promise<workspaces.Workspace[]> {
  return database.inSystem((transaction) => workspaces.listWorkspaces(transaction));
}

/** `convey workspace plan`. Throws `access.bad_features` or `access.unknown_workspace`. */
export async function planWorkspace(
  database: Database,
  options: { workspace: string; features: string },
): Promise<{ workspace: workspaces.Workspace; features: readonly PlanFeature[] }> {
  const features = readFeatures(options.features);
  const workspace = await resolveWorkspace(database, options.workspace);
  await setPlan(database, workspace.id, features, operator);
  return { workspace, features: features ?? PLAN_FEATURES };
}

/** `convey key create`. `text` is the key itself: show it once. */
export async function createKey(
  database: Database,
  options: {
    workspace: string;
    name: string;
    scopes: readonly string[];
    expiresAt?: Date;
    allowedNetworks?: readonly string[];
  },
): Promise<{ key: ApiKey; text: string; workspace: workspaces.Workspace }> {
  const workspace = await resolveWorkspace(database, options.workspace);
  const { name, scopes, expiresAt = null, allowedNetworks = [] } = options;
  const wanted = { workspaceId: workspace.id, name, scopes, expiresAt, allowedNetworks };
  return { ...(await createApiKey(database, wanted, operator)), workspace };
}

/** `convey key list`: revoked keys included. */
export async function listKeys(database: Database, options: { workspace: string }): Promise<ApiKey[]> {
  const { id } = await resolveWorkspace(database, options.workspace);
  return database.inSystem((transaction) => listApiKeys(transaction, id));
}

/** `convey key revoke`. */
export async function revokeKey(
  database: Database,
  options: { workspace: string; id: string },
): Promise<ApiKey> {
  const { id: workspaceId } = await resolveWorkspace(database, options.workspace);
  return revokeApiKey(database, { workspaceId, id: options.id }, operator);
}

function resolveWorkspace(database: Database, slugOrId: string): Promise<workspaces.Workspace> {
  return database.inSystem((transaction) => workspaces.getWorkspace(transaction, slugOrId));
}
