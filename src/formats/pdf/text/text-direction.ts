/** The blocks of Unicode whose letters run from right to left. */
const RTL_LETTER = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const LETTER = /\p{L}/u;

/** Whether any of its letters runs from right to left. */
export function hasRtlLetters(text: string): boolean {
  return RTL_LETTER.test(text);
}

/**
 * Which way a text runs: as its first letter does (UAX #9, rules P2 and P3; HTML's `dir="auto"`). Undefined where it
 * has none.
 */
export function directionOf(text: string): 'ltr' | 'rtl' | undefined {
  const first = LETTER.exec(text)?.[0];
  if (first === undefined) return undefined;
  return RTL_LETTER.test(first) ? 'rtl' : 'ltr';
}
