/** The years that RFC 3339 can write, as PostgreSQL and every export can. */
const EARLIEST_MS = new Date(0).setUTCFullYear(1, 0, 1);
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const DATE_CHARACTERS = 10;
const ZERO = 48;
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Records of one body come from few days: the last day is remembered. */
let lastDate = '';
let lastDateMs = 0;

/**
 * A time by RFC 3339 with `Z` or an offset, or a bare date (midnight UTC), as milliseconds since 1970.
 * Fractions beyond the millisecond are cut off; a leap second is the first second after it. Undefined for
 * anything else: a time without a zone means another moment to everybody who reads it.
 */
export function parseTime(text: string): number | undefined {
  const date = text.slice(0, DATE_CHARACTERS);
  if (date !== lastDate) {
    const parsed = parseDate(date);
    if (parsed === undefined) return undefined;
    lastDate = date;
    lastDateMs = parsed;
  }
  if (text.length === DATE_CHARACTERS) return lastDateMs;
  const ofDay = parseTimeOfDay(text);
  if (ofDay === undefined) return undefined;
  const ms = lastDateMs + ofDay;
  return ms >= EARLIEST_MS && ms <= LATEST_MS ? ms : undefined;
}

function parseDate(date: string): number | undefined {
  const year = digits(date, 0, 4);
  const month = digits(date, 5, 7);
  const day = digits(date, 8, 10);
  if (date.length !== DATE_CHARACTERS || date[4] !== '-' || date[7] !== '-') return undefined;
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > DAYS_IN_MONTH[month - 1]!) return undefined;
  const value = new Date(0).setUTCFullYear(year, month - 1, day); // Date.UTC takes years below 100 for 19xx
  return month === 2 && new Date(value).getUTCMonth() !== 1 ? undefined : value;
}

/** What follows the date: milliseconds from that day's midnight in UTC. */
function parseTimeOfDay(text: string): number | undefined {
  const separator = text[DATE_CHARACTERS];
  if ((separator !== 'T' && separator !== 't' && separator !== ' ') || text[13] !== ':' || text[16] !== ':') {
    return undefined;
  }
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return undefined;
  let at = 19;
  let ms = 0;
  if (text[at] === '.') {
    const start = ++at;
    for (; isDigit(text.charCodeAt(at)); at++) {
      if (at - start < 3) ms += (text.charCodeAt(at) - ZERO) * 10 ** (2 - (at - start));
    }
    if (at === start) return undefined;
  }
  const offsetMs = parseOffset(text, at);
  if (offsetMs === undefined) return undefined;
  return ((hour * 60 + minute) * 60 + second) * 1000 + ms - offsetMs;
}

function parseOffset(text: string, at: number): number | undefined {
  const sign = text[at];
  if (sign === 'Z' || sign === 'z') return text.length === at + 1 ? 0 : undefined;
  if ((sign !== '+' && sign !== '-') || text.length !== at + 6 || text[at + 3] !== ':') return undefined;
  const hours = digits(text, at + 1, at + 3);
  const minutes = digits(text, at + 4, at + 6);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return undefined;
  const offset = (hours * 60 + minutes) * 60_000;
  return sign === '-' ? -offset : offset;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}

/** The number that the characters from `start` up to `end` write; -1 when one of them is no digit. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) return -1;
    value = value * 10 + code - ZERO;
  }
  return value;
}
