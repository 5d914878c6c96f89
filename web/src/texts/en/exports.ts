import type { Schema } from '../../api/client.ts';

type Export = Schema<'Export'>;

const number = (n: number) => n.toLocaleString('en');

export const exports = {
  hint: 'Everything that was exported, by whom, and what became of it.',
  list: 'Exports, the newest first',
  what: 'What',
  status: 'State',
  by: 'Asked for by',
  at: 'When',
  size: 'Size',
  records: 'Records',
  fetch: 'Download',
  /** Behind one’s own name. */
  you: 'you',
  statuses: {
    queued: 'Waiting',
    running: 'Running',
    ready: 'Ready',
    failed: 'Failed',
    cancelled: 'Cancelled',
    expired: 'Expired',
  } satisfies Record<Export['status'], string>,
  kinds: {
    workspace: 'Whole workspace',
    contacts: 'All contacts',
    conversations: 'Conversations',
    conversation: 'One conversation',
    contact: 'One contact',
    audit: 'Audit log',
  } satisfies Record<Export['kind'], string>,
  formats: {
    json: 'JSON',
    ndjson: 'NDJSON',
    csv: 'CSV',
    xlsx: 'Excel (XLSX)',
    pdf: 'PDF',
    html: 'HTML',
    'chat-jsonl': 'Chat JSONL',
    zip: 'ZIP',
  } satisfies Record<Export['format'], string>,
  /** Sets of records, by the names under which they are counted. */
  datasets: {
    conversations: 'conversations',
    messages: 'messages',
    replies: 'replies',
    citations: 'citations',
    events: 'events',
    files: 'files',
    contacts: 'contacts',
    tickets: 'tickets',
    ticket_messages: 'ticket messages',
    accounts: 'accounts',
    workspace_memberships: 'memberships',
    subscriptions: 'subscriptions',
    knowledge_sources: 'knowledge sources',
    flows: 'flows',
    memories: 'memories',
    deletions: 'deletions',
    audit_log: 'audit events',
  } as Readonly<Record<string, string>>,
  filter: {
    label: 'Which exports',
    anyStatus: 'Any state',
    anyKind: 'Everything',
    mine: 'Only mine',
    clear: 'Show all',
  },
  empty: 'Nothing was exported yet',
  emptyHint: 'What you export shows up here, with how far it is, and stays to be fetched for some days.',
  emptyFiltered: 'No export is like that',
  emptyFilteredHint: 'Choose another state or kind, or show all of them.',
  live: 'This list updates by itself.',
  lost: 'The live connection is interrupted. This page asks again every few seconds.',
  /** Asks what to export. */
  new: {
    action: 'New export',
    found: { name: 'Conversations you last looked at', hint: 'Those that the filter of your list finds' },
    conversations: 'All that you may see, with what you choose of each',
    contacts: 'Contacts, leads and former customers',
    workspace: 'All records, with files if you like',
    audit: 'Who did what, and when',
  },
  /** While the server does not answer. */
  away: {
    title: (time: string) => `No connection to the server since ${time}`,
    hint: 'What you see is how it was then. This page tries again by itself, and shows how things are as soon as the server answers.',
    lastHeard: '(then)',
  },
  progress: {
    label: (what: string) => `Progress: ${what}`,
    waitsFor: (running: number) =>
      running === 0
        ? 'Waits for a free worker.'
        : `Waits for its turn: ${number(running)} ${running === 1 ? 'export' : 'exports'} of this workspace ${running === 1 ? 'runs' : 'run'} now.`,
    position: (n: number) => (n === 1 ? 'It is the next.' : `It is number ${number(n)} in line.`),
    again: (time: string) => `It broke off and is tried again at ${time}.`,
    documents: (n: number) => `${number(n)} ${n === 1 ? 'document' : 'documents'}`,
    passed: (time: string) => `for ${time} now`,
    done: (done: number, planned: number) => `${number(done)} of ${number(planned)} records`,
    counted: (done: number) => `${number(done)} ${done === 1 ? 'record' : 'records'}`,
    rate: (perSecond: number) => `${number(perSecond)} per second`,
    soon: 'less than a minute left',
    left: (time: string) => `about ${time} left`,
    /** Where it is, by what the server calls it; anything else is a set of records that is being written. */
    stages: {
      accepted: 'Starting',
      waiting: 'Starting',
      running: 'Starting',
      files: 'Copying files',
      finishing: 'Checking and signing',
      'waiting for another attempt': 'Will be tried again',
    } as Readonly<Record<string, string>>,
    writing: (dataset: string) => `Writing ${dataset}`,
  },
  cancel: {
    action: 'Cancel export',
    title: 'Cancel this export?',
    what: 'What was written so far is deleted. You can run the export again at any time.',
    done: 'The export was cancelled.',
    tooLate: 'The export had just ended. Files it had were deleted.',
  },
  fetchOne: (what: string) => `Download: ${what}`,
};
