import { expect, it } from 'vitest';
import { hashApiKey, hintOf, isWholeApiKey, newApiKeyText } from './api-key-text.ts';

it('a key is one word that secret scanners can find, with at least 160 bits that nobody is shown', () => {
  const text = newApiKeyText();
  expect(text).toMatch(/^ak_convey_[0-9a-hjkmnp-tv-z]{43}$/);
  const hidden = text.slice(hintOf(text).length, -7);
  expect(hidden.length * 5).toBeGreaterThanOrEqual(160);
  expect(new Set(Array.from({ length: 1000 }, newApiKeyText)).size).toBe(1000);
});

it('any one wrong, missing, added or swapped character is known offline', () => {
  const text = newApiKeyText();
  expect(isWholeApiKey(text)).toBe(true);
  for (let i = 0; i < text.length; i++) {
    const other = text[i] === 'x' ? 'y' : 'x';
    expect(isWholeApiKey(text.slice(0, i) + other + text.slice(i + 1))).toBe(false);
    expect(isWholeApiKey(text.slice(0, i) + text.slice(i + 1))).toBe(false);
    expect(isWholeApiKey(`${text.slice(0, i)}x${text.slice(i)}`)).toBe(false);
    const swapped = text.slice(0, i) + (text[i + 1] ?? '') + text[i] + text.slice(i + 2);
    if (swapped !== text) expect(isWholeApiKey(swapped)).toBe(false);
  }
  expect(isWholeApiKey(text.toUpperCase())).toBe(false);
  expect(isWholeApiKey('')).toBe(false);
});

it('the stored hash is SHA-256 in hex', () => {
  expect(hashApiKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
