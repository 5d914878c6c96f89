import { literal } from '../database/literal.ts';
import { getDataset } from './datasets.ts';
import type { Selection } from './stream-sql.ts';

/**
 * How many rows an export must hold, counted from the base table by the catalogue's owner path and without
 * the export's own joins, order or projection columns. An export whose stream loses or doubles a row (a wrong
 * join, a broken merge) does not agree with it and fails.
 * @param what the aggregates to take of the rows, on alias `t`
 */
export function countSql(child: Selection, parent?: Selection, what = 'count(*)::float8 as n'): string {
  const { table, rows, parent: link } = child.dataset;
  const parts = [`t.workspace_id = ${literal(child.workspaceId)}`];
  if (rows !== undefined) parts.push(`(${rows})`);
  if (child.condition !== undefined) parts.push(`(${child.condition})`);
  const isWholeParent = parent === undefined || parent.condition === undefined || parent.condition === 'true';
  if (link !== undefined && isWholeParent) parts.push(`t.${link.column} is not null`);
  if (link !== undefined && !isWholeParent) {
    const owners = getDataset(link.dataset).table.name;
    parts.push(`t.${link.column} in (select t.id from ${owners} t
      where t.workspace_id = ${literal(parent.workspaceId)} and (${parent.condition}))`);
  }
  return `select ${what} from ${table.name} t where ${parts.join(' and ')}`;
}
