/** What an export's file is: decides its extension, its media type and the mark that a whole one ends with. */
export type FileType = 'json' | 'ndjson' | 'csv' | 'zip';

/** One way to have an export. */
export interface ExportForm {
  /** Unique within the kind. */
  id: string;
  label: string;
  about: string;
  format: 'json' | 'ndjson' | 'csv';
  fileType: FileType;
  /** CSV of conversations: what a row is. */
  mode?: 'conversations' | 'messages';
}

/** A kind of export, as the page offers it. */
export interface ExportKind {
  kind: 'workspace' | 'contacts' | 'conversations' | 'conversation' | 'contact';
  /** What a key needs, as `/v1/whoami` names it. */
  permission: string;
  title: string;
  about: string;
  forms: readonly [ExportForm, ...ExportForm[]];
  /** Set: the export is of one record, and this is what its id is called. */
  idLabel?: string;
}

const json = (about: string): ExportForm => ({
  id: 'json',
  label: 'JSON',
  about,
  format: 'json',
  fileType: 'json',
});
const ndjson = (about: string): ExportForm => ({
  id: 'ndjson',
  label: 'NDJSON',
  about,
  format: 'ndjson',
  fileType: 'ndjson',
});
const csv = (about: string): ExportForm => ({
  id: 'csv',
  label: 'CSV',
  about,
  format: 'csv',
  fileType: 'csv',
});

/** The exports that answer at once (contract §2), from the largest to the smallest. */
export const exportKinds: readonly ExportKind[] = [
  {
    kind: 'workspace',
    permission: 'export.workspace',
    title: 'Whole workspace',
    about: 'Everything Convey holds for this workspace.',
    forms: [
      json('One document with every dataset, and counts at its end.'),
      ndjson('One record per line, and counts in the last one.'),
      {
        ...csv('A zip of two tables, contacts.csv and conversations.csv. The other formats hold more.'),
        label: 'CSV (zip)',
        fileType: 'zip',
      },
    ],
  },
  {
    kind: 'contacts',
    permission: 'export.contacts',
    title: 'All contacts',
    about: 'Leads, contacts and customers, former ones included.',
    forms: [csv('One row per contact.'), json('One list of contacts.'), ndjson('One contact per line.')],
  },
  {
    kind: 'conversations',
    permission: 'export.conversations',
    title: 'Conversations',
    about: 'All of them, or those that a filter names.',
    forms: [
      json('One list of conversations, each with its messages, replies, events and files.'),
      ndjson('One conversation per line, with its messages, replies, events and files.'),
      { ...csv('One row per conversation, without the messages.'), mode: 'conversations' },
      { ...csv('One row per message.'), id: 'csv-messages', label: 'CSV of messages', mode: 'messages' },
    ],
  },
  {
    kind: 'conversation',
    permission: 'export.conversation',
    title: 'One conversation',
    about: 'The transcript of a single conversation.',
    idLabel: 'Conversation id',
    forms: [json('The conversation with everything about it.'), csv('One row per message.')],
  },
  {
    kind: 'contact',
    permission: 'export.contact',
    title: 'One person',
    about: 'A contact with their conversations, tickets and files; never other people’s data.',
    idLabel: 'Contact id',
    forms: [json('One document about the person.'), csv('One row per message.')],
  },
];

/** What a permission allows, completing “This key may …”. One that this page does not know is shown by name. */
export const permissionTexts: Readonly<Record<string, string>> = {
  'export.workspace': 'export the whole workspace',
  'export.contacts': 'export all contacts',
  'export.conversations': 'export conversations in bulk',
  'export.conversation': 'export one conversation',
  'export.contact': 'export one person',
  'export.read': 'see exports and fetch their files',
  'contacts.read': 'read contacts',
  'conversations.read': 'read conversations',
  ingest: 'write records',
  'files.write': 'write files',
  'audit.read': 'read the audit log',
  'keys.manage': 'manage API keys',
};
