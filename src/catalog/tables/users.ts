import { bigint, boolean, declareTable, text, texts, timestamp } from '../declare.ts';

export const users = declareTable('users', {
  kind: 'system',
  doc: 'People who sign in to Convey.',
  primaryKey: ['id'],
  retention: { forever: 'Until the user is deleted; the audit log names them by id.' },
  columns: {
    id: text({ doc: 'Id (usr_…).', isRequired: true }),
    email: text({ doc: 'Email address as it was given.', personal: 'email', isRequired: true }),
    email_key: text({ doc: 'The address as it is compared.', personal: 'email', isRequired: true }),
    name: text({ doc: 'Display name.', personal: 'name', isRequired: true }),
    locale: text({ doc: 'Language of mails.', isRequired: true }),
    password_hash: text({ doc: 'bcrypt hash of the password.', audience: 'secret' }),
    password_changed_at: timestamp('When the password was last set.'),
    totp_secret: text({ doc: 'Second factor’s secret, sealed.', audience: 'secret', isSealed: true }),
    totp_confirmed_at: timestamp('Since when the second factor is in force.'),
    totp_last_step: bigint('Time step of the last code that was taken.'),
    recovery_codes: texts({ doc: 'SHA-256 of the codes left.', audience: 'secret', isNullable: false }),
    created_at: timestamp({ doc: 'When it was made.', isNullable: false }),
    last_sign_in_at: timestamp('Last sign-in.'),
    disabled_at: timestamp('When it was shut out.'),
  },
});

export const userIdentities = declareTable('user_identities', {
  kind: 'system',
  doc: 'Who a user is at other identity providers (OpenID Connect).',
  primaryKey: ['issuer', 'subject'],
  retention: { forever: 'As long as the user.' },
  columns: {
    issuer: text({ doc: 'The provider.', isRequired: true }),
    subject: text({ doc: 'The person there.', personal: 'identifier', isRequired: true }),
    user_id: text({ doc: 'The user here.', isRequired: true }),
    created_at: timestamp({ doc: 'First sign-in from there.', isNullable: false }),
  },
});

export const sessions = declareTable('sessions', {
  kind: 'system',
  doc: 'Sign-ins that are open, and those that ended lately.',
  primaryKey: ['id'],
  retention: { forever: 'Deleted 30 days after they ended.' },
  columns: {
    id: text({ doc: 'Id (ses_…).', isRequired: true }),
    user_id: text({ doc: 'Whose it is.', isRequired: true }),
    token_hash: text({ doc: 'SHA-256 of the cookie.', audience: 'secret', isRequired: true }),
    workspace_id: text('The workspace it works in.'),
    method: text({ doc: 'How it began: password, oidc, link.', isRequired: true }),
    awaits_second_factor: boolean({ doc: 'Opens nothing before the second factor.', defaultValue: false }),
    ip: text({ doc: 'Address it began from.', personal: 'ip', isRequired: true }),
    user_agent: text({ doc: 'Browser it began in.', isRequired: true }),
    created_at: timestamp({ doc: 'When it began.', isNullable: false }),
    last_seen_at: timestamp({ doc: 'Last request, to the minute.', isNullable: false }),
    expires_at: timestamp({ doc: 'When it ends by itself.', isNullable: false }),
    ended_at: timestamp('When it was ended.'),
  },
});

export const oneTimeLinks = declareTable('one_time_links', {
  kind: 'system',
  doc: 'Links that work once: the first owner’s, invitations, password resets.',
  primaryKey: ['id'],
  retention: { forever: 'Deleted 30 days after they ended.' },
  columns: {
    id: text({ doc: 'Id (lnk_…).', isRequired: true }),
    kind: text({ doc: 'What it opens.', values: ['first_owner', 'invite', 'reset'], isRequired: true }),
    token_hash: text({ doc: 'SHA-256 of what the link holds.', audience: 'secret', isRequired: true }),
    email: text({ doc: 'Who was invited.', personal: 'email' }),
    user_id: text('Whose password it resets.'),
    workspace_id: text('Where it invites to.'),
    role: text('The role it gives.'),
    audiences: texts('The audiences it gives, of an editor.'),
    created_by: text({ doc: 'Who made it.', isRequired: true }),
    created_at: timestamp({ doc: 'When it was made.', isNullable: false }),
    expires_at: timestamp({ doc: 'When it stops working.', isNullable: false }),
    used_at: timestamp('When it was used, or withdrawn.'),
  },
});

export const members = declareTable('members', {
  kind: 'system',
  doc: 'Which user has which role in which workspace.',
  primaryKey: ['workspace_id', 'user_id'],
  retention: { forever: 'Until the member leaves.' },
  columns: {
    workspace_id: text({ doc: 'The workspace.', isRequired: true }),
    user_id: text({ doc: 'The user.', isRequired: true }),
    role: text({
      doc: 'Role.',
      values: ['owner', 'admin', 'editor', 'agent', 'viewer'],
      isRequired: true,
    }),
    audiences: texts('An editor’s audiences; the other roles have all.'),
    created_at: timestamp({ doc: 'When they joined.', isNullable: false }),
  },
});

export const rateCounters = declareTable('rate_counters', {
  kind: 'system',
  doc: 'Counters of rate limits and locks. Unlogged: a crash forgets them.',
  primaryKey: ['key'],
  retention: { forever: 'Deleted when their window is over.' },
  columns: {
    key: text({ doc: 'What is counted; addresses as SHA-256.', isRequired: true }),
    count: bigint({ doc: 'How many in this window.', isNullable: false }),
    ends_at: timestamp({ doc: 'End of the window.', isNullable: false }),
  },
});
