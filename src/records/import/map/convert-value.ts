import { badValue, RowProblem } from '../import.errors.ts';
import { hasRoundedNumber } from '../read-rows.ts';
import type { Conversion } from './map.schemas.ts';
import { parseJson } from '../../../parse-json.ts';

/**
 * Turns a value of the source into what the map's `as` asks for. `what` names the column, for the reject.
 * @throws RowProblem `import.bad_value`
 */
export function convertValue(value: unknown, as: Conversion, what: string): unknown {
  switch (as) {
    case 'text':
      return toText(value, what);
    case 'number':
      return toNumber(value, what);
    case 'boolean':
      return toBoolean(value, what);
    case 'json':
      return fromJson(value, what);
    case 'time':
    case 'utc-time':
      return toTime(value, as === 'utc-time', what);
    case 'unix-s':
      return formatTime(toNumber(value, what) * 1000, what);
    case 'unix-ms':
      return formatTime(toNumber(value, what), what);
  }
}

/** Text of a scalar as it stood in the source; objects and lists become JSON text. */
export function toText(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new RowProblem(
      badValue,
      `${what} is a whole number beyond ±9007199254740991; write it as a string.`,
    );
  }
  return JSON.stringify(value); // 7, true, {"a":1}: for a number the same as String()
}

function toNumber(value: unknown, what: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value.trim())) {
    const number = Number(value);
    if (!hasRoundedNumber(value, number)) return number;
  }
  throw new RowProblem(badValue, `${what} is not a number such as 12 or -3.5.`);
}

function toBoolean(value: unknown, what: string): boolean {
  if (typeof value === 'boolean') return value;
  const word = String(value).trim().toLowerCase();
  if (['true', 'yes', '1'].includes(word)) return true;
  if (['false', 'no', '0'].includes(word)) return false;
  throw new RowProblem(badValue, `${what} is none of true, false, yes, no, 1, 0.`);
}

function fromJson(value: unknown, what: string): unknown {
  if (typeof value !== 'string') return value;
  let parsed: unknown;
  try {
    parsed = parseJson(value);
  } catch {
    throw new RowProblem(badValue, `${what} is not JSON.`);
  }
  if (hasRoundedNumber(value, parsed)) {
    throw new RowProblem(
      badValue,
      `${what} holds a whole number beyond ±9007199254740991; write it as a string.`,
    );
  }
  return parsed;
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/i;

function toTime(value: unknown, isUtc: boolean, what: string): string {
  const parts = typeof value === 'string' ? TIME.exec(value.trim()) : null;
  if (parts === null) throw new RowProblem(badValue, `${what} is not a time such as 2026-01-05T09:00:00Z.`);
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone] = parts;
  if (zone === undefined && !isUtc) {
    // Guessing the zone moves records over day and retention borders without a word.
    throw new RowProblem(badValue, `${what} is a time without a zone; say "as": "utc-time" if it is UTC.`);
  }
  const offset = (zone ?? 'Z').toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const millis = fraction === '' ? '.000' : `${fraction}00`.slice(0, 4);
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${millis}${offset}`);
  // Date.parse takes 31 February for 3 March.
  const isReal =
    new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  if (!isReal) throw new RowProblem(badValue, `${what} is not a day of the calendar.`);
  return formatTime(at, what);
}

/** RFC 3339, UTC, milliseconds; the years 1 to 9999 that the grammar can say. */
export function formatTime(atMs: number, what: string): string {
  const rounded = Math.round(atMs);
  if (!(rounded >= -62_135_596_800_000 && rounded <= 253_402_300_799_999)) {
    throw new RowProblem(badValue, `${what} is not a time between the years 1 and 9999.`);
  }
  return new Date(rounded).toISOString();
}
