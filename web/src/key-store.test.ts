import { expect, it } from 'vitest';
import { cleanKey } from './key-store.ts';

const KEY = `ak_convey_${'0'.repeat(43)}`;

it('a key is found in what is often pasted along with it', () => {
  for (const pasted of [KEY, ` ${KEY}\n`, `Bearer ${KEY}`, `Authorization: Bearer ${KEY}`, `"${KEY}"`]) {
    expect(cleanKey(pasted)).toBe(KEY);
  }
});

it('what cannot be a key, or could break a header, is refused', () => {
  for (const pasted of ['', 'hello', `${KEY} x`, `${KEY}\nX-Other: 1`, `sk_${KEY}`, `${KEY}ü`]) {
    expect(cleanKey(pasted)).toBeUndefined();
  }
});
