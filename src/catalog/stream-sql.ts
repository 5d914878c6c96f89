import { literal } from '../database/literal.ts';
import type { RenderColumn } from '../formats/record-format.ts';
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

/** A selection's columns as a format writes them. Field 0 of every stream is the key that nests it. */
export function renderColumns(
  { dataset, columns = dataset.columns }: Selection,
  fields?: readonly number[],
): RenderColumn[] {
  return columns.map((column, index) => ({
    name: column.name,
    type: column.type,
    field: fields?.[index] ?? index + 1,
    ...(column.isPhone ? { phone: true } : {}),
  }));
}

function conditions(selection: Selection): string {
  return [`t.workspace_id = ${literal(selection.workspaceId)}`, ...rowsOf(selection)].join(' and ');
}

/** What makes a row of the table one of the selection, the workspace apart. */
function rowsOf({ dataset: { rows }, condition }: Selection): string[] {
  return [rows, condition].filter((part) => part !== undefined && part !== 'true').map((part) => `(${part})`);
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

/** Place of a row in its table's order: `order` without the id, as PostgreSQL's text, and the id. */
export interface PageStart {
  time: string;
  id: string;
}

/**
 * A page of a dataset whose table is ordered by a time and its id: the rows after a place, at most `limit`.
 * Field 0 is the id, the last field the row's time as `PageStart` has it.
 */
export function pageSql(
  selection: Selection,
  page: { after: PageStart | undefined; limit: number; newestFirst: boolean },
): StreamSql {
  const { dataset, columns = dataset.columns } = selection;
  const [time, id] = dataset.table.order as [string, string];
  const direction = page.newestFirst ? ' desc' : '';
  const order = `t.${time}${direction}, t.${id}${direction}`;
  const after =
    page.after === undefined
      ? ''
      : ` and (t.${time}, t.${id}) ${page.newestFirst ? '<' : '>'}
          (${literal(page.after.time)}::timestamptz, ${literal(page.after.id)})`;
  const stamp = `to_char(t.${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  return {
    sql: `select ${[`t.${id}`, ...columns.map((column) => column.sql), stamp].join(', ')}
      from (select * from ${dataset.table.name} t where ${conditions(selection)}${after}
        order by ${order} limit ${page.limit}) t ${dataset.joins}
      order by ${order}`,
    columnCount: columns.length + 2,
  };
}

/** One stream of children for several lists of the parent. */
export interface GroupSql extends StreamSql {
  /** For each child: the boolean field that tells its rows, or none where every row is its. */
  memberFields: (number | undefined)[];
  /** For each child: the field of each of its columns. */
  columnFields: number[][];
}

/**
 * Children of one table that go into several lists (messages, replies, citations), read in one pass: what they
 * share is sent once, and a boolean tells for each list whether the row is in it. Ordered like `streamChildrenSql`.
 */
export function streamGroupSql(parent: Selection, children: readonly Selection[]): GroupSql {
  const [only] = children;
  if (children.length === 1 && only !== undefined) {
    const columns = only.columns ?? only.dataset.columns;
    const fields = columns.map((_column, index) => index + 1);
    return { ...streamChildrenSql(parent, only), memberFields: [undefined], columnFields: [fields] };
  }
  const membership = children.map((child) => `(${rowsOf(child).join(' and ') || 'true'})`);
  const sent = ['p.id', ...membership];
  const columnFields = children.map((child) =>
    (child.columns ?? child.dataset.columns).map(({ sql }) => {
      const known = sent.indexOf(sql, children.length + 1);
      return known >= 0 ? known : sent.push(sql) - 1;
    }),
  );
  const { dataset, workspaceId } = only!;
  const all = { dataset: { ...dataset, rows: undefined }, workspaceId, condition: membership.join(' or ') };
  return {
    ...childrenSql(parent, all, sent),
    memberFields: children.map((_child, index) => index + 1),
    columnFields,
  };
}

/** Whether two datasets can share a stream: one table, found by one column, and nothing joined. */
export function canShareStream(a: Selection, b: Selection): boolean {
  return (
    a.dataset.table === b.dataset.table &&
    a.dataset.parent?.column === b.dataset.parent?.column &&
    a.dataset.joins === '' &&
    b.dataset.joins === ''
  );
}

/**
 * The children of exactly the parent's rows, in the parent's order and chronological within each: one index
 * probe per parent. Rows of one parent come together, so that a merge needs to compare keys only for equality.
 */
export function streamChildrenSql(parent: Selection, child: Selection): StreamSql {
  const columns = child.columns ?? child.dataset.columns;
  return childrenSql(parent, child, ['p.id', ...columns.map((column) => column.sql)]);
}

function childrenSql(parent: Selection, child: Selection, sent: readonly string[]): StreamSql {
  const { table, parent: link } = child.dataset;
  if (link === undefined) throw new Error(`dataset ${child.dataset.name} has no parent`);
  const parentOrder = parent.dataset.table.order;
  return {
    sql: `select ${sent.join(', ')}
      from (select t.* from ${parent.dataset.table.name} t where ${conditions(parent)}
        order by ${orderBy('t', parentOrder)} offset 0) p
      cross join lateral (select * from ${table.name} t
        where ${conditions(child)} and t.${link.column} = p.id
        order by ${orderBy('t', table.order)} offset 0) t ${child.dataset.joins}
      order by ${orderBy('p', parentOrder)}`,
    columnCount: sent.length,
  };
}
