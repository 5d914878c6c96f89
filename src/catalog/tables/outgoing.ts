import { bigint, declareTable, json, text, texts, timestamp } from '../declare.ts';

const workspaceId = text({ doc: 'The workspace.', isRequired: true });

export const mails = declareTable('mails', {
  kind: 'system',
  doc: 'Mails on their way, sent, or kept because no SMTP server is set.',
  primaryKey: ['id'],
  retention: { forever: 'Deleted 30 days after they were made.' },
  columns: {
    id: text({ doc: 'Id (mail_…).', isRequired: true }),
    workspace_id: text('The workspace it is about.'),
    recipient: text({ doc: 'To whom.', personal: 'email', isRequired: true }),
    template: text({ doc: 'Which mail.', isRequired: true }),
    sealed_content: text({
      doc: 'What fills the template, sealed: it may hold a one-time link.',
      audience: 'secret',
      isRequired: true,
      isSealed: true,
    }),
    status: text({ doc: 'State.', values: ['queued', 'sent', 'kept', 'failed'], isRequired: true }),
    attempts: bigint({ doc: 'How often it was tried.', isNullable: false }),
    last_error: text('What the mail server said last.'),
    created_at: timestamp({ doc: 'When it was made.', isNullable: false }),
    next_attempt_at: timestamp({ doc: 'When it is tried next.', isNullable: false }),
    sent_at: timestamp('When the mail server took it.'),
  },
});

export const webhooks = declareTable('webhooks', {
  kind: 'working',
  doc: 'Addresses that are told what happens.',
  primaryKey: ['workspace_id', 'id'],
  retention: { forever: 'Until it is deleted.' },
  columns: {
    workspace_id: workspaceId,
    id: text({ doc: 'Id (whk_…).', isRequired: true }),
    url: text({ doc: 'Where to.', isRequired: true }),
    description: text({ doc: 'What it is for.', isRequired: true }),
    events: texts({ doc: 'Which events.', isNullable: false }),
    sealed_secret: text({
      doc: 'Secret (v1), sealed.',
      audience: 'secret',
      isRequired: true,
      isSealed: true,
    }),
    sealed_previous_secret: text({
      doc: 'The secret before it, sealed.',
      audience: 'secret',
      isSealed: true,
    }),
    previous_until: timestamp('Until when that one signs too.'),
    sealed_private_key: text({
      doc: 'Seed of the Ed25519 key (v1a), sealed.',
      audience: 'secret',
      isRequired: true,
      isSealed: true,
    }),
    public_key: text({ doc: 'Its public key (`whpk_…`).', isRequired: true }),
    created_by: text({ doc: 'Who made it.', isRequired: true }),
    created_at: timestamp({ doc: 'When.', isNullable: false }),
    failing_since: timestamp('Since when nothing arrived.'),
    disabled_at: timestamp('When it was switched off.'),
    disabled_reason: text('Why.'),
  },
});

export const webhookDeliveries = declareTable('webhook_deliveries', {
  kind: 'system',
  doc: 'Messages to webhooks with their attempts; refs and counts only.',
  primaryKey: ['id'],
  retention: { forever: 'Deleted 30 days after they were made.' },
  columns: {
    id: text({ doc: 'Id (dlv_…).', isRequired: true }),
    workspace_id: workspaceId,
    webhook_id: text({ doc: 'The webhook.', isRequired: true }),
    message_id: text({ doc: 'Id of the message (msg_…), the same at each attempt.', isRequired: true }),
    event: text({ doc: 'Event type.', isRequired: true }),
    payload: text({ doc: 'The body that is signed and sent.', isRequired: true }),
    status: text({ doc: 'State.', values: ['queued', 'delivered', 'failed'], isRequired: true }),
    attempts: json({ doc: 'When, what was answered, how long it took.', json: 'array', isNullable: false }),
    created_at: timestamp({ doc: 'When it happened.', isNullable: false }),
    next_attempt_at: timestamp({ doc: 'When it is tried next.', isNullable: false }),
    delivered_at: timestamp('When it arrived.'),
  },
});

export const auditCheckpoints = declareTable('audit_checkpoints', {
  kind: 'working',
  doc: 'Signed notes of how far an audit chain had come.',
  primaryKey: ['workspace_id', 'seq'],
  retention: { forever: 'Evidence; holds no personal data.' },
  writes: ['insert'],
  columns: {
    workspace_id: workspaceId,
    seq: bigint({ doc: 'Last event it covers.', isNullable: false }),
    hash: text({ doc: 'That event’s hash.', isRequired: true }),
    at: timestamp({ doc: 'When it was signed.', isNullable: false }),
    document: text({ doc: 'What was signed, canonical JSON.', isRequired: true }),
    signature: text({ doc: 'Ed25519 signature, Base64.', isRequired: true }),
    fingerprint: text({ doc: 'The key that signed.', isRequired: true }),
  },
});
