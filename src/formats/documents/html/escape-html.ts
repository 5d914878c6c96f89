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
/** Controls that nobody sees, but the line break and the tab. */
// Embeddings, overrides and isolates can make a text read as what it does not say (UTS #55).
const UNSEEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

/** Text as HTML, between tags or in quotes: nothing in it is markup. Characters that hide are told by code point. */
export function escapeHtml(text: string): string {
  return text.replace(ESCAPED, (character) => ESCAPES[character]!).replace(UNSEEN, codePointOf);
}

/** The same between tags: what hides stands in a mark of its own, so that it is not taken for text. */
export function escapeBody(text: string): string {
  return text
    .replace(ESCAPED, (character) => ESCAPES[character]!)
    .replace(UNSEEN, (character) => `<span class="unseen">${codePointOf(character)}</span>`);
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

function codePointOf(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
