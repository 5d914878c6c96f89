import { expect, test } from 'vitest';
import { ensureName, isPlain, isPlainName } from './name.ts';
import { ensureEmail } from './sign-in/users.ts';

const hidden = {
  'right-to-left override': '\u202E',
  'left-to-right isolate': '\u2066',
  'right-to-left mark': '\u200F',
  'zero-width space': '\u200B',
  'word joiner': '\u2060',
  'soft hyphen': '\u00AD',
  'byte order mark': '\uFEFF',
  'tag letter': '\u{E0061}',
  'line separator': '\u2028',
  'paragraph separator': '\u2029',
  'line feed': '\n',
  escape: '\u001B',
  'Hangul filler': '\u3164',
  'blank of Braille': '\u2800',
};

test('names are taken in any script, with joiners inside words and composed emoji', () => {
  for (const name of [
    'Ann',
    'Åsa Ö.',
    '李小龙',
    'محمد',
    'می\u200Cخواهم',
    'क्\u200Dष',
    '👩\u200D💻 Team',
    '❤\uFE0F',
    'O’Brien & Co. (DE)',
    '#1',
    'e\u0301',
  ])
    expect(() => ensureName(name), name).not.toThrow();
});

test.each(Object.entries(hidden))('a %s is taken in no name and no address', (_, character) => {
  for (const name of [`Ann${character}Other`, `${character}Ann`, `Ann${character}`, character]) {
    expect(() => ensureName(name), JSON.stringify(name)).toThrow(
      expect.objectContaining({ code: 'access.bad_name' }),
    );
    expect(isPlain(name)).toBe(false);
  }
  expect(() => ensureEmail(`a${character}n@example.com`)).toThrow(
    expect.objectContaining({ code: 'access.bad_email' }),
  );
  expect(() => ensureEmail(`an@exam${character}ple.com`)).toThrow(
    expect.objectContaining({ code: 'access.bad_email' }),
  );
});

test('a joiner at the edge of a word is hidden, and in an address everywhere', () => {
  for (const name of ['Ann\u200D', '\u200CAnn', 'Ann \u200D Other', 'A\u200D\u200Dn'])
    expect(isPlainName(name), JSON.stringify(name)).toBe(false);
  for (const joiner of ['\u200C', '\u200D'])
    expect(() => ensureEmail(`a${joiner}nn@example.com`)).toThrow(
      expect.objectContaining({ code: 'access.bad_email' }),
    );
});

test('a name shows something', () => {
  for (const name of ['', ' ', '\u00A0\u3000', '\u200D', '\u0301', '\uFE0F'])
    expect(() => ensureName(name), JSON.stringify(name)).toThrow(
      expect.objectContaining({ code: 'access.bad_name' }),
    );
});
