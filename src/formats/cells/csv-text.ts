import type { ByteTarget } from '../byte-writer.ts';
import { copyBytes } from './copy-bytes.ts';

const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const SPACE = 0x20;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** Quotes are doubled in pieces, so that room for the worst case stays small. */
const PIECE_BYTES = 1 << 16;

/**
 * Writes a cell of the machine profile: byte-exact, quoted only when RFC 4180 or common readers need it
 * (`,` `"` CR LF, a space at an end). The empty text is `""`, so that it differs from NULL, which is nothing.
 */
export function writeMachineCell(out: ByteTarget, source: DataView, start: number, length: number): void {
  if (needsQuotes(source, start, length)) writeQuotedCell(out, source, start, length);
  else copyBytes(out, source, start, length);
}

/**
 * Writes a cell of the spreadsheet profile: always quoted, and with an apostrophe before what a spreadsheet
 * would run as a formula (see `isGuarded`).
 */
export function writeSpreadsheetCell(
  out: ByteTarget,
  source: DataView,
  start: number,
  length: number,
  isPhone: boolean,
): void {
  writeQuotedCell(out, source, start, length, isGuarded(source, start, length, isPhone));
}

/**
 * Whether a cell gets the apostrophe: it starts with `= + - @` TAB CR or a full-width form of the signs (OWASP,
 * CSV injection), but is no plain number (`-12.5`) and, in a phone column, no E.164 number. Cells that look
 * guarded already (`'=…`) get one more, else `unguardCell` (csv.ts) could not tell them apart.
 */
function isGuarded(view: DataView, start: number, length: number, isPhone: boolean): boolean {
  const end = start + length;
  let at = start;
  while (at < end && view.getUint8(at) === APOSTROPHE) at++;
  if (at === end) return false;
  const first = view.getUint8(at);
  if (first > 0x40 && first !== 0xef) return false;
  if (!startsFormula(view, at, end)) return false;
  if (at > start) return true;
  if (first === MINUS) return !isPlainNumber(view, at + 1, end);
  return !(isPhone && first === PLUS && isE164(view, at + 1, end));
}

function startsFormula(view: DataView, at: number, end: number): boolean {
  switch (view.getUint8(at)) {
    case 0x09:
    case 0x0d:
    case PLUS:
    case MINUS:
    case 0x3d:
    case 0x40:
      return true;
    case 0xef: {
      // Full-width ＋ － ＝ are EF BC 8B/8D/9D, ＠ is EF BC A0.
      if (at + 3 > end || view.getUint8(at + 1) !== 0xbc) return false;
      const last = view.getUint8(at + 2);
      return last === 0x8b || last === 0x8d || last === 0x9d || last === 0xa0;
    }
    default:
      return false;
  }
}

/** Digits, and at most one dot between digits. */
function isPlainNumber(view: DataView, start: number, end: number): boolean {
  const dot = skipDigits(view, start, end);
  if (dot === start) return false;
  if (dot === end) return true;
  return view.getUint8(dot) === DOT && dot + 1 < end && skipDigits(view, dot + 1, end) === end;
}

/** After the plus: up to 15 digits, the first not zero (ITU-T E.164). */
function isE164(view: DataView, start: number, end: number): boolean {
  const digits = end - start;
  return digits >= 2 && digits <= 15 && view.getUint8(start) !== ZERO && skipDigits(view, start, end) === end;
}

function skipDigits(view: DataView, start: number, end: number): number {
  let at = start;
  while (at < end && view.getUint8(at) >= ZERO && view.getUint8(at) <= NINE) at++;
  return at;
}

function needsQuotes(view: DataView, start: number, length: number): boolean {
  if (length === 0) return true;
  const end = start + length;
  if (view.getUint8(start) === SPACE || view.getUint8(end - 1) === SPACE) return true;
  let i = start;
  while (i + 4 <= end) {
    const word = view.getInt32(i, true);
    const comma = word ^ 0x2c2c2c2c;
    const quote = word ^ 0x22222222;
    // As in json-text.ts: a byte below 0x20, a comma or a quote; which control it is decides the loop below.
    const found =
      ((word - 0x20202020) & ~word) | ((comma - 0x01010101) & ~comma) | ((quote - 0x01010101) & ~quote);
    if ((found & 0x80808080) === 0) {
      i += 4;
      continue;
    }
    for (const stop = i + 4; i < stop; i++) if (isSpecial(view.getUint8(i))) return true;
  }
  for (; i < end; i++) if (isSpecial(view.getUint8(i))) return true;
  return false;
}

function isSpecial(byte: number): boolean {
  return byte === COMMA || byte === QUOTE || byte === 0x0a || byte === 0x0d;
}

function writeQuotedCell(
  out: ByteTarget,
  source: DataView,
  start: number,
  length: number,
  isGuarded = false,
): void {
  const end = start + length;
  out.reserve(2);
  out.view.setUint8(out.position++, QUOTE);
  if (isGuarded) out.view.setUint8(out.position++, APOSTROPHE);
  for (let from = start; from < end; from += PIECE_BYTES) {
    const to = Math.min(from + PIECE_BYTES, end);
    out.reserve((to - from) * 2);
    out.position = copyDoubled(source, from, to, out.view, out.position);
  }
  out.reserve(1);
  out.view.setUint8(out.position++, QUOTE);
}

/** Copies eight bytes at a time while none is a quote; quotes are doubled. Answers where it stopped writing. */
function copyDoubled(
  source: DataView,
  start: number,
  end: number,
  target: DataView,
  position: number,
): number {
  let at = position;
  let i = start;
  while (i + 8 <= end) {
    const first = source.getInt32(i, true);
    const second = source.getInt32(i + 4, true);
    const a = first ^ 0x22222222;
    const b = second ^ 0x22222222;
    if (((((a - 0x01010101) & ~a) | ((b - 0x01010101) & ~b)) & 0x80808080) === 0) {
      target.setInt32(at, first, true);
      target.setInt32(at + 4, second, true);
      at += 8;
      i += 8;
    } else {
      for (const stop = i + 8; i < stop; i++) at = doubleByte(source.getUint8(i), target, at);
    }
  }
  for (; i < end; i++) at = doubleByte(source.getUint8(i), target, at);
  return at;
}

function doubleByte(byte: number, target: DataView, at: number): number {
  target.setUint8(at, byte);
  if (byte !== QUOTE) return at + 1;
  target.setUint8(at + 1, QUOTE);
  return at + 2;
}
