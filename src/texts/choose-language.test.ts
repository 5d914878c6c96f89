import { expect, test } from 'vitest';
import { chooseLanguage } from './choose-language.ts';

test.each([
  undefined,
  '',
  'en',
  'EN-gb',
  '*',
  'fr',
  'fr, it;q=0.9',
  'en, de',
  'en-US,en;q=0.9,de;q=0.8',
  'de;q=0.8, en;q=0.9',
  '*, de;q=0.5',
  'fr, *;q=0.5',
])('English unless German is preferred: %s', (header) => {
  expect(chooseLanguage(header)).toBe('en');
});

test.each([
  'de',
  'DE',
  'de-AT',
  'de-CH-1996, en;q=0.9',
  'de, en',
  'en;q=0.2, de;q=0.3',
  'en ; q=0.2 ,\tde\t;\tQ=0.3',
  'fr, de;q=0.1',
  'fr, de;q=0.1, en;q=0.05',
  'de-AT, en;q=0.8, de;q=0.6',
  '*;q=0.5, de',
  'de;q=1.000',
  'de;q=0.001',
])('German where it comes first: %s', (header) => {
  expect(chooseLanguage(header)).toBe('de');
});

test.each([
  ['de;q=0', 'en'],
  ['de;q=0.000, *', 'en'],
  ['de-AT, de;q=0', 'en'],
  ['en;q=0, *', 'de'],
  ['en;q=0, de;q=0.1', 'de'],
  ['en;q=0', 'en'],
  ['en;q=0, de;q=0', 'en'],
])('what is refused with q=0 is not chosen, though there is always a reply: %s → %s', (header, language) => {
  expect(chooseLanguage(header)).toBe(language);
});

test.each([
  'den',
  'd e',
  'de_DE',
  'de;q=1.5',
  'de;q=0.1234',
  'de;q=-1',
  'de;q=',
  'de;level=1',
  ';;;,,,',
  'de'.repeat(5000),
])('what is malformed is passed over: %s', (header) => {
  expect(chooseLanguage(header)).toBe('en');
  expect(chooseLanguage(`${header}, de;q=0.5`)).toBe('de');
});
