/** Embeddings, overrides and isolates can make a text read as what it does not say (UTS #55). */
const STEERING = '\\u202a-\\u202e\\u2066-\\u2069';
/** Controls that nobody sees, but the line break and the tab. */
const CONTROLS = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\ufeff\\ufffe\\uffff';

/** Characters that turn the text around them. */
export const steeringCharacters = new RegExp(`[${STEERING}]`, 'g');

/** Those, and all others that hide: documents show them as their code points. */
export const hiddenCharacters = new RegExp(`[${CONTROLS}${STEERING}]`, 'g');

/** `U+202E`. */
export function nameOfCharacter(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}
