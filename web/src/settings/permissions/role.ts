import type { Schema } from '../../api/client.ts';

/** What a member can be. */
export type Role = Schema<'Member'>['role'];

/** A row of the table of who may do what. */
export type PermissionRow = Schema<'Permission'>;

/** Permission → the roles that keep it; for every permission. */
export type Keeping = Readonly<Record<string, readonly Role[]>>;

/** The table as a workspace's tightening leaves it. */
export function keepingOf(
  rows: readonly PermissionRow[],
  tightening: Readonly<Record<string, readonly string[]>>,
): Keeping {
  return Object.fromEntries(
    rows.map(({ permission, default_roles: roles }) => [
      permission,
      roles.filter((role) => tightening[permission]?.includes(role) ?? true),
    ]),
  );
}

/** What the settings call it: only what is taken. */
export function tighteningOf(rows: readonly PermissionRow[], keeping: Keeping): Record<string, string[]> {
  const taken = rows.filter(
    ({ permission, default_roles: roles }) => keeping[permission]!.length < roles.length,
  );
  return Object.fromEntries(taken.map(({ permission }) => [permission, [...keeping[permission]!]]));
}

/** Only owners export: what begins with `export.` is left to them. */
export function exportsForOwners(rows: readonly PermissionRow[], keeping: Keeping): Keeping {
  const changed = rows
    .filter(
      ({ permission, default_roles: roles }) => permission.startsWith('export.') && roles.includes('owner'),
    )
    .map(({ permission }) => [permission, ['owner'] as Role[]] as const);
  return { ...keeping, ...Object.fromEntries(changed) };
}

/** Whether a role has a permission and everything that this one needs. */
export function has(
  rows: readonly PermissionRow[],
  keeping: Keeping,
  permission: string,
  role: Role,
): boolean {
  const needs = rows.find((row) => row.permission === permission)?.needs ?? [];
  return keeping[permission]!.includes(role) && needs.every((needed) => has(rows, keeping, needed, role));
}

/** The roles that keep a permission by name and lose it nonetheless, as they lack one that it needs. */
export function alsoLost(rows: readonly PermissionRow[], keeping: Keeping, permission: string): Role[] {
  return keeping[permission]!.filter((role) => !has(rows, keeping, permission, role));
}
