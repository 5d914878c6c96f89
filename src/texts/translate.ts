import type { Catalogue } from './catalogue.ts';
import type { Language } from './choose-language.ts';
import { german } from './de/german.ts';

/** A sentence with places in it, as something to look others up by. */
interface Pattern {
  matches: RegExp;
  says: string;
}

interface Sentences {
  whole: ReadonlyMap<string, string>;
  patterns: readonly Pattern[];
}

const PLACE = /\{([a-z]+)\}/g;

const translations: Readonly<Record<Exclude<Language, 'en'>, Sentences>> = { de: readCatalogues(german) };

/** A sentence of the program in another language; one that has no translation stays as it is. */
export function translate(sentence: string, language: Language): string {
  if (language === 'en') return sentence;
  const { whole, patterns } = translations[language];
  const found = whole.get(sentence);
  if (found !== undefined) return found;
  for (const { matches, says } of patterns) {
    const places = matches.exec(sentence)?.groups;
    if (places !== undefined) return says.replaceAll(PLACE, (_place, name: string) => places[name] ?? '');
  }
  return sentence;
}

function readCatalogues(catalogues: readonly Catalogue[]): Sentences {
  const entries = catalogues.flatMap((catalogue) => Object.entries(catalogue));
  return {
    whole: new Map(entries),
    patterns: entries
      .filter(([english]) => english.search(PLACE) >= 0)
      .map(([english, says]) => ({ matches: patternOf(english), says })),
  };
}

/** What is between the places is taken as it is. */
function patternOf(english: string): RegExp {
  const parts = english
    .split(PLACE)
    .map((part, index) => (index % 2 === 0 ? escapePattern(part) : `(?<${part}>.+)`));
  return new RegExp(`^${parts.join('')}$`, 's');
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
