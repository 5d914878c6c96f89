import { isUtf8 } from 'node:buffer';
import { ConveyError } from '../../errors.ts';
import { badText } from '../ingest.errors.ts';
import { badJson, badValue, emptyFile, lineTooLong, type Reject } from './import.errors.ts';
import { readTable } from './read-table.ts';
import { splitElements } from './split-elements.ts';
import { splitLines } from './split-lines.ts';
import { parseJson } from '../../parse-json.ts';

export type RowFormat = 'csv' | 'tsv' | 'jsonl' | 'json';

/**
 * One row of a source before its map. `line` is the 1-based line that the row begins on; for `json`, which
 * may well be one line, the 1-based position of the element.
 */
export type SourceRow = { line: number; value: Record<string, unknown> } | { line: number; reject: Reject };

export interface RowOptions {
  /** The file's name within the source, for messages. */
  name: string;
  maxRowBytes: number;
  /** How a table is written; jsonl and json have no such choice. */
  table?:
    | { delimiter?: string | undefined; quote?: boolean | undefined; columns?: string[] | undefined }
    | undefined;
  /** Called once with the column names of a table, before its first row. */
  onHeader?: (columns: string[]) => void;
}

/** Rows of one file in any of the row formats, from its text bytes; holds one row at a time. */
export async function* readRows(
  chunks: AsyncIterable<Buffer>,
  format: RowFormat,
  options: RowOptions,
): AsyncGenerator<SourceRow, void, undefined> {
  const { name, maxRowBytes, table } = options;
  if (format === 'jsonl') return yield* readLines(chunks, name, maxRowBytes);
  if (format === 'json') return yield* readElements(chunks, name, maxRowBytes);
  const rows = readTable(chunks, {
    name,
    delimiter: table?.delimiter ?? (format === 'tsv' ? '\t' : ','),
    hasQuotes: table?.quote ?? true,
    columns: table?.columns,
    maxRowBytes,
  });
  for await (const row of rows) {
    if ('header' in row) options.onHeader?.(row.header);
    else yield row;
  }
}

async function* readLines(
  chunks: AsyncIterable<Buffer>,
  name: string,
  maxBytes: number,
): AsyncGenerator<SourceRow> {
  let isEmpty = true;
  for await (const { bytes, lines } of splitLines(chunks, maxBytes)) {
    for (const { line, start, end, isTooLong } of lines) {
      const text = bytes.subarray(start, end);
      if (!isTooLong && isBlank(text)) continue;
      isEmpty = false;
      yield isTooLong ? tooLong(line, maxBytes) : parseRow(line, text);
    }
  }
  if (isEmpty) throw new ConveyError(emptyFile, `${name}.`);
}

async function* readElements(
  chunks: AsyncIterable<Buffer>,
  name: string,
  maxBytes: number,
): AsyncGenerator<SourceRow> {
  for await (const elements of splitElements(chunks, name, maxBytes)) {
    for (const { element, bytes, isTooLong } of elements) {
      yield isTooLong ? tooLong(element, maxBytes) : parseRow(element, bytes);
    }
  }
}

/** True for a line of white space alone, which every line format passes by. */
export function isBlank(text: Buffer): boolean {
  for (const byte of text) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  return true;
}

/** The reject for a line, element or record over the limit. */
export function tooLong(line: number, maxBytes: number): { line: number; reject: Reject } {
  return { line, reject: { code: lineTooLong.code, detail: `It is longer than ${maxBytes} bytes.` } };
}

function parseRow(line: number, text: Buffer): SourceRow {
  if (!isUtf8(text)) return { line, reject: { code: badText.code, detail: 'It is not valid UTF-8.' } };
  let value: unknown;
  const json = text.toString('utf8');
  try {
    value = parseJson(json);
  } catch {
    return { line, reject: { code: badJson.code, detail: 'It is not valid JSON.' } };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { line, reject: { code: badJson.code, detail: 'It is JSON, but not an object.' } };
  }
  if (hasRoundedNumber(json, value)) {
    const detail =
      'It holds a whole number beyond ±9007199254740991, which would be rounded; write it as a string.';
    return { line, reject: { code: badValue.code, detail } };
  }
  return { line, value: value as Record<string, unknown> };
}

/**
 * True if parsing `json` into `value` lost digits of a whole number: 64-bit ids are common, and a rounded
 * one is another record's id. Digits after a point may go, as in every JSON reader (RFC 8259 §6).
 */
export function hasRoundedNumber(json: string, value: unknown): boolean {
  // Nearly every row ends here: no whole number beyond 2^53 is shorter, but for those with an exponent.
  if (!/\d{16}|\d[eE][+]?\d/.test(json)) return false;
  const open: unknown[] = [value]; // a list, not recursion: depth is the sender's choice
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'number') {
      if (Number.isInteger(next) ? !Number.isSafeInteger(next) : !Number.isFinite(next)) return true;
    } else if (typeof next === 'object' && next !== null) {
      for (const one of Array.isArray(next) ? next : Object.values(next)) open.push(one);
    }
  }
  return false;
}
