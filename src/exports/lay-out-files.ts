import { countSql } from '../catalog/count-sql.ts';
import {
  canShareStream,
  renderColumns,
  type Selection,
  type StreamSql,
  streamGroupSql,
  streamSql,
} from '../catalog/stream-sql.ts';
import type { SectionTreatments } from '../anonymize/treatments.ts';
import type { ListFeed } from '../database/merge-rows.ts';
import type { CsvFormatOptions } from '../formats/csv.ts';
import type { DocumentsFormatOptions } from '../formats/documents/documents.ts';
import type { JsonFormatOptions } from '../formats/json.ts';
import type { NdjsonFormatOptions } from '../formats/ndjson.ts';
import type { RecordShape } from '../formats/record-format.ts';
import type { XlsxFormatOptions } from '../formats/xlsx/xlsx.ts';
import { treatSection, withKnownPeople } from './anonymized/treat-sections.ts';
import { type ArchiveContents, layOutDocuments } from './documents/lay-out-documents.ts';
import { type ExportPlan, hasDocuments } from './plan-export.ts';
import { type KeyRange, mayShow, selectRows } from './select-rows.ts';

/** How one file of an export is made: everything the renderer needs, as plain data. */
export interface FileLayout {
  /** Name inside a zip; unused for a file that is delivered alone. */
  name: string;
  format:
    | ({ type: 'json' } & JsonFormatOptions)
    | ({ type: 'ndjson' } & NdjsonFormatOptions)
    | ({ type: 'csv' } & CsvFormatOptions)
    | ({ type: 'xlsx' } & XlsxFormatOptions)
    | { type: 'chat-jsonl' }
    | ({ type: 'documents' } & DocumentsFormatOptions);
  sections: SectionLayout[];
  /** Of an archive of documents: what goes in beside them. */
  inside?: ArchiveContents;
}

/** One stream of records with its children, and how many rows the base tables say each must have. */
export interface SectionLayout {
  shape: RecordShape;
  records: StreamSql & Counted;
  /** The shape's lists, in its order. */
  lists: Counted[];
  /** The streams that feed them, in the lists' order. */
  children: (StreamSql & { feeds: ListFeed[] })[];
  /** Its records only carry their items and are counted elsewhere. */
  isCarrier?: true;
  /** Of an anonymised export: how its columns are treated. */
  anonymize?: SectionTreatments;
}

interface Counted {
  /** Name in the export's counts. */
  countedAs: string;
  /** Answers one row with `n`. */
  countSql: string;
}

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

