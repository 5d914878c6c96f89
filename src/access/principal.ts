import type { Scope } from '../database/scope.ts';
import { ConveyError } from '../errors.ts';
import { AccessDenied, noWorkspace, planRequired, secondFactorRequired } from './access.errors.ts';
import {
  type ApiKeyScope,
  isGranted,
  isTakenFromAll,
  missingFeature,
  type PermissionName,
  type Role,
  rolesFor,
  type WorkspaceRules,
} from './permissions.ts';

/** A program, by its API key. */
export interface KeyPrincipal {
  type: 'api_key';
  id: string;
  name: string;
  workspaceId: string;
  scopes: readonly ApiKeyScope[];
  rules: WorkspaceRules;
  /** Through what: goes into audit events. */
  interface: 'api';
}

/** A person, by their session. */
export interface UserPrincipal {
  type: 'user';
  id: string;
  name: string;
  email: string;
  sessionId: string;
  /** What the user is in the workspace that the request is about; undefined: it is about none. */
  membership: Membership | undefined;
  /** That workspace asks its members for a second factor, and the user has none: their own account opens, nothing else. */
  lacksSecondFactor: boolean;
  interface: 'web';
}

/** A user's place in one workspace. */
export interface Membership {
  workspaceId: string;
  role: Role;
  /** Of an editor; null: all. */
  audiences: readonly string[] | null;
  rules: WorkspaceRules;
}

/** Who asks: known after a request's credentials were checked. */
export type Principal = KeyPrincipal | UserPrincipal;

/** Permissions that a user has without any workspace, and before the second factor that one asks for. */
const OWN: readonly PermissionName[] = ['self.read', 'self.manage'];

/** Whether the principal has a permission, the workspace's plan apart. */
export function isAllowed(principal: Principal, permission: PermissionName): boolean {
  if (principal.type === 'api_key')
    return isGranted(principal.scopes, permission) && !isTakenFromAll(permission, principal.rules);
  if (principal.membership === undefined || principal.lacksSecondFactor) return OWN.includes(permission);
  const { role, rules } = principal.membership;
  return rolesFor(permission, rules).includes(role);
}

/** Whether the principal has a permission. */
export function can(principal: Principal, permission: PermissionName): boolean {
  const rules = rulesOf(principal);
  const isInPlan = rules === undefined || missingFeature(permission, rules) === undefined;
  return isAllowed(principal, permission) && isInPlan;
}

/**
 * Throws `access.forbidden` naming the permission, unless the principal has it; `access.plan_required` where
 * only the workspace's plan lacks it; `access.no_workspace` when a user must say which workspace they mean;
 * `access.second_factor_required` when they must set one up first.
 */
export function authorize(principal: Principal, permission: PermissionName): void {
  if (principal.type === 'user' && principal.membership === undefined && !OWN.includes(permission))
    throw new ConveyError(noWorkspace);
  if (principal.type === 'user' && principal.lacksSecondFactor && !OWN.includes(permission))
    throw new ConveyError(secondFactorRequired);
  if (!isAllowed(principal, permission)) throw new AccessDenied(permission);
  const rules = rulesOf(principal);
  const feature = rules === undefined ? undefined : missingFeature(permission, rules);
  if (feature !== undefined) throw new ConveyError(planRequired, `It needs the feature “${feature}”.`);
}

/** The workspace that a request is about; throws `access.no_workspace` where there is none. */
export function workspaceOf(principal: Principal): string {
  const id = principal.type === 'api_key' ? principal.workspaceId : principal.membership?.workspaceId;
  if (id === undefined) throw new ConveyError(noWorkspace);
  return id;
}

/** What the principal may see of the database. A key sees all of its workspace. */
export function scopeOf(principal: Principal): Scope {
  const workspaceId = workspaceOf(principal);
  if (principal.type === 'api_key') return { workspaceId };
  const audiences = principal.membership?.audiences ?? null;
  return {
    workspaceId,
    ...(audiences === null ? {} : { audiences }),
    ...(can(principal, 'notes.read') ? {} : { hidesInternal: true }),
  };
}

/** What the workspace changed about the table; undefined: the request is about none. */
export function rulesOf(principal: Principal): WorkspaceRules | undefined {
  return principal.type === 'api_key' ? principal.rules : principal.membership?.rules;
}
