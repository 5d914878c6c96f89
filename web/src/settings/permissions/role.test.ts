import { expect, test } from 'vitest';
import { alsoLost, exportsForOwners, keepingOf, type PermissionRow, tighteningOf } from './role.ts';

const row = (permission: string, roles: PermissionRow['roles'], needs: string[] = []) =>
  ({ permission, default_roles: roles, needs }) as unknown as PermissionRow;
const rows = [
  row('contacts.read', ['owner', 'admin', 'agent']),
  row('export.contact', ['owner', 'admin', 'agent'], ['contacts.read']),
  row('export.record', ['owner', 'admin'], ['export.contact']),
  row('ingest', []),
];

test('a tightening and the table that it leaves say the same', () => {
  expect(tighteningOf(rows, keepingOf(rows, {}))).toEqual({});
  const tightening = { 'contacts.read': ['owner', 'agent'] };
  expect(tighteningOf(rows, keepingOf(rows, tightening))).toEqual(tightening);
});

test('exports are left to owners, and what no role has stays so', () => {
  expect(tighteningOf(rows, exportsForOwners(rows, keepingOf(rows, {})))).toEqual({
    'export.contact': ['owner'],
    'export.record': ['owner'],
  });
});

test('what needs a permission that is taken goes with it, at any distance', () => {
  const keeping = keepingOf(rows, { 'contacts.read': ['owner', 'agent'] });
  expect(alsoLost(rows, keeping, 'export.contact')).toEqual(['admin']);
  expect(alsoLost(rows, keeping, 'export.record')).toEqual(['admin']);
  expect(alsoLost(rows, keeping, 'contacts.read')).toEqual([]);
});
