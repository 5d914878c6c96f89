/** The squares of a code, row by row, while it is drawn. */
export class QrGrid {
  readonly version: number;
  readonly size: number;
  readonly #isDark: Uint8Array;
  readonly #isPattern: Uint8Array;

  /** A grid with every pattern that does not depend on what the code says. @param version 1 (21 squares wide) to 20 */
  constructor(version: number) {
    this.version = version;
    this.size = 17 + 4 * version;
    this.#isDark = new Uint8Array(this.size ** 2);
    this.#isPattern = new Uint8Array(this.size ** 2);
    this.#drawTiming();
    this.#drawCorners();
    this.#drawAlignment();
    this.#drawVersion();
    this.drawMaskNumber(0); // its place is taken
  }

  isDark(x: number, y: number): boolean {
    return this.#isDark[y * this.size + x] === 1;
  }

  /** Turns a square that holds data. */
  turn(x: number, y: number): void {
    this.#isDark[y * this.size + x]! ^= 1;
  }

  /** Every square that holds data, in the order in which bits are laid: up and down in strips of two, from the right. */
  *dataSquares(): Generator<readonly [x: number, y: number]> {
    let goesUp = true;
    for (let right = this.size - 1; right > 0; right -= 2) {
      if (right === 6) right = 5; // the timing pattern has this column
      for (let step = 0; step < this.size; step++) {
        const y = goesUp ? this.size - 1 - step : step;
        for (const x of [right, right - 1]) if (!this.#isPattern[y * this.size + x]) yield [x, y];
      }
      goesUp = !goesUp;
    }
  }

  /** Which mask lies over the data, for correction level M, with its own check (BCH 15,5), twice. */
  drawMaskNumber(mask: number): void {
    let check = mask;
    for (let i = 0; i < 10; i++) check = (check << 1) ^ ((check >> 9) * 0x537);
    const bits = ((mask << 10) | check) ^ 0x5412;
    const last = this.size - 1;
    for (let i = 0; i < 15; i++) {
      const isDark = ((bits >> i) & 1) === 1;
      // Around the corner on the left, past the timing patterns …
      if (i < 8) this.#set(8, i + (i > 5 ? 1 : 0), isDark);
      else this.#set(i === 8 ? 7 : 14 - i, 8, isDark);
      // … and in two halves at the other corners.
      if (i < 8) this.#set(last - i, 8, isDark);
      else this.#set(8, last - 14 + i, isDark);
    }
    this.#set(8, last - 7, true);
  }

  #set(x: number, y: number, isDark: boolean): void {
    const at = y * this.size + x;
    this.#isDark[at] = isDark ? 1 : 0;
    this.#isPattern[at] = 1;
  }

  #drawTiming(): void {
    for (let i = 0; i < this.size; i++) {
      this.#set(i, 6, i % 2 === 0);
      this.#set(6, i, i % 2 === 0);
    }
  }

  #drawCorners(): void {
    const far = this.size - 4;
    for (const [x, y] of [
      [3, 3],
      [far, 3],
      [3, far],
    ] as const)
      this.#drawRings(x, y, 4, [2, 4]);
  }

  #drawAlignment(): void {
    const places = alignmentOf(this.version, this.size);
    const last = places.length - 1;
    places.forEach((x, i) =>
      places.forEach((y, j) => {
        const isCorner = (i === 0 && (j === 0 || j === last)) || (i === last && j === 0);
        if (!isCorner) this.#drawRings(x, y, 2, [1]);
      }),
    );
  }

  /** Squares around squares; the rings that are light are named by how far they are from the middle. */
  #drawRings(x: number, y: number, radius: number, light: readonly number[]): void {
    for (let dy = -radius; dy <= radius; dy++)
      for (let dx = -radius; dx <= radius; dx++) {
        const isInside = x + dx >= 0 && x + dx < this.size && y + dy >= 0 && y + dy < this.size;
        if (isInside) this.#set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
      }
  }

  /** Large codes tell how large they are (with a check, BCH 18,6), twice. */
  #drawVersion(): void {
    if (this.version < 7) return;
    let check = this.version;
    for (let i = 0; i < 12; i++) check = (check << 1) ^ ((check >> 11) * 0x1f25);
    const bits = (this.version << 12) | check;
    for (let i = 0; i < 18; i++) {
      const isDark = ((bits >> i) & 1) === 1;
      const [near, far] = [Math.floor(i / 3), this.size - 11 + (i % 3)];
      this.#set(near, far, isDark);
      this.#set(far, near, isDark);
    }
  }
}

/** Where the middles of the small patterns are, in both directions. */
function alignmentOf(version: number, size: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((4 * version + 4) / (2 * count - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => size - 7 - step * (count - 2 - i))];
}
