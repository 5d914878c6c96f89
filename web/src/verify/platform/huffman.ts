/** What was packed is no deflate data. */
export class InflateError extends Error {}

/** A prefix code as one table: for the next bits, the symbol (shifted by 4) and how many of the bits are its own. */
export interface Huffman {
  table: Int32Array;
  /** Bits that the table is asked with. */
  bits: number;
}

/** The canonical code of these lengths (RFC 1951 §3.2.2), symbol by symbol; 0: the symbol is not in it. @throws InflateError */
export function huffmanOf(lengths: readonly number[]): Huffman {
  const bits = Math.max(1, ...lengths);
  const counts = Array.from({ length: bits + 1 }, () => 0);
  for (const length of lengths) counts[length]!++;
  counts[0] = 0;
  const next = [0];
  for (let length = 1, code = 0; length <= bits; length++) {
    code = (code + counts[length - 1]!) << 1;
    next[length] = code;
    if (code + counts[length]! > 1 << length) throw new InflateError('a code has too many symbols');
  }
  const table = new Int32Array(1 << bits);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    const code = reversed(next[length]!++, length);
    for (let at = code; at < table.length; at += 1 << length) table[at] = (symbol << 4) | length;
  }
  return { table, bits };
}

function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}
