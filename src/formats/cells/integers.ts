import type { ByteTarget } from '../byte-writer.ts';

const LONGEST_BYTES = 20;
const TWO_32 = 2 ** 32;

/** Writes an int64 (big-endian at `at`) as exact decimal digits, without a detour over JS numbers. */
export function writeInt64(out: ByteTarget, source: DataView, at: number): void {
  const high = source.getInt32(at);
  const low = source.getUint32(at + 4);
  // ±2^53: beyond, digits need BigInt. Ids, counts and sequence numbers never come here in practice.
  if (high >= 0x200000 || high < -0x200000) return writeBig(out, source.getBigInt64(at));
  writeSafeInteger(out, high * TWO_32 + low);
}

/** Writes a uint64 (an xid8) as exact decimal digits. */
export function writeUint64(out: ByteTarget, source: DataView, at: number): void {
  const high = source.getUint32(at);
  if (high >= 0x200000) return writeBig(out, source.getBigUint64(at));
  writeSafeInteger(out, high * TWO_32 + source.getUint32(at + 4));
}

function writeBig(out: ByteTarget, value: bigint): void {
  const digits = value.toString();
  out.reserve(digits.length);
  out.position += out.buffer.write(digits, out.position, 'latin1');
}

function writeSafeInteger(out: ByteTarget, value: number): void {
  out.reserve(LONGEST_BYTES);
  const { view } = out;
  let rest = value;
  if (rest < 0) {
    view.setUint8(out.position++, 0x2d);
    rest = -rest;
  }
  let end = out.position + countDigits(rest);
  out.position = end;
  while (rest > 0x7fffffff) {
    const quotient = Math.floor(rest / 10);
    view.setUint8(--end, 0x30 + (rest - quotient * 10));
    rest = quotient;
  }
  // From here on the engine divides integers, not doubles.
  let small = rest | 0;
  do {
    const quotient = (small / 10) | 0;
    view.setUint8(--end, 0x30 + small - quotient * 10);
    small = quotient;
  } while (small > 0);
}

function countDigits(value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit && digits < 16; limit *= 10) digits++;
  return digits;
}
