import { QrGrid } from './qr-grid.ts';
import { masks, penaltyOf } from './qr-mask.ts';
import { correctionOf } from './reed-solomon.ts';

/** Correction level M (15 %), versions 1 to 20: bytes of correction in a block, and blocks (ISO/IEC 18004, table 9). */
const BLOCKS: readonly (readonly [correction: number, blocks: number])[] = [
  ...([
    [10, 1],
    [16, 1],
    [26, 1],
    [18, 2],
    [24, 2],
    [16, 4],
    [18, 4],
    [22, 4],
    [22, 5],
    [26, 5],
  ] as const),
  ...([
    [30, 5],
    [22, 8],
    [22, 9],
    [24, 9],
    [24, 10],
    [28, 10],
    [28, 11],
    [26, 13],
    [26, 14],
    [26, 16],
  ] as const),
];

/**
 * A text as a QR code: its rows, true where a square is dark. Undefined: it is too long (666 bytes are not).
 * Text, so that a phone’s camera takes an `otpauth://` address as one; nothing leaves the page for it.
 */
export function encodeQr(text: string): boolean[][] | undefined {
  const bytes = new TextEncoder().encode(text);
  for (const [index, [correction, blocks]] of BLOCKS.entries()) {
    const grid = new QrGrid(index + 1);
    const room = Math.floor([...grid.dataSquares()].length / 8);
    const data = layOut(bytes, grid.version, room - correction * blocks);
    if (data === undefined) continue;
    lay(grid, interleave(data, { room, correction, blocks }));
    return chooseMask(grid);
  }
  return undefined;
}

/** The bytes with their mode and number before them, filled up to what there is room for; undefined: it is too little. */
function layOut(bytes: Uint8Array, version: number, room: number): Uint8Array | undefined {
  const hasLongCount = version > 9;
  if (bytes.length + (hasLongCount ? 3 : 2) > room) return undefined;
  const count = bytes.length;
  // Everything stands half a byte off, behind the mode’s four bits: 0100, bytes.
  const halves = [
    0b0100,
    ...(hasLongCount ? [count >> 12, (count >> 8) & 15] : []),
    (count >> 4) & 15,
    count & 15,
  ];
  for (const byte of bytes) halves.push(byte >> 4, byte & 15);
  halves.push(0);
  const data = new Uint8Array(room);
  halves.forEach((half, i) => (data[i >> 1]! |= i % 2 === 0 ? half << 4 : half));
  for (let at = halves.length / 2, fill = 0xec; at < room; at++, fill ^= 0xec ^ 0x11) data[at] = fill;
  return data;
}

/** Cuts the data into blocks, gives each its correction, and deals them out byte by byte. */
function interleave(
  data: Uint8Array,
  { room, correction, blocks }: { room: number; correction: number; blocks: number },
): Uint8Array {
  const short = Math.floor(room / blocks) - correction;
  const shortOnes = blocks - (room % blocks);
  const cut: { data: Uint8Array; correction: Uint8Array }[] = [];
  for (let i = 0, at = 0; i < blocks; i++) {
    const part = data.subarray(at, (at += short + (i < shortOnes ? 0 : 1)));
    cut.push({ data: part, correction: correctionOf(part, correction) });
  }
  const dealt: number[] = [];
  for (let i = 0; i <= short; i++)
    for (const block of cut) if (i < block.data.length) dealt.push(block.data[i]!);
  for (let i = 0; i < correction; i++) for (const block of cut) dealt.push(block.correction[i]!);
  return Uint8Array.from(dealt);
}

/** Lays the bits; squares that are left over stay light. */
function lay(grid: QrGrid, bytes: Uint8Array): void {
  let bit = 0;
  for (const [x, y] of grid.dataSquares()) {
    const byte = bytes[bit >> 3];
    if (byte !== undefined && (byte >> (7 - (bit & 7))) & 1) grid.turn(x, y);
    bit++;
  }
}

/** Lays the mask over the data with which the code is read most easily. */
function chooseMask(grid: QrGrid): boolean[][] {
  const squares = [...grid.dataSquares()];
  const wear = (mask: number) => {
    for (const [x, y] of squares) if (masks[mask]!(x, y)) grid.turn(x, y);
    grid.drawMaskNumber(mask);
  };
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const mask of masks.keys()) {
    wear(mask);
    const penalty = penaltyOf(grid);
    if (penalty < least) [best, least] = [mask, penalty];
    wear(mask); // laid twice it is gone
  }
  wear(best);
  return Array.from({ length: grid.size }, (_, y) =>
    Array.from({ length: grid.size }, (_, x) => grid.isDark(x, y)),
  );
}
