import { hiddenCharacters, nameOfCharacter } from '../hidden-characters.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // A parser makes LF of CR and of CR LF (HTML §13.2.3.5); as a reference it stays what it was.
  '\r': '&#13;',
};
const ESCAPED = /[&<>"'\r]/g;

/** Text as HTML, between tags or in quotes: nothing in it is markup. Characters that hide are told by code point. */
export function escapeHtml(text: string): string {
  return text.replace(ESCAPED, (character) => ESCAPES[character]!).replace(hiddenCharacters, nameOfCharacter);
}

/** The same between tags: what hides stands in a mark of its own, so that it is not taken for text. */
export function escapeBody(text: string): string {
  return text
    .replace(ESCAPED, (character) => ESCAPES[character]!)
    .replace(hiddenCharacters, (character) => `<span class="unseen">${nameOfCharacter(character)}</span>`);
}

/** An address that a link may lead to: only the web's. Undefined for `javascript:`, `data:` and the like. */
export function linkOf(address: string): string | undefined {
  if (!/^https?:\/\//i.test(address)) return undefined;
  try {
    return new URL(address).href;
  } catch {
    return undefined;
  }
}
