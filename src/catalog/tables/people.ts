import { bigint, declareRecords, declareTable, json, text, texts, timestamp } from '../declare.ts';

const accountId = text({ doc: 'The account’s id.', personal: 'identifier', isRequired: true });
const ownedByAccount = [{ column: 'account_id', table: 'accounts', kind: 'owner' as const }];

export const accounts = declareRecords('accounts', {
  type: 'account',
  refPrefix: 'act',
  doc: 'People who use the host product and own threads there.',
  retention: 'account',
  columns: {
    email: text({ doc: 'Email address.', personal: 'email' }),
    name: text({ doc: 'Display name.', personal: 'name' }),
    settings: json({ doc: 'The account’s settings.', personal: 'free_text' }),
    locale: text('Language and region, BCP 47.'),
    last_sign_in_at: timestamp('Last sign-in to the host product.'),
  },
});

export const workspaceMemberships = declareRecords('workspace_memberships', {
  type: 'workspace_membership',
  refPrefix: 'mbr',
  doc: 'Which accounts belong to the workspace in the host product.',
  retention: 'account',
  references: ownedByAccount,
  columns: { account_id: accountId, role: text('Role of the account in the workspace.') },
});

export const subscriptions = declareRecords('subscriptions', {
  type: 'subscription',
  refPrefix: 'sub',
  doc: 'What an account pays for.',
  retention: 'account',
  references: ownedByAccount,
  columns: {
    account_id: accountId,
    plan: text('Name of the plan.'),
    status: text('State of the subscription.'),
    started_at: timestamp('Begin.'),
    renews_at: timestamp('Next renewal.'),
    cancelled_at: timestamp('Cancellation.'),
    seats: bigint('Number of seats.'),
    amount: json({ doc: 'Price per period, in units of the currency.', json: 'number' }),
    currency: text('ISO 4217 code.'),
  },
});

export const contacts = declareRecords('contacts', {
  type: 'contact',
  refPrefix: 'con',
  doc: 'The people on the other side: leads, contacts, customers, visitors.',
  retention: 'person',
  columns: {
    kind: text({
      doc: 'Lead, contact, customer or visitor.',
      values: ['lead', 'contact', 'customer', 'visitor'],
      defaultValue: 'contact',
    }),
    email: text({ doc: 'Email address.', personal: 'email' }),
    name: text({ doc: 'Full name.', personal: 'name' }),
    company: text({ doc: 'Company.', personal: 'company' }),
    job_title: text({ doc: 'Job title.', personal: 'free_text' }),
    phone: text({ doc: 'Phone number.', personal: 'phone' }),
    language: text('Preferred language.'),
    tags: texts('Labels.'),
    source: text('Where the contact came from.'),
    external_id: text({ doc: 'Id in a third system.', personal: 'identifier' }),
    account_ref: text({ doc: 'Id of the company account it is filed under.', personal: 'identifier' }),
    source_bot_id: text('The bot that captured it.'),
    source_conversation_id: text({ doc: 'The conversation that captured it.', personal: 'identifier' }),
    notes: text({ doc: 'The team’s notes about the person.', audience: 'internal', personal: 'free_text' }),
    metadata: json({ doc: 'The host product’s custom fields.', personal: 'free_text' }),
    churn_reasons: json({ doc: 'Why a customer left.', json: 'array', personal: 'free_text' }),
    identities: json({
      doc: 'Channel identities: [{channel, value}].',
      json: 'array',
      personal: 'identifier',
      plainKeys: ['channel'],
    }),
    identity_verified: json('How and when the identity was verified: {method, at}.'),
    last_seen_at: timestamp('Last activity.'),
    promoted_at: timestamp('When a lead became a contact.'),
    churned_at: timestamp('When a customer left.'),
  },
});

export const contactAliases = declareTable('contact_aliases', {
  kind: 'working',
  doc: 'Ids of contacts that were merged into another, so that late lines find the right person.',
  primaryKey: ['workspace_id', 'id'],
  retention: 'person',
  references: [{ column: 'contact_id', table: 'contacts', kind: 'owner' }],
  columns: {
    workspace_id: text({ doc: 'The workspace.', isRequired: true }),
    id: text({ doc: 'The id that was merged away.', personal: 'identifier', isRequired: true }),
    contact_id: text({ doc: 'The contact it now means.', personal: 'identifier', isRequired: true }),
    merged_at: timestamp({ doc: 'When.', isNullable: false }),
  },
});
