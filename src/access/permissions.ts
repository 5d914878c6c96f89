/** What an API key may be given. The list is part of the public contract. */
export const API_KEY_SCOPES = [
  'ingest',
  'export:read',
  'export:create',
  'contacts:read',
  'conversations:read',
  'privacy:erase',
  'audit:read',
  'admin',
] as const;

export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];

/** What a member can be, the mightiest first. */
export const ROLES = ['owner', 'admin', 'editor', 'agent', 'viewer'] as const;

export type Role = (typeof ROLES)[number];

/** What a workspace's plan can hold; the operator says which, and by default all. */
export const PLAN_FEATURES = ['audit_export.use'] as const;

export type PlanFeature = (typeof PLAN_FEATURES)[number];

interface Permission {
  /** Completes the sentence “may …”. */
  doc: string;
  /** Each of these scopes is enough for an API key; `admin` always is, unless `isForPeople`. */
  scopes: readonly ApiKeyScope[];
  /** Members with one of these roles may. An editor only as far as their audiences reach. */
  roles: readonly Role[];
  /** Only with this feature in the workspace's plan. */
  feature?: PlanFeature;
  /** No API key may, whatever its scopes. */
  isForPeople?: boolean;
  /** A workspace cannot take it from these roles, or nobody could give it back. */
  kept?: readonly Role[];
  /** A member needs these as well: what one may not read one does not export either. A key’s scopes stand alone. */
  needs?: readonly string[];
}

const ALL: readonly Role[] = ROLES;
const MANAGERS = ['owner', 'admin'] as const;
const EDITORS = ['owner', 'admin', 'editor'] as const;

/**
 * Every permission, as data: what routes declare, and what grants it to a key (scopes) and to a member (roles).
 * Contract §5. The one table: docs, web app and tests are made from it.
 */
export const permissions = {
  'self.read': {
    doc: 'see who one is and what one may do',
    scopes: API_KEY_SCOPES,
    roles: ALL,
    kept: ALL,
  },
  ingest: { doc: 'write records', scopes: ['ingest'], roles: [] },
  'files.write': { doc: 'write the bytes of a file', scopes: ['ingest'], roles: [] },
  'records.import': {
    doc: 'bring records in as files, and load the sample data',
    scopes: ['ingest'],
    roles: MANAGERS,
  },
  'contacts.read': { doc: 'read contacts', scopes: ['contacts:read'], roles: ALL },
  'conversations.read': {
    doc: 'read conversations and their messages',
    scopes: ['conversations:read'],
    roles: ALL,
  },
  'notes.read': {
    doc: 'see internal notes and events, wherever conversations are read or exported',
    scopes: API_KEY_SCOPES,
    roles: EDITORS,
  },
  'export.workspace': {
    doc: 'export the whole workspace',
    scopes: ['export:create'],
    roles: MANAGERS,
    needs: ['contacts.read', 'conversations.read'],
  },
  'export.contacts': {
    doc: 'export all contacts',
    scopes: ['export:create'],
    roles: MANAGERS,
    needs: ['contacts.read'],
  },
  'export.conversations': {
    doc: 'export conversations in bulk',
    scopes: ['export:create'],
    roles: EDITORS,
    needs: ['conversations.read'],
  },
  'export.conversation': {
    doc: 'export one conversation',
    scopes: ['export:create'],
    roles: ['owner', 'admin', 'editor', 'agent'],
    needs: ['conversations.read'],
  },
  'export.contact': {
    doc: 'export one person',
    scopes: ['export:create'],
    roles: ['owner', 'admin', 'agent'],
    needs: ['contacts.read', 'conversations.read'],
  },
  'export.contact_record': {
    doc: 'export one person for the workspace’s record, notes included, instead of for that person',
    scopes: ['export:create'],
    roles: MANAGERS,
    needs: ['export.contact', 'notes.read'],
  },
  'export.order': {
    doc: 'have exports made and withdraw them',
    scopes: ['export:create'],
    roles: ['owner', 'admin', 'editor', 'agent'],
  },
  'export.read': {
    doc: 'see one’s exports and fetch their files',
    scopes: ['export:read', 'export:create'],
    roles: ['owner', 'admin', 'editor', 'agent'],
  },
  'export.read_others': {
    doc: 'see and fetch others’ exports, as far as one’s own reach covers them',
    scopes: ['export:read', 'export:create'],
    roles: EDITORS,
    needs: ['export.read'],
  },
  'export.share_fields': {
    doc: 'share saved choices of fields with the workspace, and change those that are shared',
    scopes: ['export:create'],
    roles: EDITORS,
    needs: ['export.order'],
  },
  'export.share': {
    doc: 'make links that open an export without a sign-in; taken from everybody, all such links end',
    scopes: ['export:create'],
    roles: EDITORS,
    needs: ['export.read'],
  },
  'schedules.manage': {
    doc: 'have exports made again and again, and see what became of each',
    scopes: ['export:create'],
    roles: MANAGERS,
    needs: ['export.order'],
  },
  'audit.read': { doc: 'read the audit log', scopes: ['audit:read'], roles: MANAGERS },
  'audit.export': {
    doc: 'export the audit log',
    scopes: ['audit:read'],
    roles: MANAGERS,
    feature: 'audit_export.use',
    needs: ['audit.read'],
  },
  'members.read': { doc: 'see the members of the workspace', scopes: ['admin'], roles: MANAGERS },
  'members.manage': {
    doc: 'invite members, change their roles, remove them',
    scopes: [],
    roles: MANAGERS,
    isForPeople: true,
    kept: ['owner'],
  },
  'keys.manage': { doc: 'create, list and revoke API keys', scopes: ['admin'], roles: MANAGERS },
  'webhooks.manage': {
    doc: 'set up webhooks, and see and repeat their deliveries',
    scopes: ['admin'],
    roles: MANAGERS,
  },
  'mails.read': { doc: 'see the mails that the workspace sent or keeps', scopes: ['admin'], roles: MANAGERS },
  'settings.manage': {
    doc: 'change the workspace’s settings and tighten this table',
    scopes: ['admin'],
    roles: MANAGERS,
    kept: ['owner'],
  },
  'workspace.own': {
    doc: 'make others owners and end their ownership',
    scopes: [],
    roles: ['owner'],
    isForPeople: true,
    kept: ['owner'],
  },
  'self.manage': {
    doc: 'see and end one’s own sessions, change one’s password and second factor',
    scopes: [],
    roles: ALL,
    isForPeople: true,
    kept: ALL,
  },
} as const satisfies Record<string, Permission>;

