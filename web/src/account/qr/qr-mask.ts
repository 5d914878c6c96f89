import type { QrGrid } from './qr-grid.ts';

/** The eight masks of the standard: true where one turns a square. */
export const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** What looks like the corner of a code, with the light that is around one. */
const CORNERS = [0b10111010000, 0b00001011101];

/** How hard a code is to read, as the standard counts: long runs, blocks, false corners, more dark than light. */
export function penaltyOf(grid: QrGrid): number {
  const { size } = grid;
  let penalty = 0;
  let dark = 0;
  for (let line = 0; line < size; line++) {
    penalty += penaltyOfLine(size, (i) => grid.isDark(i, line));
    penalty += penaltyOfLine(size, (i) => grid.isDark(line, i));
    for (let x = 0; x < size; x++) {
      const colour = grid.isDark(x, line);
      if (colour) dark++;
      const isBlock =
        x + 1 < size &&
        line + 1 < size &&
        [grid.isDark(x + 1, line), grid.isDark(x, line + 1), grid.isDark(x + 1, line + 1)].every(
          (other) => other === colour,
        );
      if (isBlock) penalty += 3;
    }
  }
  return penalty + Math.floor(Math.abs((dark / size ** 2) * 20 - 10)) * 10;
}

function penaltyOfLine(size: number, isDark: (i: number) => boolean): number {
  let penalty = 0;
  let run = 0;
  let last: boolean | undefined;
  let window = 0;
  for (let i = 0; i < size; i++) {
    const colour = isDark(i);
    run = colour === last ? run + 1 : 1;
    last = colour;
    if (run === 5) penalty += 3;
    else if (run > 5) penalty += 1;
    window = ((window << 1) | (colour ? 1 : 0)) & 0b11111111111;
    if (i >= 10 && CORNERS.includes(window)) penalty += 40;
  }
  return penalty;
}
