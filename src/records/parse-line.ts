import { isAscii, isUtf8 } from 'node:buffer';
import { findInexactNumber, mayHaveLongNumber } from './grammar/exact-numbers.ts';
import { ensureGoodText, hasEdgeNumber, isEdgeNumber, MAX_DEPTH } from './grammar/inspect-json.ts';
import { isTooComplex } from './grammar/measure-json.ts';
import { type IngestRecord, type JsonObject, parseRecord } from './grammar/parse-record.ts';
import { FIELD_BYTES } from './grammar/read-field.ts';
import { Refusal, type Rejection } from './grammar/refusal.ts';
import type { Line, LineBatch } from './import/split-lines.ts';
import { badJson, badNumber, badText, lineTooLong, tooDeep } from './ingest.errors.ts';
import { parseJson } from '../parse-json.ts';

/** Longest line that is read: a 16 MiB body with every character escaped. */
export const LINE_BYTES = 64 * 1024 * 1024;
/** Objects cost far more memory than their text; shorter lines cannot hold enough of them to matter. */
const COMPLEX_LINE_CHARACTERS = 64 * 1024;
const MAX_VALUES = 500_000;
/** What only an escape can smuggle into valid UTF-8. */
const BAD_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;

/** A line that was not taken, and why. */
export interface RejectedLine extends Rejection {
  line: number;
}

export type ParsedLine = IngestRecord | RejectedLine;

export function isRejected(parsed: ParsedLine): parsed is RejectedLine {
  return 'code' in parsed;
}

/** Parses every line of a batch, in order; blank ones give nothing. Never throws for what a line holds. */
export function* parseLines(
  batch: LineBatch,
  maxTextBytes: number = FIELD_BYTES,
): Generator<ParsedLine, void, undefined> {
  const { bytes, lines } = batch;
  if (lines.length === 0) return;
  // One look at the whole batch answers for each of its lines: a line end is never part of a character.
  const ascii = isAscii(bytes) ? bytes.toString('latin1') : undefined;
  const areGood = ascii !== undefined || isUtf8(bytes);
  for (const one of lines) {
    const { line, start, end } = one;
    if (one.isTooLong) yield { line, ...new Refusal(lineTooLong, '').toRejection() };
    else if (ascii !== undefined) yield* parseText(ascii.slice(start, end), line, maxTextBytes);
    else if (areGood || isUtf8(bytes.subarray(start, end)))
      yield* parseText(decode(bytes, one), line, maxTextBytes);
    else yield { line, ...new Refusal(badText, '', 'It is not valid UTF-8.').toRejection() };
  }
}

function decode(bytes: Buffer, { line, start, end }: Line): string {
  const text = bytes.toString('utf8', start, end);
  return line === 1 && text.startsWith('\ufeff') ? text.slice(1) : text;
}

function* parseText(
  text: string,
  line: number,
  maxTextBytes: number,
): Generator<ParsedLine, void, undefined> {
  if (/^[ \t\r]*$/.test(text)) return;
  // The last line of an export says what was before it; it is no record.
  if (text.startsWith('{"_end":true,')) return;
  yield parseLine(text, line, maxTextBytes);
}

/** Parses one line, decoded from valid UTF-8 (contract §2a). `maxTextBytes`: of one field. */
export function parseLine(text: string, line: number, maxTextBytes: number = FIELD_BYTES): ParsedLine {
  try {
    const object = parseObject(text);
    let isSuspect = mayHaveLongNumber(text);
    for (const key in object) {
      const value = object[key];
      if (typeof value === 'number') isSuspect ||= isEdgeNumber(value);
      else if (typeof value === 'object' && value !== null) isSuspect = hasEdgeNumber(value, 2) || isSuspect;
    }
    if (text.includes('\\u') && BAD_ESCAPE.test(text)) ensureGoodText(object);
    const record = parseRecord(object, line, text, maxTextBytes);
    if (isSuspect) ensureExactNumbers(text);
    return record;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { line, ...error.toRejection() };
  }
}

function parseObject(text: string): JsonObject {
  if (text.length > COMPLEX_LINE_CHARACTERS && isTooComplex(text, MAX_DEPTH, MAX_VALUES)) {
    throw new Refusal(tooDeep, '', `It takes at most ${MAX_DEPTH} levels and ${MAX_VALUES} values.`);
  }
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    // A NUL that was not even escaped is no JSON, but its name is known: say where it is.
    if (text.includes('\0')) refuseNul(text);
    // The parser's message quotes the line, which may be personal: only the place is said.
    const [, place] = /position (\d+)/.exec((error as Error).message) ?? [];
    throw new Refusal(
      badJson,
      '',
      place === undefined ? undefined : `It breaks at character ${Number(place) + 1}.`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal(badJson, '');
  return value as JsonObject;
}

function refuseNul(text: string): never {
  ensureGoodText(parseObject(text.replaceAll('\0', '\\u0000')));
  throw new Refusal(badText, '', 'It takes text without NUL (U+0000).');
}

function ensureExactNumbers(text: string): void {
  const field = findInexactNumber(text);
  if (field !== undefined) throw new Refusal(badNumber, field);
}
