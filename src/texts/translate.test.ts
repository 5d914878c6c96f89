import { expect, test } from 'vitest';
import { translate } from './translate.ts';

test('a sentence is told in German, and in English as it is', () => {
  expect(translate('There is no such link.', 'de')).toBe('Diesen Link gibt es nicht.');
  expect(translate('There is no such link.', 'en')).toBe('There is no such link.');
});

test('what is put into a sentence stays what it is', () => {
  expect(translate('fields: notes, events', 'de')).toBe('Felder: notes, events');
  expect(translate('of contacts: title, a.b', 'de')).toBe('von contacts: title, a.b');
  expect(translate('Events 12 to 15 are missing.', 'de')).toBe('Die Ereignisse 12 bis 15 fehlen.');
  expect(translate('its stored bytes cannot be read ($&{code})', 'de')).toBe(
    'ihre gespeicherten Bytes sind nicht lesbar ($&{code})',
  );
});

test.each([
  'messages, tickets, audit_log',
  'constructor',
  '__proto__',
  'a sentence of an older version',
  'fields: ',
  ' fields: notes',
  '',
])('what has no translation stays as it is: %j', (text) => {
  expect(translate(text, 'de')).toBe(text);
});
