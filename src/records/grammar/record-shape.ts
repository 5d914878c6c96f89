import { recordTables } from '../../catalog/catalog.ts';
import type { Column, Table } from '../../catalog/declare.ts';
import { type ReadField, readerOf } from './read-field.ts';

/** A line may give this many columns: their mask is an integer that a double holds. */
const MOST_COLUMNS = 52;

/** Where one field of a line goes. */
export interface FieldPlan {
  /** Place in `RecordShape.columns` and in a record's values. */
  index: number;
  /** Its bit in a record's `given`. */
  bit: number;
  read: ReadField;
  /** What null stands for. */
  empty: unknown;
  /** A new record must have it, so that null is refused. */
  isRequired: boolean;
  /** A time that falls back to the stored one, then to the time of arrival: null says nothing. */
  fallsBack: boolean;
}

/** A reference that must name a record before the line can be stored. */
export interface Awaited {
  index: number;
  table: string;
}

/** What the ingest needs to know of a table, derived from the catalogue once. */
export interface RecordShape {
  table: Table;
  /** The line's `type`. */
  type: string;
  /** The columns a line can set, in the order of a record's values. */
  columns: readonly Column[];
  /** Values of a line that gives nothing: defaults and nulls. */
  blank: readonly unknown[];
  fields: ReadonlyMap<string, FieldPlan | ReadonlyMap<string, FieldPlan>>;
  /** Times that fall back, see `fallsBack`. */
  fallbacks: readonly number[];
  required: readonly { index: number; field: string }[];
  awaited: readonly Awaited[];
  /** Columns that name a contact but wait for none; an id that was merged away is still replaced there. */
  softContacts: readonly number[];
  createdAt: FieldPlan;
  updatedAt: FieldPlan;
  version: FieldPlan | undefined;
  attributes: FieldPlan;
  account: FieldPlan | undefined;
  /** The conversation it is a part of, not one it merely mentions. */
  conversation: FieldPlan | undefined;
  /** Bit of `participants`, which conversations alone have. */
  participantsBit: number | undefined;
}

/** Bit of a column's place in `given`. */
export function bitOf(index: number): number {
  return 2 ** index;
}

/** Whether a record's `given` holds a bit. */
export function hasBit(given: number, bit: number): boolean {
  return Math.floor(given / bit) % 2 === 1;
}

/** Whether a time is always stored but need not be given: created_at, and the time of an event. */
export function fallsBack({ type, isNullable, isRequired, defaultValue }: Column): boolean {
  return type === 'timestamptz' && !isNullable && !isRequired && defaultValue === undefined;
}

function shapeOf(table: Table): RecordShape {
  const columns = table.columns.filter(({ field, name }) => field !== undefined && name !== 'id');
  if (columns.length >= MOST_COLUMNS) throw new Error(`table ${table.name} has too many columns to ingest`);
  const references = new Map(table.references.map((reference) => [reference.column, reference]));
  const emptyOf = ({ name, defaultValue }: Column): unknown =>
    name === 'attributes' ? '{}' : (defaultValue ?? null);
  const plans = columns.map((column, index): FieldPlan => {
    const { name, isRequired } = column;
    const read = readerOf(column, references.has(name));
    return {
      index,
      bit: bitOf(index),
      read,
      empty: emptyOf(column),
      isRequired,
      fallsBack: fallsBack(column),
    };
  });
  const planOf = (name: string): FieldPlan | undefined =>
    plans[columns.findIndex((column) => column.name === name)];
  const owned = (parent: string): FieldPlan | undefined => {
    const owner = table.references.find(
      (reference) => reference.table === parent && reference.kind === 'owner',
    );
    return owner && planOf(owner.column);
  };
  return {
    table,
    type: table.type!,
    columns,
    blank: columns.map(emptyOf),
    fields: nestFields(columns, plans),
    fallbacks: plans.filter((plan) => plan.fallsBack).map(({ index }) => index),
    required: columns.flatMap(({ field, isRequired }, index) =>
      isRequired ? [{ index, field: field! }] : [],
    ),
    awaited: table.references
      .filter(({ isAwaited }) => isAwaited)
      .map((reference) => ({ index: planOf(reference.column)!.index, table: reference.table })),
    softContacts: table.references
      .filter((reference) => !reference.isAwaited && reference.table === 'contacts')
      .map(({ column }) => planOf(column)!.index),
    createdAt: planOf('created_at')!,
    updatedAt: planOf('updated_at')!,
    version: planOf('version'),
    attributes: planOf('attributes')!,
    account: owned('accounts'),
    conversation: owned('conversations'),
    participantsBit: table.name === 'conversations' ? bitOf(columns.length) : undefined,
  };
}

/** Dotted field names become groups: `author.id` is the field `id` of the group `author`. */
function nestFields(columns: readonly Column[], plans: readonly FieldPlan[]): RecordShape['fields'] {
  const fields = new Map<string, FieldPlan | Map<string, FieldPlan>>();
  for (const [index, plan] of plans.entries()) {
    const [outer, inner, ...rest] = columns[index]!.field!.split('.') as [string, ...string[]];
    if (rest.length > 0) throw new Error(`field ${columns[index]!.field} nests too deep`);
    if (inner === undefined) {
      fields.set(outer, plan);
      continue;
    }
    const group = fields.get(outer) ?? new Map<string, FieldPlan>();
    if (!(group instanceof Map)) throw new Error(`field ${outer} is both a field and a group`);
    group.set(inner, plan);
    fields.set(outer, group);
  }
  return fields;
}

/** By table name, owners before what they own: the order in which a batch is merged. */
export const shapes: ReadonlyMap<string, RecordShape> = new Map(
  // Participants have no ref of their own: they come as a field of their conversation.
  recordTables
    .filter(({ refPrefix }) => refPrefix !== undefined)
    .map((table) => [table.name, shapeOf(table)]),
);

/** By the `type` that a line names. */
export const shapesByType: ReadonlyMap<string, RecordShape> = new Map(
  [...shapes.values()].map((shape) => [shape.type, shape]),
);

/** Tables that a line may have to wait for. */
export const awaitedTables: ReadonlySet<string> = new Set([
  'contacts', // of a participant
  ...[...shapes.values()].flatMap(({ awaited }) => awaited.map(({ table }) => table)),
]);
