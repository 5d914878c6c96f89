import { findLiterals, type Literal } from './find-literals.ts';
import { NameIndex, wordsOf } from './name-index.ts';
import { isNameWord, surenessOf, withoutLegalForm } from './name-words.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { blankOut, type Reason, type Span } from './spans.ts';

/** A person that a record is about, as the catalogue's `known_people` tells. */
export interface Person {
  ids?: readonly (string | null)[];
  name?: string | null;
  email?: string | null;
  phone?: string | null;
  company?: string | null;
  identities?: unknown;
}

/** Who a record is about, and who else wrote in it. */
export interface PeopleOfRecord {
  people?: readonly (Person | null)[] | null;
  /** Teammates: `[{id, name}]`. */
  agents?: unknown;
  /** Names of authors. */
  names?: readonly (string | null)[] | null;
}

const SHORTEST_ID = 4;
const SHORTEST_LOCAL_PART = 4;
/** Digits at the end by which phone numbers are the same, with or without what dials a country. */
const PHONE_TAIL = 8;
const SHORTEST_PHONE = 7;
/** Scripts that write no spaces between words: a name has no edges there. */
const NO_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** A name of three or four signs without a space: a family name of one or two, then the given one. */
const SIGNS = /^[\p{Script=Han}\p{Script=Hangul}]{3,4}$/u;
/** The people of one record: finds their names and ids in texts, and knows their addresses and numbers. */
export class KnownPeople {
  readonly #names = new NameIndex();
  readonly #literals: Literal[] = [];
  readonly #emails = new Map<string, string>();
  readonly #phones = new Map<string, string>();
  readonly #pseudonyms: Pseudonyms;

  constructor({ people, agents, names }: PeopleOfRecord, pseudonyms: Pseudonyms) {
    this.#pseudonyms = pseudonyms;
    for (const person of people ?? []) if (person !== null) this.#addPerson(person);
    for (const { id, name } of objectsOf(agents)) this.#addPerson({ ids: [textOf(id)], name: textOf(name) });
    for (const name of names ?? []) this.#addName(name);
  }

  /** Places of their names, companies and ids in a text, in order and apart; stands for them: their pseudonyms. */
  find(text: string): Span[] {
    const literals = findLiterals(text, this.#literals);
    if (this.#names.isEmpty) return literals;
    const rest = literals.length === 0 ? text : blankOut(text, literals);
    return [...literals, ...this.#names.find(rest)].sort((a, b) => a.start - b.start);
  }

  /** The pseudonym of an address of theirs. */
  emailOf(address: string): string | undefined {
    return this.#emails.get(address.toLowerCase());
  }

  /** The pseudonym of a number of theirs, given its digits alone. */
  phoneOf(digits: string): string | undefined {
    return digits.length < SHORTEST_PHONE ? undefined : this.#phones.get(digits.slice(-PHONE_TAIL));
  }

  #addPerson({ ids, name, email, phone, company, identities }: Person): void {
    for (const id of ids ?? []) this.#addId(id);
    this.#addName(name);
    this.#addEmail(email, (address) => this.#pseudonyms.email(address));
    this.#addPhone(phone, (number) => this.#pseudonyms.phone(number));
    this.#addCompany(company);
    for (const { value } of objectsOf(identities)) this.#addId(textOf(value));
  }

  #addName(name: string | null | undefined): void {
    if (!name) return;
    const parts = name
      .split(/[\s,;/()"“”„]+/u)
      .map(bare)
      .filter((word) => word !== '' && isNameWord(word));
    const found = { text: this.#pseudonyms.name(name), reason: 'name' as const };
    if (parts.length > 1) this.#names.addWord(parts.join(''), found, 'anywhere');
    for (const [place, part] of parts.entries()) {
      if (NO_SPACES.test(part)) this.#addSigns(part, found);
      else
        for (const word of [part, ...part.split(/[-·]/)])
          this.#names.addWord(word, found, surenessOf(word, place === 0));
    }
  }

  /** Of a script without spaces: whole, the given name, and the family name before what people add to it. */
  #addSigns(name: string, found: { text: string; reason: Reason }): void {
    const signs = Array.from(name);
    if (signs.length > 1) this.#literals.push({ ...found, literal: name, edges: false });
    if (!SIGNS.test(name)) {
      if (signs.length === 1)
        this.#literals.push({ ...found, literal: name, edges: false, isAddressed: true });
      return;
    }
    this.#literals.push({ ...found, literal: signs.slice(-2).join(''), edges: false });
    for (const family of [signs.slice(0, 2).join(''), signs[0]!])
      this.#literals.push({ ...found, literal: family, edges: false, isAddressed: true });
  }

  #addCompany(company: string | null | undefined): void {
    if (!company) return;
    const name = withoutLegalForm(company);
    const words = wordsOf(name);
    const found = { text: this.#pseudonyms.company(company), reason: 'company' as const };
    if (NO_SPACES.test(name) || words.join(' ').length < name.length / 2) {
      if (name.length > 2) this.#literals.push({ ...found, literal: name, edges: !NO_SPACES.test(name) });
    } else if (words.length === 1) {
      const [word = ''] = words;
      this.#names.addWord(word, found, isNameWord(word) ? surenessOf(word, true) : 'capital');
    } else {
      // A person's own name is that first.
      if (!words.every((word) => this.#names.has(word))) this.#names.addPhrase(words, found);
    }
  }

  #addId(id: string | null | undefined): void {
    if (!id) return;
    if (/^\S+@\S+\.\S+$/.test(id)) return this.#addEmail(id, (address) => this.#pseudonyms.id(address));
    if (/^\+?[\d\s().-]{7,}$/.test(id)) this.#addPhone(id, (number) => this.#pseudonyms.id(number));
    // A short one, or a plain word, would be found in every other sentence.
    if (id.length < SHORTEST_ID || !/\d|[@_:.-]/.test(id) || /^\d{1,4}$/.test(id)) return;
    this.#literals.push({ literal: id, edges: true, text: this.#pseudonyms.id(id), reason: 'id' });
  }

  #addEmail(email: string | null | undefined, pseudonymOf: (address: string) => string): void {
    const address = (email ?? '').trim();
    const [local = '', domain = ''] = address.split('@');
    if (!email || local === '' || domain === '' || this.#emails.has(address.toLowerCase())) return;
    this.#emails.set(address.toLowerCase(), pseudonymOf(email));
    const words = local.split(/[\d._+-]+/).filter(({ length }) => length > 2);
    const isNew = (word: string) =>
      isNameWord(word) && surenessOf(word) === 'anywhere' && !this.#names.has(word);
    const isTelling = /\d/.test(local) ? words.some(isNameWord) : words.some(isNew);
    if (local.length < SHORTEST_LOCAL_PART || !isTelling) return;
    const [text = ''] = pseudonymOf(email).split('@');
    this.#literals.push({ literal: local, edges: true, text, reason: 'name' });
  }

  #addPhone(phone: string | null | undefined, pseudonymOf: (number: string) => string): void {
    const digits = (phone ?? '').replaceAll(/\D/g, '');
    if (!phone || digits.length < SHORTEST_PHONE) return;
    for (const tail of [digits.slice(-PHONE_TAIL), digits.slice(-SHORTEST_PHONE)])
      if (!this.#phones.has(tail)) this.#phones.set(tail, pseudonymOf(phone));
  }
}

const bare = (word: string) => word.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu, '');
const textOf = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null;

function objectsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value)
    ? value.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null)
    : [];
}
