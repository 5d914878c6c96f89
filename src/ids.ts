import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford's base 32, lower case
const RANDOM_CHARACTERS = 20; // 100 bits

let pool: Uint8Array = new Uint8Array();
let used = 0;

/**
 * A random id with a readable prefix: `exp_4z1k…` (prefix, underscore, 20 base-32 characters, 100 random
 * bits). Used for our own rows (`exp`, `key`, `wsp`, …) and for the `ref` of ingested rows (`con`, `cnv`, …).
 */
export function newId(prefix: string): string {
  if (used + RANDOM_CHARACTERS > pool.length) {
    pool = randomBytes(RANDOM_CHARACTERS * 512);
    used = 0;
  }
  let id = `${prefix}_`;
  for (let i = 0; i < RANDOM_CHARACTERS; i++) id += ALPHABET[pool[used++]! & 31];
  return id;
}
