import type { UnknownGlyphs } from '../../documents/transcript.ts';
import { breakLongWords } from './break-long-words.ts';
import { chooseHan, type HanWriting } from './choose-han.ts';
import type { FoundFont } from '../fonts/find-fonts.ts';
import type { FontCoverage } from '../fonts/font-coverage.ts';
import { nameOfCharacter, steeringCharacters } from '../../documents/hidden-characters.ts';
import { directionOf, hasRtlLetters } from './text-direction.ts';

/** A text that the template can set: every character of it is in one of its fonts. */
export interface SetText {
  /** The text as shown. */
  t: string;
  /** Index into the list of lists of families. */
  f: number;
  /** Set from right to left. */
  r?: true;
  /** Language, for hyphens, punctuation and screen readers; left out: unknown. */
  l?: string;
}

/** How texts are made settable. */
export interface TextSetting {
  fonts: readonly FoundFont[];
  coverage: FontCoverage;
  /** Whose Han characters they are where a text does not tell. */
  han: HanWriting;
  /** Shows each mark and each part of an emoji on its own, as a code point. */
  spellsOut?: boolean;
}

/** Latin letters, signs and newlines: the first font has them all. */
const PLAIN = /^[\n\x20-\x7e\u00a0-\u00ac\u00ae-\u024f]*$/;
/** Where several characters may make one glyph. */
const COMBINES =
  /[\p{M}\p{Join_Control}\p{Emoji_Modifier}\p{Regional_Indicator}\u{e0020}-\u{e007f}\u1100-\u11ff]/u;
/** In the order in which they are asked: the script of its letters tells the language well enough. */
const LANGUAGES: readonly (readonly [pattern: RegExp, language: string])[] = [
  [/\p{Script=Hebrew}/u, 'he'],
  [/\p{Script=Arabic}/u, 'ar'],
  [/\p{Script=Devanagari}/u, 'hi'],
  [/\p{Script=Bengali}/u, 'bn'],
  [/\p{Script=Tamil}/u, 'ta'],
  [/\p{Script=Thai}/u, 'th'],
];
const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const HAN_LANGUAGES = { SC: 'zh', JP: 'ja', KR: 'ko' } as const;
const HAN_FAMILIES: readonly string[] = ['SC', 'JP', 'KR'].map((writing) => `Noto Sans ${writing}`);

/** UAX #9, 2.4: what stands between them runs its own way. */
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Makes texts settable, for one document: chooses fonts, breaks long words, and shows characters that no font has as
 * their code points, so that nothing is ever an empty box.
 */
export class TextPreparer {
  /** Lists of families, which texts name by their index. */
  readonly families: string[][] = [];
  readonly unknown: UnknownGlyphs = {};
  readonly #setting: TextSetting;
  readonly #indexes = new Map<string, number>();
  readonly #orders = new Map<HanWriting, readonly number[]>();

  constructor(setting: TextSetting) {
    this.#setting = setting;
    this.#indexOf(1, 'SC');
  }

  /** A text in one line: a name, a value. One with letters from right to left leaves its neighbours in the line alone. */
  line(text: string): SetText {
    const set = this.#prepare(text.replaceAll(/\s+/g, ' '));
    return hasRtlLetters(set.t) ? { ...set, t: `${FIRST_STRONG_ISOLATE}${set.t}${POP_ISOLATE}` } : set;
  }

