import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { Pseudonyms } from './pseudonyms.ts';

const key = randomBytes(32);

test('equal values have one pseudonym in one export, and none in common with another export', () => {
  const one = new Pseudonyms(key);
  const same = new Pseudonyms(Buffer.from(key));
  const other = new Pseudonyms(randomBytes(32));
  for (const kind of ['id', 'name', 'email', 'phone', 'company', 'ip', 'fileName'] as const) {
    const value = 'Anna Berg 491511234567';
    expect(one[kind](value)).toBe(same[kind](value));
    expect(one[kind](value)).toBe(one[kind](value));
    expect(one[kind](value)).not.toBe(other[kind](value));
    expect(one[kind](value)).not.toContain('Anna');
  }
});

test('each kind looks like what it stands for, and mail goes nowhere', () => {
  const { id, name, email, phone, company, fileName, ip } = ((p: Pseudonyms) => ({
    id: p.id('anna@example.com'),
    name: p.name('Anna Berg'),
    email: p.email('anna@example.com'),
    phone: p.phone('+49 151 1234567'),
    company: p.company('Berg GmbH'),
    fileName: p.fileName('Anna Berg CV.PDF'),
    ip: p.ip('10.0.0.1'),
  }))(new Pseudonyms(key));
  expect(id).toMatch(/^anon_[0-9a-f]{20}$/);
  expect(name).toMatch(/^Person [0-9a-f]{10}$/);
  expect(email).toMatch(/^p[0-9a-f]{10}@anon\.invalid$/);
  expect(phone).toMatch(/^phone-[0-9a-f]{10}$/);
  expect(company).toMatch(/^Company [0-9a-f]{10}$/);
  expect(fileName).toMatch(/^file-[0-9a-f]{10}\.pdf$/);
  expect(ip).toMatch(/^ip-[0-9a-f]{10}$/);
});

test('a name is one person however it is written; ids differ where a letter’s case does', () => {
  const pseudonyms = new Pseudonyms(key);
  expect(
    new Set(
      ['José García', 'jose garcia', 'JOSÉ  GARCÍA', 'Jose\u0301 Garci\u0301a'].map((n) =>
        pseudonyms.name(n),
      ),
    ).size,
  ).toBe(1);
  expect(pseudonyms.email('Anna@Example.com')).toBe(pseudonyms.email('anna@example.com'));
  expect(pseudonyms.phone('+49 (151) 123-4567')).toBe(pseudonyms.phone('+491511234567'));
  expect(pseudonyms.id('A1')).not.toBe(pseudonyms.id('a1'));
});

test('a short key is refused', () => {
  expect(() => new Pseudonyms(randomBytes(16))).toThrow('32 bytes');
});
