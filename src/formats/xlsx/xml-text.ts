import type { ByteTarget } from '../byte-writer.ts';
import { type Constant, constantOf, writeConstant } from '../cells/constant.ts';
import { copyBytes } from '../cells/copy-bytes.ts';

const UNDERSCORE = 0x5f;
const LOWER_X = 0x78;
/** First byte of U+FFFE and U+FFFF, which XML forbids (EF BF BE, EF BF BF), and of much else. */
const NONCHARACTER_LEAD = 0xef;

const ESCAPED_UNDERSCORE = constantOf('_x005F_');
const ESCAPED_FFFE = constantOf('_xFFFE_');
const ESCAPED_FFFF = constantOf('_xFFFF_');

/** By byte: what is written instead of it, wherever it stands. */
const REPLACED: (Constant | undefined)[] = [];
REPLACED[0x26] = constantOf('&amp;');
REPLACED[0x3c] = constantOf('&lt;');
REPLACED[0x3e] = constantOf('&gt;');
for (let byte = 0; byte < 0x20; byte++) {
  // A CR is legal XML, but parsers read it as LF; tabs and LF pass.
  if (byte === 0x09 || byte === 0x0a) continue;
  REPLACED[byte] = constantOf(`_x${byte.toString(16).toUpperCase().padStart(4, '0')}_`);
}

/** By byte: 1 = look at it. */
const NOTABLE = new Uint8Array(256);
REPLACED.forEach((_constant, byte) => (NOTABLE[byte] = 1));
NOTABLE[UNDERSCORE] = 1;
NOTABLE[NONCHARACTER_LEAD] = 1;

/**
 * Writes UTF-8 bytes as the text of an XML element, in the way of spreadsheets (ECMA-376, ST_Xstring): what XML
 * has no place for becomes `_x0008_`, and an underscore that would read as the beginning of such an escape
 * becomes `_x005F_`, so that every text comes back as it was.
 */
export function writeXmlText(out: ByteTarget, source: DataView, start: number, length: number): void {
  const end = start + length;
  let from = start;
  for (let i = start; i < end; i++) {
    const byte = source.getUint8(i);
    if (NOTABLE[byte] === 0) continue;
    const replacement = replacementAt(source, i, end);
    if (replacement === undefined) continue;
    copyBytes(out, source, from, i - from);
    writeConstant(out, replacement);
    if (byte === NONCHARACTER_LEAD) i += 2;
    from = i + 1;
  }
  copyBytes(out, source, from, end - from);
}

function replacementAt(source: DataView, at: number, end: number): Constant | undefined {
  const byte = source.getUint8(at);
  if (byte === UNDERSCORE) return startsEscape(source, at, end) ? ESCAPED_UNDERSCORE : undefined;
  if (byte === NONCHARACTER_LEAD) return noncharacterAt(source, at, end);
  return REPLACED[byte];
}

/** Whether a reader would take `_xHHHH` and what is written after it for an escape. */
function startsEscape(source: DataView, at: number, end: number): boolean {
  // Excel knows the small x only; the large one is escaped for readers that are not as strict.
  if (at + 6 >= end || (source.getUint8(at + 1) | 0x20) !== LOWER_X) return false;
  for (let i = at + 2; i < at + 6; i++) if (!isHexDigit(source.getUint8(i))) return false;
  const next = source.getUint8(at + 6);
  // An escape begins with an underscore, too.
  if (next === UNDERSCORE) return true;
  if (next === NONCHARACTER_LEAD) return noncharacterAt(source, at + 6, end) !== undefined;
  return next < 0x20 && REPLACED[next] !== undefined;
}

function noncharacterAt(source: DataView, at: number, end: number): Constant | undefined {
  if (at + 3 > end || source.getUint8(at + 1) !== 0xbf) return undefined;
  const last = source.getUint8(at + 2);
  if (last === 0xbe) return ESCAPED_FFFE;
  return last === 0xbf ? ESCAPED_FFFF : undefined;
}

function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}
