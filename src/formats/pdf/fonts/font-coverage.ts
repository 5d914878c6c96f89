import type { FoundFont } from './find-fonts.ts';
import { readCmap } from './read-cmap.ts';

/** Planes 0 to 3; the others hold nothing that is drawn. */
const PLANES_END = 0x40000;

/**
 * What shapers draw as nothing where a font lacks it: joiners, variation selectors, tags, marks of direction. Not
 * everything that Unicode calls ignorable: fillers of Hangul, a late selector of Mongolian and controls of shorthand they draw.
 */
const IGNORABLE =
  /^(?!\u180f|[\u115f\u1160\u3164\uffa0\u{1bca0}-\u{1bca3}])[\p{Default_Ignorable_Code_Point}\n]$/u;

/** Which of up to 16 fonts have a glyph for a character; bit n is the n-th font. */
export class FontCoverage {
  readonly #masks = new Uint16Array(PLANES_END);
  /** All fonts: what needs no glyph. */
  readonly any: number;

  constructor(fonts: readonly FoundFont[]) {
    if (fonts.length > 16) throw new Error('a mask has room for 16 fonts');
    this.any = 2 ** fonts.length - 1;
    fonts.forEach(({ paths }, index) => {
      for (const [first, last] of readCmap(paths[0]!)) {
        for (let point = first; point <= last && point < PLANES_END; point++)
          this.#masks[point]! |= 1 << index;
      }
    });
  }

  /** The fonts that have this character. */
  maskOf(point: number): number {
    const mask = point < PLANES_END ? this.#masks[point]! : 0;
    if (point < 0x20 || (point >= 0x7f && point < 0xa0)) return point === 0x0a ? this.any : 0;
    return point >= 0xad && IGNORABLE.test(String.fromCodePoint(point)) ? this.any : mask;
  }

  /**
   * The fonts that can draw all of what belongs together (a letter with its marks, an emoji of several), as it is, put
   * together or taken apart (Unicode NFC, NFD): shapers do either where it helps.
   */
  maskOfCluster(cluster: string): number {
    const mask = this.#maskOfAll(cluster);
    if (mask !== 0) return mask;
    return this.#maskOfAll(cluster.normalize('NFC')) | this.#maskOfAll(cluster.normalize('NFD'));
  }

  #maskOfAll(text: string): number {
    let mask = this.any;
    for (const character of text) mask &= this.maskOf(character.codePointAt(0)!);
    return mask;
  }
}
