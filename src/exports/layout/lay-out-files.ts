import { layOutDocuments } from '../documents/lay-out-documents.ts';
import { type ExportPlan, hasDocuments } from '../plan-export.ts';
import type { FileLayout, Piece } from './file-layout.ts';
import { layOutSection } from './lay-out-section.ts';
import {
  CHAT_LINES,
  MESSAGE_ROWS,
  type SectionNames,
  sectionsOf,
  sheetsOf,
  tablesOf,
} from './section-names.ts';

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
