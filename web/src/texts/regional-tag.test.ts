import { expect, test } from 'vitest';
import { regionalTag } from './regional-tag.ts';

test('dates and numbers are written as where the viewer lives, in the language of the app', () => {
  expect(regionalTag('en', ['en-GB', 'en', 'de'])).toBe('en-GB');
  expect(regionalTag('de', ['en-GB', 'de-AT', 'de'])).toBe('de-AT');
  expect(regionalTag('en', ['fr-FR', 'EN-gb'])).toBe('EN-gb');
});

test('who reads the app in a language of no region of theirs gets the language’s own way', () => {
  expect(regionalTag('de', ['en-GB', 'fr'])).toBe('de');
  expect(regionalTag('en', [])).toBe('en');
  expect(regionalTag('de', ['den-CA'])).toBe('de');
});
