import type { KnownPeople } from './known-people.ts';
import type { Span } from './spans.ts';

// Numbers that belong to somebody: bank accounts, cards, phones, and any other that is long.

/** Letters and digits of an IBAN in each country (ISO 13616 registry). */
const IBAN_LENGTHS: ReadonlyMap<string, number> = new Map(
  `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18
   FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21
   LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SD18 SE24 SI19 SK24
   SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20`
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);
const IBAN = /(?<![\p{L}\p{N}])[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){11,30}/giu;

/** Bank accounts whose check digits are right (ISO 7064, mod 97). */
export function findIbans(text: string): Span[] {
  const spans: Span[] = [];
  const pattern = new RegExp(IBAN);
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const { 0: found, index } = match;
    const length = IBAN_LENGTHS.get(found.slice(0, 2).toUpperCase()) ?? 0;
    let end = 0;
    for (let seen = 0; end < found.length && seen < length; end++) if (/[a-z0-9]/i.test(found[end]!)) seen++;
    const isOne = length > 0 && isIban(found.slice(0, end), length);
    if (isOne) spans.push({ start: index, end: index + end, text: '[iban]', reason: 'iban' });
    pattern.lastIndex = index + (isOne ? end : 4); // what follows may be another
  }
  return spans;
}

function isIban(text: string, length: number): boolean {
  const plain = text.replaceAll(/[ -]/g, '').toUpperCase();
  if (plain.length !== length) return false;
  let rest = 0;
  for (const sign of plain.slice(4) + plain.slice(0, 4)) {
    for (const digit of String(Number.parseInt(sign, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}

const CARD_RUN = /(?<![\p{N}.,])\d(?:[ -]?\d){12,40}(?!\p{N})/gu;
const CARD_LENGTHS = [16, 15, 14, 13, 19, 18, 17];

/** Payment cards: 13 to 19 digits that begin as cards do and pass Luhn's check, alone or among other digits. */
export function findCards(text: string): Span[] {
  const spans: Span[] = [];
  for (const { 0: run, index } of text.matchAll(CARD_RUN)) {
    const places = [...run.matchAll(/\d/g)].map((match) => match.index);
    const digits = run.replaceAll(/\D/g, '');
    for (let first = 0; first + 13 <= places.length; first++) {
      const start = places[first]!;
      if (first > 0 && places[first - 1] === start - 1) continue; // inside a group
      if (!/[2-6]/.test(digits[first]!)) continue; // no card begins so
      const last = CARD_LENGTHS.map((length) => first + length - 1).find((place) => {
        const end = places[place];
        return (
          end !== undefined && places[place + 1] !== end + 1 && passesLuhn(digits.slice(first, place + 1))
        );
      });
      if (last === undefined) continue;
      spans.push({ start: index + start, end: index + places[last]! + 1, text: '[card]', reason: 'card' });
      first = last;
    }
  }
  return spans;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Years, months and days in figures, with the hour that may follow: no phone numbers, whatever their form. */
export const DATES =
  /(?<![\p{N}.-])(?:(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])(?:[T ]\d{1,2}(?=:))?|(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|[12]\d|3[01])[-./](?:19|20)?\d\d)(?![\p{N}]|[.-]\d)/gu;

const RUN = /(?<![\p{N}_A-Za-z])(?:\+ ?|\()?\d(?:[ \t\u00a0().\-–/]{0,3}\d){5,40}(?![\p{N}_A-Za-z])/gu;
const LONG_NUMBER = 9;
const MOST_PHONE_DIGITS = 15;

/** Phone numbers in international and national forms, and other numbers of nine digits or more. */
export function findPhones(text: string, known: KnownPeople): Span[] {
  const spans: Span[] = [];
  for (const { 0: run, index } of text.matchAll(RUN)) {
    if (/[$€£¥]\s?$/.test(text.slice(Math.max(0, index - 2), index))) continue; // an amount
    const digits = run.replaceAll(/\D/g, '');
    const kind = kindOf(run, digits);
    const theirs = kind === undefined && digits.length < 7 ? undefined : known.phoneOf(digits);
    if (kind === undefined && theirs === undefined) continue;
    const reason = theirs === undefined ? kind! : 'phone';
    spans.push({ start: index, end: index + run.length, text: theirs ?? `[${reason}]`, reason });
  }
  return spans;
}

/** What a run of digits looks like; undefined: an amount, a range of years, or too short to be anybody's. */
function kindOf(run: string, digits: string): 'phone' | 'number' | undefined {
  const count = digits.length;
  if (count < 7) return undefined;
  if (/^\+|^00[1-9]/.test(run)) return count <= MOST_PHONE_DIGITS + 2 ? 'phone' : 'number';
  const long = count >= LONG_NUMBER ? ('number' as const) : undefined;
  if (/^\d+$/.test(run)) {
    const isPhone =
      count === 10 || count === 11 || (run.startsWith('0') && count >= LONG_NUMBER && count <= 12);
    return isPhone ? 'phone' : long;
  }
  if (count > MOST_PHONE_DIGITS || /^\d{3}-\d{2}-\d{4}$/.test(run)) return 'number'; // the latter: a US social security number
  const isThousands = /^\d{1,3}(?:([ .\u00a0])\d{3})(?:\1\d{3})*(?:[.]\d{1,2})?$/.test(run);
  if (isThousands && !(count === LONG_NUMBER && /^\d{3} \d{3} \d{3}$/.test(run))) return undefined;
  if (/^\d{1,4}\.\d+$/.test(run) && !/^\d{3}\.\d{4}$/.test(run)) return undefined; // a decimal
  if (/^(?:19|20)\d\d ?[-–/] ?(?:19|20)\d\d$/.test(run) || /^\d+ [-–] \d+$/.test(run)) return undefined; // a range
  return 'phone';
}
