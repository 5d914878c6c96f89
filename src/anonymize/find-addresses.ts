import { isIPv4, isIPv6 } from 'node:net';
import type { KnownPeople } from './known-people.ts';
import type { Span } from './spans.ts';

// Addresses that have a form of their own: mail, network, web. Patterns are bounded, so that no text makes them slow.

const LONGEST_LOCAL_PART = 64;
const LONGEST_DOMAIN = 255;
const LOCAL_PART = /[\p{L}\p{M}\p{N}._%+'-]+$/u;
const DOMAIN = /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}.-]*[\p{L}\p{M}\p{N}])?/u;
/** `anna (at) example.com`, `anna at example dot com` */
const SPOKEN =
  /[\p{L}\p{N}._%+-]{1,64}\s?(?:(?:\(at\)|\[at\])\s?[\p{L}\p{N}-]{1,63}(?:\s?(?:\(dot\)|\[dot\]|\sdot\s|\.)\s?[\p{L}\p{N}-]{2,63}){1,3}|\sat\s[\p{L}\p{N}-]{1,63}(?:\sdot\s[\p{L}\p{N}-]{2,63}){1,3})/giu;

/** Mail addresses; the known people's stand as their pseudonyms, others as `[email]`. */
export function findEmails(text: string, known: KnownPeople): Span[] {
  const spans: Span[] = [];
  let last = 0;
  for (const { index: at } of text.matchAll(/[@＠]/g)) {
    if (at < last) continue;
    const local = LOCAL_PART.exec(text.slice(Math.max(last, at - LONGEST_LOCAL_PART), at))?.[0];
    const domain = DOMAIN.exec(text.slice(at + 1, at + 1 + LONGEST_DOMAIN))?.[0];
    const spaced = local === undefined || domain === undefined ? spacedAt(text, at, last) : undefined;
    const start = spaced?.start ?? at - (local ?? '').length;
    const end = spaced?.end ?? at + 1 + (domain ?? '').length;
    if (spaced === undefined && (local === undefined || domain === undefined || domain.length < 2)) continue;
    const address = text.slice(start, end).replaceAll(/\s/g, '').replace('＠', '@');
    spans.push({ start, end, text: known.emailOf(address) ?? '[email]', reason: 'email' });
    last = end;
  }
  if (!/\bdot\b|[([]at[)\]]/i.test(text)) return spans;
  const spoken = [...text.matchAll(SPOKEN)].map(({ 0: match, index }) => {
    const address = match
      .replaceAll(/\s?[([]?\bat\b[)\]]?\s?/gi, '@')
      .replaceAll(/\s?[([]?\bdot\b[)\]]?\s?/gi, '.');
    const instead = known.emailOf(address) ?? '[email]';
    return { start: index, end: index + match.length, text: instead, reason: 'email' as const };
  });
  return spoken.length === 0 ? spans : inOrder([...spans, ...spoken]);
}

/** `anna @ example.com`: only with a dot behind. */
function spacedAt(text: string, at: number, last: number): { start: number; end: number } | undefined {
  const before = /[\p{L}\p{N}._%+-]{1,64}\s?$/u.exec(
    text.slice(Math.max(last, at - LONGEST_LOCAL_PART), at),
  )?.[0];
  const after = /^\s?[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{2,63}){1,3}/u.exec(
    text.slice(at + 1, at + LONGEST_DOMAIN),
  )?.[0];
  if (before === undefined || after === undefined) return undefined;
  return { start: at - before.length, end: at + 1 + after.length };
}

/** In order, and of two that overlap the first. */
function inOrder(spans: Span[]): Span[] {
  const apart: Span[] = [];
  for (const span of spans.sort((a, b) => a.start - b.start))
    if (span.start >= (apart.at(-1)?.end ?? 0)) apart.push(span);
  return apart;
}

const URL_FORM = /(?:\b[a-z][a-z0-9+.-]{1,20}:\/\/|\bwww\.)[^\s<>"”“'）】]{1,4096}/gi;
/** A part of a path that nobody typed: a token. */
const TOKEN = /^(?=.*\d)(?=.*[a-z])[\w-]{24,}$/i;

/** Of web addresses what may name or admit somebody: user names, the values of queries, tokens in paths. */
export function findUrlSecrets(text: string): Span[] {
  if (!/:\/\/|www\./i.test(text)) return [];
  return [...text.matchAll(URL_FORM)].flatMap(({ 0: url, index }) => secretsOf(url, index));
}

function secretsOf(url: string, offset: number): Span[] {
  const spans: Span[] = [];
  const hide = (start: number, end: number, text: string) => {
    if (end > start) spans.push({ start: offset + start, end: offset + end, text, reason: 'url' });
  };
  const authority = url.indexOf('//') + 2; // of www., where it is 1, nothing changes
  const pathAt = authority + url.slice(authority).search(/[/?#]|$/);
  const user = url.slice(authority, pathAt).lastIndexOf('@');
  if (user > 0) hide(authority, authority + user, '[user]');
  const queryAt = pathAt + url.slice(pathAt).search(/[?#]|$/);
  let at = pathAt;
  for (const segment of url.slice(pathAt, queryAt).split('/')) {
    if (TOKEN.test(segment)) hide(at, at + segment.length, '[token]');
    at += segment.length + 1;
  }
  at = queryAt;
  for (const pair of url.slice(queryAt).split(/[?#&;]/)) {
    const equals = pair.indexOf('=');
    if (equals >= 0) hide(at + equals + 1, at + pair.length, '[value]');
    else if (TOKEN.test(pair)) hide(at, at + pair.length, '[token]');
    at += pair.length + 1;
  }
  return spans;
}

const IPV4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d)/g;
const IPV6 = /(?<![\w:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:(?:\.\d{1,3}){3})?(?![\w:])/gi;

/** Network addresses of both kinds. */
export function findIps(text: string): Span[] {
  const spans: Span[] = [];
  const add = (pattern: RegExp, isAddress: (found: string) => boolean) => {
    for (const { 0: found, index } of text.matchAll(pattern))
      if (isAddress(found))
        spans.push({ start: index, end: index + found.length, text: '[ip]', reason: 'ip' });
  };
  if (text.includes('.')) add(IPV4, isIPv4);
  if (text.includes(':')) add(IPV6, (found) => /[0-9a-f]/i.test(found) && isIPv6(found));
  return inOrder(spans);
}
