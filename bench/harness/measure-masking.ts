import { KnownPeople } from '../../src/anonymize/known-people.ts';
import { findPersonal } from '../../src/anonymize/mask-text.ts';
import type { Pseudonyms } from '../../src/anonymize/pseudonyms.ts';
import type { LabelledText } from './label-sets.ts';

/** How much of the values of one class was masked. */
export interface ClassRecall {
  values: number;
  /** Masked with every letter and digit. */
  whole: number;
  /** Masked at least in part. */
  partly: number;
}

export interface MaskingFigures {
  texts: number;
  words: number;
  classes: Record<string, ClassRecall>;
  /** Words that name nobody and were masked, in 1,000 words; undefined where the labels do not say. */
  wrongPer1000?: number;
}

/** Measures what `findPersonal` finds in labelled texts, with what is known of the contact or without. */
export function measureMasking(
  texts: readonly LabelledText[],
  pseudonyms: Pseudonyms,
  isContactKnown: boolean,
): MaskingFigures {
  const classes: Record<string, ClassRecall> = {};
  let words = 0;
  let checked = 0;
  let wrong = 0;
  const nobody = new KnownPeople({}, pseudonyms);
  let of: LabelledText['known'] | undefined;
  let theirs = nobody;
  for (const { text, labels, known, isComplete } of texts) {
    if (isContactKnown && known !== of) theirs = new KnownPeople(known, pseudonyms);
    of = known;
    const found = findPersonal(text, isContactKnown ? theirs : nobody);
    const covers = (start: number, end: number) =>
      found.some((span) => span.start <= start && end <= span.end);
    for (const label of labels) {
      const recall = (classes[label.class] ??= { values: 0, whole: 0, partly: 0 });
      const signs = [...text.slice(label.start, label.end).matchAll(/[\p{L}\p{N}]+/gu)];
      const masked = signs.filter(({ 0: word, index }) =>
        covers(label.start + index, label.start + index + word.length),
      );
      recall.values++;
      if (masked.length > 0) recall.partly++;
      if (masked.length === signs.length) recall.whole++;
    }
    for (const { 0: word, index } of text.matchAll(/\S+/g)) {
      words++;
      if (!isComplete) continue;
      checked++;
      const end = index + word.length;
      const isLabelled = labels.some((label) => label.start < end && index < label.end);
      if (!isLabelled && found.some((span) => span.start < end && index < span.end)) wrong++;
    }
  }
  return {
    texts: texts.length,
    words,
    classes,
    ...(checked === 0 ? {} : { wrongPer1000: Math.round((wrong / checked) * 100_000) / 100 }),
  };
}
