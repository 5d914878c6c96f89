import { ConveyError } from '../errors.ts';
import type { ByteTarget } from './byte-writer.ts';
import { type Constant, constantOf, writeConstant } from './cells/constant.ts';
import { writeMachineCell, writeSpreadsheetCell } from './cells/csv-text.ts';
import { writeInt64, writeUint64 } from './cells/integers.ts';
import { writeCompactJson, writeJsonText } from './cells/json-text.ts';
import { ScratchBuffer } from './cells/scratch-buffer.ts';
import { readTextArray, textAt, writeJoinedArray, writeJsonArray } from './cells/text-array.ts';
import { hasUsualYear, readTimestampMs, writeTimestamp } from './cells/timestamps.ts';
import { badCopyRow } from './formats.errors.ts';
import type { RowView } from './row-view.ts';
import { parseJson } from '../parse-json.ts';

/** The column types that can be exported: a closed set, which the catalogue enforces. */
export type ColumnType = 'text' | 'bigint' | 'boolean' | 'timestamptz' | 'jsonb' | 'text[]' | 'xid8';

/** What `readValue` gives for each type. */
export interface ColumnValue {
  text: string;
  bigint: bigint;
  boolean: boolean;
  /** An invalid Date for PostgreSQL's infinities. */
  timestamptz: Date;
  /** Parsed; numbers that a double cannot hold are rounded. */
  jsonb: unknown;
  'text[]': (string | null)[];
  xid8: bigint;
}

/** Writes one field, room included. NULL (length -1) is the caller's: formats differ in what it looks like. */
export type WriteField = (out: ByteTarget, row: RowView, field: number) => void;

const TRUE = constantOf('true');
const FALSE = constantOf('false');
const EIGHT_BYTES = 8;
const QUOTE = 0x22;

/** Values that CSV must look at again before they are written. Used and finished within one call. */
const scratch = new ScratchBuffer();

/** Fields as JSON values, by type. */
export const jsonWriters: Readonly<Record<ColumnType, WriteField>> = {
  text: (out, row, field) => writeJsonText(out, row.view, startOf(row, field), lengthOf(row, field)),
  bigint: writeBigintField,
  boolean: writeBooleanField,
  timestamptz: quotedOf(writeTimestampField),
  jsonb: writeJsonbField,
  'text[]': writeArrayField,
  xid8: writeXidField,
};

/** Fields as cells of machine CSV: jsonb and text[] as compact JSON text. */
export const machineCsvWriters: Readonly<Record<ColumnType, WriteField>> = {
  text: (out, row, field) => writeMachineCell(out, row.view, startOf(row, field), lengthOf(row, field)),
  // These can hold neither comma nor quote nor line break.
  bigint: writeBigintField,
  boolean: writeBooleanField,
  timestamptz: writeTimestampField,
  xid8: writeXidField,
  jsonb: machineCellOf(writeJsonbField),
  'text[]': machineCellOf(writeArrayField),
};

/** Fields as cells of spreadsheet CSV: all quoted, formulas guarded, text[] joined by `; `. */
export const spreadsheetCsvWriters: Readonly<Record<ColumnType, WriteField>> = {
  text: (out, row, field) =>
    writeSpreadsheetCell(out, row.view, startOf(row, field), lengthOf(row, field), false),
  // Plain numbers and words: nothing to double and nothing to guard.
  bigint: quotedOf(writeBigintField),
  boolean: quotedOf(writeBooleanField),
  timestamptz: (out, row, field) => {
    const isUsual = hasUsualYear(row.view, fixedAt(row, field, EIGHT_BYTES));
    (isUsual ? writeQuotedTimestamp : writeGuardedTimestamp)(out, row, field);
  },
  jsonb: spreadsheetCellOf(writeJsonbField),
  'text[]': spreadsheetCellOf((out, row, field) => {
    writeJoinedArray(out, row.view, startOf(row, field), lengthOf(row, field));
  }),
  xid8: quotedOf(writeXidField),
};

/** A text column of phone numbers in spreadsheet CSV: E.164 numbers (`+49…`) stay unguarded. */
export const writePhoneCell: WriteField = (out, row, field) => {
  writeSpreadsheetCell(out, row.view, startOf(row, field), lengthOf(row, field), true);
};

/**
 * Reads a field as a JS value, for documents that are laid out rather than streamed (XLSX, PDF, HTML).
 * Answers null for NULL; throws `formats.bad_copy_row` when the bytes are no value of that type.
 */
