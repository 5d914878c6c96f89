import { expect, test } from 'vitest';
import { KnownPeople } from './known-people.ts';
import { maskText } from './mask-text.ts';
import { Pseudonyms } from './pseudonyms.ts';
import type { Reason } from './spans.ts';

const pseudonyms = new Pseudonyms(Buffer.alloc(32, 7));
const nobody = new KnownPeople({}, pseudonyms);
const mask = (text: string, known = nobody) => maskText(text, known, () => {});

test.each([
  ['write to anna.berg+x@mail.example.co.uk!', 'write to [email]!'],
  ['<mailto:ANNA@EXAMPLE.COM>, ünï@exämple.de.', '<mailto:[email]>, [email].'],
  ['anna @ example.com or anna＠example.com', '[email] or [email]'],
  ['anna (at) example (dot) com, jane at gmail dot com', '[email], [email]'],
  ['a@b.co,c@d.org', '[email],[email]'],
  ['call +49 151 1234567 or +1 (555) 123-4567', 'call [phone] or [phone]'],
  ['(555) 123-4567, 555.123.4567, 555-1234', '[phone], [phone], [phone]'],
  ['030 1234567; 06 12 34 56 78; 07911 123456; 0221/12 34 56 7', '[phone]; [phone]; [phone]; [phone]'],
  ['5551234567 and 电话13812345678请', '[phone] and 电话[phone]请'],
  ['004915112345678', '[phone]'],
  ['card 4111 1111 1111 1111, exp 12/27', 'card [card], exp 12/27'],
  ['4111-1111-1111-1111 5500005555555559 378282246310005', '[card] [card] [card]'],
  ['not a card: 4111 1111 1111 1112', 'not a card: [number]'],
  ['IBAN DE89 3704 0044 0532 0130 00 please, gb29nwbk60161331926819', 'IBAN [iban] please, [iban]'],
  ['wrong check digits: DE89 3704 0044 0532 0130 02', 'wrong check digits: DE89 [number]'],
  ['from 192.168.0.1, 2001:db8::ff00:42:8329 and ::1', 'from [ip], [ip] and [ip]'],
  ['ssn 123-45-6789, account 123456789012', 'ssn [number], account [number]'],
  [
    'https://anna:pw@example.com/a/b?token=abc&page=2#x=1',
    'https://[user]@example.com/a/b?token=[value]&page=[value]#x=[value]',
  ],
  ['https://f.example/dl/xoxe1234567890abcdefghijkl/a.pdf', 'https://f.example/dl/[token]/a.pdf'],
  ['on 2026-11-21 10:00, call 555-123-4567', 'on 2026-11-21 10:00, call [phone]'],
])('%j becomes %j', (text, expected) => {
  expect(mask(text)).toBe(expected);
});

test.each([
  'on 2026-11-21 at 10:00:00, 21.11.2026, 11/21/2026 and 2026-11-21T10:00:00.000Z',
  '1 234 567 people, 1.234.567,89 EUR, $ 12345678, €1234567, 0.1234567',
  '2019-2024, 1000 - 2000, 10-20, 3/4, 24/7',
  'version 1.2.3, v10.20.30, 12:30:45, 4 x 6',
  'order 12345, room 4711, pin 1234, zip 90210',
  'https://example.com/docs/pricing#plans',
  'a@, @b, @ and : :: ::: at the dot',
  '',
])('%j stays as it is', (text) => {
  expect(mask(text)).toBe(text);
});

test('what belongs to a known person stands as their pseudonym, the rest as what it was', () => {
  const known = new KnownPeople(
    { people: [{ name: 'Anna Berg', email: 'Anna.Berg@Example.com', phone: '+49 151 1234567' }] },
    pseudonyms,
  );
  const reasons: Reason[] = [];
  const text = 'Anna Berg <anna.berg@example.com>, 0151 1234567; bob@example.com, 0151 7654321';
  expect(maskText(text, known, (reason) => reasons.push(reason))).toBe(
    `${pseudonyms.name('Anna Berg')} <${pseudonyms.email('anna.berg@example.com')}>, ` +
      `${pseudonyms.phone('+49 151 1234567')}; [email], [phone]`,
  );
  expect(reasons.sort()).toEqual(['email', 'email', 'name', 'phone', 'phone']);
});

test.each(['a', '@', '1', '1 ', 'a.', ':', 'http://', '2001:', '4-', 'at dot ', '(at)', 'a@a.', '-'])(
  'a long run of %j takes time in step with its length',
  (piece) => {
    const text = piece.repeat(Math.ceil(300_000 / piece.length));
    const started = performance.now();
    maskText(text, new KnownPeople({ names: ['Anna Berg'] }, pseudonyms), () => {});
    expect(performance.now() - started).toBeLessThan(10_000);
  },
);
