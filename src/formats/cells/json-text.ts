import type { ByteTarget } from '../byte-writer.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** Of each byte of a word. */
const TOP_BITS = 0x80808080;

/** Per byte: 0 = written as it is, else the letter after the backslash (`u` = \u00xx). RFC 8259 §7. */
const ESCAPES = new Uint8Array(256);
ESCAPES.fill(0x75, 0, 0x20);
for (const [byte, letter] of [
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [QUOTE, '"'],
  [BACKSLASH, '\\'],
] as const) {
  ESCAPES[byte] = letter.charCodeAt(0);
}

/** Text is escaped in pieces, so that room for the worst case (six bytes for one) stays small. */
const PIECE_BYTES = 1 << 14;

/**
 * Writes UTF-8 bytes as a JSON string. Escapes `"`, `\` and controls below 0x20 (short forms, else lower-case
 * \u00xx); every other byte passes unchanged, so nothing is decoded and no string is made.
 */
export function writeJsonText(out: ByteTarget, source: DataView, start: number, length: number): void {
  const end = start + length;
  out.reserve(1);
  out.view.setUint8(out.position++, QUOTE);
  for (let from = start; from < end; from += PIECE_BYTES) {
    const to = Math.min(from + PIECE_BYTES, end);
    out.reserve((to - from) * 6);
    out.position = copyEscaped(source, from, to, out.view, out.position);
  }
  out.reserve(1);
  out.view.setUint8(out.position++, QUOTE);
}

/** Copies eight bytes at a time while none of them needs an escape; answers where it stopped writing. */
function copyEscaped(
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
    if (((hasEscapes(first) | hasEscapes(second)) & TOP_BITS) === 0) {
      target.setInt32(at, first, true);
      target.setInt32(at + 4, second, true);
      at += 8;
      i += 8;
      continue;
    }
    if ((hasEscapes(first) & TOP_BITS) === 0) {
      target.setInt32(at, first, true);
      at += 4;
      i += 4;
    }
    // One of the next four is written longer than it is; from behind it on, eight at a time again.
    let before: number;
    do {
      before = at;
      at = escapeByte(source.getUint8(i++), target, at);
    } while (at === before + 1);
  }
  for (; i < end; i++) at = escapeByte(source.getUint8(i), target, at);
  return at;
}

/**
 * Sets the top bit of at least one byte exactly when a byte of the word is below 0x20, `"` or `\` (the
 * "determine if a word has a byte less than n / equal to n" of Bit Twiddling Hacks). The caller masks.
 * With bit 1 turned over, the quote (0x22 → 0x20) and the controls are what is below 0x21: one test for both.
 */
function hasEscapes(word: number): number {
  const turned = word ^ 0x02020202;
  const backslash = word ^ 0x5c5c5c5c;
  return ((turned - 0x21212121) & ~turned) | ((backslash - 0x01010101) & ~backslash);
}

function escapeByte(byte: number, target: DataView, at: number): number {
  const letter = ESCAPES[byte] as number;
  if (letter === 0) {
    target.setUint8(at, byte);
    return at + 1;
  }
  target.setUint8(at, BACKSLASH);
  target.setUint8(at + 1, letter);
  if (letter !== 0x75) return at + 2;
  const low = byte & 15;
  target.setUint16(at + 2, 0x3030);
  target.setUint8(at + 4, 0x30 + (byte >> 4));
  target.setUint8(at + 5, low < 10 ? 0x30 + low : 0x57 + low);
  return at + 6;
}

/**
 * Writes the text of a jsonb value compactly: PostgreSQL prints one space after `:` and `,`, and spaces
 * outside strings mean nothing. Everything inside strings, escapes included, passes unchanged.
 */
export function writeCompactJson(out: ByteTarget, source: DataView, start: number, length: number): void {
  out.reserve(length);
  const to = out.view;
  const end = start + length;
  let at = out.position;
  let i = start;
  let isInString = false;
  while (i < end) {
    if (isInString && i + 4 <= end) {
      const word = source.getInt32(i, true);
      if ((quotesOrBackslashes(word) & TOP_BITS) === 0) {
        to.setInt32(at, word, true);
        at += 4;
        i += 4;
        continue;
      }
    }
    const byte = source.getUint8(i++);
    if (byte === SPACE && !isInString) continue;
    to.setUint8(at++, byte);
    if (byte === QUOTE) isInString = !isInString;
    // What a backslash escapes is copied with it, so that \" does not end the string.
    else if (byte === BACKSLASH && i < end) to.setUint8(at++, source.getUint8(i++));
  }
  out.position = at;
}

function quotesOrBackslashes(word: number): number {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  return ((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash);
}
