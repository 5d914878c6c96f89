import { literal } from '../database/literal.ts';
import type { Dataset } from './datasets.ts';
import type { DatasetColumn } from './record-columns.ts';

/** Which rows of a dataset, and which of its columns, one export shows. */
export interface Selection {
  dataset: Dataset;
  workspaceId: string;
  /** Columns in order; default all. */
  columns?: readonly DatasetColumn[];
  /** SQL on alias `t`. */
  condition?: string;
}

/** One ordered COPY: its field 0 is the key that nests rows (the row's own, or its parent's). */
export interface StreamSql {
  sql: string;
  columnCount: number;
}

function conditions(selection: Selection): string {
  const parts = [`t.workspace_id = ${literal(selection.workspaceId)}`];
  if (selection.dataset.rows !== undefined) parts.push(`(${selection.dataset.rows})`);
  if (selection.condition !== undefined && selection.condition !== 'true')
    parts.push(`(${selection.condition})`);
  return parts.join(' and ');
}

const orderBy = (alias: string, keys: readonly string[]) => keys.map((key) => `${alias}.${key}`).join(', ');

/**
 * The rows of a dataset in chronological order, from its `(workspace_id, created_at, id)` index. The table is
 * named inside a fence (`offset 0`), so that joined columns cannot talk the planner into sorting.
 */
export function streamSql(selection: Selection): StreamSql {
  const { dataset } = selection;
  const columns = selection.columns ?? dataset.columns;
  const key = dataset.table.primaryKey.at(-1);
  return {
    sql: `select ${[`t.${key}`, ...columns.map((column) => column.sql)].join(', ')}
      from (select * from ${dataset.table.name} t where ${conditions(selection)}
        order by ${orderBy('t', dataset.table.order)} offset 0) t ${dataset.joins}
      order by ${orderBy('t', dataset.table.order)}`,
    columnCount: columns.length + 1,
  };
}

/**
 * The children of exactly the parent's rows, in the parent's order and chronological within each: one index
 * probe per parent. Rows of one parent come together, so that a merge needs to compare keys only for equality.
 */
export function streamChildrenSql(parent: Selection, child: Selection): StreamSql {
  const { table, parent: link } = child.dataset;
  if (link === undefined) throw new Error(`dataset ${child.dataset.name} has no parent`);
  const columns = child.columns ?? child.dataset.columns;
  const parentOrder = parent.dataset.table.order;
  return {
    sql: `select ${['p.id', ...columns.map((column) => column.sql)].join(', ')}
      from (select t.* from ${parent.dataset.table.name} t where ${conditions(parent)}
        order by ${orderBy('t', parentOrder)} offset 0) p
      cross join lateral (select * from ${table.name} t
        where ${conditions(child)} and t.${link.column} = p.id
        order by ${orderBy('t', table.order)} offset 0) t ${child.dataset.joins}
      order by ${orderBy('p', parentOrder)}`,
    columnCount: columns.length + 1,
  };
}
