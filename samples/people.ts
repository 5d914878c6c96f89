import { contactId } from './sample-ids.ts';
import type { Phrases } from './phrases/declare.ts';
import { fillPhrase, languageOf, languages } from './phrases/phrases.ts';
import { mixBits, Random, streams } from './random.ts';
import type { SampleSize } from './sample-size.ts';

/** Somebody of the sample, contact or account: who they are, before any record says so. */
export interface Person {
  name: string;
  email: string;
  phone: string;
  phrases: Phrases;
}

const DOMAINS = ['example.com', 'example.org', 'example.net'] as const;
/** Two contacts who share their whole name, so that nothing may take a name for a person. */
const NAMESAKE = { of: 30, index: 31 };

/** Index of the language a contact writes in. */
export function contactLanguage(size: SampleSize, index: number): number {
  const who = index === NAMESAKE.index ? NAMESAKE.of : index;
  return languageOf(who, mixBits(size.seed, streams.contact + 50, who));
}

/** A phone number nobody has: +1 555 010 xxxx, or London's range for drama, +44 20 7946 0xxx. */
function inventPhone(random: Random): string {
  const number = random.below(10_000).toString().padStart(4, '0');
  if (random.chance(70)) return `+1555010${number}`;
  const last = number.slice(1);
  return random.chance(60) ? `+442079460${last}` : `+44 20 7946 0${last}`;
}

function inventPerson(random: Random, language: number, index: number, name?: string): Person {
  const phrases = languages[language]!;
  const [given, handle] = random.pick(phrases.givenNames);
  const family = random.pick(phrases.familyNames);
  return {
    name: name ?? fillPhrase(phrases.namePattern, { given, family }),
    email: `${handle}${random.chance(10) ? '+lamp' : ''}.${index}@${random.pick(DOMAINS)}`,
    phone: inventPhone(random),
    phrases,
  };
}

/** The person behind a contact. */
export function contactPerson(size: SampleSize, index: number): Person {
  const random = new Random(size.seed, streams.contact + 51, index);
  const name = index === NAMESAKE.index ? contactPerson(size, NAMESAKE.of).name : undefined;
  const person = inventPerson(random, contactLanguage(size, index), index, name);
  const id = contactId(size.seed, index);
  if (id.includes('@example.') && !id.startsWith('<')) person.email = id;
  if (index === 24) person.email = 'jürgen.grün@example.org';
  return person;
}

/** Index of the language an account's owner writes in. */
export function accountLanguage(size: SampleSize, index: number): number {
  return languageOf(index, mixBits(size.seed, streams.account + 50, index));
}

/** The person behind an account of the host product. */
export function accountPerson(size: SampleSize, index: number): Person {
  const random = new Random(size.seed, streams.account + 51, index);
  const person = inventPerson(random, accountLanguage(size, index), index);
  return { ...person, email: person.email.replace('@', '.account@') };
}
