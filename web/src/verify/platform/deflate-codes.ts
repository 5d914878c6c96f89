// The constants of deflate (RFC 1951 §3.2.5–3.2.7).
import { huffmanOf } from './huffman.ts';

export const LONGEST_MATCH = 258;
/** In which order the lengths of a block's code for lengths come. */
export const LENGTHS_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
export const distanceExtra = Uint8Array.from({ length: 30 }, (_none, code) => Math.max(0, (code >> 1) - 1));
export const distanceBase = basesOf(distanceExtra, 1);
export const lengthExtra = Uint8Array.from({ length: 29 }, (_none, code) =>
  code === 28 ? 0 : Math.max(0, (code >> 2) - 1),
);
export const lengthBase = basesOf(lengthExtra, 3);
lengthBase[28] = LONGEST_MATCH; // has a code of its own
export const fixedLiterals = huffmanOf(
  Array.from({ length: 288 }, (_none, n) => (n < 144 ? 8 : n < 256 ? 9 : n < 280 ? 7 : 8)),
);
export const fixedDistances = huffmanOf(Array.from({ length: 30 }, () => 5));

/** Where the values of each code begin: one after the other, each as many as its extra bits tell apart. */
function basesOf(extra: Uint8Array, first: number): Uint16Array {
  const bases = new Uint16Array(extra.length);
  let base = first;
  extra.forEach((bits, code) => {
    bases[code] = base;
    base += 1 << bits;
  });
  return bases;
}
