import { blankOut, type Reason, type Span } from './spans.ts';

/** A text that is looked for as it is, in any case. */
export interface Literal {
  literal: string;
  /** Only where it is not part of a longer word or number. */
  edges: boolean;
  /** Only before what people add to a name: `田中さん`. */
  isAddressed?: boolean;
  text: string;
  reason: Reason;
}

const WORD_BEFORE = /[\p{L}\p{M}\p{N}]$/u;
const WORD_AFTER = /^[\p{L}\p{M}\p{N}]/u;
const HONORIFIC = /^\s?(?:さん|さま|様|くん|君|ちゃん|氏|先生|小姐|女士|太太|씨|님)/u;

/** Places of literals in a text, in order and apart; where two overlap, the longer one counts. */
export function findLiterals(text: string, literals: readonly Literal[]): Span[] {
  if (literals.length === 0) return [];
  const lower = text.toLowerCase();
  // A few letters are longer in lower case; then places would not be the text's own.
  const isLower = lower.length === text.length;
  let searched = isLower ? lower : text;
  const found: Span[] = [];
  for (const one of [...literals].sort((a, b) => b.literal.length - a.literal.length)) {
    const wanted = isLower ? one.literal.toLowerCase() : one.literal;
    const here: Span[] = [];
    for (let start = searched.indexOf(wanted); start >= 0; ) {
      const end = start + wanted.length;
      const isFound = isThere(text, start, end, one);
      if (isFound) here.push({ start, end, text: one.text, reason: one.reason });
      start = searched.indexOf(wanted, isFound ? end : start + 1);
    }
    if (here.length === 0) continue;
    searched = blankOut(searched, here);
    found.push(...here);
  }
  return found.sort((a, b) => a.start - b.start);
}

function isThere(text: string, start: number, end: number, { edges, isAddressed }: Literal): boolean {
  if (isAddressed === true) return HONORIFIC.test(text.slice(end, end + 4));
  if (!edges) return true;
  // Two units, so that a letter beyond the first plane is seen whole.
  return (
    !WORD_BEFORE.test(text.slice(Math.max(0, start - 2), start)) && !WORD_AFTER.test(text.slice(end, end + 2))
  );
}
