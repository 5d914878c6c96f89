import type { AuditAction, EventFacts } from '../../settings/audit-log/events/event-facts.ts';

/** `made the key “CI”`, or without a name where it was erased. */
const named = (what: string, name: string | undefined) => (name === undefined ? what : `${what} “${name}”`);

/** ` (workspace, csv)` of an export. */
const ofExport = ({ detail }: EventFacts) => {
  const facts = [detail('kind'), detail('format')].filter((text) => text !== undefined);
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`;
};

const schedule = (act: string) => (facts: EventFacts) => named(`${act} the schedule`, facts.name);

/** What was done, after the name of who did it. */
export const auditSentences: Record<AuditAction, (facts: EventFacts) => string> = {
  'workspace.created': () => 'made the workspace',
  'api_key.created': ({ name }) => named('made the API key', name),
  'api_key.revoked': ({ name }) => named('revoked the API key', name),
  'import.requested': () => 'began to import records',
  'import.completed': ({ detail }) => `imported ${detail('received') ?? 'some'} records`,
  'import.failed': () => 'imported records, which ended early',
  'file.stored': () => 'stored the bytes of a file',
  'export.requested': (facts) => `asked for an export${ofExport(facts)}`,
  'export.completed': (facts) => `had an export finished${ofExport(facts)}`,
  'export.failed': (facts) => `had an export that failed${ofExport(facts)}`,
  'export.cancelled': (facts) => `stopped or withdrew an export${ofExport(facts)}`,
  'export.downloaded': (facts) => `downloaded an export${ofExport(facts)}`,
  'export.extended': (facts) =>
    `gave an export ${facts.detail('days') ?? 'more'} more days${ofExport(facts)}`,
  'export.link_created': (facts) => `made a link that opens an export${ofExport(facts)}`,
  'export.link_revoked': (facts) => `withdrew a link to an export${ofExport(facts)}`,
  'export.expired': () => 'deleted the files of an export, as their time was over',
  'field_set.created': () => 'saved a choice of fields',
  'field_set.changed': () => 'changed a saved choice of fields',
  'field_set.deleted': () => 'deleted a saved choice of fields',
  'saved_view.created': () => 'saved a view',
  'saved_view.changed': () => 'changed a saved view',
  'saved_view.deleted': () => 'deleted a saved view',
  'schedule.created': schedule('made'),
  'schedule.changed': schedule('changed'),
  'schedule.deleted': schedule('deleted'),
  'schedule.paused': schedule('paused'),
  'schedule.resumed': schedule('resumed'),
  'schedule.run_requested': schedule('ran'),
  'user.signed_in': () => 'signed in',
  'user.sign_in_failed': ({ detail }) => `was refused at sign-in (${detail('times') ?? '1'}×)`,
  'user.locked': () => 'was locked out for a while, after too many tries',
  'user.signed_out': () => 'signed out',
  'user.created': () => 'made their account',
  'user.password_changed': () => 'set a new password',
  'user.profile_changed': () => 'changed their profile',
  'user.second_factor_enabled': () => 'set up a second factor',
  'user.second_factor_disabled': () => 'took their second factor away',
  'user.recovery_codes_renewed': () => 'made new recovery codes',
  'user.identity_linked': () => 'tied their account to another sign-in',
  'user.disabled': () => 'shut a user out of the server',
  'user.enabled': () => 'let a user in again',
  'member.invited': ({ name, detail }) => `invited ${name ?? 'somebody'} as ${detail('role') ?? 'a member'}`,
  'member.invitation_withdrawn': ({ name }) => `withdrew the invitation of ${name ?? 'somebody'}`,
  'member.joined': ({ detail }) => `joined as ${detail('role') ?? 'a member'}`,
  'member.changed': ({ name, after }) =>
    after('role') === undefined
      ? `changed what ${name ?? 'a member'} sees`
      : `changed the role of ${name ?? 'a member'} to ${after('role')}`,
  'member.removed': ({ name }) => `removed ${name ?? 'a member'}`,
  'workspace.changed': ({ fields }) => `changed the settings${fields === undefined ? '' : `: ${fields}`}`,
  'workspace.plan_changed': () => 'changed the plan',
  'webhook.created': () => 'set up a webhook',
  'webhook.changed': ({ fields }) => `changed a webhook${fields === undefined ? '' : `: ${fields}`}`,
  'webhook.deleted': () => 'deleted a webhook',
  'webhook.disabled': () => 'switched a webhook off, as nothing arrived',
  'webhook.replayed': () => 'had messages sent to a webhook once more',
  'audit.exported': ({ detail }) => `exported the audit log (${detail('lines') ?? '?'} lines)`,
  'audit.verified': () => 'had the audit log verified',
  'audit.contradicted': () => 'found that the log is not the one that was noted',
  'audit.contradiction_accepted': () => 'said why the log differs from what was noted',
  'access.denied': ({ detail }) => `was refused: ${detail('permission') ?? 'not allowed'}`,
};