export type PermissionName = keyof typeof permissions;

/** All permission names, in the order of the table. */
export const permissionNames = Object.keys(permissions) as PermissionName[];

/** The permissions that a member needs beside one. */
export function needsOf(name: PermissionName): readonly PermissionName[] {
  return (permissionOf(name).needs ?? []) as readonly PermissionName[];
}

/** A permission's row of the table. */
export function permissionOf(name: PermissionName): Permission {
  return permissions[name];
}

/** Scopes of which one grants the permission to an API key; `admin` is among them unless it is for people. */
export function scopesFor(name: PermissionName): ApiKeyScope[] {
  const { scopes, isForPeople = false } = permissionOf(name);
  return isForPeople || scopes.includes('admin') ? [...scopes] : [...scopes, 'admin'];
}

/** Whether a set of scopes grants the permission. */
export function isGranted(scopes: readonly ApiKeyScope[], permission: PermissionName): boolean {
  return scopesFor(permission).some((scope) => scopes.includes(scope));
}

export function isApiKeyScope(text: string): text is ApiKeyScope {
  return (API_KEY_SCOPES as readonly string[]).includes(text);
}

export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

/** What a workspace changed about the table: `tightening` only ever takes roles away. */
export interface WorkspaceRules {
  /** Null: all features. */
  planFeatures: readonly string[] | null;
  /** Permission → the roles that keep it. */
  tightening: Readonly<Partial<Record<string, readonly string[]>>>;
}

/** The roles that have a permission in a workspace: it was not taken from them, nor was one that it needs. */
export function rolesFor(name: PermissionName, rules: Pick<WorkspaceRules, 'tightening'>): Role[] {
  return needsOf(name).reduce(
    (roles, needed) => roles.filter((role) => rolesFor(needed, rules).includes(role)),
    rolesLeft(name, rules),
  );
}

/** Whether a tightening took a permission from every role that had it: then it is nobody's, and no key's either. */
export function isTakenFromAll(name: PermissionName, rules: Pick<WorkspaceRules, 'tightening'>): boolean {
  return rolesFor(name, { tightening: {} }).length > 0 && rolesFor(name, rules).length === 0;
}

/** What a tightening takes beyond what it names: permission → roles that lose it because they lack one it needs. */
export function alsoTaken(
  rules: Pick<WorkspaceRules, 'tightening'>,
): { permission: PermissionName; roles: Role[]; needs: PermissionName[] }[] {
  return permissionNames.flatMap((permission) => {
    const has = rolesFor(permission, rules);
    const roles = rolesLeft(permission, rules).filter((role) => !has.includes(role));
    if (roles.length === 0) return [];
    const lacksSome = (needed: PermissionName) =>
      roles.some((role) => !rolesFor(needed, rules).includes(role));
    return [{ permission, roles, needs: needsOf(permission).filter(lacksSome) }];
  });
}

function rolesLeft(name: PermissionName, { tightening }: Pick<WorkspaceRules, 'tightening'>): Role[] {
  const { roles, kept = [] } = permissionOf(name);
  const left = tightening[name];
  return roles.filter((role) => left === undefined || kept.includes(role) || left.includes(role));
}

/** The plan feature that a permission lacks in a workspace, if any. */
export function missingFeature(name: PermissionName, rules: WorkspaceRules): PlanFeature | undefined {
  const { feature } = permissionOf(name);
  if (feature === undefined || rules.planFeatures === null) return undefined;
  return rules.planFeatures.includes(feature) ? undefined : feature;
}
