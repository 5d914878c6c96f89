import { literal } from '../database/literal.ts';
import { getDataset } from './datasets.ts';
import type { Selection } from './stream-sql.ts';

/** Counts rows of one table for several datasets in one reading. */
export interface GroupCount {
  /** Which of the selections; the statement answers one row with a bigint for each, in this order. */
  places: number[];
  sql: string;
}

/**
 * How many rows an export must hold, counted from the base table by the catalogue's owner path and without
 * the export's own joins, order or projection columns. An export whose stream loses or doubles a row (a wrong
 * join, a broken merge) does not agree with it and fails.
 * @param what the aggregates to take of the rows, on alias `t`
 */
export function countSql(child: Selection, parent?: Selection, what = 'count(*)::float8 as n'): string {
  return aggregateSql(what, child, child.dataset.rows, parent);
}

/** As `countSql`, several selections at once: those that show rows of one table by one condition share a statement. */
export function countGroups(children: readonly Selection[], parent?: Selection): GroupCount[] {
  const groups = new Map<string, number[]>();
  for (const [place, { dataset, condition }] of children.entries()) {
    const key = `${dataset.table.name} ${dataset.parent?.column} ${condition}`;
    groups.set(key, [...(groups.get(key) ?? []), place]);
  }
  return [...groups.values()].map((places) => {
    const first = children[places[0]!]!;
    if (places.length === 1) return { places, sql: countSql(first, parent, 'count(*) as n') };
    const rows = places.map((place) => children[place]!.dataset.rows ?? 'true');
    const what = rows.map((one, index) => `count(*) filter (where ${one}) as n${index}`);
    const any = rows.includes('true') ? undefined : rows.map((one) => `(${one})`).join(' or ');
    return { places, sql: aggregateSql(what.join(', '), first, any, parent) };
  });
}

function aggregateSql(
  what: string,
  { dataset: { table, parent: link }, workspaceId, condition }: Selection,
  rows: string | undefined,
  parent: Selection | undefined,
): string {
  const parts = [`t.workspace_id = ${literal(workspaceId)}`];
  if (rows !== undefined) parts.push(`(${rows})`);
  if (condition !== undefined) parts.push(`(${condition})`);
  const isWholeParent = parent === undefined || parent.condition === undefined || parent.condition === 'true';
  if (link !== undefined && isWholeParent) parts.push(`t.${link.column} is not null`);
  if (link !== undefined && !isWholeParent) {
    const owners = getDataset(link.dataset).table.name;
    parts.push(`t.${link.column} in (select t.id from ${owners} t
      where t.workspace_id = ${literal(parent.workspaceId)} and (${parent.condition}))`);
  }
  return `select ${what} from ${table.name} t where ${parts.join(' and ')}`;
}
