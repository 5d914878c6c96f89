import { expect, test } from 'vitest';
import { ScratchBuffer, viewOf } from '../cells/scratch-buffer.ts';
import { NASTY_TEXTS, seededRandom } from '../rows.fixture.ts';
import { CUT_MARK, fitCell, LONGEST_CELL } from './fit-cell.ts';
import { writeXmlText } from './xml-text.ts';

function written(text: string): string {
  const out = new ScratchBuffer();
  const bytes = Buffer.from(text);
  writeXmlText(out, viewOf(bytes), 0, bytes.length);
  return out.take().toString('utf8');
}

/** What a reader makes of it: XML first, then the escapes of ECMA-376, from left to right. */
function read(xml: string): string {
  const parsed = xml
    .replace(/\r\n?/g, '\n')
    .replace(/&(lt|gt|amp);/g, (_all, name: string) => ({ lt: '<', gt: '>', amp: '&' })[name]!);
  return parsed.replace(/_x([0-9A-Fa-f]{4})_/g, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

/** Characters that no XML document may hold (XML 1.0, §2.2), and those that are markup. */
const FORBIDDEN = /[\0-\x08\x0b-\x1f\ufffe\uffff<>]|&(?!(?:lt|gt|amp);)/;

test('control characters are escaped as Excel does it', () => {
  expect(written('a\bb')).toBe('a_x0008_b');
  expect(written('one\r\ntwo\ttab')).toBe('one_x000D_\ntwo\ttab');
  expect(written('\ufffe\uffff\uffef')).toBe('_xFFFE__xFFFF_\uffef');
  expect(written('<a href="x">&amp;</a>]]>')).toBe('&lt;a href="x"&gt;&amp;amp;&lt;/a&gt;]]&gt;');
});

test('text that looks like an escape stays the text it was', () => {
  expect(written('_x0041_')).toBe('_x005F_x0041_');
  expect(written('_x0041_x0042_')).toBe('_x005F_x0041_x005F_x0042_');
  expect(written('_x0041')).toBe('_x0041');
  expect(written('snake_case_name')).toBe('snake_case_name');
  // The escape that follows begins with the underscore that this one lacks.
  expect(read(written('_x0041\b'))).toBe('_x0041\b');
  expect(read(written('_x0041\uffff'))).toBe('_x0041\uffff');
});

test('every text comes back as it was, and none is broken XML', () => {
  const random = seededRandom(11);
  const pieces = [
    ...NASTY_TEXTS,
    '_',
    '_x',
    '_x00',
    '_x0041',
    '_X0041_',
    'x',
    '0041',
    '4',
    '\b',
    '\r',
    '\uffff',
    '\ufffd',
    '&',
    '<',
    '_x005F_',
    'ï¿',
    'é',
  ];
  for (let i = 0; i < 5_000; i++) {
    const text = Array.from(
      { length: 1 + Math.floor(random() * 6) },
      () => pieces[Math.floor(random() * pieces.length)],
    ).join('');
    const xml = written(text);
    expect(FORBIDDEN.test(xml), JSON.stringify(text)).toBe(false);
    expect(read(xml), JSON.stringify(text)).toBe(text);
  }
});

function fitted(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.subarray(0, fitCell(viewOf(bytes), 0, bytes.length)).toString('utf8');
}

test('a text of 32,767 UTF-16 units fits a cell; of a longer one as much is kept as leaves room for the mark', () => {
  for (const letter of ['a', 'é', '日', '😀']) {
    const fits = letter.repeat(LONGEST_CELL / letter.length);
    expect(fitted(fits)).toBe(fits);
    const cut = fitted(`${fits}${letter}`) + CUT_MARK;
    expect(cut.length).toBeLessThanOrEqual(LONGEST_CELL);
    expect(cut.length).toBeGreaterThan(LONGEST_CELL - letter.length);
    expect(cut.isWellFormed()).toBe(true);
    expect(fits.startsWith(cut.slice(0, -CUT_MARK.length))).toBe(true);
  }
});
