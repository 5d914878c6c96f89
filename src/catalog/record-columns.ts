import type { ColumnType } from '../formats/codecs.ts';
import type { Audience, Column, PersonalData, Table } from './declare.ts';

/** A column of a dataset: what an export calls it, and the SQL on alias `t` that gives it. */
export interface DatasetColumn {
  name: string;
  type: ColumnType;
  sql: string;
  doc: string;
  audience: Audience;
  isTeammate: boolean;
  isPhone: boolean;
  personal: PersonalData;
  /** Keys of a JSON value that are not about people, though they sound like it. */
  plainKeys: readonly string[];
  /** The table column it shows, where it shows one. */
  column: Column | undefined;
}

/** SQL that turns the stored word into the outside one, where they differ. */
function outsideWord({ name, values }: Column): string {
  const changed = [...(values ?? [])].filter(([outside, stored]) => outside !== stored);
  if (changed.length === 0) return `t.${name}`;
  const cases = changed.map(([outside, stored]) => `when '${stored}' then '${outside}'`);
  return `case t.${name} ${cases.join(' ')} else t.${name} end`;
}

/** The dataset column that shows one table column, under its own name or another. */
export function showColumn(column: Column, name: string = column.field ?? column.name): DatasetColumn {
  return {
    name,
    type: column.type,
    sql: outsideWord(column),
    doc: column.doc,
    audience: column.audience,
    isTeammate: column.isTeammate,
    isPhone: column.personal === 'phone',
    personal: column.personal,
    plainKeys: column.plainKeys,
    column,
  };
}

/** A dataset column that is computed. `sql` speaks of the row as `t`. What is not said to be less may be any text. */
export function computedColumn(
  name: string,
  type: ColumnType,
  sql: string,
  doc: string,
  options: {
    audience?: Audience;
    isTeammate?: boolean;
    personal?: PersonalData;
    plainKeys?: readonly string[];
  } = {},
): DatasetColumn {
  return {
    name,
    type,
    sql,
    doc,
    audience: options.audience ?? 'customer',
    isTeammate: options.isTeammate ?? false,
    isPhone: false,
    personal: options.personal ?? 'free_text',
    plainKeys: options.plainKeys ?? [],
    column: undefined,
  };
}

/** Every column of a table that the ingest grammar knows, in its order: what goes in comes out again. */
export function recordColumns(table: Table): DatasetColumn[] {
  return table.columns
    .filter((column) => column.field !== undefined && column.audience !== 'secret')
    .map((column) => showColumn(column));
}

/** The named columns of a table, as `name` or `name as other`. */
export function pickColumns(table: Table, names: readonly string[]): DatasetColumn[] {
  return names.map((wanted) => {
    const [name, other] = wanted.split(' as ');
    const column = table.columns.find((candidate) => candidate.name === name);
    if (column === undefined) throw new Error(`table ${table.name} has no column ${name}`);
    return showColumn(column, other ?? column.name);
  });
}
