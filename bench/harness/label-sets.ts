import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { PeopleOfRecord, Person } from '../../src/anonymize/known-people.ts';

/** A text whose words are labelled, and what the host product would know of who wrote it. */
export interface LabelledText {
  text: string;
  /** Places of labelled values: `[start, end)` in UTF-16 units. */
  labels: { class: string; start: number; end: number }[];
  known: PeopleOfRecord;
  /** Whether every word without a label is known to name nobody, so that masking one is a mistake. */
  isComplete: boolean;
}

const DOMAINS = ['airline', 'finance', 'software'];
/** Slots that are somebody's; the others are about what was asked for. */
const PERSONAL = new Set(
  'name email_address phone_number card_number account_number ssn address booking_confirmation_number password'.split(
    ' ',
  ),
);

/**
 * MultiDoGO: customers' turns, each word with its slot. What is known of the contact is what they said first of its
 * kind in the conversation: name, mail address and phone number.
 */
export async function readMultiDogo(folder: string, part: 'train' | 'dev' | 'test'): Promise<LabelledText[]> {
  const texts: LabelledText[] = [];
  for (const domain of DOMAINS) {
    const conversations = new Map<string, LabelledWords[]>();
    for (const row of await readTable(join(folder, 'multidogo', domain, `${part}.tsv.gz`), '\t')) {
      const turns = conversations.get(row['conversationId']!) ?? [];
      conversations.set(row['conversationId']!, turns);
      turns.push(labelWords(row['utterance']!, row['slot-labels']!));
    }
    for (const turns of conversations.values()) {
      const known = { people: [personOf(turns)] };
      texts.push(...turns.map((turn) => ({ ...turn, known, isComplete: true })));
      texts.push(...turns.flatMap(withRestoredEmails).map((turn) => ({ ...turn, known, isComplete: false })));
    }
  }
  return texts;
}

type LabelledWords = Pick<LabelledText, 'text' | 'labels'>;

/** Neighbouring words with the same label are one value. */
function labelWords(text: string, slots: string): LabelledWords {
  const classes = slots.split(/\s+/);
  const labels: LabelledText['labels'] = [];
  let last = 'O';
  for (const [place, { 0: word, index }] of [...text.matchAll(/\S+/g)].entries()) {
    const slot = PERSONAL.has(classes[place] ?? '') ? classes[place]! : 'O';
    if (slot !== 'O') {
      const end = index + word.length;
      if (slot === last) labels.at(-1)!.end = end;
      else labels.push({ class: slot, start: index, end });
    }
    last = slot;
  }
  return { text, labels };
}

/** Mail addresses as they were published: `anna 12 gmailcom`. */
const EMAIL =
  /^(.+?)(gmail|yahoo|ymail|hotmail|outlook|live|icloud|aol|rediffmail|example|mail)(com|net|org|in|couk)$/;

/** The set lost its signs: once more with `@` and `.` back in mail addresses, each of a text of its own. */
function withRestoredEmails({ text, labels }: LabelledWords): LabelledWords[] {
  return labels.flatMap(({ class: slot, start, end }) => {
    const restored = slot === 'email_address' ? restoreEmail(text.slice(start, end)) : null;
    if (restored === null) return [];
    const label = { class: 'email_address, @ and . put back', start, end: start + restored.length };
    return [{ text: text.slice(0, start) + restored + text.slice(end), labels: [label] }];
  });
}

function restoreEmail(published: string | null): string | null {
  const [, local, domain, end] = EMAIL.exec((published ?? '').replaceAll(' ', '')) ?? [];
  return local === undefined ? null : `${local}@${domain}.${end}`;
}

function personOf(turns: readonly LabelledWords[]): Person {
  const first = (wanted: string) =>
    turns.flatMap(({ text, labels }) =>
      labels.filter((label) => label.class === wanted).map(({ start, end }) => text.slice(start, end)),
    )[0] ?? null;
  return { name: first('name'), email: restoreEmail(first('email_address')), phone: first('phone_number') };
}

/**
 * EVI: what callers said when asked for their name, postcode or birthday, as a machine heard it. What is known is the
 * record of the person whom they spoke for. The whole answer counts as the value.
 */
export async function readEvi(folder: string): Promise<LabelledText[]> {
  const records = await readTable(join(folder, 'evi', 'records.en.csv.gz'), ',');
  const people = new Map(
    records.map((row) => [row['scenario_id'], { name: row['name']!, email: row['email']! }]),
  );
  return (await readTable(join(folder, 'evi', 'dialogues.en.tsv.gz'), '\t'))
    .filter(({ transcription }) => transcription !== '')
    .map(({ transcription: text = '', item = '', scenario_id: id }) => ({
      text,
      labels: [{ class: item, start: 0, end: text.length }],
      known: { people: [people.get(id) ?? null] },
      isComplete: false,
    }));
}

interface AbcdChat {
  scenario: { personal: Record<string, string>; order: Record<string, string> };
  original: [speaker: string, text: string][];
}

/** ABCD: whole chats, with the customer's record. Every place where a value of it stands is one. */
export async function readAbcd(folder: string): Promise<LabelledText[]> {
  const chats = JSON.parse(await readFile(join(folder, 'abcd', 'abcd_sample.json'), 'utf8')) as AbcdChat[];
  return chats.flatMap(({ scenario: { personal, order }, original }) => {
    const { customer_name: name = null, email = null, phone = null, username = null } = personal;
    const values = {
      name: [name, ...(name ?? '').split(' ')],
      email: [email],
      phone: [phone],
      username: [username],
      order_id: [order['order_id']],
      address: [order['street_address']],
    };
    return original.map(([, text]) => ({
      text,
      labels: Object.entries(values).flatMap(([kind, wanted]) =>
        placesOf(text, wanted).map((place) => ({ class: kind, ...place })),
      ),
      known: { people: [{ ids: [username], name, email, phone }] },
      isComplete: false,
    }));
  });
}

/** Places of any of the values, in any case; the longest first, and apart. */
function placesOf(
  text: string,
  values: readonly (string | null | undefined)[],
): { start: number; end: number }[] {
  const places: { start: number; end: number }[] = [];
  for (const value of values) {
    if (!value) continue;
    const wanted = value.toLowerCase();
    for (
      let start = text.toLowerCase().indexOf(wanted);
      start >= 0;
      start = text.toLowerCase().indexOf(wanted, start + 1)
    ) {
      const end = start + wanted.length;
      const isWord = !/\p{L}/u.test(text[start - 1] ?? '') && !/\p{L}/u.test(text[end] ?? '');
      if (isWord && !places.some((other) => start < other.end && other.start < end))
        places.push({ start, end });
    }
  }
  return places;
}

async function readTable(path: string, delimiter: string): Promise<Record<string, string>[]> {
  return parse(gunzipSync(await readFile(path)), { columns: true, delimiter });
}
