import { ConveyError } from '../../errors.ts';
import type { ByteTarget } from '../byte-writer.ts';
import { badCopyRow } from '../formats.errors.ts';
import { constantOf, writeConstant } from './constant.ts';
import { copyBytes } from './copy-bytes.ts';
import { writeJsonText } from './json-text.ts';

/** Dimensions, null flag, element type, then size and lower bound of the one dimension. */
const HEADER_BYTES = 20;
const NULL = constantOf('null');
const JOINER = constantOf('; ');

/** Writes a text[] (PostgreSQL's binary array form) as a JSON array; NULL elements become `null`. */
export function writeJsonArray(out: ByteTarget, view: DataView, start: number, length: number): void {
  const count = countElements(view, start, length);
  let at = start + HEADER_BYTES;
  out.reserve(1);
  out.view.setUint8(out.position++, 0x5b);
  for (let i = 0; i < count; i++) {
    if (i > 0) {
      out.reserve(1);
      out.view.setUint8(out.position++, 0x2c);
    }
    const size = elementSize(view, at, start + length);
    at += 4;
    if (size < 0) {
      writeConstant(out, NULL);
    } else {
      writeJsonText(out, view, at, size);
      at += size;
    }
  }
  out.reserve(1);
  out.view.setUint8(out.position++, 0x5d);
}

/** Writes the elements as they are, joined by `; ` (for people and spreadsheets); NULL elements are empty. */
export function writeJoinedArray(out: ByteTarget, view: DataView, start: number, length: number): void {
  const count = countElements(view, start, length);
  let at = start + HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    if (i > 0) writeConstant(out, JOINER);
    const size = elementSize(view, at, start + length);
    at += 4;
    if (size > 0) {
      copyBytes(out, view, at, size);
      at += size;
    }
  }
}

/** Reads UTF-8 bytes as a string. */
export function textAt(view: DataView, at: number, length: number): string {
  return Buffer.from(view.buffer, view.byteOffset + at, length).toString('utf8');
}

/** Reads a text[] as JS strings. */
export function readTextArray(view: DataView, start: number, length: number): (string | null)[] {
  const count = countElements(view, start, length);
  const texts: (string | null)[] = [];
  let at = start + HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    const size = elementSize(view, at, start + length);
    at += 4;
    texts.push(size < 0 ? null : textAt(view, at, size));
    at += Math.max(size, 0);
  }
  return texts;
}

function countElements(view: DataView, start: number, length: number): number {
  const dimensions = length < 12 ? -1 : view.getInt32(start);
  if (dimensions === 0) return 0;
  // The catalogue declares lists only; a matrix would come out flat, so it is refused.
  if (dimensions !== 1 || length < HEADER_BYTES) {
    throw new ConveyError(badCopyRow, 'A text[] is not a list of one dimension.');
  }
  return view.getInt32(start + 12);
}

function elementSize(view: DataView, at: number, end: number): number {
  const size = at + 4 > end ? Number.NaN : view.getInt32(at);
  if (!(at + 4 + size <= end) || size < -1) {
    throw new ConveyError(badCopyRow, 'A text[] is longer than its field.');
  }
  return size;
}
