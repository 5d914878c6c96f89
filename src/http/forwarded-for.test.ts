import { expect, test } from 'vitest';
import { dropMalformedForwarding } from './forwarded-for.ts';

const left = (given: string) => {
  const headers: { 'x-forwarded-for'?: string } = { 'x-forwarded-for': given };
  dropMalformedForwarding({ headers });
  return headers['x-forwarded-for'];
};

test('a list of addresses stays as it is', () => {
  for (const given of ['203.0.113.7', '2001:db8::1,203.0.113.7', ' 203.0.113.7 , ::ffff:10.0.0.1'])
    expect(left(given)).toBe(given);
});

test('of the others only what stands behind the last entry that is no address is left', () => {
  expect(left('198.51.100.1, <script>, 203.0.113.7')).toBe('203.0.113.7');
  expect(left('unknown, 10.9.0.1')).toBe('10.9.0.1');
});

test('nothing is left where the last entry is none', () => {
  for (const given of [
    '',
    'unknown',
    '_hidden',
    '203.0.113.7,',
    '203.0.113.7:8080',
    '[2001:db8::1]',
    '1.2.3',
    '198.51.100.1, Ann Example',
    'fe80::1%free text',
    '203.0.113.7\u0000',
  ])
    expect(left(given), given).toBeUndefined();
});
