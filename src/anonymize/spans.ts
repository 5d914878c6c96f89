/** What was found or replaced: the manifest counts by these. */
export type Reason =
  | 'id'
  | 'name'
  | 'email'
  | 'phone'
  | 'company'
  | 'ip'
  | 'card'
  | 'iban'
  | 'number'
  | 'url'
  | 'file name'
  | 'hidden';

/** A place in a text, and what stands there instead. */
export interface Span {
  /** Index of its first UTF-16 unit, and of the one after its last. */
  start: number;
  end: number;
  text: string;
  reason: Reason;
}

/**
 * The text with what is found taken out: places keep their numbers, and nothing is found there, or across it, again.
 * A line end stands for each unit, since no word and no number goes over one.
 */
export function blankOut(text: string, spans: readonly { start: number; end: number }[]): string {
  let blanked = '';
  let from = 0;
  for (const { start, end } of spans) {
    blanked += text.slice(from, start) + '\n'.repeat(end - start);
    from = end;
  }
  return blanked + text.slice(from);
}

/** The text with every span replaced. They are in order and apart. */
export function replaceSpans(text: string, spans: readonly Span[]): string {
  let replaced = '';
  let from = 0;
  for (const { start, end, text: instead } of spans) {
    replaced += text.slice(from, start) + instead;
    from = end;
  }
  return replaced + text.slice(from);
}
