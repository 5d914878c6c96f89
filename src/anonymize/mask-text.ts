import { findEmails, findIps, findUrlSecrets } from './find-addresses.ts';
import { DATES, findCards, findIbans, findPhones } from './find-numbers.ts';
import type { KnownPeople } from './known-people.ts';
import { blankOut, type Reason, replaceSpans, type Span } from './spans.ts';

/** Each on what those before it left: a name inside of a mail address is the address's. */
const FINDERS: readonly ((text: string, known: KnownPeople) => Span[])[] = [
  findUrlSecrets,
  findEmails,
  (text, known) => known.find(text),
];
const FINDERS_OF_DIGITS: readonly ((text: string, known: KnownPeople) => Span[])[] = [
  findIbans,
  findCards,
  findIps,
];

/**
 * Places in a text that name somebody, in order and apart: mail addresses, phone numbers, cards, bank accounts, network
 * addresses, secrets of web addresses, other long numbers, and the names and ids of the people who are known. For theirs
 * stand their pseudonyms, for the rest what it was: `[email]`, `[phone]`, …
 */
export function findPersonal(text: string, known: KnownPeople): Span[] {
  let found: Span[] = [];
  let rest = text;
  const find = (spans: Span[]) => {
    if (spans.length === 0) return;
    found = found.length === 0 ? spans : found.concat(spans);
    rest = blankOut(rest, spans);
  };
  for (const finder of FINDERS) find(finder(rest, known));
  if (/[\d:]/.test(rest)) {
    for (const finder of FINDERS_OF_DIGITS) find(finder(rest, known));
    if (/\d/.test(rest))
      find(
        findPhones(
          rest.replaceAll(DATES, (date) => '\n'.repeat(date.length)),
          known,
        ),
      );
  }
  return found.sort((a, b) => a.start - b.start);
}

/**
 * A text in which what names somebody is replaced (`findPersonal`).
 * @param tell is told why, once for each replacement
 */
export function maskText(text: string, known: KnownPeople, tell: (reason: Reason) => void): string {
  const found = findPersonal(text, known);
  for (const { reason } of found) tell(reason);
  return found.length === 0 ? text : replaceSpans(text, found);
}
