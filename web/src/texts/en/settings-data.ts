import type { OrderMode } from '../../exports/order/export-order.ts';
import type { BulkKind } from '../../settings/data-export/bulk-exports.ts';

export const settingsData = {
  dataExport: {
    title: 'Data export',
    hint: 'All contacts, all conversations or everything, as one file that is sent at once. CSV files open in a spreadsheet with a double click.',
    kinds: {
      contacts: {
        title: 'Contacts',
        hint: 'One row for each contact, lead, former customer and visitor.',
      },
      conversations: {
        title: 'Conversations and messages',
        hint: 'JSON has each conversation with its messages, replies and notes. CSV has a row for each conversation, or for each message.',
      },
      workspace: {
        title: 'Whole workspace',
        hint: 'Everything as JSON. CSV is a zip of contacts and conversations.',
      },
    } satisfies Record<BulkKind, object>,
    modes: { conversations: 'conversations', messages: 'messages' } satisfies Record<OrderMode, string>,
    rows: (format: string, rows: string) => `${format}, ${rows}`,
    downloadOf: (what: string, format: string) => `${format}: download ${what}`,
    more: 'More choices …',
    moreOf: (what: string) => `More choices … for ${what}`,
    never: 'Not downloaded yet',
    lastDownloaded: 'Last downloaded',
    by: (name: string) => `by ${name}`,
    allOfIt: (size: string) => `all of it, ${size}`,
    single: 'One contact or one conversation is exported from its own page, and leaves these times alone.',
    allExports: 'All exports',
  },
  dataPrivacy: {
    title: 'Data & privacy',
    hint: 'Taking the data of this workspace along.',
    workspace: 'Export workspace',
    workspaceHint:
      'One file, read at one moment, checked against the database before it is complete, and noted in the audit log.',
    files: {
      json: {
        title: 'JSON',
        hint: 'The full record: contacts, conversations, messages, knowledge, flows and the audit log.',
      },
      csv: {
        title: 'CSV',
        hint: 'For spreadsheets: a zip with the tables of contacts and conversations only.',
      },
    },
    about: (size: string) => `About ${size}`,
    leftOut: 'What is not in it',
    download: (format: string) => `Download ${format}`,
    package: {
      title: 'As a signed package',
      hint: (days: number) =>
        `With the contents of files if you like, in any format, made in the background and kept for ${days === 1 ? 'one day' : `${days.toLocaleString('en')} days`}. Whoever gets it can verify it.`,
      action: 'Choose and export …',
    },
    past: 'Earlier exports of the workspace',
  },
};
