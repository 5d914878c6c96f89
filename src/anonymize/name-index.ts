import { foldName, foldSpelledOut } from './fold-name.ts';
import type { Sureness } from './name-words.ts';
import type { Reason, Span } from './spans.ts';

/** A word of a name, or the first of several that stand for somebody only together. */
interface NameWord {
  text: string;
  reason: Reason;
  sureness: Sureness;
}
interface Phrase {
  /** All its words, folded. */
  words: readonly string[];
  text: string;
  reason: Reason;
}
interface Found extends Span {
  key: string;
  /** A name by itself; or only beside another word that is half sure. */
  isSure: boolean;
  isHalfSure: boolean;
}

/** Invisible characters (soft hyphen, zero-width space and joiners) part no word: nobody who reads it sees them. */
const WORDS = /[\p{L}\p{M}]+(?:(?:['’`]|[\u00ad\u200b-\u200d\u2060\ufeff]+)[\p{L}\p{M}]+)*/gu;
/** Between words of one name: `anna.berg`, `Berg, Anna`, `Anna M. Berg`. */
const JOINS = /^[\s._,'’·・-]{0,3}(?:\p{L}[\s.]{1,2})?$/u;
const GENITIVE = /['’`]?s$/i;

/** Words of letters in a text: without numbers and punctuation, but for an apostrophe inside. */
export const wordsOf = (text: string): string[] => text.match(WORDS) ?? [];

/** Names by their words, in scripts that write spaces between them. */
export class NameIndex {
  readonly #words = new Map<string, NameWord>();
  /** By their first word. */
  readonly #phrases = new Map<string, Phrase[]>();

  get isEmpty(): boolean {
    return this.#words.size === 0 && this.#phrases.size === 0;
  }

  /** Whether a word is known by itself. */
  has(word: string): boolean {
    return this.#words.has(foldName(word));
  }

  addWord(word: string, found: { text: string; reason: Reason }, sureness: Sureness): void {
    if (word.length < 2) return;
    for (const key of [foldName(word), foldSpelledOut(word)])
      if (key !== '' && !this.#words.has(key)) this.#words.set(key, { ...found, sureness });
  }

  /** Words that stand for somebody only together. */
  addPhrase(words: readonly string[], found: { text: string; reason: Reason }): void {
    const folded = words.map(foldName);
    const first = folded[0]!;
    this.#phrases.set(first, [...(this.#phrases.get(first) ?? []), { ...found, words: folded }]);
  }

  /** Places of names in a text, in order and apart. */
  find(text: string): Span[] {
    return merged(text, this.#findWords(text));
  }

  #findWords(text: string): Found[] {
    const found: Found[] = [];
    let phraseEnd = 0;
    for (const { 0: word, index } of text.matchAll(WORDS)) {
      if (index < phraseEnd) continue;
      const phrase = this.#phraseAt(text, word, index);
      if (phrase !== undefined) {
        found.push({ ...phrase, key: '', isSure: true, isHalfSure: false });
        phraseEnd = phrase.end;
        continue;
      }
      const known = this.#nameOf(word);
      if (known === undefined) continue;
      const { key, end, name } = known;
      const isHalfSure = name.sureness === 'capital';
      const isSure = name.sureness === 'anywhere' || (isHalfSure && isCapital(word));
      found.push({
        start: index,
        end: index + end,
        text: name.text,
        reason: name.reason,
        key,
        isSure,
        isHalfSure,
      });
    }
    return found;
  }

  #nameOf(word: string): { key: string; end: number; name: NameWord } | undefined {
    const key = foldName(word);
    const name = this.#words.get(key);
    if (name !== undefined) return { key, end: word.length, name };
    const end = word.length - (GENITIVE.exec(word)?.[0].length ?? 0);
    if (end === word.length || end < 3) return undefined;
    const stem = foldName(word.slice(0, end));
    const owner = this.#words.get(stem);
    return owner && { key: stem, end, name: owner };
  }

  #phraseAt(text: string, word: string, index: number): Span | undefined {
    for (const { words, text: pseudonym, reason } of this.#phrases.get(foldName(word)) ?? []) {
      const rest = new RegExp(WORDS);
      let end = index + word.length;
      rest.lastIndex = end;
      const isHere = words.slice(1).every((wanted) => {
        const next = rest.exec(text);
        if (next === null || foldName(next[0]) !== wanted || !JOINS.test(text.slice(end, next.index)))
          return false;
        end = rest.lastIndex;
        return true;
      });
      if (isHere) return { start: index, end, text: pseudonym, reason };
    }
    return undefined;
  }
}

/**
 * Joins neighbours of one person into one. Words that may be no name here are dropped, unless a sure one stands in the
 * same row, or two that are names with a capital (`will young`).
 */
function merged(text: string, found: readonly Found[]): Span[] {
  const rows: Found[][] = [];
  for (const one of found) {
    const row = rows.at(-1);
    const last = row?.at(-1);
    if (last?.text === one.text && JOINS.test(text.slice(last.end, one.start))) row!.push(one);
    else rows.push([one]);
  }
  const isName = (row: Found[]) =>
    row.some(({ isSure }) => isSure) ||
    new Set(row.filter((one) => one.isHalfSure).map(({ key }) => key)).size > 1;
  return rows.filter(isName).map((row) => {
    const { start, text: pseudonym, reason } = row[0]!;
    return { start, end: row.at(-1)!.end, text: pseudonym, reason };
  });
}

const isCapital = ([first = '']: string) => first !== first.toLowerCase();