export function readValue<T extends ColumnType>(row: RowView, field: number, type: T): ColumnValue[T] | null {
  const length = row.lengths[field];
  if (length === undefined) throw new Error(`The row has no field ${field}.`);
  if (length < 0) return null;
  // Each reader answers what ColumnValue says for its type; TypeScript cannot follow the index.
  return readers[type](row, field) as ColumnValue[T];
}

const readers: Readonly<{ [T in ColumnType]: (row: RowView, field: number) => ColumnValue[T] }> = {
  text: (row, field) => textAt(row.view, startOf(row, field), lengthOf(row, field)),
  bigint: (row, field) => row.view.getBigInt64(fixedAt(row, field, EIGHT_BYTES)),
  boolean: (row, field) => row.view.getUint8(fixedAt(row, field, 1)) !== 0,
  timestamptz: (row, field) => new Date(readTimestampMs(row.view, fixedAt(row, field, EIGHT_BYTES))),
  jsonb: (row, field) => parseJson(textAt(row.view, jsonStart(row, field), lengthOf(row, field) - 1)),
  'text[]': (row, field) => readTextArray(row.view, startOf(row, field), lengthOf(row, field)),
  xid8: (row, field) => row.view.getBigUint64(fixedAt(row, field, EIGHT_BYTES)),
};

function writeBigintField(out: ByteTarget, row: RowView, field: number): void {
  writeInt64(out, row.view, fixedAt(row, field, EIGHT_BYTES));
}

function writeXidField(out: ByteTarget, row: RowView, field: number): void {
  writeUint64(out, row.view, fixedAt(row, field, EIGHT_BYTES));
}

function writeBooleanField(out: ByteTarget, row: RowView, field: number): void {
  const value: Constant = row.view.getUint8(fixedAt(row, field, 1)) === 0 ? FALSE : TRUE;
  writeConstant(out, value);
}

function writeTimestampField(out: ByteTarget, row: RowView, field: number): void {
  writeTimestamp(out, row.view, fixedAt(row, field, EIGHT_BYTES));
}

function writeJsonbField(out: ByteTarget, row: RowView, field: number): void {
  writeCompactJson(out, row.view, jsonStart(row, field), lengthOf(row, field) - 1);
}

function writeArrayField(out: ByteTarget, row: RowView, field: number): void {
  writeJsonArray(out, row.view, startOf(row, field), lengthOf(row, field));
}

const writeQuotedTimestamp = quotedOf(writeTimestampField);
/** Years of six digits start with a sign, and so does -infinity. */
const writeGuardedTimestamp = spreadsheetCellOf(writeTimestampField);

/** For short values that hold no quote themselves. */
function quotedOf(write: WriteField): WriteField {
  return (out, row, field) => {
    out.reserve(1);
    out.view.setUint8(out.position++, QUOTE);
    write(out, row, field);
    out.reserve(1);
    out.view.setUint8(out.position++, QUOTE);
  };
}

function machineCellOf(write: WriteField): WriteField {
  return (out, row, field) => {
    scratch.clear();
    write(scratch, row, field);
    writeMachineCell(out, scratch.view, 0, scratch.position);
  };
}

function spreadsheetCellOf(write: WriteField): WriteField {
  return (out, row, field) => {
    scratch.clear();
    write(scratch, row, field);
    writeSpreadsheetCell(out, scratch.view, 0, scratch.position, false);
  };
}

function startOf(row: RowView, field: number): number {
  return row.offsets[field] as number;
}

function lengthOf(row: RowView, field: number): number {
  return row.lengths[field] as number;
}

/** Where a field of fixed size starts: a wrong size means that the query and the plan disagree on its type. */
function fixedAt(row: RowView, field: number, size: number): number {
  if (row.lengths[field] !== size) {
    throw new ConveyError(badCopyRow, `Field ${field} has ${row.lengths[field]} bytes instead of ${size}.`);
  }
  return row.offsets[field] as number;
}

/** Where the text of a jsonb starts: after the version byte, which has been 1 since jsonb exists. */
function jsonStart(row: RowView, field: number): number {
  const start = startOf(row, field);
  if (lengthOf(row, field) < 1 || row.view.getUint8(start) !== 1) {
    throw new ConveyError(badCopyRow, `Field ${field} is no jsonb of version 1.`);
  }
  return start + 1;
}
