import { ar } from './ar.ts';
import { de } from './de.ts';
import type { Phrases } from './declare.ts';
import { el } from './el.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { he } from './he.ts';
import { hi } from './hi.ts';
import { ja } from './ja.ts';
import { ko } from './ko.ts';
import { pl } from './pl.ts';
import { ru } from './ru.ts';
import { th } from './th.ts';
import { tr } from './tr.ts';
import { zh } from './zh.ts';

/** Every language of the sample. The order is part of what a seed means: new ones go to the end. */
export const languages: readonly Phrases[] = [en, de, fr, es, pl, tr, ja, zh, ko, ar, he, hi, th, ru, el];

/** How often each language is drawn, in the order above. */
const SHARES = [30, 14, 9, 9, 6, 5, 5, 5, 4, 3, 2, 3, 2, 2, 1];
const drawn = SHARES.flatMap((share, language) => Array<number>(share).fill(language));

/** Index of the language of somebody, out of 32 random bits. The first people take one language each. */
export function languageOf(person: number, bits: number): number {
  return person < languages.length ? person : drawn[bits % drawn.length]!;
}

const compiled = new Map<string, readonly string[]>();

/** Puts values into a phrase: `{order}` becomes `values.order`. Split once per phrase, since millions are filled. */
export function fillPhrase(phrase: string, values: Readonly<Record<string, string>>): string {
  let parts = compiled.get(phrase);
  if (parts === undefined) compiled.set(phrase, (parts = phrase.split(/\{(\w+)\}/)));
  let text = parts[0]!;
  for (let i = 1; i < parts.length; i += 2) text += (values[parts[i]!] ?? '') + parts[i + 1]!;
  return text;
}
