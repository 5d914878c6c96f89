import type { ByteTarget } from '../byte-writer.ts';

/** Above this, one native copy beats the loop (its call and its temporary view cost about 100 ns). */
const LONG_BYTES = 256;

/** Copies bytes as they are, room included: short runs by words, long ones natively. */
export function copyBytes(out: ByteTarget, source: DataView, start: number, length: number): void {
  out.reserve(length);
  if (length > LONG_BYTES) {
    out.buffer.set(new Uint8Array(source.buffer, source.byteOffset + start, length), out.position);
    out.position += length;
    return;
  }
  const to = out.view;
  const end = start + length;
  let at = out.position;
  let i = start;
  for (; i + 4 <= end; i += 4, at += 4) to.setInt32(at, source.getInt32(i, true), true);
  for (; i < end; i++, at++) to.setUint8(at, source.getUint8(i));
  out.position = at;
}
