/** A word of more characters than this may be broken anywhere; a line has about 95. */
const LONG_WORD = 40;
const STRIDE = 8;
/** Words of scripts with spaces: the others are broken between their characters or by dictionary anyway. */
const LONG_WORDS = new RegExp(
  `[^\\s\\u0e00-\\u0e7f\\u1100-\\u11ff\\u2e80-\\u9fff\\uac00-\\ud7ff\\uf900-\\ufaff\\ufe30-\\uffef]{${LONG_WORD},}`,
  'gu',
);
/** Never parted from what stands before it. */
const CONTINUES = /^[\p{M}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\p{Regional_Indicator}]$/u;
const JOINER = '\u200d';
const ZERO_WIDTH_SPACE = '\u200b';

/** Puts a zero-width space (U+200B) after every few characters of words that would run out of the page. */
export function breakLongWords(text: string): string {
  return text.replaceAll(LONG_WORDS, breakWord);
}

function breakWord(word: string): string {
  let broken = '';
  let inPiece = 0;
  let last = '';
  for (const character of word) {
    if (inPiece >= STRIDE && last !== JOINER && !CONTINUES.test(character)) {
      broken += ZERO_WIDTH_SPACE;
      inPiece = 0;
    }
    broken += character;
    last = character;
    inPiece++;
  }
  return broken;
}