const MESSAGE_ROWS: SectionNames = {
  section: 'conversations',
  dataset: 'conversations',
  showsItems: true,
  lists: [{ name: 'messages', dataset: 'message_table', countedAs: 'messages' }],
};
/** Lines for training. */
const CHAT_LINES: SectionNames = {
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

/** A piece of an export that becomes a part of its own. */
export interface Piece {
  /** Conversations from one key up to another, and what belongs to them. */
  range?: KeyRange;
  /** Sections before the conversations, those, or what comes after; default all. */
  stretch?: 'before' | 'conversations' | 'after';
}

/** Turns a plan, or a piece of it, into files: which datasets, in which format, by which SQL. Pure. */
export function layOutFiles(plan: ExportPlan, piece: Piece = {}): FileLayout[] {
  if (plan.format === 'csv') return layOutCsv(plan, piece);
  if (plan.format === 'xlsx') return [layOutXlsx(plan, piece)];
  if (hasDocuments(plan) || plan.format === 'zip') {
    const layOut = (names: SectionNames) => layOutSection(plan, names, piece, true);
    const asData = (format: 'json' | 'csv') => layOutFiles({ ...plan, format, keep: null });
    return [layOutDocuments(plan, sectionsOf(plan), layOut, asData)];
  }
  if (plan.format === 'chat-jsonl') {
    const sections = [layOutSection(plan, CHAT_LINES, piece)];
    return [{ name: 'conversations.jsonl', format: { type: 'chat-jsonl' }, sections }];
  }
  const isNdjson = plan.format === 'ndjson';
  const isArray = plan.kind === 'contacts' || plan.kind === 'conversations';
  const nests = !(isNdjson && plan.kind === 'workspace');
  const layout: FileLayout['format'] = isNdjson
    ? { type: 'ndjson', layout: nests ? 'nested' : 'flat' }
    : { type: 'json', layout: isArray ? 'array' : 'document' };
  return [
    {
      name: `${plan.kind}.${plan.format}`,
      format: layout,
      sections: stretchOf(sectionsOf(plan), piece).map((names) => layOutSection(plan, names, piece, nests)),
    },
  ];
}

function stretchOf(sections: SectionNames[], { stretch }: Piece): SectionNames[] {
  const at = sections.findIndex(({ section }) => section === 'conversations');
  if (stretch === 'before') return sections.slice(0, at);
  if (stretch === 'after') return sections.slice(at + 1);
  return stretch === undefined ? sections : [sections[at]!];
}

function sectionsOf(plan: ExportPlan): SectionNames[] {
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

/** The sheets of a workbook: a workspace's has its messages as well. */
function sheetsOf(plan: ExportPlan): SectionNames[] {
  return plan.kind === 'workspace'
    ? [...tablesOf(plan), { ...MESSAGE_ROWS, isCarrier: true }]
    : tablesOf(plan);
}

function layOutXlsx(plan: ExportPlan, piece: Piece): FileLayout {
  const tables = sheetsOf(plan);
  const sheets = tables.map(({ section, showsItems, lists }) =>
    showsItems ? { name: lists![0]!.name, rows: { list: 0 } } : { name: section, rows: 'records' as const },
  );
  return {
    name: `${plan.kind}.xlsx`,
    format: { type: 'xlsx', sheets },
    sections: tables.map((names) => layOutSection(plan, names, piece)),
  };
}

/** The tables of a CSV export. */
function tablesOf({ kind, mode }: ExportPlan): SectionNames[] {
  if (kind === 'workspace') return [CONTACT_ROWS, CONVERSATION_ROWS];
  if (kind === 'contacts') return [CONTACT_ROWS];
  return [mode === 'conversations' ? CONVERSATION_ROWS : MESSAGE_ROWS];
}

function layOutCsv(plan: ExportPlan, piece: Piece): FileLayout[] {
  const records = { type: 'csv', profile: plan.csvProfile, rows: 'records' } as const;
  const file = (name: string, names: SectionNames): FileLayout => ({
    name,
    format: records,
    sections: [layOutSection(plan, names, piece)],
  });
  const tables = tablesOf(plan);
  if (tables[0] !== MESSAGE_ROWS) return tables.map((names) => file(`${names.section}.csv`, names));
  const section = layOutSection(plan, MESSAGE_ROWS, piece);
  const columns = section.shape.lists[0]!.columns.map(({ name }) => ({ name, from: 'item' as const }));
  return [
    { name: 'messages.csv', format: { ...records, rows: { lists: [0], columns } }, sections: [section] },
  ];
}

function layOutSection(
  plan: ExportPlan,
  names: SectionNames,
  { range }: Piece,
  nests = false,
): SectionLayout {
  const parent = selectRows(plan, names.dataset, range);
  // A record that only carries its children's rows shows none of its own columns.
  const records = names.showsItems ? { ...parent, columns: [] } : parent;
  const lists = (names.lists ?? []).filter(({ dataset }) => mayShow(plan, dataset));
  const children = lists.map(({ dataset }) => selectRows(plan, dataset));
  const groups = groupStreams(children, nests).map((places) => ({
    places,
    ...streamGroupSql(
      parent,
      places.map((place) => children[place]!),
    ),
  }));
  const fields = groups.flatMap(({ columnFields }) => columnFields);
  return {
    shape: {
      type: records.dataset.type,
      section: names.section,
      columns: renderColumns(records),
      lists: lists.map(({ name }, index) => ({
        name,
        type: children[index]!.dataset.type,
        columns: renderColumns(children[index]!, fields[index]),
      })),
      ...(names.isSingle ? { single: true } : {}),
    },
    ...(names.isCarrier ? { isCarrier: true } : {}),
    ...treatSection(plan, records, children),
    records: {
      ...streamSql(withKnownPeople(plan, records)),
      countedAs: names.countedAs ?? names.dataset,
      countSql: countSql(records),
    },
    lists: lists.map(({ dataset, countedAs }, index) => ({
      countedAs: countedAs ?? dataset,
      countSql: countSql(children[index]!, parent),
    })),
    children: groups.map(({ sql, columnCount, places, memberFields }) => ({
      sql,
      columnCount,
      feeds: places.map((list, index) => {
        const field = memberFields[index];
        return field === undefined ? { list } : { list, field };
      }),
    })),
  };
}

/** Places of neighbouring lists that one stream can feed, where the format nests them. */
function groupStreams(children: readonly Selection[], nests: boolean): number[][] {
  const groups: number[][] = [];
  for (const [place, child] of children.entries()) {
    const last = groups.at(-1);
    if (nests && last !== undefined && canShareStream(children[last[0]!]!, child)) last.push(place);
    else groups.push([place]);
  }
  return groups;
}
