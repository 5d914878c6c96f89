import { type ColumnValue, readValue } from '../codecs.ts';
import type { RenderColumn } from '../record-format.ts';
import type { RowView } from '../row-view.ts';

/** Reads a row's columns by their export names. A column that an export leaves out reads as nothing. */
export class RowReader {
  readonly #columns: ReadonlyMap<string, RenderColumn>;

  constructor(columns: readonly RenderColumn[]) {
    this.#columns = new Map(columns.map((column) => [column.name, column]));
  }

  /** Whether the export has the column at all. */
  has(name: string): boolean {
    return this.#columns.has(name);
  }

  /** The value as people read it; undefined for NULL, the empty text and what is left out. */
  text(row: RowView, name: string): string | undefined {
    const text = showValue(this.#value(row, name));
    return text === '' ? undefined : text;
  }

  /** RFC 3339, UTC. Undefined also for PostgreSQL's infinities. */
  time(row: RowView, name: string): string | undefined {
    const value = this.#value(row, name);
    return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : undefined;
  }

  flag(row: RowView, name: string): boolean {
    return this.#value(row, name) === true;
  }

  /** A JSON column's object; empty for anything else. */
  object(row: RowView, name: string): Record<string, unknown> {
    return asObject(this.#value(row, name));
  }

  /** The objects of a JSON column's array. */
  objects(row: RowView, name: string): Record<string, unknown>[] {
    const value = this.#value(row, name);
    return Array.isArray(value) ? value.map(asObject) : [];
  }

  /** A JSON column, parsed; undefined for NULL. */
  json(row: RowView, name: string): unknown {
    return this.#value(row, name) ?? undefined;
  }

  /** Every column that holds something, in the export's order, as people read it. */
  all(row: RowView): { label: string; value: string }[] {
    return [...this.#columns.keys()].flatMap((name) => {
      const value = this.text(row, name);
      return value === undefined ? [] : [{ label: labelOf(name), value }];
    });
  }

  #value(row: RowView, name: string): ColumnValue[keyof ColumnValue] {
    const column = this.#columns.get(name);
    return column === undefined ? null : readValue(row, column.field, column.type);
  }
}

/** Any value as one text: lists by commas, plain objects as `name: value`, deeper ones as JSON, times in words. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : showTime(value.toISOString());
  if (Array.isArray(value)) {
    const isOfObjects = value.some((item) => typeof item === 'object' && item !== null);
    return value.map(showValue).join(isOfObjects ? '; ' : ', ');
  }
  if (typeof value === 'object') {
    const members = Object.entries(value);
    if (members.some(([, member]) => typeof member === 'object' && member !== null))
      return JSON.stringify(value);
    return members.map(([name, member]) => `${name}: ${showValue(member)}`).join(', ');
  }
  return typeof value === 'string' ? value : String(value as number | bigint | boolean);
}

/** RFC 3339 as people read it, to the second, with its zone: never an hour that could be anybody's (pain 19). */
export function showTime(at: string): string {
  return `${at
    .slice(0, -1)
    .replace('T', ' ')
    .replace(/\.\d+$/, '')} UTC`;
}

/** A member of a JSON object, as text; undefined for nothing. */
export function memberText(object: Record<string, unknown>, name: string): string | undefined {
  const text = Object.hasOwn(object, name) ? showValue(object[name]) : '';
  return text === '' ? undefined : text;
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** `last_seen_at` → `Last seen at`. */
function labelOf(name: string): string {
  const words = name.replace(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
