import { ConveyError } from '../errors.ts';
import { badName } from './access.errors.ts';

/**
 * Steers the text around it (controls, line ends, marks of direction) or cannot be seen (Unicode `Cf` and what is
 * ignorable by default). Selectors of a variant (a heart that is red) are harmless.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?![\uFE0E\uFE0F\u034F])\p{Default_Ignorable_Code_Point}|\u2800/u;
/** What Persian and Indic words, and composed emoji, are joined with, in the midst of them. */
const JOINED = /(?<=[\p{L}\p{M}\p{N}\p{So}\p{Emoji}])[\u200C\u200D](?=[\p{L}\p{N}\p{So}\p{Emoji}])/gu;
/** Something to look at: a mark alone is none. */
const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Whether a text in one line shows all that it holds: nothing in it is invisible or turns what stands around it. */
export function isPlain(text: string): boolean {
  return text.isWellFormed() && !HIDDEN.test(text);
}

/** As `isPlain`, but joiners inside words are taken: names of people need them. */
export function isPlainName(text: string): boolean {
  return isPlain(text.replaceAll(JOINED, ''));
}

/**
 * Throws `access.bad_name` unless the text is 1 to 100 characters in one line, of which one at least can be seen, and
 * none is a control, a mark of direction or invisible.
 */
export function ensureName(name: string): void {
  if (!isPlainName(name) || !SEEN.test(name) || name.length > 100) throw new ConveyError(badName);
}
