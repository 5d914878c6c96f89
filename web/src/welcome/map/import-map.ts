import type { ImportMap, Rule, ValueSpec } from '../../../../src/records/import/map/map.schemas.ts';
import type { Schema } from '../../api/client.ts';
import { guessList } from './guess-list.ts';

export type { ImportMap, Rule, ValueSpec };
export type RecordType = Schema<'RecordTypes'>['record_types'][number];
export type FieldOf = RecordType['fields'][number];
export type FromColumn = Extract<ValueSpec, { from: string }>;
/** A file as far as a map is proposed for it: its columns and first rows; its delimiter, if it is a table. */
export type Source = Pick<Schema<'ImportPreview'>, 'columns' | 'rows' | 'delimiter'>;

/** How the form shows a value; `other`: it says more than the form can. */
export type ValueKind = 'column' | 'template' | 'constant' | 'join' | 'other';

export function kindOf(value: ValueSpec): ValueKind {
  if (typeof value === 'string') return 'template';
  if ('from' in value) return 'column';
  if ('template' in value) return 'template';
  if ('join' in value) return 'join';
  if ('constant' in value && typeof value.constant !== 'object') return 'constant';
  return 'other';
}

/** A value of a kind, as one begins with it. */
export function newValue(kind: ValueKind, { column, join }: { column: string; join: string }): ValueSpec {
  if (kind === 'template') return column === '' ? '' : `{${column}}`;
  if (kind === 'constant') return { constant: '' };
  if (kind === 'join') return { join, on: column, take: '', missing: 'omit' };
  return { from: column };
}

/** Tables hold text alone: what a field takes must be said. Times are text in Convey's grammar. */
const CONVERSIONS: Partial<Record<FieldOf['kind'], FromColumn['as']>> = {
  number: 'number',
  boolean: 'boolean',
  object: 'json',
};

/** A column as a field takes it; of a list its first cells say how it is written. */
export function columnValue(field: FieldOf | undefined, column: string, source: Source): FromColumn {
  const { columns, rows, delimiter } = source;
  if (field?.kind === 'list') {
    const at = columns.indexOf(column);
    const cells = rows.map((row) => row.cells[at] ?? '').filter((cell) => cell.trim() !== '');
    return { from: column, ...guessList(cells, delimiter) };
  }
  const as = field === undefined || delimiter === null ? undefined : CONVERSIONS[field.kind];
  return { from: column, ...(as === undefined ? {} : { as }) };
}

/** A value with another column; read as the field takes that one, unless somebody has said how already. */
export function withColumn(
  value: FromColumn,
  column: string,
  field: FieldOf | undefined,
  source: Source,
): FromColumn {
  const proposed = columnValue(field, value.from, source);
  const isAsProposed = JSON.stringify(value) === JSON.stringify(proposed);
  return isAsProposed ? columnValue(field, column, source) : { ...value, from: column };
}

const fold = (name: string) => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Names that columns have in other products, by field. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  email: ['mail', 'emailaddress'],
  name: ['fullname', 'displayname'],
  phone: ['phonenumber', 'tel', 'telephone', 'mobile'],
  body: ['text', 'message', 'content'],
  created_at: ['created', 'createdat', 'date', 'timestamp', 'time'],
  conversation_id: ['conversation', 'thread', 'threadid', 'chatid'],
  contact_id: ['contact', 'customer', 'customerid', 'userid'],
  subject: ['title'],
  tags: ['tag', 'labels'],
};

const matches = (field: string, column: string): boolean =>
  fold(field) === fold(column) || (ALSO[field] ?? []).includes(fold(column));

/** A rule for a type with every column that is called like one of its fields; the rest becomes attributes. */
export function suggestRule(type: RecordType, source: Source): Rule {
  const { columns } = source;
  const ids = ['id', `${type.type}id`, `${type.type}no`, 'no', 'number', 'key', 'uuid'];
  const id = ids.map((name) => columns.find((column) => fold(column) === fold(name))).find(Boolean);
  const fields: Rule['fields'] = {};
  const free = new Set(columns.filter((column) => column !== id));
  for (const field of type.fields) {
    const column = [...free].find((one) => matches(field.name, one));
    if (column === undefined) continue;
    free.delete(column);
    fields[field.name] = columnValue(field, column, source);
  }
  return {
    type: type.type,
    id: { from: id ?? columns[0] ?? 'id' },
    fields,
    rest: 'attributes',
  };
}

/** A first map for a file: of the types, the one of which most fields have a column. */
export function suggestMap(
  types: readonly RecordType[],
  source: Source & Pick<Schema<'ImportPreview'>, 'format'>,
): ImportMap {
  const { format, delimiter } = source;
  const usual = format === 'tsv' ? '\t' : ',';
  // What people bring most often comes first where several fit as well.
  const likely = ['contact', 'conversation', 'message', 'ticket'];
  const rules = likely
    .flatMap((name) => types.filter(({ type }) => type === name))
    .map((type) => ({ type, rule: suggestRule(type, source) }));
  const weigh = ({ type, rule }: (typeof rules)[number]) => {
    const lacksRequired = type.fields.some(({ name, required }) => required && !(name in rule.fields));
    return Object.keys(rule.fields).length - (lacksRequired ? 100 : 0);
  };
  const best = rules.toSorted((a, b) => weigh(b) - weigh(a))[0]!;
  return {
    ...(delimiter !== null && delimiter !== usual ? { table: { delimiter } } : {}),
    emit: [best.rule],
  };
}
