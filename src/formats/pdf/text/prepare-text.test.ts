import { describe, expect, test } from 'vitest';
import { breakLongWords } from './break-long-words.ts';
import { chooseHan } from './choose-han.ts';
import { findFonts } from '../fonts/find-fonts.ts';
import { FontCoverage } from '../fonts/font-coverage.ts';
import { TEXTS } from '../many-scripts.fixture.ts';
import { TextPreparer } from './prepare-text.ts';

const fonts = findFonts();
const coverage = new FontCoverage(fonts);
const preparer = (han: 'SC' | 'JP' | 'KR' = 'SC') => new TextPreparer({ fonts, coverage, han });

/** The families a text is set in, and what became of it. */
function prepare(text: string, han: 'SC' | 'JP' | 'KR' = 'SC') {
  const texts = preparer(han);
  const { t, f, r = false, l } = texts.line(text);
  return {
    text: t.replace(/^\u2068(.*)\u2069$/su, '$1'),
    families: texts.families[f]!,
    isRtl: r,
    language: l,
    unknown: texts.unknown,
  };
}

describe('fonts', () => {
  test('what is only Latin is set in one font, whatever else there is', () => {
    expect(prepare('Hello, “Zażółć”: 5 €')).toMatchObject({ families: ['Noto Sans'], unknown: {} });
    expect(prepare(TEXTS.latin)).toMatchObject({ families: ['Noto Sans'], unknown: {} });
  });

  test.each([
    ['arabic', 'IBM Plex Sans Arabic', 'ar', true],
    ['arabicMarks', 'IBM Plex Sans Arabic', 'ar', true],
    ['hebrew', 'Noto Sans Hebrew', 'he', true],
    ['bengali', 'Noto Sans Bengali', 'bn', false],
    ['tamil', 'Noto Sans Tamil', 'ta', false],
    ['thai', 'Noto Sans Thai', 'th', false],
    ['chinese', 'Noto Sans SC', 'zh', false],
    ['japanese', 'Noto Sans JP', 'ja', false],
    ['korean', 'Noto Sans KR', 'ko', false],
    ['emoji', 'Noto Color Emoji', undefined, false],
  ] as const)(
    '%s is set in its own font, told its language and direction, with nothing missing',
    (name, ...how) => {
      const [family, language, isRtl] = how;
      const prepared = prepare(TEXTS[name]);
      expect(prepared).toMatchObject({ text: TEXTS[name], language, isRtl, unknown: {} });
      expect(prepared.families.slice(0, 2)).toEqual(['Noto Sans', family]);
    },
  );

  test('Devanagari is in the first font, too, and Vedic marks in one of their own', () => {
    expect(prepare(TEXTS.devanagari)).toMatchObject({ families: ['Noto Sans'], language: 'hi', unknown: {} });
    expect(prepare('क\u1cd0')).toMatchObject({
      families: ['Noto Sans', 'Noto Sans Devanagari'],
      unknown: {},
    });
  });

  test('symbols are found in the fonts for them', () => {
    expect(prepare(TEXTS.symbols).unknown).toEqual({});
  });

  test('Han characters are drawn as the text’s syllables say, else as the conversation does (pain 18)', () => {
    expect(prepare('直接').families).toEqual(['Noto Sans', 'Noto Sans SC']);
    expect(prepare('直接', 'JP').families).toEqual(['Noto Sans', 'Noto Sans JP']);
    expect(prepare('直接', 'KR').families).toEqual(['Noto Sans', 'Noto Sans KR']);
    expect(prepare('直接に', 'KR').families).toEqual(['Noto Sans', 'Noto Sans JP']);
    expect(prepare('한국 直接', 'JP').families).toEqual(['Noto Sans', 'Noto Sans KR']);
    expect([
      chooseHan('漢字とかな'),
      chooseHan('漢字 한글'),
      chooseHan('汉字'),
      chooseHan('汉字', 'JP'),
    ]).toEqual(['JP', 'KR', 'SC', 'JP']);
  });
});

