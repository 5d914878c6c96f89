import { type Dataset, getDataset } from '../../src/catalog/datasets.ts';
import type { DatasetColumn } from '../../src/catalog/record-columns.ts';

// SQL of the peers, from the same columns as ours, so that both always send the same.

/** A dataset inside another, as a JSON list. */
export interface PeerList {
  name: string;
  dataset: string;
}

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

/** Every line of a statement's result as it is: COPY's text format would escape the backslashes of JSON. */
export const RAW_LINES = `(format csv, quote e'\\x01', delimiter e'\\x02')`;

/** The value as JSON shows it: times in UTC with milliseconds and Z, everything else as PostgreSQL has it. */
function jsonValue({ sql, type }: DatasetColumn): string {
  return type === 'timestamptz' ? `to_char((${sql}) at time zone 'UTC', ${ISO})` : sql;
}

/** A select list whose row, as JSON, is the dataset's record: `author.id` and its neighbours become one object. */
export function selectJsonColumns(columns: readonly DatasetColumn[]): string {
  const nested = new Map<string, DatasetColumn[]>();
  for (const column of columns) {
    const key = column.name.split('.')[0]!;
    nested.set(key, [...(nested.get(key) ?? []), column]);
  }
  return [...nested]
    .map(([key, members]) => {
      if (members[0]!.name === key) return `${jsonValue(members[0]!)} as "${key}"`;
      const pairs = members.map((column) => `'${column.name.slice(key.length + 1)}', ${jsonValue(column)}`);
      return `json_build_object(${pairs.join(', ')}) as "${key}"`;
    })
    .join(', ');
}

/** A select list for CSV: values as PostgreSQL writes them. */
export function selectCsvColumns({ columns }: Dataset): string {
  return columns.map(({ name, sql }) => `${sql} as "${name}"`).join(', ');
}

/** The rows of a dataset's table in the order of its export; the fence keeps joins from asking for a sort. */
export function orderedRows(dataset: Dataset, workspaceId: string): string {
  const { table } = dataset;
  return `(select * from ${table.name} t where t.workspace_id = '${workspaceId}' order by ${orderOf(dataset, 't')} offset 0)`;
}

/** The ORDER BY of a dataset's export, on an alias. */
export function orderOf({ table }: Dataset, alias: string): string {
  return table.order.map((column) => `${alias}.${column}`).join(', ');
}

/** One line of JSON per record, its lists inside. `lead`: a first column that names the line's type. */
export function jsonLines(
  name: string,
  workspaceId: string,
  options: { lists?: readonly PeerList[]; hasType?: boolean } = {},
): string {
  const dataset = getDataset(name);
  const lists = (options.lists ?? []).map((list) => `${childList(list)} as "${list.name}"`);
  const type = options.hasType === true ? [`'${dataset.type}' as type`] : [];
  // json_agg puts line breaks between elements; inside of texts JSON has none.
  return `select replace(row_to_json(record)::text, e'\\n', '') as line from (
    select ${[...type, selectJsonColumns(dataset.columns), ...lists].join(', ')}
    from ${orderedRows(dataset, workspaceId)} t ${dataset.joins}
    order by ${orderOf(dataset, 't')}) record`;
}

/** The children of `t` as one JSON value, in their order. */
function childList({ dataset: name }: PeerList): string {
  const dataset = getDataset(name);
  // The parent's row is `t`, so the child is `m`.
  const asChild = (sql: string) => sql.replaceAll(/\bt\./g, 'm.');
  const rows = dataset.rows === undefined ? '' : ` and (${asChild(dataset.rows)})`;
  return `(select coalesce(json_agg(item), '[]') from (
    select ${asChild(selectJsonColumns(dataset.columns))} from ${dataset.table.name} m
    where m.workspace_id = t.workspace_id and m.${dataset.parent!.column} = t.id${rows}
    order by ${orderOf(dataset, 'm')}) item)`;
}
