import { z } from 'zod';
import { getDataset, type Dataset } from '../../catalog/datasets.ts';
import { jsonSchemaOf } from '../../catalog/json-schema.ts';

/**
 * A listed record for the docs, out of the catalogue like the record itself. It only describes: records are
 * rendered as bytes, so nothing is checked against it while serving.
 */
function recordSchema(id: string, dataset: Dataset): z.ZodType {
  const { properties, required, type } = jsonSchemaOf(dataset);
  const hidden = dataset.columns.filter(({ audience }) => audience !== 'customer').map(({ name }) => name);
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
/** A conversation's messages and replies together: a key less than the grammar’s, which names the conversation. */
export const messageRecords: Dataset = {
  ...getDataset('all_messages'),
  columns: getDataset('messages').columns,
};

const conversation = recordSchema('Conversation', conversationRecords);
const contact = recordSchema('Contact', contactRecords);
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
  messages: z.object({ messages: z.array(message), ...next }).meta({ id: 'Messages' }),
};
