import type { ImportMap, Rule, ValueSpec } from '../../../../src/records/import/map/map.schemas.ts';
import type { Schema } from '../../api/client.ts';

export type { ImportMap, Rule, ValueSpec };
export type RecordType = Schema<'RecordTypes'>['record_types'][number];
type FieldOf = RecordType['fields'][number];

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
const CONVERSIONS: Partial<Record<FieldOf['kind'], 'number' | 'boolean' | 'json'>> = {
  number: 'number',
  boolean: 'boolean',
  object: 'json',
  list: 'json',
};

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
};

const matches = (field: string, column: string): boolean =>
  fold(field) === fold(column) || (ALSO[field] ?? []).includes(fold(column));

/** A rule for a type with every column that is called like one of its fields; the rest becomes attributes. */
export function suggestRule(type: RecordType, columns: readonly string[], isTable: boolean): Rule {
  const ids = ['id', `${type.type}id`, `${type.type}no`, 'no', 'number', 'key', 'uuid'];
  const id = ids.map((name) => columns.find((column) => fold(column) === fold(name))).find(Boolean);
  const fields: Rule['fields'] = {};
  const free = new Set(columns.filter((column) => column !== id));
  for (const { name, kind } of type.fields) {
    const column = [...free].find((one) => matches(name, one));
    if (column === undefined) continue;
    free.delete(column);
    const as = isTable ? CONVERSIONS[kind] : undefined;
    fields[name] = { from: column, ...(as === undefined ? {} : { as }) };
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
  { columns, format, delimiter }: Pick<Schema<'ImportPreview'>, 'columns' | 'format' | 'delimiter'>,
): ImportMap {
  const isTable = delimiter !== null;
  const usual = format === 'tsv' ? '\t' : ',';
  // What people bring most often comes first where several fit as well.
  const likely = ['contact', 'conversation', 'message', 'ticket'];
  const rules = likely
    .flatMap((name) => types.filter(({ type }) => type === name))
    .map((type) => ({ type, rule: suggestRule(type, columns, isTable) }));
  const weigh = ({ type, rule }: (typeof rules)[number]) => {
    const lacksRequired = type.fields.some(({ name, required }) => required && !(name in rule.fields));
    return Object.keys(rule.fields).length - (lacksRequired ? 100 : 0);
  };
  const best = rules.toSorted((a, b) => weigh(b) - weigh(a))[0]!;
  return { ...(isTable && delimiter !== usual ? { table: { delimiter } } : {}), emit: [best.rule] };
}
