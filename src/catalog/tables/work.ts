import { bigint, boolean, declareRecords, json, text, timestamp } from '../declare.ts';

const toContact = { column: 'contact_id', table: 'contacts', kind: 'owner' as const };
const toConversation = { column: 'conversation_id', table: 'conversations', kind: 'link' as const };

export const tickets = declareRecords('tickets', {
  type: 'ticket',
  refPrefix: 'tkt',
  doc: 'Tickets about a contact.',
  retention: 'person',
  references: [toContact, toConversation],
  columns: {
    contact_id: text({ doc: 'The contact.', personal: 'identifier' }),
    conversation_id: text({ doc: 'The conversation it came from.', personal: 'identifier' }),
    status: text('State.'),
    priority: text('Priority.'),
    subject: text({ doc: 'Subject.', personal: 'free_text' }),
    custom: json({ doc: 'Custom fields.', personal: 'free_text' }),
  },
});

export const ticketMessages = declareRecords('ticket_messages', {
  type: 'ticket_message',
  refPrefix: 'tkm',
  doc: 'Replies and internal notes of a ticket.',
  retention: 'person',
  references: [
    { column: 'ticket_id', table: 'tickets', kind: 'owner' },
    { column: 'author_contact_id', table: 'contacts', kind: 'link', isAwaited: false },
  ],
  internalRows: 't.is_internal',
  columns: {
    ticket_id: text({ doc: 'The ticket.', personal: 'identifier', isRequired: true }),
    is_internal: boolean({ doc: 'An internal note.', defaultValue: false }),
    author_id: text({ doc: 'The author’s id.', field: 'author.id', personal: 'identifier' }),
    author_name: text({ doc: 'The author’s name.', field: 'author.name', personal: 'name' }),
    author_contact_id: text({
      doc: 'The contact who wrote it.',
      field: 'author.contact_id',
      personal: 'identifier',
    }),
    body: text({ doc: 'Text.', personal: 'free_text' }),
  },
});

export const knowledgeSources = declareRecords('knowledge_sources', {
  type: 'knowledge_source',
  refPrefix: 'knw',
  doc: 'What the bot answers from.',
  retention: { forever: 'The workspace’s own content, no person’s data.' },
  columns: {
    kind: text({ doc: 'Kind.', values: ['website', 'file', 'text', 'qa', 'article'], isRequired: true }),
    title: text('Title.'),
    url: text('Address.'),
    body: text('Content.'),
    audience: text({ doc: 'The audience it is for.', defaultValue: 'public' }),
    language: text('Language.'),
    status: text('State.'),
  },
});

export const flows = declareRecords('flows', {
  type: 'flow',
  refPrefix: 'flw',
  doc: 'Scripted paths of the bot.',
  retention: { forever: 'The workspace’s own content, no person’s data.' },
  columns: {
    name: text('Name.'),
    status: text('State.'),
    flow_version: json({
      doc: 'Version as the host product counts it, number or text.',
      field: 'version',
      json: 'any',
    }),
    graph: json('Nodes and edges.'),
  },
  overrides: { version: bigint({ doc: 'Not used: a flow’s version is its own.', field: false }) },
});

export const files = declareRecords('files', {
  type: 'file',
  refPrefix: 'fil',
  doc: 'Uploads, generated documents, recordings and attachments.',
  retention: 'conversation',
  references: [
    { ...toConversation, kind: 'owner' },
    { column: 'message_id', table: 'messages', kind: 'owner' },
    toContact,
    { column: 'account_id', table: 'accounts', kind: 'owner' },
  ],
  columns: {
    kind: text({
      doc: 'Kind.',
      values: ['upload', 'generated_document', 'recording', 'attachment'],
      defaultValue: 'attachment',
    }),
    name: text({ doc: 'File name.', personal: 'file_name' }),
    media_type: text('Media type.'),
    size: bigint('Size in bytes, as the host product says.'),
    sha256: text({
      doc: 'SHA-256 of the content in hexadecimal, as the host product says.',
      personal: 'fingerprint',
    }),
    conversation_id: text({ doc: 'The conversation.', personal: 'identifier' }),
    message_id: text({ doc: 'The message.', personal: 'identifier' }),
    contact_id: text({ doc: 'The contact.', personal: 'identifier' }),
    account_id: text({ doc: 'The account.', personal: 'identifier' }),
    content_key: text({ doc: 'Where the object store keeps the bytes.', field: false, audience: 'internal' }),
    content_size: bigint({ doc: 'Bytes received.', field: false, audience: 'internal' }),
    content_sha256: text({ doc: 'SHA-256 of the bytes received.', field: false, audience: 'internal' }),
    content_stored_at: timestamp({ doc: 'When the bytes arrived.', field: false, audience: 'internal' }),
  },
});

export const memories = declareRecords('memories', {
  type: 'memory',
  refPrefix: 'mem',
  doc: 'What an assistant remembers for an account, per workspace or everywhere.',
  retention: 'account',
  references: [{ column: 'account_id', table: 'accounts', kind: 'owner' }],
  columns: {
    account_id: text({ doc: 'The account.', personal: 'identifier', isRequired: true }),
    scope: text({ doc: 'Workspace or user.', values: ['workspace', 'user'], defaultValue: 'workspace' }),
    body: text({ doc: 'The remembered fact.', personal: 'free_text' }),
    source: text({ doc: 'Where it was learnt.', personal: 'free_text' }),
  },
});
