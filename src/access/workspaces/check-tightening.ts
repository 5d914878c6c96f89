import { ConveyError, type FieldProblem } from '../../errors.ts';
import { AccessDenied } from '../access.errors.ts';
import {
  isRole,
  type PermissionName,
  permissionNames,
  permissionOf,
  type Role,
  ROLES,
  rolesFor,
} from '../permissions.ts';
import { isAllowed, type Principal } from '../principal.ts';
import { badTightening } from './workspaces.errors.ts';

/** Permission → the roles that keep it. What is not named stays as it is by default. */
export type Tightening = Partial<Record<PermissionName, Role[]>>;

/**
 * Checks a tightening as it came: each entry names a permission and roles that have it by default, and leaves
 * those that must keep it, or nobody could give it back. Gives it in the table's order, without entries that take
 * nothing.
 * @throws access.bad_tightening naming each entry that is wrong and what it takes
 */
export function readTightening(tightening: Readonly<Record<string, readonly string[]>>): Tightening {
  const fields: FieldProblem[] = [];
  for (const [name, roles] of Object.entries(tightening)) {
    const refuse = (detail: string) => fields.push({ pointer: `/tightening/${name}`, detail });
    if (!isPermission(name)) {
      refuse('there is no such permission');
      continue;
    }
    const { roles: byDefault, kept = [] } = permissionOf(name);
    const extra = roles.filter((role) => !isRole(role) || !byDefault.includes(role));
    if (extra.length > 0) {
      const takes = byDefault.length === 0 ? 'no role has it' : `takes some of ${byDefault.join(', ')}`;
      refuse(`${extra.map((role) => `“${role.slice(0, 20)}”`).join(', ')} cannot be given it; ${takes}`);
    }
    const missing = kept.filter((role) => !roles.includes(role));
    if (missing.length > 0) refuse(`cannot be taken from ${missing.join(', ')}`);
  }
  if (fields.length > 0) throw new ConveyError(badTightening, undefined, { fields });
  const read: Tightening = {};
  for (const name of permissionNames) {
    const left = Object.hasOwn(tightening, name) ? tightening[name] : undefined;
    const byDefault = permissionOf(name).roles;
    if (left !== undefined && byDefault.some((role) => !left.includes(role)))
      read[name] = ROLES.filter((role) => left.includes(role));
  }
  return read;
}

/**
 * Refuses a change that would let somebody take back what was taken from them, or shut out who makes it: what
 * one lacks oneself only an owner gives back. A key gives nothing back.
 * @throws access.forbidden, access.bad_tightening
 */
export function ensureMayTighten(principal: Principal, before: Tightening, after: Tightening): void {
  const isOwner = principal.type === 'user' && isAllowed(principal, 'workspace.own');
  for (const name of permissionNames) {
    const had = rolesFor(name, { tightening: before });
    const isLoosened = rolesFor(name, { tightening: after }).some((role) => !had.includes(role));
    if (!isLoosened || isOwner) continue;
    if (principal.type === 'api_key')
      throw new AccessDenied('workspace.own', `A key cannot give back “${name}”: an owner can.`);
    if (!isAllowed(principal, name))
      throw new AccessDenied(name, `Who lacks “${name}” cannot give it back: an owner can.`);
  }
  if (principal.type === 'api_key' || principal.membership === undefined) return;
  const { role } = principal.membership;
  if (rolesFor('settings.manage', { tightening: after }).includes(role)) return;
  const detail = `would take it from yourself; an owner can take it from ${role}`;
  throw new ConveyError(badTightening, undefined, {
    fields: [{ pointer: '/tightening/settings.manage', detail }],
  });
}

function isPermission(name: string): name is PermissionName {
  return (permissionNames as string[]).includes(name);
}
