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
  'user.signed_in': 'Somebody signed in.',
  'user.sign_in_failed':
    'A sign-in was refused; like refusals within a minute are one event with their number.',
  'user.locked': 'Too many sign-ins failed, so more were refused for a while.',
  'user.signed_out': 'Somebody ended a session, or all of theirs.',
  'user.created': 'A user was made.',
  'user.password_changed': 'A password was set, changed or reset; other sessions ended.',
  'user.second_factor_enabled': 'A second factor was set up and confirmed.',
  'user.second_factor_disabled': 'A second factor was taken away.',
  'user.recovery_codes_renewed': 'New recovery codes replaced the old ones.',
  'user.identity_linked': 'A sign-in at another provider was tied to a user.',
  'user.disabled': 'The operator shut a user out of the server; their sessions ended.',
  'user.enabled': 'The operator let a user who was shut out in again.',
  'member.invited': 'Somebody was invited into the workspace.',
  'member.invitation_withdrawn': 'An invitation was withdrawn before it was used.',
  'member.joined': 'Somebody became a member.',
  'member.changed': 'A member’s role or audiences changed.',
  'member.removed': 'Somebody is no longer a member.',
  'workspace.changed': 'Settings of the workspace changed; the event shows before and after.',
  'workspace.plan_changed': 'The operator changed which features the workspace has.',
  'webhook.created': 'A webhook was set up.',
  'webhook.changed': 'A webhook was changed, or its secret rotated.',
  'webhook.deleted': 'A webhook was deleted.',
  'webhook.disabled': 'A webhook was switched off because nothing arrived for days.',
  'webhook.replayed': 'Somebody had messages sent to a webhook once more.',
  'audit.exported': 'The audit log was exported; the event says how many lines.',
  'audit.verified': 'Somebody had the audit chain verified; the event holds the result.',
  'audit.contradicted':
    'The log is shorter than, or not the one, that a checkpoint noted; no further one is signed.',
  'audit.contradiction_accepted':
    'The operator said why the log differs from what was noted; checkpoints are signed again.',
  'access.denied': 'Somebody with valid credentials asked for what they may not do.',
} as const satisfies Record<string, string>;

export type AuditAction = keyof typeof auditActions;
