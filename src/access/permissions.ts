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

interface Permission {
  /** Completes the sentence “may …”. */
  doc: string;
  /** Each of these scopes is enough; `admin` always is. */
  scopes: readonly ApiKeyScope[];
}

/**
 * Every permission, as data: what routes declare and what grants it. A new kind of principal (a member with
 * a role) adds a column here, not a second table.
 */
export const permissions = {
  'self.read': { doc: 'see who one is and what one may do', scopes: API_KEY_SCOPES },
  ingest: { doc: 'write records', scopes: ['ingest'] },
  'files.write': { doc: 'write the bytes of a file', scopes: ['ingest'] },
  'contacts.read': { doc: 'read contacts', scopes: ['contacts:read'] },
  'conversations.read': { doc: 'read conversations and their messages', scopes: ['conversations:read'] },
  'export.workspace': { doc: 'export the whole workspace', scopes: ['export:create'] },
  'export.contacts': { doc: 'export all contacts', scopes: ['export:create'] },
  'export.conversations': { doc: 'export conversations in bulk', scopes: ['export:create'] },
  'export.conversation': { doc: 'export one conversation', scopes: ['export:create'] },
  'export.contact': { doc: 'export one person', scopes: ['export:create'] },
  'export.order': { doc: 'have exports made and withdraw them', scopes: ['export:create'] },
  'export.read': { doc: 'see exports and fetch their files', scopes: ['export:read', 'export:create'] },
  'audit.read': { doc: 'read the audit log', scopes: ['audit:read'] },
  'keys.manage': { doc: 'create, list and revoke API keys', scopes: ['admin'] },
} as const satisfies Record<string, Permission>;

export type PermissionName = keyof typeof permissions;

/** All permission names, in the order of the table. */
export const permissionNames = Object.keys(permissions) as PermissionName[];

/** Scopes of which one grants the permission; `admin` is always among them. */
export function scopesFor(permission: PermissionName): ApiKeyScope[] {
  const scopes: readonly ApiKeyScope[] = permissions[permission].scopes;
  return scopes.includes('admin') ? [...scopes] : [...scopes, 'admin'];
}

/** Whether a set of scopes grants the permission. */
export function isGranted(scopes: readonly ApiKeyScope[], permission: PermissionName): boolean {
  return scopesFor(permission).some((scope) => scopes.includes(scope));
}

export function isApiKeyScope(text: string): text is ApiKeyScope {
  return (API_KEY_SCOPES as readonly string[]).includes(text);
}
