/**
 * The browser's own tag of a language, such as `en-GB` or `de-AT`: it says how dates and numbers are written there. The
 * bare language where the browser prefers none of it.
 * @param preferred the languages of the browser, the dearest first
 */
export function regionalTag(language: string, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.split('-', 1)[0]!.toLowerCase() === language) ?? language;
}
