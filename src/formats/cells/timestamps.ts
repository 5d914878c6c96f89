import { ConveyError } from '../../errors.ts';
import type { ByteTarget } from '../byte-writer.ts';
import { badCopyRow } from '../formats.errors.ts';
import { type Constant, constantOf, writeConstant } from './constant.ts';

const DAY_MS = 86_400_000;
/** 2000-01-01T00:00:00Z, PostgreSQL's epoch, as JS time. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
/** A day has 86 400 000 000 µs = 2^13 × this: dividing by 2^13 first keeps every step exact in a double. */
const DAY_UNITS = 10_546_875;
const LONGEST_BYTES = 40;
/** Days kept as text; an export walks through time, so this holds eleven years without ever being cleared. */
const MAX_CACHED_DAYS = 4096;

/** "00" … "99" as little-endian 16-bit words. */
const TWO_DIGITS = Uint16Array.from({ length: 100 }, (_, n) => 0x3030 + ((n / 10) | 0) + ((n % 10) << 8));

const INFINITY = constantOf('infinity');
const MINUS_INFINITY = constantOf('-infinity');

/** Text of a day up to and including the `T`: the calendar costs more than all the rest of a time. */
const cachedDays = new Map<number, Constant>();
let lastDay = Number.NaN;
let lastDayText = INFINITY;

/** What `split` found: two results without an object. */
let splitDay = 0;
let splitMs = 0;

/**
 * Writes a timestamptz (int64 µs since 2000, big-endian at `at`) as RFC 3339 UTC, `YYYY-MM-DDTHH:MM:SS.mmmZ`,
 * microseconds cut off. Years outside 0000–9999 get ISO 8601's six digits, as `Date` prints them; infinities
 * are written `infinity` and `-infinity`, as PostgreSQL does in JSON.
 */
export function writeTimestamp(out: ByteTarget, source: DataView, at: number): void {
  out.reserve(LONGEST_BYTES);
  const infinite = infinityAt(source, at);
  if (infinite !== 0) return writeConstant(out, infinite > 0 ? INFINITY : MINUS_INFINITY);
  split(source, at);
  if (splitDay !== lastDay) {
    lastDayText = dayText(splitDay);
    lastDay = splitDay;
  }
  writeConstant(out, lastDayText);
  writeTimeOfDay(out, splitMs);
}

/** True for years that are surely written with four digits and without a sign (about 0100 to 9800). */
export function hasUsualYear(source: DataView, at: number): boolean {
  const high = source.getInt32(at);
  return high > -13_960_000 && high < 57_300_000;
}

/** Reads a timestamptz as JS time in ms; ±Infinity for PostgreSQL's infinities. */
export function readTimestampMs(source: DataView, at: number): number {
  const infinite = infinityAt(source, at);
  if (infinite !== 0) return infinite * Number.POSITIVE_INFINITY;
  split(source, at);
  return POSTGRES_EPOCH_MS + splitDay * DAY_MS + splitMs;
}

function infinityAt(source: DataView, at: number): -1 | 0 | 1 {
  const high = source.getInt32(at);
  if (high === 0x7fffffff && source.getInt32(at + 4) === -1) return 1;
  if (high === -0x80000000 && source.getInt32(at + 4) === 0) return -1;
  return 0;
}

/** Splits into days since 2000 and ms of the day, exactly; both rounded towards the past. */
function split(source: DataView, at: number): void {
  const low = source.getUint32(at + 4);
  const units = source.getInt32(at) * 0x80000 + (low >>> 13);
  splitDay = Math.floor(units / DAY_UNITS);
  splitMs = (((units - splitDay * DAY_UNITS) * 8192 + (low & 8191)) / 1000) | 0;
}

function dayText(day: number): Constant {
  const cached = cachedDays.get(day);
  if (cached !== undefined) return cached;
  const date = new Date(POSTGRES_EPOCH_MS + day * DAY_MS);
  // PostgreSQL reaches further (year 294276) than Date (275760); nobody's data does.
  if (Number.isNaN(date.getTime())) throw new ConveyError(badCopyRow, 'A time lies after the year 275760.');
  const text = constantOf(date.toISOString().slice(0, -'00:00:00.000Z'.length));
  if (cachedDays.size >= MAX_CACHED_DAYS) cachedDays.clear();
  cachedDays.set(day, text);
  return text;
}

function writeTimeOfDay(out: ByteTarget, ms: number): void {
  const seconds = (ms / 1000) | 0;
  const minutes = (seconds / 60) | 0;
  const hours = (minutes / 60) | 0;
  const millis = ms - seconds * 1000;
  const hundreds = (millis / 100) | 0;
  const { view } = out;
  const at = out.position;
  view.setUint16(at, TWO_DIGITS[hours] as number, true);
  view.setUint8(at + 2, 0x3a);
  view.setUint16(at + 3, TWO_DIGITS[minutes - hours * 60] as number, true);
  view.setUint8(at + 5, 0x3a);
  view.setUint16(at + 6, TWO_DIGITS[seconds - minutes * 60] as number, true);
  view.setUint8(at + 8, 0x2e);
  view.setUint8(at + 9, 0x30 + hundreds);
  view.setUint16(at + 10, TWO_DIGITS[millis - hundreds * 100] as number, true);
  view.setUint8(at + 12, 0x5a);
  out.position = at + 13;
}
