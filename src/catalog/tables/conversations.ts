import { boolean, declareRecords, declareTable, json, text, texts, timestamp } from '../declare.ts';

const conversationId = text({
  doc: 'The conversation it belongs to.',
  personal: 'identifier',
  isRequired: true,
});
const ownedByConversation = { column: 'conversation_id', table: 'conversations', kind: 'owner' as const };

/** Statuses of the seeds together (K-23 calls one `pending`; V-16, H-18). */
const STATUSES = ['open', 'claimed', 'assigned', 'waiting', 'escalated', 'snoozed', 'resolved', 'archived'];

export const conversations = declareRecords('conversations', {
  type: 'conversation',
  refPrefix: 'cnv',
  doc: 'Conversations; an account’s own are called threads.',
  retention: 'conversation',
  references: [
    { column: 'contact_id', table: 'contacts', kind: 'owner' },
    { column: 'account_id', table: 'accounts', kind: 'owner' },
  ],
  columns: {
    contact_id: text({ doc: 'The contact it is with.', personal: 'identifier' }),
    account_id: text({ doc: 'The account whose thread it is.', personal: 'identifier' }),
    channel: text('Where it takes place: widget, email, whatsapp, ….'),
    channel_id: text({ doc: 'The host product’s id of the channel.', personal: 'identifier' }),
    bot_id: text('The bot that answers.'),
    widget_id: text('The widget it came through.'),
    status: text({ doc: 'State.', values: STATUSES, defaultValue: 'open' }),
    priority: text('Urgent, high, normal, low, or the host product’s own word.'),
    subject: text({ doc: 'Subject or title.', personal: 'free_text' }),
    summary: text({ doc: 'Summary.', personal: 'free_text' }),
    tags: texts('Labels.'),
    audience: text({ doc: 'The one audience it belongs to.', defaultValue: 'public' }),
    skills: json({ doc: 'Skills that ran: [{name, at}].', json: 'array' }),
    assigned_agent_id: text({
      doc: 'Teammate in charge.',
      field: 'assigned_agent.id',
      personal: 'identifier',
      isTeammate: true,
    }),
    assigned_agent_name: text({
      doc: 'Teammate’s name.',
      field: 'assigned_agent.name',
      personal: 'name',
      isTeammate: true,
    }),
    agents: json({
      doc: 'Teammates who took part, in order of joining: [{id, name, joined_at}].',
      json: 'array',
      personal: 'name',
      isTeammate: true,
    }),
    csat: json({ doc: 'Satisfaction: {rating, comment, …}.', personal: 'free_text' }),
    language: text('Language.'),
    started_at: timestamp('Begin, where it differs from created_at.'),
    resolved_at: timestamp('When it was resolved: the clock of retention.'),
    ended_at: timestamp('End.'),
    metadata: json({ doc: 'The host product’s custom fields.', personal: 'free_text' }),
    ada: json({
      doc: 'Fields of the Ada-shaped API that are not derived from the rest (A-30…A-60).',
      personal: 'free_text',
    }),
  },
});

export const conversationParticipants = declareTable('conversation_participants', {
  kind: 'record',
  doc: 'Contacts who take part in a conversation beside its first.',
  type: 'participant',
  primaryKey: ['workspace_id', 'conversation_id', 'contact_id'],
  retention: 'conversation',
  references: [ownedByConversation, { column: 'contact_id', table: 'contacts', kind: 'owner' }],
  columns: {
    workspace_id: text({ doc: 'The workspace.', field: false, isRequired: true }),
    conversation_id: { ...conversationId, field: undefined },
    contact_id: text({ doc: 'The contact.', personal: 'identifier', isRequired: true }),
    role: text('What they are in it.'),
  },
});

export const messages = declareRecords('messages', {
  type: 'message',
  refPrefix: 'msg',
  doc: 'Every turn of a conversation, teammates’ replies and internal notes included.',
  retention: 'conversation',
  references: [
    ownedByConversation,
    { column: 'author_contact_id', table: 'contacts', kind: 'link', isAwaited: false },
  ],
  internalRows: 't.is_internal',
  columns: {
    conversation_id: conversationId,
    author_kind: text({
      doc: 'Who wrote it: contact, bot, tool, teammate or system (outside: role).',
      field: 'role',
      values: { user: 'contact', assistant: 'bot', tool: 'tool', teammate: 'teammate', system: 'system' },
      isRequired: true,
    }),
    is_internal: boolean({ doc: 'An internal note, never shown to the customer.', defaultValue: false }),
    author_id: text({
      doc: 'The author’s id in the host product.',
      field: 'author.id',
      personal: 'identifier',
    }),
    author_name: text({ doc: 'The author’s name.', field: 'author.name', personal: 'name' }),
    author_contact_id: text({
      doc: 'The contact who wrote it.',
      field: 'author.contact_id',
      personal: 'identifier',
    }),
    body: text({ doc: 'Text.', personal: 'free_text' }),
    citations: json({
      doc: 'Sources a bot’s answer rests on: [{title, url, source_id, quote}].',
      json: 'array',
    }),
    in_reply_to: text({ doc: 'The message it answers.', personal: 'identifier' }),
    edited_at: timestamp('Last edit.'),
    tool: json({
      doc: 'A tool call: {name, arguments, result}.',
      personal: 'free_text',
      plainKeys: ['name'],
    }),
    ada: json({ doc: 'Fields of the Ada-shaped API (A-65…A-76).', personal: 'free_text' }),
  },
});

export const events = declareRecords('events', {
  type: 'event',
  refPrefix: 'evt',
  doc: 'What happened to a conversation: claimed, escalated, resolved, ….',
  retention: 'conversation',
  order: ['occurred_at', 'id'],
  references: [ownedByConversation],
  columns: {
    conversation_id: conversationId,
    kind: text({ doc: 'What happened.', audience: 'internal', isRequired: true }),
    actor: json({ doc: 'Who did it.', audience: 'internal', personal: 'name' }),
    occurred_at: timestamp({ doc: 'When.', field: 'at', audience: 'internal', isNullable: false }),
    before: json({ doc: 'State before.', audience: 'internal', json: 'any', personal: 'free_text' }),
    after: json({ doc: 'State after.', audience: 'internal', json: 'any', personal: 'free_text' }),
    reason: text({ doc: 'Why.', audience: 'internal', personal: 'free_text' }),
  },
});
