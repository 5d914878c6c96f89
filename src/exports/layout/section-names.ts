import type { ExportPlan } from '../plan-export.ts';

/** A section by the names of its datasets. */
export interface SectionNames {
  section: string;
  dataset: string;
  countedAs?: string;
  isSingle?: boolean;
  /** Its records show none of their own columns, only their items. */
  showsItems?: true;
  isCarrier?: true;
  lists?: { name: string; dataset: string; countedAs?: string }[];
}

const NESTED_LISTS = [
  { name: 'messages', dataset: 'messages' },
  { name: 'replies', dataset: 'replies' },
  { name: 'citations', dataset: 'citations' },
  { name: 'events', dataset: 'events' },
];
const WITH_FILES = [...NESTED_LISTS, { name: 'files', dataset: 'conversation_files', countedAs: 'files' }];
const TICKETS: SectionNames = {
  section: 'tickets',
  dataset: 'tickets',
  lists: [{ name: 'messages', dataset: 'ticket_messages', countedAs: 'ticket_messages' }],
};

/** Everything of a workspace (K-01), owners before what refers to them, so that it can be ingested again. */
const WORKSPACE_BEFORE: SectionNames[] = [
  'accounts',
  'workspace_memberships',
  'subscriptions',
  'contacts',
  'knowledge_sources',
  'flows',
].map((name) => ({ section: name, dataset: name }));
const WORKSPACE_AFTER: SectionNames[] = [
  TICKETS,
  ...['files', 'memories', 'audit_log'].map((name) => ({ section: name, dataset: name })),
];

/** One row per message (V-07). */
export const MESSAGE_ROWS: SectionNames = {
  section: 'conversations',
  dataset: 'conversations',
  showsItems: true,
  lists: [{ name: 'messages', dataset: 'message_table', countedAs: 'messages' }],
};
/** Lines for training. */
export const CHAT_LINES: SectionNames = {
  section: 'conversations',
  dataset: 'chat_conversations',
  countedAs: 'conversations',
  showsItems: true,
  lists: [{ name: 'messages', dataset: 'chat_messages', countedAs: 'messages' }],
};
const CONTACT_ROWS: SectionNames = { section: 'contacts', dataset: 'contact_table', countedAs: 'contacts' };
const AUDIT_ROWS: SectionNames = { section: 'audit_log', dataset: 'audit_log' };
const CONVERSATION_ROWS: SectionNames = {
  section: 'conversations',
  dataset: 'conversation_table',
  countedAs: 'conversations',
};

/** The sections of a plan's JSON, NDJSON or documents, in their order. */
export function sectionsOf(plan: ExportPlan): SectionNames[] {
  switch (plan.kind) {
    case 'workspace': {
      const lists =
        plan.format === 'ndjson'
          ? [
              { name: 'messages', dataset: 'all_messages', countedAs: 'messages' },
              { name: 'events', dataset: 'events' },
            ]
          : NESTED_LISTS;
      return [
        ...WORKSPACE_BEFORE,
        { section: 'conversations', dataset: 'conversations', lists },
        // It is no set of records that change, and has a chain of its own.
        ...WORKSPACE_AFTER.filter(
          ({ section }) => !((plan.anonymize || plan.window) && section === 'audit_log'),
        ),
      ];
    }
    case 'contacts':
      return [CONTACT_ROWS];
    case 'conversations':
      return [
        {
          section: 'conversations',
          dataset: 'conversations_with_contact',
          countedAs: 'conversations',
          lists: WITH_FILES,
        },
      ];
    case 'conversation':
      return [
        {
          section: 'conversation',
          dataset: 'conversations_with_contact',
          countedAs: 'conversations',
          isSingle: true,
          lists: WITH_FILES,
        },
      ];
    case 'contact':
      return [
        { section: 'contact', dataset: 'contacts', isSingle: true },
        { section: 'conversations', dataset: 'conversations', lists: NESTED_LISTS },
        TICKETS,
        { section: 'files', dataset: 'files' },
      ];
    case 'audit':
      return [AUDIT_ROWS];
  }
}

/** The tables of a CSV export. */
export function tablesOf({ kind, mode }: ExportPlan): SectionNames[] {
  if (kind === 'workspace') return [CONTACT_ROWS, CONVERSATION_ROWS];
  if (kind === 'contacts') return [CONTACT_ROWS];
  return [mode === 'conversations' ? CONVERSATION_ROWS : MESSAGE_ROWS];
}

/** The sheets of a workbook: a workspace's has its messages as well. */
export function sheetsOf(plan: ExportPlan): SectionNames[] {
  return plan.kind === 'workspace'
    ? [...tablesOf(plan), { ...MESSAGE_ROWS, isCarrier: true }]
    : tablesOf(plan);
}

/** What a plan's files are made of: the names of the datasets, each with its lists behind it. */
export function datasetNamesOf(plan: ExportPlan): string[] {
  return tablesOrSections(plan).flatMap((names) => [
    ...(names.showsItems ? [] : [names.dataset]), // it only carries its messages
    ...(names.lists ?? []).map(({ dataset }) => dataset),
  ]);
}

function tablesOrSections(plan: ExportPlan): SectionNames[] {
  if (plan.format === 'csv') return tablesOf(plan);
  if (plan.format === 'xlsx') return sheetsOf(plan);
  return plan.format === 'chat-jsonl' ? [CHAT_LINES] : sectionsOf(plan);
}
