import type { LogFile } from '../../settings/audit-log/export-menu.tsx';
import type { Outcome } from '../../settings/audit-log/audit-search.ts';
import { auditSentences } from './audit-sentences.ts';

const outcomes: Record<Outcome, string> = { success: 'Done', denied: 'Refused', failed: 'Failed' };

const files: Record<LogFile, { name: string; about: string }> = {
  csv: { name: 'CSV', about: 'A row an event; can be verified without a server' },
  spreadsheet: { name: 'CSV for spreadsheets', about: 'The same, safe to open with a double click' },
  json: { name: 'JSON', about: 'One document; cannot be verified alone' },
  ndjson: { name: 'NDJSON', about: 'A line an event; can be verified without a server' },
  ecs: { name: 'Elastic Common Schema', about: 'NDJSON for Elastic and what reads it' },
  ocsf: { name: 'OCSF', about: 'NDJSON for security lakes' },
};

export const audit = {
  hint: 'What was done here, by whom, newest first. Nobody can change or delete an entry.',
  check: 'Verify the log',
  nothing: 'No event fits',
  nothingHint: 'Take a filter away, or choose other days.',
  actors: { operator: 'The operator', system: 'Convey itself', nobody: 'Somebody unknown' },
  outcomes,
  sentences: auditSentences,
  filter: {
    label: 'Filter the log',
    actor: 'Who',
    anybody: 'Anybody',
    action: 'Action',
    anything: 'Anything',
    target: 'On what (id)',
    outcome: 'Outcome',
    any: 'Any',
    from: 'From',
    to: 'Up to and including',
    clear: 'Clear filters',
    members: 'Members',
    keys: 'API keys',
    others: 'Others',
    allOf: (prefix: string) => `All of ${prefix}`,
  },
  export: {
    button: 'Export',
    all: 'The whole log, newest first',
    narrowed: 'Only what the filters leave',
    files,
  },
  event: {
    open: 'Details',
    close: 'Close',
    erased: 'The personal part of this event was erased. What stays is chained, and still verifies.',
    changeOf: (field: string) => `What changed of ${field}`,
    before: 'before:',
    after: 'after:',
    action: 'Action',
    actor: 'Who',
    target: 'On what',
    at: 'When',
    from: 'From where',
    number: 'Number',
    hash: 'Hash',
    previous: 'Hash of the one before',
    details: 'Details',
    personal: 'Personal',
    sameAction: 'others of this kind',
    sameActor: 'others by them',
    sameTarget: 'others on it',
  },
  chain: {
    title: 'Is the log intact?',
    verify: 'Verify now',
    how: 'Every event holds the hash of the one before it. Verifying computes all of them again and compares them with the signed checkpoints, so that an event that was changed, put in or taken out shows. It is itself written into the log.',
    intact: 'The log is intact',
    broken: 'The log is not what was recorded',
    sound: (n: number) =>
      `${n.toLocaleString('en')} ${n === 1 ? 'event says' : 'events say'} what was recorded.`,
    brokenAt: (seq: number) =>
      seq === 0 ? 'It shows outside of the events.' : `It shows first at event ${seq.toLocaleString('en')}.`,
    erased: (n: number) =>
      n === 1
        ? 'The personal part of one was erased, which is allowed and breaks nothing.'
        : `The personal parts of ${n.toLocaleString('en')} were erased, which is allowed and breaks nothing.`,
    compared: (n: number) =>
      n === 0
        ? 'There was no checkpoint to compare with yet.'
        : `Compared with ${n.toLocaleString('en')} signed ${n === 1 ? 'checkpoint' : 'checkpoints'}.`,
    whatToDo: 'Tell whoever runs the server. Export the log now, before anything else happens to it.',
    head: 'Hash of the last event. Note it down somewhere else, and nobody can rewrite the log unnoticed:',
    serverSays: 'In the server’s words:',
    checkpoints: 'Signed checkpoints',
    checkpointsHint:
      'From time to time the server signs how far the log had come. Keep some of them elsewhere: a log that was cut off or rewritten later no longer fits them.',
    noCheckpoints: 'None was signed yet. The first comes by itself.',
    at: 'Signed',
    upTo: 'Up to event',
    hash: 'Its hash',
    key: 'Key',
  },
};
