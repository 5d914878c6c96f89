import type { Dataset } from '../../catalog/datasets.ts';
import type { ExportPlan } from '../plan-export.ts';

/**
 * What somebody may choose of each conversation (V-04, V-05). Which columns and lists belong to each choice is
 * said below, and nowhere else: requests, layouts, manifests and docs are made from it.
 */
export const exportFields = {
  messages: 'every turn: questions and answers, teammates’ replies, subject and summary',
  customer: 'the contact and how they were identity-verified, authors’ names, the host product’s own fields',
  channel: 'where it took place',
  tags: 'labels that it was given',
  audience: 'the audience it belongs to',
  skills: 'skills that ran',
  notes: 'internal notes: what teammates wrote for each other',
  events: 'what happened to it: claimed, escalated, resolved, …',
  citations: 'sources that answers rest on',
  csat: 'how satisfied the customer was: rating and comment',
  files: 'its files as a list; their contents are asked for by themselves',
} as const;

export type ExportField = keyof typeof exportFields;

/** All fields, in the order of the table. */
export const exportFieldNames = Object.keys(exportFields) as [ExportField, ...ExportField[]];

/** Fields that only those may have who may see internal notes and events. */
export const internalFields: readonly ExportField[] = ['notes', 'events'];

/** Columns of a conversation, under every name that a dataset gives them. `always`: what it is, and when. */
export const conversationColumns: Readonly<Partial<Record<ExportField | 'always', readonly string[]>>> = {
  always: (
    'id conversation_id created_at updated_at version status priority language bot_id started_at resolved_at ' +
    'ended_at assigned_agent.id assigned_agent.name assigned_agent_id agent_assigned agents'
  ).split(' '),
  messages: ['subject', 'summary', 'message_count', 'first_message', 'last_message'],
  // What the host product added freely may name people: it goes with them.
  customer: (
    'contact_id account_id participants customer_email metadata ada attributes contact.id contact.kind contact.email ' +
    'contact.name contact.company contact.phone contact.language contact.external_id contact.identity_verified'
  ).split(' '),
  channel: ['channel', 'channel_id', 'widget_id'],
  tags: ['tags'],
  audience: ['audience'],
  skills: ['skills'],
  csat: ['csat', 'csat_rating', 'csat_comment'],
};

/** Datasets that are lists of a conversation: each is there with one of its fields. */
export const conversationLists: Readonly<Record<string, readonly ExportField[]>> = {
  messages: ['messages', 'notes'],
  replies: ['messages', 'notes'],
  message_table: ['messages', 'notes'],
  chat_messages: ['messages'],
  citations: ['citations'],
  events: ['events'],
  conversation_files: ['files'],
};

/** Chosen fields; null or undefined: all, as the kind has them. */
type Chosen = readonly string[] | null | undefined;

const FIELD_OF_COLUMN: ReadonlyMap<string, string> = new Map(
  Object.entries(conversationColumns).flatMap(([field, columns]) => columns.map((column) => [column, field])),
);

/** Whether a list of conversations is among what was chosen; anything else always is. */
export function showsDataset(chosen: Chosen, name: string): boolean {
  const fields = conversationLists[name];
  return (
    chosen === null ||
    chosen === undefined ||
    fields === undefined ||
    fields.some((one) => chosen.includes(one))
  );
}

/** Whether a column of a conversation, or of its messages, is among what was chosen. */
export function showsColumn(
  chosen: Chosen,
  { name: dataset, table }: Pick<Dataset, 'name' | 'table'>,
  column: string,
): boolean {
  if (chosen === null || chosen === undefined) return true;
  if (table.name === 'messages')
    return column !== 'citations' || dataset === 'citations' || chosen.includes('citations');
  if (table.name !== 'conversations') return true;
  const field = FIELD_OF_COLUMN.get(column);
  return field === 'always' || (field !== undefined && chosen.includes(field));
}

/**
 * SQL on alias `t` that picks what was chosen among the rows of a conversation's list; none: all of them.
 * A file that hangs on a note goes with the notes.
 */
export function rowsChosen(
  { fields: chosen = null, includeInternal }: Pick<ExportPlan, 'fields' | 'includeInternal'>,
  { name: dataset, table }: Dataset,
): string[] {
  const hasNotes = includeInternal && (chosen === null || chosen.includes('notes'));
  if (table.name === 'files' && !hasNotes) {
    return [
      `t.message_id is null or exists (select from messages m
         where m.workspace_id = t.workspace_id and m.id = t.message_id and not m.is_internal)`,
    ];
  }
  if (chosen === null || table.name !== 'messages') return [];
  if (!hasNotes) return ['not t.is_internal'];
  return dataset === 'citations' || chosen.includes('messages') ? [] : ['t.is_internal'];
}

/** Whether a column says who the contact is that wrote a message: blank where `customer` was not chosen. */
export function namesCustomer(chosen: Chosen, { table }: Dataset, column: string): boolean {
  if (chosen === null || chosen === undefined || chosen.includes('customer')) return false;
  return table.name === 'messages' && (column === 'author' || column.startsWith('author.'));
}
