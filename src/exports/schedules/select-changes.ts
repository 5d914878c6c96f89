import { changedSql } from '../../catalog/changed-rows.ts';
import { countSql } from '../../catalog/count-sql.ts';
import { type Dataset, getDataset } from '../../catalog/datasets.ts';
import { computedColumn, type DatasetColumn } from '../../catalog/record-columns.ts';
import { renderColumns, streamSql } from '../../catalog/stream-sql.ts';
import { literalArray } from '../../database/literal.ts';
import type { FileLayout } from '../layout/file-layout.ts';
import { type ExportKind, type ExportPlan, exportMediaType } from '../plan-export.ts';

/** Tables whose rows make a record of a parent's change: a conversation comes whole when one of them does. */
const PARTS_OF: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // Participants have no place of their own: who changes them stamps the conversation.
  conversations: {
    conversations: 'id',
    messages: 'conversation_id',
    events: 'conversation_id',
    files: 'conversation_id',
  },
  tickets: { tickets: 'id', ticket_messages: 'ticket_id' },
};

/** Conditions on alias `t` that pick what changed in the plan's window; none: the plan has no window, or no begin. */
export function changedRows({ window, kind, workspace }: ExportPlan, { table, parent }: Dataset): string[] {
  const from = window?.from ?? null;
  // Children come with their record. Of a file that belongs to a conversation the conversation decides as well.
  if (from === null || parent !== undefined || (table.name === 'files' && kind !== 'workspace')) return [];
  if (table.columns.every(({ name }) => name !== 'changed_xid')) return [];
  const since = { workspaceId: workspace.id, from };
  const key = table.primaryKey.at(-1)!;
  const parts = Object.entries(PARTS_OF[table.name] ?? { [table.name]: key });
  const changed = parts.map(([name, column]) => changedSql(name, column, since));
  return [`t.${key} in (${changed.join(' union all ')})`];
}

/** Convey's own name for a record, by which a later package says that it was deleted. */
const REF = computedColumn('ref', 'text', 't.ref', 'Convey’s name for the record; deletions name it.');

/** The columns that records of an incremental export have beside their own. */
export function refColumns({ window }: ExportPlan, { name, table }: Dataset): DatasetColumn[] {
  if (window === null || window === undefined || name === 'citations') return [];
  return table.refPrefix === undefined ? [] : [REF];
}

/** Of which tables each kind tells what was deleted; `null`: of all. */
const DELETED_OF: Partial<Readonly<Record<ExportKind, readonly string[] | null>>> = {
  conversations: ['conversations', 'messages', 'events', 'files'],
  contacts: ['contacts'],
  workspace: null,
};

/** Name of the file of deletions, among the others' names. */
export const DELETIONS = 'deletions.ndjson';

/**
 * The file that says what was deleted in the plan's window: refs alone, no personal data. None without a window, or
 * in the first package of a chain, which holds all that there is.
 */
export function deletionFiles(plan: ExportPlan): FileLayout[] {
  const tables = DELETED_OF[plan.kind];
  if (tables === undefined || (plan.window?.from ?? null) === null) return [];
  const dataset = getDataset('deletions');
  const conditions = [
    ...changedRows(plan, dataset),
    ...(tables === null ? [] : [`t.dataset = any (${literalArray(tables)})`]),
  ];
  const selection = { dataset, workspaceId: plan.workspace.id, condition: conditions.join(' and ') };
  const shape = {
    type: dataset.type,
    section: dataset.name,
    columns: renderColumns(selection),
    lists: [],
  };
  const records = { ...streamSql(selection), countedAs: dataset.name };
  const counts = [{ countedAs: [dataset.name], sql: countSql(selection, undefined, 'count(*) as n') }];
  return [
    {
      name: DELETIONS,
      format: { type: 'ndjson', layout: 'flat' },
      sections: [{ shape, records, lists: [], counts, children: [] }],
    },
  ];
}

/** The media type of one part: deletions are NDJSON whatever the others are. */
export function partMediaType(plan: ExportPlan, file: FileLayout | undefined): string {
  return file?.name === DELETIONS ? 'application/x-ndjson' : exportMediaType(plan);
}
