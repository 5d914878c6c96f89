import { z } from 'zod';
import { getDataset, type Dataset } from '../../catalog/datasets.ts';
import { jsonSchemaOf } from '../../catalog/json-schema.ts';
import { computedColumn } from '../../catalog/record-columns.ts';

/**
 * A listed record for the docs, out of the catalogue like the record itself. It only describes: records are
 * rendered as bytes, so nothing is checked against it while serving.
 */
function recordSchema(id: string, dataset: Dataset): z.ZodType {
  const { properties, required, type } = jsonSchemaOf(dataset);
  // Of a dataset that is internal as a whole, who sees a row sees all of it.
  const hidden = dataset.columns
    .filter(({ audience }) => audience !== 'customer' && dataset.audience === 'customer')
    .map(({ name }) => name);
  const always = (required as string[]).filter((key) => !hidden.includes(key));
  return z
    .any()
    .meta({ id, type, description: dataset.doc, properties, required: always } as Record<string, unknown>);
}

const next = {
  next_cursor: z.string().nullable().describe('`cursor` of the next page; null at the end.'),
};
const counted = {
  ...next,
  count: z.int().min(0).optional().describe('Records on all pages; with `count=true` only.'),
};

export const conversationRecords = getDataset('conversations_with_contact');
export const contactRecords = getDataset('contacts');
export const ticketRecords = getDataset('tickets');
/** A file of a message is there for whoever sees the message: that of an internal note is internal like the note. */
export const FILE_IS_VISIBLE = `(t.message_id is null or exists (
  select from messages m where m.workspace_id = t.workspace_id and m.id = t.message_id))`;
export const fileRecords: Dataset = {
  ...getDataset('files'),
  rows: FILE_IS_VISIBLE,
  columns: [
    ...getDataset('files').columns,
    computedColumn(
      'content_bytes',
      'bigint',
      't.content_size',
      'Bytes that can be fetched; null: none came.',
    ),
  ],
};
export const eventRecords: Dataset = {
  ...getDataset('events'),
  columns: getDataset('events').columns.filter(({ name }) => name !== 'conversation_id'),
};
/** A conversation's messages and replies together: a key less than the grammar’s, which names the conversation. */
export const messageRecords: Dataset = {
  ...getDataset('all_messages'),
  columns: getDataset('messages').columns,
};

const conversation = recordSchema('Conversation', conversationRecords);
const contact = recordSchema('Contact', contactRecords);
const ticket = recordSchema('Ticket', { ...ticketRecords, doc: 'A ticket about a contact.' });
const file = recordSchema('File', { ...fileRecords, doc: 'A file, without its bytes.' });
const event = recordSchema('Event', eventRecords);
const message = recordSchema('Message', {
  ...messageRecords,
  doc: 'A message, reply or note of a conversation.',
});

/** What the lists answer with, for the docs. */
export const listSchemas = {
  conversations: z.object({ conversations: z.array(conversation), ...counted }).meta({ id: 'Conversations' }),
  conversation,
  contacts: z.object({ contacts: z.array(contact), ...counted }).meta({ id: 'Contacts' }),
  contact,
  tickets: z.object({ tickets: z.array(ticket), ...next }).meta({ id: 'Tickets' }),
  files: z.object({ files: z.array(file), ...next }).meta({ id: 'Files' }),
  messages: z.object({ messages: z.array(message), ...next }).meta({ id: 'Messages' }),
  events: z.object({ events: z.array(event), ...next }).meta({ id: 'Events' }),
};
