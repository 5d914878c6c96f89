import { createHmac } from 'node:crypto';
import { foldName } from './fold-name.ts';

/** Hexadecimal digits: 80 bits keep ids apart, 40 bits names that people read. */
const ID_DIGITS = 20;
const SHORT_DIGITS = 10;
/** Values of which the pseudonym is remembered; then it starts over. Longer ones are worked out each time. */
const MOST_REMEMBERED = 50_000;
const LONGEST_REMEMBERED = 256;

/**
 * Pseudonyms under one secret key: equal values get equal ones, whatever column they stand in, so that what refers
 * to one another still does. Whoever does not have the key can neither turn them back nor tell them in another
 * export; so a key lives as long as one export runs.
 */
export class Pseudonyms {
  readonly #key: Uint8Array;
  readonly #tokens = new Map<string, string>();

  /** @param key 32 random bytes */
  constructor(key: Uint8Array) {
    if (key.length < 32) throw new Error('Pseudonyms need a key of 32 bytes.');
    this.#key = key;
  }

  /** `anon_…`: of a host's id; ids that differ in a letter's case are two. */
  id(value: string): string {
    return `anon_${this.#token(value).slice(0, ID_DIGITS)}`;
  }

  /** `Person …`: the same for a name however it is written. */
  name(value: string): string {
    return `Person ${this.#short(foldName(value))}`;
  }

  /** `Company …` */
  company(value: string): string {
    return `Company ${this.#short(foldName(value))}`;
  }

  /** `p…@anon.invalid`: an address that no mail reaches (RFC 2606). */
  email(value: string): string {
    return `p${this.#short(value.trim().toLowerCase())}@anon.invalid`;
  }

  /** `phone-…`: the same for a number however it is grouped. */
  phone(value: string): string {
    return `phone-${this.#short(value.replaceAll(/[^\p{L}\p{N}]/gu, '').toLowerCase())}`;
  }

  /** `ip-…` */
  ip(value: string): string {
    return `ip-${this.#short(value.trim().toLowerCase())}`;
  }

  /** `file-….pdf`: the extension stays. */
  fileName(value: string): string {
    const extension = /\.[A-Za-z0-9]{1,5}$/.exec(value)?.[0].toLowerCase() ?? '';
    return `file-${this.#short(value)}${extension}`;
  }

  #short(value: string): string {
    return this.#token(value).slice(0, SHORT_DIGITS);
  }

  #token(value: string): string {
    const known = this.#tokens.get(value);
    if (known !== undefined) return known;
    const token = createHmac('sha256', this.#key).update(value).digest('hex').slice(0, ID_DIGITS);
    if (value.length > LONGEST_REMEMBERED) return token;
    if (this.#tokens.size >= MOST_REMEMBERED) this.#tokens.clear();
    this.#tokens.set(value, token);
    return token;
  }
}
