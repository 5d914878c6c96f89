import { describe, expect, it } from 'vitest';
import { findPasswordWeakness } from './password-rules.ts';

const about = { email: 'Maria.Lopez@example.com', names: ['Maria Lopez', 'Northwind Traders'] };
const weak = (password: string) => findPasswordWeakness(password, about);

describe('findPasswordWeakness', () => {
  it.each([
    '1234567890',
    '0987654321',
    'qwertyuiop',
    'poiuytrewq',
    'aaaaaaaaaa',
    'asdfghjkl;',
    '1qaz2wsx3edc',
    'abcabcabca',
    'xk7xk7xk7xk7',
    'abcdefghij',
    'qwerty123456',
    'zxcvbnm,./',
    '7777777777',
    'qwertzuiop',
    '31.12.1999',
    '1999-12-31',
    '31/12/1999',
    '0171 5551234',
    '4917155512',
    'password123',
    'P@ssw0rd2024',
    'Welcome2025!',
    'letmein12345',
    'Adm1n1strator!',
    'Dragon!!!!!!',
    'passwort12',

    'Summer2024!',
    'iloveyou123!',
    'adminadmin1',
    'passwordpassword',
    'monkeydragon',
    'tr0ub'.repeat(2),
    'trustno1trustno1',
    'TestTest1234',
    'football2000',
    '!!!password!!!',
    '123password456',
    'Pa55word!?!?',
  ])('refuses %s', (password) => {
    expect(weak(password)).toMatch(/^too easy to guess: /);
  });

  it('refuses what holds the person’s address or this product’s name, in disguise too', () => {
    expect(weak('xx-maria.lopez-77!')).toContain('email');
    expect(weak('MARIA.LOPEZ+zebra-quilt')).toContain('email');
    expect(weak('m4r14.l0p3z zebra quilt')).toContain('email');
    expect(weak('zebra-convey-quilt-77')).toContain('product');
    expect(weak('zebra-c0nv3y-quilt-77')).toContain('product');
  });

  it('leaves alone what holds a short name or address, which stands in any number of words', () => {
    for (const local of ['al', 'jo', 'kim', 'a']) {
      const known = { email: `${local}@example.com`, names: ['Al', 'Kim'] };
      expect(findPasswordWeakness('mineral zebra joking kimono', known), local).toBeUndefined();
    }
    const four = { email: 'alma@example.com', names: [] };
    expect(findPasswordWeakness('zebra-alma-quilt-77', four)).toContain('first part of your email address');
  });

  it('says what to do instead', () => {
    expect(weak('Summer2024!')).toContain('Add words that have nothing to do with each other');
    expect(weak('31.12.1999')).toContain('only a number or a date');
    expect(weak('xk7xk7xk7xk7')).toContain('one piece over and over');
  });

  it('refuses what is made only of the names around the person', () => {
    expect(weak('northwind2024!')).toMatch(/^too easy to guess: /);
    expect(weak('N0rthw1ndTraders')).toMatch(/^too easy to guess: /);
  });

  it.each([
    'correct horse battery staple',
    'zebra quilt under seven moons',
    'kJ8#vQ2!mZ4x',
    'grün-Teller-Wolke',
    'ein Apfel fällt weit',
    '8f14e45fceea167a',
    'password but with a long tail of words',
    'пчела на лампе',

    '7305918264405521',
    'Xq-northwind-vurmel-eight',
  ])('takes %s', (password) => {
    expect(weak(password)).toBeUndefined();
  });
});
