import { bigint, boolean, declareTable, json, text, texts, timestamp } from '../declare.ts';

export const workspaces = declareTable('workspaces', {
  kind: 'system',
  doc: 'Workspaces; each account’s hidden personal one; and `wsp_system`, the chain of the server itself.',
  primaryKey: ['id'],
  retention: { forever: 'Until the workspace is deleted.' },
  columns: {
    id: text({ doc: 'Id (wsp_…).', isRequired: true }),
    kind: text({ doc: 'Kind.', values: ['team', 'personal', 'system'], isRequired: true }),
    slug: text('Short name in addresses and file names.'),
    name: text({ doc: 'Name.', isRequired: true }),
    product: text({
      doc: 'Workspaces of one host product share its accounts’ personal workspaces.',
      isRequired: true,
    }),
    account_id: text({ doc: 'Personal workspaces: the account.', personal: 'identifier' }),
    created_at: timestamp({ doc: 'When it was made.', isNullable: false }),
    plan_features: texts('Features of its plan; none said: all there are.'),
    tightening: json({ doc: 'Permission → the roles that keep it.', isNullable: false }),
    requires_second_factor: boolean({
      doc: 'Members need a second factor.',
      defaultValue: false,
    }),
    brand: json({ doc: 'How transcripts look: {name, color}.', isNullable: false }),
    logo_key: text('Where the store keeps the logo.'),
    logo_type: text('Its media type.'),
  },
});

export const personalThreads = declareTable('personal_threads', {
  kind: 'system',
  doc: 'Which personal workspace holds a thread, so that its messages find it.',
  primaryKey: ['product', 'conversation_id'],
  retention: 'conversation',
  references: [{ column: 'conversation_id', table: 'conversations', kind: 'owner' }],
  writes: ['insert', 'delete'],
  columns: {
    product: text({ doc: 'The host product.', isRequired: true }),
    conversation_id: text({ doc: 'The thread.', personal: 'identifier', isRequired: true }),
    workspace_id: text({ doc: 'The personal workspace that holds it.', isRequired: true }),
  },
});

export const apiKeys = declareTable('api_keys', {
  kind: 'system',
  doc: 'API keys, hashed.',
  primaryKey: ['id'],
  retention: { forever: 'The record of which keys existed.' },
  columns: {
    id: text({ doc: 'Id (key_…).', isRequired: true }),
    workspace_id: text({ doc: 'The one workspace it opens.', isRequired: true }),
    name: text({ doc: 'What it is for.', isRequired: true }),
    hint: text({ doc: 'First characters, to tell keys apart.', isRequired: true }),
    secret_hash: text({ doc: 'SHA-256 of the key.', audience: 'secret', isRequired: true }),
    scopes: texts({ doc: 'What it may do.', isNullable: false }),
    created_at: timestamp({ doc: 'When it was made.', isNullable: false }),
    expires_at: timestamp('When it ends by itself.'),
    revoked_at: timestamp('When it was revoked.'),
    last_used_at: timestamp('Last use, to the minute.'),
    allowed_networks: texts({ doc: 'Networks it may be used from; none: any.', isNullable: false }),
    created_by: text({ doc: 'Who made it.', isRequired: true }),
  },
});

export const signingKeys = declareTable('signing_keys', {
  kind: 'system',
  doc: 'The keys that sign manifests and receipts; one is current.',
  primaryKey: ['fingerprint'],
  retention: { forever: 'What an old key signed must stay verifiable.' },
  writes: ['insert', 'update'],
  columns: {
    fingerprint: text({ doc: 'SHA-256 of the public key.', isRequired: true }),
    public_key: text({ doc: 'Public half, SubjectPublicKeyInfo in Base64.', isRequired: true }),
    private_key: text({ doc: 'Private half under the master key.', audience: 'secret', isRequired: true }),
    wrapped_by: text({ doc: 'Id of that master key.', isRequired: true }),
    endorsements: json({ doc: 'Older keys’ signatures over it.', json: 'array', isNullable: false }),
    created_at: timestamp({ doc: 'When it was made.', isNullable: false }),
    retired_at: timestamp('When the next one took over.'),
    is_compromised: boolean({ doc: 'In wrong hands: it vouches for nothing.', defaultValue: false }),
  },
});

export const feedState = declareTable('feed_state', {
  kind: 'system',
  doc: 'One row: which cluster wrote last, and the epoch of the change feed.',
  primaryKey: ['id'],
  retention: { forever: 'Bookkeeping.' },
  columns: {
    id: text({ doc: 'Always `feed`.', isRequired: true }),
    system_identifier: text({ doc: 'The cluster’s system identifier.', isRequired: true }),
    timeline: bigint({ doc: 'The cluster’s timeline.', isNullable: false }),
    epoch: bigint({ doc: 'Epoch of the change feed.', isNullable: false }),
  },
});

export const schemaMigrations = declareTable('schema_migrations', {
  kind: 'system',
  doc: 'Migrations that have run.',
  primaryKey: ['name'],
  retention: { forever: 'Bookkeeping.' },
  writes: [],
  columns: {
    name: text({ doc: 'File name.', isRequired: true }),
    sha256: text({ doc: 'Digest of the file when it ran.', isRequired: true }),
    applied_at: timestamp({ doc: 'When.', isNullable: false }),
  },
});

export const jobs = declareTable('jobs', {
  kind: 'system',
  doc: 'The queue of work that outlives a request; ids and progress only.',
  primaryKey: ['id'],
  retention: { forever: 'Deleted 30 days after they ended.' },
  columns: {
    id: text({ doc: 'Id (job_…).', isRequired: true }),
    kind: text({ doc: 'What is done.', values: ['export'], isRequired: true }),
    workspace_id: text({ doc: 'For which workspace.', isRequired: true }),
    subject_id: text({ doc: 'What it is about: the export.', isRequired: true }),
    status: text({
      doc: 'State.',
      values: ['queued', 'running', 'done', 'failed', 'cancelled'],
      isRequired: true,
    }),
    attempts: bigint({ doc: 'How often it was begun.', isNullable: false }),
    fence: bigint({ doc: 'Number of the latest claim.', isNullable: false }),
    worker: text('Who claimed it last.'),
    lease_until: timestamp('Without a sign until then its worker counts as dead.'),
    run_at: timestamp({ doc: 'Not before.', isNullable: false }),
    cancel_asked_at: timestamp('When somebody asked that it end.'),
    progress: json({ doc: 'Stage, records, bytes.', isNullable: false }),
    created_at: timestamp({ doc: 'When it was queued.', isNullable: false }),
    finished_at: timestamp('When it ended.'),
  },
});
