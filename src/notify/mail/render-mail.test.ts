import { expect, test } from 'vitest';
import type { MailTemplate } from './mailer.ts';
import { renderMail } from './render-mail.ts';
import { mailLocales, mailTexts } from './templates.ts';

const publicUrl = 'https://convey.example.com';
const link = `${publicUrl}/invite#token`;

const invite = (values: Record<string, string>, locale = 'en') =>
  renderMail({ template: 'invite', locale, values }, publicUrl);

test('every mail exists in every language, with a subject in one line, and shows its link as text and as HTML', () => {
  const values = {
    name: 'Ada',
    link,
    workspace: 'Acme',
    role: 'admin',
    inviter: 'Grace',
    at: '2026-11-21T10:00:00.000Z',
    minutes: '15',
    records: '3',
    expires_at: '2026-11-28',
    code: 'exports.interrupted',
    seq: '7',
    hash: 'ab',
    fingerprint: 'ef',
    document: '{"seq":7}',
  };
  for (const template of Object.keys(mailTexts) as MailTemplate[]) {
    for (const locale of mailLocales) {
      const mail = renderMail({ template, locale, values }, publicUrl);
      expect(mail.subject).toMatch(/^[^\r\n{}]+$/);
      expect(mail.text + mail.html, template).not.toMatch(/[{]\w+[}]|undefined/);
      expect(mail.text.includes(link)).toBe(mailTexts[template][locale].action !== undefined);
      expect(mail.html).toContain(`<html lang="${locale}">`);
      expect(mail.html).not.toMatch(/<(img|script|link|style|iframe)|src=|url\(/);
      for (const [address] of mail.html.matchAll(/https?:[^"<\s]+/g)) expect(address).toContain(publicUrl);
    }
  }
});

test('a name cannot add a header, a line, markup or a link', () => {
  const evil =
    'Eve\r\nBcc: all@example.com\r\n\r\n<script>alert(1)</script> https://evil.example/pay \u202Etxt\u0000';
  const mail = invite({ link, workspace: evil, inviter: evil, role: 'admin' });
  expect(mail.subject).not.toMatch(/[\r\n\u202E\u0000]/);
  expect(mail.text.split('\n').some((line) => line.startsWith('Bcc'))).toBe(false);
  expect(mail.html).not.toContain('<script>');
  expect(mail.html).toContain('&lt;script&gt;');
  expect(mail.text + mail.html).not.toMatch(/evil\.example|https:\/\/evil/);
  expect(invite({ link, workspace: '"><img src=x onerror=y>', inviter: "o'Hara" }).html).not.toMatch(
    /<img|o'Hara/,
  );
});

test('a link that leads elsewhere is not sent', () => {
  for (const elsewhere of [
    'https://evil.example/invite',
    'http://convey.example.com/invite',
    'https://convey.example.com.evil.example/',
    'https://convey.example.com@evil.example/',
    'javascript:alert(1)',
    '/invite',
  ])
    expect(() => invite({ link: elsewhere, workspace: 'Acme' }), elsewhere).toThrow(/elsewhere/);
});

test('a line whose value is missing is left out, and an unknown language counts as English', () => {
  const mail = invite({ link, workspace: 'Acme' }, 'fr-CA');
  expect(mail.text).not.toContain('invites you');
  expect(mail.text).toContain('The link works once');
  expect(invite({ link, workspace: 'Acme' }, 'de-AT').subject).toBe('Einladung zu Acme');
  expect(invite({ link }).subject).toBe('Invitation to');
});

test('values of any length and lone surrogates make a mail that can be sent', () => {
  const mail = invite({ link, workspace: '😀'.repeat(5000), inviter: 'x\ud800y' });
  expect(mail.subject.length).toBeLessThan(500);
  expect(mail.subject.isWellFormed()).toBe(true);
  expect(mail.text.isWellFormed()).toBe(true);
});
