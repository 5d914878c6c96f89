import { expect, test } from 'vitest';
import { TranscriptCompiler } from './compile-transcript.ts';
import { findFonts } from './fonts/find-fonts.ts';
import { FontCoverage } from './fonts/font-coverage.ts';
import { message, style } from './many-scripts.fixture.ts';

// PDF/UA-1 has no place for a glyph that is missing: the compiler refuses it. So a document that came through without
// anything spelled out shows all of its text.

const compiler = new TranscriptCompiler();
const coverage = new FontCoverage(findFonts());

const covered = Array.from({ length: 0x40000 - 0x20 }, (_, index) => index + 0x20).filter(
  (point) => (point < 0xd800 || point > 0xdfff) && coverage.maskOf(point) !== 0,
);

function compile(texts: readonly string[]) {
  const bodies = Array.from({ length: Math.ceil(texts.length / 40) }, (_, row) =>
    texts.slice(row * 40, row * 40 + 40).join(' '),
  );
  const entries = bodies.map((body, index) => message(index, { body }));
  return compiler.compile({ id: 'x', title: 'x', facts: [], volume: 1, entries }, style).unknown;
}

test('every character that some font has is shown, each of them', () => {
  expect(covered.length).toBeGreaterThan(50_000);
  for (let at = 0; at < covered.length; at += 5000) {
    expect(compile(covered.slice(at, at + 5000).map((point) => String.fromCodePoint(point)))).toEqual({});
  }
});

test('no combination of marks, joiners and emoji ever makes a box', () => {
  let state = 20_260_305;
  const next = <Item>(items: readonly Item[]): Item => {
    state = (state * 48_271) % 2_147_483_647;
    return items[state % items.length]!;
  };
  const all = covered.map((point) => String.fromCodePoint(point));
  const marks = all.filter((character) => /\p{M}/u.test(character));
  const bases = all.filter((character) => !/[\p{M}\p{Script=Han}\p{Script=Hangul}]/u.test(character));
  const emoji = all.filter((character) =>
    /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(character),
  );
  const steering = ['\u200d', '\u200c', '\ufe0e', '\ufe0f', '\u20e3', '\u{1f3fd}', '\u202e', '\u2067'];
  const texts = Array.from({ length: 3000 }, () => [
    next(bases) + next(marks),
    next(bases) + next(marks) + next(marks),
    `${next(emoji)}\u200d${next(emoji)}${next(steering)}`,
    next(bases) + next(steering) + next(all),
  ]).flat();
  // A mark that the font of its letter lacks is spelled out: that is told, and right.
  const unknown = compile(texts);
  for (const name of Object.keys(unknown)) {
    const character = String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    expect(character).toMatch(/\p{M}|\p{Emoji_Modifier}/u);
  }
});

test.each(['', ' \u200b\u2060\n', '\u3164'])('a title that shows nothing is replaced by the id', (title) => {
  const { pdf, unknown } = compiler.compile(
    { id: 'conv-1', title, facts: [], volume: 1, entries: [] },
    style,
  );
  expect(pdf.toString('latin1')).toContain('pdfuaid:part');
  expect(pdf.toString('latin1')).toContain('conv-1');
  expect(unknown).toEqual({});
});
