import { expect, test } from 'vitest';
import {
  alsoTaken,
  isGranted,
  needsOf,
  type PermissionName,
  permissionNames,
  permissionOf,
  rolesFor,
} from './permissions.ts';

test('by default nobody lacks what a permission of theirs needs', () => {
  for (const name of permissionNames)
    expect(rolesFor(name, { tightening: {} })).toEqual(permissionOf(name).roles);
  expect(alsoTaken({ tightening: {} })).toEqual([]);
});

test('what a permission needs is in the table, and leads to no circle', () => {
  const reach = (name: PermissionName, seen: readonly PermissionName[]): void => {
    expect(seen).not.toContain(name);
    expect(permissionNames).toContain(name);
    for (const needed of needsOf(name)) reach(needed, [...seen, name]);
  };
  for (const name of permissionNames) reach(name, []);
});

test('who may not read something does not export it either', () => {
  for (const [taken, exports] of [
    ['audit.read', ['audit.export']],
    [
      'conversations.read',
      [
        ...(['export.workspace', 'export.conversations', 'export.conversation'] as const),
        ...(['export.contact', 'export.contact_record'] as const),
      ],
    ],
    ['contacts.read', ['export.workspace', 'export.contacts', 'export.contact', 'export.contact_record']],
    ['export.read', ['export.read_others', 'export.share']],
  ] as const) {
    const rules = { tightening: { [taken]: ['owner'] } };
    expect(alsoTaken(rules).map(({ permission }) => permission)).toEqual(exports);
    for (const name of exports) expect(rolesFor(name, rules), name).toEqual(['owner']);
    for (const { needs, roles } of alsoTaken(rules)) {
      expect(needs.length).toBeGreaterThan(0);
      expect(roles).not.toContain('owner');
    }
  }
});

test('a key has what its scopes say, and nothing is needed beside', () => {
  expect(isGranted(['export:create'], 'export.workspace')).toBe(true);
  expect(isGranted(['export:create'], 'conversations.read')).toBe(false);
});
