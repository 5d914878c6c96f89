import type { Column } from '../../catalog/declare.ts';
import { badField, badId, badNumber, textTooLong } from '../ingest.errors.ts';
import { ID_TAKES, parseId } from './parse-id.ts';
import { parseTime } from './parse-time.ts';
import { Refusal } from './refusal.ts';

/** Largest text or JSON value of one field, in bytes of UTF-8, where no setting says otherwise (contract §3). */
export const FIELD_BYTES = 16 * 1024 * 1024;
/** A UTF-16 unit becomes at most so many bytes, so most texts need no counting. */
const BYTES_PER_UNIT = 3;
/** Addresses are indexed, and an index entry is at most 2,704 bytes; RFC 5321 stops at 320. */
const EMAIL_BYTES = 1024;

/**
 * Turns a JSON value that is not null into what the column's staging row takes, or throws a Refusal.
 * `maxBytes`: of one text or JSON value.
 */
export type ReadField = (value: unknown, field: string, maxBytes: number) => unknown;

/** How a column's values are read. `isReference`: it names another record, so it must be an id. */
export function readerOf(column: Column, isReference: boolean): ReadField {
  if (isReference) return readId;
  if (column.values !== undefined) return wordReader(column.values);
  switch (column.type) {
    case 'text':
      if (column.personal === 'email') return readEmail;
      return column.personal === 'identifier' || column.name.endsWith('_id') ? readSoftId : readText;
    case 'bigint':
      return readInteger;
    case 'boolean':
      return readBoolean;
    case 'timestamptz':
      return readTime;
    case 'text[]':
      return readTexts;
    case 'jsonb':
      return jsonReaders[column.json ?? 'any'];
    case 'xid8':
      throw new Error(`column ${column.name} cannot be ingested`);
  }
}

export const readId = (value: unknown, field: string): string => {
  const id = parseId(value);
  if (id === undefined) throw new Refusal(badId, field, `It takes ${ID_TAKES}.`);
  return id;
};

const readText: ReadField = (value, field, maxBytes) => {
  if (typeof value !== 'string') throw takes(field, 'text');
  return ensureSize(value, field, maxBytes);
};

/** An id that nothing in Convey hangs on: any text, or a number that has kept its digits. */
const readSoftId: ReadField = (value, field, maxBytes) => {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (typeof value === 'number')
    throw new Refusal(badId, field, `It takes text or ${ID_TAKES.split(', or ')[1]}.`);
  if (typeof value !== 'string') throw takes(field, 'text or a whole number');
  return ensureSize(value, field, maxBytes);
};

const readEmail: ReadField = (value, field) => {
  if (typeof value !== 'string' || Buffer.byteLength(value) > EMAIL_BYTES) {
    throw takes(field, `text of up to ${EMAIL_BYTES} bytes`);
  }
  return value;
};

function wordReader(values: ReadonlyMap<string, string>): ReadField {
  const words = `one of ${[...values.keys()].join(', ')}`;
  return (value, field) => {
    const stored = typeof value === 'string' ? values.get(value) : undefined;
    if (stored === undefined) throw takes(field, words);
    return stored;
  };
}

const readInteger: ReadField = (value, field) => {
  if (!Number.isSafeInteger(value)) throw takes(field, 'a whole number up to ±9007199254740991');
  return value;
};

const readBoolean: ReadField = (value, field) => {
  if (typeof value !== 'boolean') throw takes(field, 'true or false');
  return value;
};

const readTime: ReadField = (value, field) => {
  const ms = typeof value === 'string' ? parseTime(value) : undefined;
  if (ms !== undefined) return ms;
  const hint =
    typeof value === 'number'
      ? ' It came as a number: say which moment it means, as seconds and milliseconds look alike.'
      : '';
  throw takes(
    field,
    `a time with its zone in the years 0001 to 9999, such as 2026-05-01T09:30:00.000Z or 2026-05-01T11:30:00+02:00, or a date, such as 2026-05-01 (midnight UTC)`,
    hint,
  );
};

const readTexts: ReadField = (value, field, maxBytes) => {
  if (!Array.isArray(value)) throw takes(field, 'a list of texts');
  value.forEach((one: unknown, index) => {
    if (typeof one !== 'string') throw takes(`${field}[${index}]`, 'text');
  });
  ensureSize(value.join(''), field, maxBytes);
  return value;
};

const jsonReaders = {
  object: jsonReader('an object', (value) => typeof value === 'object' && !Array.isArray(value)),
  array: jsonReader('a list', Array.isArray),
  number: jsonReader('a number', (value) => typeof value === 'number'),
  any: jsonReader('any JSON value', () => true),
};

function jsonReader(shape: string, isShape: (value: unknown) => boolean): ReadField {
  return (value, field, maxBytes) => {
    if (!isShape(value)) throw takes(field, shape);
    if (typeof value === 'number' && !Number.isFinite(value)) throw new Refusal(badNumber, field);
    return ensureSize(JSON.stringify(value), field, maxBytes);
  };
}

/** Refuses text of more than `maxBytes` bytes; gives it back. */
export function ensureSize(text: string, field: string, maxBytes: number): string {
  if (text.length * BYTES_PER_UNIT > maxBytes && Buffer.byteLength(text) > maxBytes) {
    throw new Refusal(textTooLong, field, `It takes at most ${maxBytes} bytes.`);
  }
  return text;
}

/** A field of the wrong kind; says what it takes, never what it held. */
export function takes(field: string, what: string, hint = ''): Refusal {
  return new Refusal(badField, field, `It takes ${what}.${hint}`);
}
