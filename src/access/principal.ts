import type { Scope } from '../database/scope.ts';
import { AccessDenied } from './access.errors.ts';
import { type ApiKeyScope, isGranted, type PermissionName } from './permissions.ts';

/** Who asks: known after a request's credentials were checked. */
export interface Principal {
  type: 'api_key';
  id: string;
  name: string;
  workspaceId: string;
  scopes: readonly ApiKeyScope[];
  /** Through what: goes into audit events. */
  interface: 'api';
}

/** Whether the principal has a permission. */
export function can(principal: Principal, permission: PermissionName): boolean {
  return isGranted(principal.scopes, permission);
}

/** Throws `access.forbidden` naming the permission, unless the principal has it. */
export function authorize(principal: Principal, permission: PermissionName): void {
  if (!can(principal, permission)) throw new AccessDenied(permission);
}

/** What the principal may see of the database. */
export function scopeOf(principal: Principal): Scope {
  return { workspaceId: principal.workspaceId };
}
