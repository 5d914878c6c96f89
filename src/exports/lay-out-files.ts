import { countSql } from '../catalog/count-sql.ts';
import {
  canShareStream,
  renderColumns,
  type Selection,
  type StreamSql,
  streamGroupSql,
  streamSql,
} from '../catalog/stream-sql.ts';
import type { ListFeed } from '../database/merge-rows.ts';
import type { CsvFormatOptions } from '../formats/csv.ts';
import type { JsonFormatOptions } from '../formats/json.ts';
import type { NdjsonFormatOptions } from '../formats/ndjson.ts';
import type { RecordShape } from '../formats/record-format.ts';
import type { ExportPlan } from './plan-export.ts';
import { type KeyRange, mayShow, selectRows } from './select-rows.ts';

/** How one file of an export is made: everything the renderer needs, as plain data. */
export interface FileLayout {
  /** Name inside a zip; unused for a file that is delivered alone. */
  name: string;
  format:
    | ({ type: 'json' } & JsonFormatOptions)
    | ({ type: 'ndjson' } & NdjsonFormatOptions)
    | ({ type: 'csv' } & CsvFormatOptions);
  sections: SectionLayout[];
}

/** One stream of records with its children, and how many rows the base tables say each must have. */
export interface SectionLayout {
  shape: RecordShape;
  records: StreamSql & Counted;
  /** The shape's lists, in its order. */
  lists: Counted[];
  /** The streams that feed them, in the lists' order. */
  children: (StreamSql & { feeds: ListFeed[] })[];
}

interface Counted {
  /** Name in the export's counts. */
  countedAs: string;
  /** Answers one row with `n`. */
  countSql: string;
}

/** A section by the names of its datasets. */
interface SectionNames {
  section: string;
  dataset: string;
  countedAs?: string;
  isSingle?: boolean;
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
  lists: [{ name: 'messages', dataset: 'message_table', countedAs: 'messages' }],
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
        ...WORKSPACE_AFTER,
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
  const sections = plan.format === 'csv' ? tablesOf(plan) : sectionsOf(plan);
  return sections.flatMap((names) => [
    ...(names === MESSAGE_ROWS ? [] : [names.dataset]), // it only carries its messages
    ...(names.lists ?? []).map(({ dataset }) => dataset),
  ]);
}

/** The tables of a CSV export. */
function tablesOf({ kind, mode }: ExportPlan): SectionNames[] {
  if (kind === 'workspace') return [CONTACT_ROWS, CONVERSATION_ROWS];
  if (kind === 'contacts') return [CONTACT_ROWS];
  if (kind === 'audit') return [AUDIT_ROWS];
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
  const records = names === MESSAGE_ROWS ? { ...parent, columns: [] } : parent;
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
    records: {
      ...streamSql(records),
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
