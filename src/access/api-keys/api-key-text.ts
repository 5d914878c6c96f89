import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * `ak_convey_` + 36 random characters (180 bits) + 7 characters of CRC-32, all Crockford base 32: one
 * distinctive word for secret scanners (`ak_convey_[0-9a-hjkmnp-tv-z]{43}`), selected whole by a double click.
 */
const PREFIX = 'ak_convey_';
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const RANDOM_CHARACTERS = 36;
const CHECK_CHARACTERS = 7;
const SHAPE = new RegExp(`^${PREFIX}[${ALPHABET}]{${RANDOM_CHARACTERS + CHECK_CHARACTERS}}$`);
const HINT_CHARACTERS = PREFIX.length + 4; // leaves 160 random bits unknown

/** A new key: shown once, never stored. */
export function newApiKeyText(): string {
  let text = PREFIX;
  for (const byte of randomBytes(RANDOM_CHARACTERS)) text += ALPHABET[byte & 31];
  return text + checkCharacters(text);
}

function checkCharacters(text: string): string {
  let rest = crc32(text);
  let characters = '';
  for (let i = 0; i < CHECK_CHARACTERS; i++) {
    characters = ALPHABET[rest & 31] + characters;
    rest >>>= 5;
  }
  return characters;
}

/**
 * Whether a text is a whole key, as far as its checksum tells: a typo or a key cut short is known without
 * asking the server. Says nothing about whether the key exists.
 */
export function isWholeApiKey(text: string): boolean {
  return SHAPE.test(text) && text.endsWith(checkCharacters(text.slice(0, -CHECK_CHARACTERS)));
}

/** What is kept to tell keys apart in a list. */
export function hintOf(text: string): string {
  return text.slice(0, HINT_CHARACTERS);
}

/**
 * What is stored instead of the key: SHA-256, as hex. A slow, salted hash protects words that people choose;
 * 180 random bits cannot be guessed at any speed, and a fast one keeps each request cheap and lets the key be
 * found by an index. Comparing in the index leaks at most how a hash begins, from which no key follows.
 */
export function hashApiKey(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
