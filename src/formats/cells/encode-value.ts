import type { ByteTarget } from '../byte-writer.ts';
import type { ColumnType } from '../codecs.ts';

const POSTGRES_EPOCH_MS = 946_684_800_000;
const TEXT_OID = 25;
const TWO_32 = 2 ** 32;
/** Strings shorter than this are cheaper by a loop than by a native call. */
const SHORT_TEXT = 24;

/**
 * Writes one field of a binary COPY row, its length first; null and undefined are NULL. Throws a TypeError
 * when the value is not of its type (see `RowEncoder`); what was written by then is the caller's to drop.
 */
export function encodeValue(out: ByteTarget, type: ColumnType, value: unknown): void {
  const lengthAt = out.position;
  putInt32(out, -1);
  if (value === null || value === undefined) return;
  putValue(out, type, value);
  out.view.setInt32(lengthAt, out.position - lengthAt - 4);
}

function putValue(out: ByteTarget, type: ColumnType, value: unknown): void {
  switch (type) {
    case 'text':
      return putText(out, value);
    case 'jsonb':
      // The version byte, 1 since jsonb exists.
      putByte(out, 1);
      return putText(out, value);
    case 'bigint':
    case 'xid8':
      return putInteger(out, value, type === 'xid8');
    case 'boolean':
      if (typeof value !== 'boolean') throw new TypeError('not true or false');
      return putByte(out, value ? 1 : 0);
    case 'timestamptz':
      return putTimestamp(out, value instanceof Date ? value.getTime() : value);
    case 'text[]':
      return putTextArray(out, value);
    default:
      throw new TypeError(`${String(type satisfies never)} is no column type`);
  }
}

function putText(out: ByteTarget, value: unknown): void {
  if (typeof value === 'string') {
    out.reserve(value.length * 3);
    if (value.length >= SHORT_TEXT || !putShortAscii(out, value)) {
      out.position += out.buffer.write(value, out.position, 'utf8');
    }
  } else if (Buffer.isBuffer(value)) {
    out.reserve(value.length);
    out.position += value.copy(out.buffer, out.position);
  } else {
    throw new TypeError('neither a string nor a Buffer');
  }
}

/** False: the text is not ASCII and nothing was written that counts. */
function putShortAscii(out: ByteTarget, text: string): boolean {
  const { view, position } = out;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return false;
    view.setUint8(position + i, code);
  }
  out.position += text.length;
  return true;
}

function putInteger(out: ByteTarget, value: unknown, isUnsigned: boolean): void {
  if (typeof value === 'bigint') {
    const fits = isUnsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value);
    if (fits !== value) throw new TypeError('beyond 64 bits');
    putInt64(out, Number(BigInt.asIntN(32, value >> 32n)), Number(value & 0xffffffffn));
  } else if (typeof value === 'number' && Number.isSafeInteger(value) && !(isUnsigned && value < 0)) {
    const high = Math.floor(value / TWO_32);
    putInt64(out, high, value - high * TWO_32);
  } else {
    throw new TypeError('neither a safe integer nor a bigint');
  }
}

function putTimestamp(out: ByteTarget, value: unknown): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError('not a time');
  const wholeMs = Math.floor(value);
  const micros = Math.round((value - wholeMs) * 1000);
  // ms × 1000 may pass 2^53, so the product is made in two halves that stay exact.
  const ms = wholeMs - POSTGRES_EPOCH_MS;
  const high = Math.floor(ms / TWO_32);
  const low = (ms - high * TWO_32) * 1000 + micros;
  const carry = Math.floor(low / TWO_32);
  putInt64(out, high * 1000 + carry, low - carry * TWO_32);
}

function putTextArray(out: ByteTarget, value: unknown): void {
  if (!Array.isArray(value)) throw new TypeError('not an array');
  putInt32(out, value.length === 0 ? 0 : 1);
  putInt32(out, value.includes(null) ? 1 : 0);
  putInt32(out, TEXT_OID);
  if (value.length > 0) {
    putInt32(out, value.length);
    putInt32(out, 1);
  }
  for (const element of value) {
    if (element === undefined) throw new TypeError('an array with a hole');
    encodeValue(out, 'text', element);
  }
}

function putByte(out: ByteTarget, value: number): void {
  out.reserve(1);
  out.view.setUint8(out.position++, value);
}

function putInt32(out: ByteTarget, value: number): void {
  out.reserve(4);
  out.view.setInt32(out.position, value);
  out.position += 4;
}

function putInt64(out: ByteTarget, high: number, low: number): void {
  out.reserve(8);
  out.view.setInt32(out.position, high);
  out.view.setUint32(out.position + 4, low);
  out.position += 8;
}
