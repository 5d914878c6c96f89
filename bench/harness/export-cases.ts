import type { ExportRequest } from '../../src/exports/plan-export.ts';
import { csvScript, nestedNdjsonScript, workspaceJsonScript } from '../peers/peer-scripts.ts';
import { countCsvRecords, countLines } from './count-rows.ts';
import type { ExpectedCounts } from './expected-counts.ts';

/** One export and what it is measured against. */
export interface ExportCase {
  name: string;
  label: string;
  request: ExportRequest;
  /** Ways of ours to run it, see `run-export-case.mjs`; by contender. */
  ours: Readonly<Record<string, { variant: string; label: string }>>;
  /** What psql runs; none where nothing compares. */
  psql?: (workspaceId: string) => string;
  hasLimit: boolean;
  hasBaseline: boolean;
  /** Counts that ours must report. */
  counts: (expected: ExpectedCounts) => Record<string, number>;
  /** Rows of a plain file: how to count them, how many, and how many more lines ours has. */
  rows?: {
    count: (path: string) => Promise<number>;
    expected: (all: ExpectedCounts) => number;
    more: number;
  };
}

const kept = { variant: 'kept', label: '' };

function csvCase(
  name: string,
  label: string,
  request: Omit<ExportRequest, 'format'>,
  dataset: string,
  counted: (expected: ExpectedCounts) => Record<string, number>,
  rows: (expected: ExpectedCounts) => number,
): ExportCase {
  return {
    name,
    label,
    request: { ...request, format: 'csv' },
    ours: { ours: kept },
    psql: (workspaceId) => csvScript(dataset, workspaceId),
    hasLimit: true,
    hasBaseline: false,
    counts: counted,
    rows: { count: countCsvRecords, expected: rows, more: 0 },
  };
}

const nestedCounts = ({ conversations, messages, replies, citations, events, files }: ExpectedCounts) => ({
  conversations,
  messages,
  replies,
  citations,
  events,
  files,
});

/** Every export that is measured. */
export const exportCases: readonly ExportCase[] = [
  {
    name: 'nested-ndjson',
    label: 'nested NDJSON',
    request: { kind: 'conversations', format: 'ndjson' },
    ours: {
      ours: { variant: 'kept', label: 'one part' },
      parts: { variant: 'parts', label: '2 parallel parts' },
      plain: { variant: 'plain', label: 'not encrypted, not hashed' },
    },
    psql: nestedNdjsonScript,
    hasLimit: true,
    hasBaseline: true,
    counts: nestedCounts,
    rows: { count: countLines, expected: ({ conversations }) => conversations, more: 1 },
  },
  csvCase(
    'conversations-csv',
    'conversations CSV',
    { kind: 'conversations', mode: 'conversations' },
    'conversation_table',
    ({ conversations }) => ({ conversations }),
    ({ conversations }) => conversations,
  ),
  csvCase(
    'messages-csv',
    'messages CSV',
    { kind: 'conversations', mode: 'messages' },
    'message_table',
    ({ conversations, messages, replies }) => ({ conversations, messages: messages + replies }),
    ({ messages, replies }) => messages + replies,
  ),
  csvCase(
    'contacts-csv',
    'contacts CSV',
    { kind: 'contacts' },
    'contact_table',
    ({ contacts }) => ({ contacts }),
    ({ contacts }) => contacts,
  ),
  {
    name: 'workspace-json',
    label: 'workspace JSON',
    request: { kind: 'workspace', format: 'json' },
    ours: { ours: kept },
    psql: workspaceJsonScript,
    hasLimit: true,
    hasBaseline: false,
    counts: (expected) => ({ ...expected, ticket_messages: expected.tickets * 2 }),
  },
  {
    name: 'package-zip',
    label: 'package.zip of nested NDJSON, read',
    request: { kind: 'conversations', format: 'ndjson' },
    ours: { ours: { variant: 'package', label: '' } },
    hasLimit: false,
    hasBaseline: false,
    counts: nestedCounts,
  },
];