  /** A text of several lines: pieces of lines that run the same way. */
  lines(text: string): SetText[] {
    const clean = text.replaceAll(/\r\n?/g, '\n').replaceAll('\t', '    ');
    if (PLAIN.test(clean)) return [this.#prepare(clean)];
    const pieces: { lines: string[]; direction: 'ltr' | 'rtl' | undefined }[] = [];
    for (const line of clean.split('\n')) {
      const direction = directionOf(line);
      const last = pieces.at(-1);
      if (last === undefined || (direction !== undefined && (last.direction ?? direction) !== direction))
        pieces.push({ lines: [line], direction });
      else {
        last.lines.push(line);
        last.direction ??= direction;
      }
    }
    return pieces.map(({ lines }) => this.#prepare(lines.join('\n')));
  }

  #prepare(raw: string): SetText {
    if (PLAIN.test(raw)) return { t: breakLongWords(raw), f: 0 };
    const text = raw.toWellFormed().replaceAll(steeringCharacters, (one) => `[${nameOfCharacter(one)}]`);
    const han = chooseHan(text, this.#setting.han);
    const order = this.#orderOf(han);
    let used = 0;
    let shown = '';
    const parts = COMBINES.test(text) ? segmentsOf(text) : text;
    for (const cluster of parts) {
      const mask = this.#setting.coverage.maskOfCluster(cluster);
      if (mask === 0 || (this.#setting.spellsOut === true && cluster.length > 1)) {
        const apart = this.#showApart(cluster);
        shown += apart.text;
        used |= apart.used | 1;
      } else {
        shown += cluster;
        if ((mask & 1) === 0) used |= firstOf(mask, order);
      }
    }
    const language = languageOf(text, han);
    return {
      t: breakLongWords(shown),
      f: this.#indexOf(used | 1, han),
      ...(directionOf(text) === 'rtl' ? { r: true as const } : {}),
      ...(language === undefined ? {} : { l: language }),
    };
  }

  /** A cluster that no single font has: what the font of its first character has stays, the rest is spelled out. */
  #showApart(cluster: string): { text: string; used: number } {
    let text = '';
    let used = 0;
    let mask = this.#setting.coverage.any;
    for (const character of cluster) {
      const point = character.codePointAt(0)!;
      const both = mask & this.#setting.coverage.maskOf(point);
      if (both !== 0 && (text === '' || this.#setting.spellsOut !== true)) {
        text += character;
        mask = both;
        continue;
      }
      const name = nameOfCharacter(character);
      this.unknown[name] = (this.unknown[name] ?? 0) + 1;
      text += `[${name}]`;
    }
    if (mask !== this.#setting.coverage.any) used = firstOf(mask, this.#orderOf(this.#setting.han));
    return { text, used };
  }

  /** Indexes of the fonts in the order of asking: of those with Han characters, the one that fits first. */
  #orderOf(han: HanWriting): readonly number[] {
    let order = this.#orders.get(han);
    if (order === undefined) {
      const rank = ({ family }: FoundFont) => Number(family !== `Noto Sans ${han}`);
      const places = this.#setting.fonts.flatMap(({ family }, index) =>
        HAN_FAMILIES.includes(family) ? [index] : [],
      );
      const fitting = places.toSorted(
        (a, b) => rank(this.#setting.fonts[a]!) - rank(this.#setting.fonts[b]!),
      );
      order = this.#setting.fonts.map((_, index) => fitting[places.indexOf(index)] ?? index);
      this.#orders.set(han, order);
    }
    return order;
  }

  #indexOf(used: number, han: HanWriting): number {
    const key = `${used} ${han}`;
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    const list = this.#orderOf(han).flatMap((font) =>
      used & (1 << font) ? [this.#setting.fonts[font]!.family] : [],
    );
    this.#indexes.set(key, this.families.length);
    return this.families.push(list) - 1;
  }
}

function* segmentsOf(text: string): Generator<string> {
  for (const { segment } of graphemes.segment(text)) yield segment;
}

/** The first font of the mask, as a mask of one. */
function firstOf(mask: number, order: readonly number[]): number {
  for (const font of order) if (mask & (1 << font)) return 1 << font;
  return 0;
}

function languageOf(text: string, han: HanWriting): string | undefined {
  if (EAST_ASIAN.test(text)) return HAN_LANGUAGES[han];
  return LANGUAGES.find(([pattern]) => pattern.test(text))?.[1];
}
