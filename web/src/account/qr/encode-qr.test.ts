import { expect, test } from 'vitest';
import { encodeQr } from './encode-qr.ts';
import { QrGrid } from './qr-grid.ts';
import { masks } from './qr-mask.ts';

/** Reads a code of one block as a reader would: format, mask, bits, mode and length. Correction is not needed here. */
function readBack(rows: boolean[][]): string {
  const at = (x: number, y: number) => rows[y]![x]!;
  let format = 0;
  for (let i = 0; i < 8; i++) format |= (at(rows.length - 1 - i, 8) ? 1 : 0) << i;
  for (let i = 8; i < 15; i++) format |= (at(8, rows.length - 15 + i) ? 1 : 0) << i;
  format ^= 0x5412;
  expect(format >> 13, 'correction level M').toBe(0);
  const mask = masks[(format >> 10) & 7]!;
  const bits = [...new QrGrid((rows.length - 17) / 4).dataSquares()].map(([x, y]) => at(x, y) !== mask(x, y));
  const read = (from: number, count: number) =>
    bits.slice(from, from + count).reduce((sum, bit) => sum * 2 + (bit ? 1 : 0), 0);
  expect(read(0, 4), 'mode: bytes').toBe(0b0100);
  const bytes = Array.from({ length: read(4, 8) }, (_, i) => read(12 + 8 * i, 8));
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

const show = (rows: boolean[][]) =>
  rows.map((row) => row.map((isDark) => (isDark ? '#' : '.')).join('')).join('\n');

test('a code says what it was made of', () => {
  for (const text of ['', 'a', 'Convey', 'otpauth://totp/Convey:ada', 'Grüße, 日本語'])
    expect(readBack(encodeQr(text)!)).toBe(text);
});

test('it has the patterns by which readers find it', () => {
  const corner = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######'].join('\n');
  const part = (rows: boolean[][], x: number, y: number, size: number) =>
    show(rows.slice(y, y + size).map((row) => row.slice(x, x + size)));
  for (const length of [5, 60, 120, 300, 600]) {
    const rows = encodeQr('x'.repeat(length))!;
    const far = rows.length - 7;
    for (const [x, y] of [
      [0, 0],
      [far, 0],
      [0, far],
    ] as const)
      expect(part(rows, x, y, 7)).toBe(corner);
    expect(rows[6]!.slice(8, -8).every((isDark, i) => isDark === (i % 2 === 0))).toBe(true);
    // The smallest code has none of the small patterns.
    if (rows.length === 21) continue;
    expect(part(rows, far - 2, far - 2, 5)).toBe(['#####', '#...#', '#.#.#', '#...#', '#####'].join('\n'));
  }
});

test('it is as small as the standard’s table says, and what no code holds gives none', () => {
  // Bytes at level M: version 1 takes 14, 2 26, 5 84, 9 180, 10 213, 20 666.
  for (const [bytes, version] of [
    [14, 1],
    [15, 2],
    [26, 2],
    [84, 5],
    [180, 9],
    [181, 10],
    [213, 10],
    [666, 20],
  ] as const)
    expect(encodeQr('x'.repeat(bytes))!.length).toBe(17 + 4 * version);
  expect(encodeQr('x'.repeat(667))).toBeUndefined();
});