describe('unknown characters', () => {
  test('are shown as their code points and counted, never left as a box (pain 18)', () => {
    const { text, unknown } = prepare(TEXTS.unknown);
    expect(text).toBe(
      'Egypt [U+13000], private [U+E000], bell [U+0007], and a mark on a letter: a[U+1D165].',
    );
    expect(unknown).toEqual({ 'U+13000': 1, 'U+E000': 1, 'U+0007': 1, 'U+1D165': 1 });
  });

  test('are the marks, too, where combinations are spelled out, and nothing else is', () => {
    const texts = new TextPreparer({ fonts, coverage, han: 'SC', spellsOut: true });
    expect(texts.lines('שָ 👍🏽 plain 漢')[0]!.t).toBe('ש[U+05B8] 👍[U+1F3FD] plain 漢');
  });

  test('are counted over all texts of a document', () => {
    const texts = preparer();
    texts.line('𓀀𓀀');
    texts.lines('𓀀\nb');
    expect(texts.unknown).toEqual({ 'U+13000': 3 });
  });

  test('a mark that its letter’s font lacks is spelled out, the letter stays', () => {
    const { text, unknown } = prepare('ก\u05b0');
    expect(text).toBe('ก[U+05B0]');
    expect(unknown).toEqual({ 'U+05B0': 1 });
  });

  test('are not marks that a font has put together, nor half characters, nor what is invisible', () => {
    expect(prepare('e\u0301 a\u0323\u0302')).toMatchObject({ unknown: {} });
    expect(prepare('half \ud83d pair')).toMatchObject({ text: 'half \ufffd pair', unknown: {} });
    expect(prepare('a\u200bb\u2060c\u00add\ufeff\u{e0041}')).toMatchObject({ unknown: {} });
  });
});

describe('directions', () => {
  test('what turns text around is shown as its code point, and is no missing character', () => {
    const { text, unknown } = prepare('pay \u202egpj.exe\u202c and \u2066hidden\u2069');
    expect(text).toBe('pay [U+202E]gpj.exe[U+202C] and [U+2066]hidden[U+2069]');
    expect(unknown).toEqual({});
  });

  test('a name from right to left is isolated from its line; one from left to right needs nothing', () => {
    expect(preparer().line('דוד 12').t).toBe('\u2068דוד 12\u2069');
    expect(preparer().line('Nadia (نادية)').t).toBe('\u2068Nadia (نادية)\u2069');
    expect(preparer().line('David 12').t).toBe('David 12');
  });
});

describe('lines', () => {
  test('those that run the same way stay together, each way its own piece', () => {
    const texts = preparer();
    const pieces = texts.lines('English\n123\nשלום\n\nעולם\nagain');
    expect(pieces.map(({ t, r = false }) => [t, r])).toEqual([
      ['English\n123', false],
      ['שלום\n\nעולם', true],
      ['again', false],
    ]);
  });

  test('ends of lines are all the same, tabs are spaces', () => {
    expect(
      preparer()
        .lines('a\r\nb\rc\td')
        .map(({ t }) => t),
    ).toEqual(['a\nb\nc    d']);
  });
});

describe('long words', () => {
  test('can be broken, and say the same without the marks', () => {
    const word = 'x'.repeat(6000);
    const broken = breakLongWords(word);
    expect(broken.replaceAll('\u200b', '')).toBe(word);
    expect(Math.max(...broken.split('\u200b').map(({ length }) => length))).toBe(8);
  });

  test('never inside what is one sign, and not where a line breaks anyway', () => {
    const family = '👨‍👩‍👧‍👦'.repeat(30);
    for (const piece of breakLongWords(family).split('\u200b'))
      expect(piece.length % '👨‍👩‍👧‍👦'.length).toBe(0);
    expect(breakLongWords('e\u0301'.repeat(100))).not.toContain('\u200b\u0301');
    expect(breakLongWords('漢'.repeat(200))).not.toContain('\u200b');
    expect(breakLongWords('words of usual length, one after the other')).not.toContain('\u200b');
  });
});
