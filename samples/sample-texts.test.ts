import { expect, test } from 'vitest';
import { generateSample } from './generate-sample.ts';
import { languages } from './phrases/phrases.ts';
import { TOPICS } from './phrases/declare.ts';
import { roughTexts } from './rough-texts.ts';

const usual = [...generateSample()];
const bodies = usual.filter(({ type }) => type === 'message').map(({ body }) => (body ?? '') as string);
const whole = usual.map((record) => JSON.stringify(record)).join('\n');

function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const element of value) yield* textsOf(element);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      yield key;
      yield* textsOf(inner);
    }
  }
}

test('all text is well formed, without NUL or other control characters but tabs and line ends', () => {
  for (const record of usual) {
    for (const text of textsOf(record)) {
      if (!text.isWellFormed() || /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(text))
        throw new Error(JSON.stringify(text));
    }
  }
});

test('ids keep the rules: 1 to 255 bytes, no control characters, no reserved words; and they come in many styles', () => {
  const ids = usual.map(({ id }) => id);
  for (const id of ids) {
    expect(Buffer.byteLength(id)).toBeLessThanOrEqual(255);
    expect(/^(\.|\.\.|export|preview|)$|\p{Cc}|^\s|\s$/u.test(id)).toBe(false);
  }
  const styles = [
    /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-9[\da-f]{3}-[\da-f]{12}$/,
    /^[\da-f]{24}$/,
    /^\d{10,}$/,
    /[^\p{ASCII}]/u,
    / .*\//,
    /\/.* /,
    /^[^<@]+@example\./,
    /^<.*@.*>$/,
    /%25&.*#.*\?/,
    /^.{255}$/,
    /^\+1555/,
  ];
  for (const style of styles)
    expect(
      ids.some((id) => style.test(id)),
      String(style),
    ).toBe(true);
  expect(ids).toContain('Zo\u00e9');
  expect(ids).toContain('Zoe\u0301');
  expect(ids).toContain('Walk-In');
  expect(ids).toContain('walk-in');
});

test.each([
  ['Latin', /[ŁßÑñéğİ]/],
  ['Japanese', /[\p{sc=Hiragana}\p{sc=Katakana}]/u],
  ['Chinese', /\p{sc=Han}/u],
  ['Korean', /\p{sc=Hangul}/u],
  ['Arabic', /\p{sc=Arabic}/u],
  ['Hebrew', /\p{sc=Hebrew}/u],
  ['Hindi', /\p{sc=Devanagari}/u],
  ['Thai', /\p{sc=Thai}/u],
  ['Russian', /\p{sc=Cyrillic}/u],
  ['Greek', /\p{sc=Greek}/u],
  ['characters beyond the first plane', /[\u{20000}-\u{2ffff}]/u],
  ['emoji joined by ZWJ', /👩🏾\u200d🔧/u],
  ['skin tones', /\p{Emoji_Modifier_Base}\p{Emoji_Modifier}/u],
  ['flags', /\p{Regional_Indicator}{2}/u],
  ['CRLF', /\r\n/],
  ['LF alone', /[^\r]\n/],
  ['backslashes', /C:\\Users\\/],
  ['quotes', /""/],
  ['JSON in text', /\{"order":/],
  ['a leading =', /^=/],
  ['a leading tab', /^\t/],
  ['a leading +, - or @', /^[+\-@]/],
  ['markup', /<script>/],
  ['combining marks', /e\u0301/],
  ['right-to-left marks', /\u200f.*\u2067/],
  ['U+2028', /\u2028/],
])('messages hold %s', (_, pattern) => {
  expect(bodies.some((body) => pattern.test(body))).toBe(true);
});

test('every rough text is a question as it is, or stands at its end', () => {
  for (const rough of roughTexts)
    expect(bodies.some((body) => body === rough || body.endsWith(`\n${rough}`))).toBe(true);
});

test('some messages are long, from 5 to 60 kB', () => {
  const long = bodies.map((body) => Buffer.byteLength(body)).filter((bytes) => bytes >= 5000);
  expect(long.length).toBeGreaterThan(15);
  expect(Math.max(...long)).toBeGreaterThan(58_000);
  expect(Math.max(...long)).toBeLessThanOrEqual(60_000);
});

test('every address, telephone number and IP address is from a range that belongs to nobody', () => {
  for (const [, domain] of whole.matchAll(/[^\s"<>@\\(]@([\w.-]+)/g))
    expect(domain).toMatch(/^example\.(com|org|net)\.?$/);
  for (const [phone] of whole.matchAll(/\+\d[\d ]{7,}/g))
    expect(phone).toMatch(/^(\+1555010\d{4}|\+44 ?20 ?7946 ?0\d{3}) ?$/);
  for (const [, ip] of whole.matchAll(/"ip":"([^"]+)"/g))
    expect(ip).toMatch(/^(203\.0\.113\.|198\.51\.100\.|192\.0\.2\.|2001:db8::)/);
  for (const [, host] of whole.matchAll(/https?:\/\/([^/"\\\s]+)/g))
    expect(host).toMatch(/(^|\.)example\.(com|org|net)$/);
});

test('every phrase of every language is filled in: no placeholder is left', () => {
  for (const phrases of languages) {
    for (const topic of TOPICS) expect(phrases.topics[topic].questions.length).toBeGreaterThan(1);
    for (const text of textsOf(phrases)) {
      for (const [, name] of text.matchAll(/\{(\w*)\}/g)) {
        expect([
          'order',
          'product',
          'plan',
          'amount',
          'name',
          'agent',
          'email',
          'phone',
          'given',
          'family',
        ]).toContain(name);
      }
    }
  }
  const rough = bodies.filter((body) => roughTexts.every((text) => !body.endsWith(text)));
  expect(rough.filter((body) => /\{(order|product|plan|amount|name|agent|email|phone)\}/.test(body))).toEqual(
    [],
  );
});
