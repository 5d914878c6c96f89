/**
 * Everything that the audit log can say was done: a closed list, each with a sentence for the docs. A name
 * is `<noun>.<past verb>` and stays for ever, as old logs hold it; add, never rename.
 */
export const auditActions = {
  'workspace.created': 'A workspace was made.',
  'api_key.created': 'An API key was made; the event holds its id and scopes, never the key.',
  'api_key.revoked': 'An API key was revoked and opens nothing from then on.',
  'import.completed': 'A file was imported to its end; the event counts what was taken and what was refused.',
  'import.failed': 'An import ended early; the event says what had been taken by then.',
  'file.stored': 'The bytes of a file were taken into the store.',
  'export.requested': 'Somebody asked for an export; written before its first byte.',
  'export.completed': 'An export was finished and its counts matched the database.',
  'export.failed': 'An export ended without a usable file; the event holds the reason’s code.',
  'export.cancelled': 'Somebody stopped an export, or withdrew a finished one.',
  'export.downloaded': 'An export was handed over to its last byte; one event for each completed transfer.',
  'export.expired': 'The files of a kept export were deleted because their time was over.',
  'access.denied': 'Somebody with valid credentials asked for what they may not do.',
} as const satisfies Record<string, string>;

export type AuditAction = keyof typeof auditActions;
