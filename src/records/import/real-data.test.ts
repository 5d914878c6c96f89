import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readImportMap } from './map/parse-map.ts';
import { openImportSource } from './open-source.ts';
import type { RowFormat } from './read-rows.ts';

// Real files that are not in the repository (their licences travel with them). Everything here is compared
// with a second, independent reading of the same files: one by Python's csv and json where Python is found,
// one by the small whole-file parser below in any case.
const folder = process.env['CONVEY_REAL_DATA'];
const hasPython = spawnSync('python3', ['--version']).status === 0;
if (folder === undefined)
  console.warn('SKIPPED: real-data tests of the importers; CONVEY_REAL_DATA is not set.');
else if (!hasPython)
  console.warn('python3 was not found: the real data is checked by one independent parser, not two.');
const real = folder === undefined ? test.skip : test;
const note = folder === undefined ? ' (SKIPPED: CONVEY_REAL_DATA is not set)' : '';

// oxlint-disable-next-line typescript/no-explicit-any -- rows of four foreign shapes, each compared as a whole
type Row = Record<string, any>;

async function importAll(
  format: RowFormat,
  mapName: string,
  files: string[],
): Promise<{ records: Row[]; sha256: string }> {
  const map = await readImportMap(join(import.meta.dirname, '../../../samples/maps', mapName));
  const hash = createHash('sha256');
  const records: Row[] = [];
  for (const file of files) {
    const source = await openImportSource(join(folder!, file), {
      format,
      map,
      signal: AbortSignal.timeout(60_000),
    });
    for await (const item of source.records()) {
      if ('reject' in item)
        throw new Error(`${file}:${item.line} was rejected: ${JSON.stringify(item.reject)}`);
      hash.update(item.bytes).update('\n');
      records.push(JSON.parse(item.bytes.toString()));
    }
    expect(source.consumedBytes()).toBe(source.sizeBytes);
    await source.close();
  }
  return { records, sha256: hash.digest('hex') };
}

/** Imports twice: the same input gives the same bytes. */
async function importTwice(format: RowFormat, mapName: string, files: string[]): Promise<Map<string, Row[]>> {
  const first = await importAll(format, mapName, files);
  expect((await importAll(format, mapName, files)).sha256).toBe(first.sha256);
  const byType = new Map<string, Row[]>();
  for (const record of first.records) {
    if (!byType.has(record['type'])) byType.set(record['type'], []);
    byType.get(record['type'])!.push(record);
  }
  for (const records of byType.values())
    expect(new Set(records.map((one) => one['id'])).size).toBe(records.length);
  return byType;
}

const python = `
import sys, csv, gzip, json
csv.field_size_limit(10**9)
rows = []
for path in sys.argv[2:]:
    with gzip.open(path, 'rt', encoding='utf-8', newline='') as text:
        rows += json.load(text) if sys.argv[1] == 'json' else csv.DictReader(text, delimiter={'csv': ',', 'tsv': '\\t'}[sys.argv[1]])
json.dump(rows, sys.stdout)
`;

function readIndependently(format: RowFormat, files: string[]): Row[] {
  const paths = files.map((file) => join(folder!, file));
  const rows = paths.flatMap((path) => {
    const text = gunzipSync(readFileSync(path)).toString('utf8');
    return format === 'json' ? JSON.parse(text) : parseTable(text, format === 'tsv' ? '\t' : ',');
  });
  if (hasPython) {
    const output = execFileSync('python3', ['-c', python, format, ...paths], { maxBuffer: 2 ** 30 });
    expectSame(JSON.parse(output.toString()), rows);
  }
  return rows;
}

/** toEqual for long lists: it takes half a minute on 60,000 rows, so it is asked only where texts differ. */
function expectSame(seen: unknown[], expected: unknown[]): void {
  expect(seen).toHaveLength(expected.length);
  for (let i = 0; i < seen.length; i++) {
    if (JSON.stringify(seen[i]) !== JSON.stringify(expected[i])) expect(seen[i]).toEqual(expected[i]);
  }
}

/** RFC 4180 in one regular expression over the whole text; shares nothing with the reader under test. */
function parseTable(text: string, delimiter: string): Row[] {
  const table: string[][] = [[]];
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${delimiter}\\r\\n]*))(${delimiter}|\\r?\\n|$)`, 'gy');
  for (const [whole, quoted, bare, end] of text.matchAll(cell)) {
    if (whole === '' && table.at(-1)!.length === 0) break;
    table.at(-1)!.push(quoted === undefined ? bare! : quoted.replaceAll('""', '"'));
    if (end !== delimiter && end !== '') table.push([]);
  }
  if (table.at(-1)!.length === 0) table.pop();
  const [header, ...rows] = table as [string[], ...string[][]];
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index]])));
}

const multidogo = ['airline', 'finance', 'software'].flatMap((domain) =>
  ['dev', 'test', 'train'].map((part) => `multidogo/${domain}/${part}.tsv.gz`),
);

real(
  `MultiDoGO: 7,172 conversations and 59,782 messages, texts as two other parsers read them${note}`,
  async () => {
    const made = await importTwice('tsv', 'multidogo.json', multidogo);
    const rows = readIndependently('tsv', multidogo);
    const messages = made.get('message')!;
    expect([...made.keys()].sort()).toEqual(['conversation', 'message']);
    expect(made.get('conversation')).toHaveLength(7172);
    expect(messages).toHaveLength(59_782);
    expect(made.get('conversation')!.map((one) => one['id'])).toEqual([
      ...new Set(rows.map((row) => row['conversationId'])),
    ]);
    expectSame(
      messages.map(({ id, conversation_id, role, body, attributes }) => [
        id,
        conversation_id,
        role,
        body,
        attributes.turn,
        attributes.slot_labels,
        attributes.intents.join('<div>'),
      ]),
      rows.map((row) => [
        row['utteranceId'],
        row['conversationId'],
        'user',
        row['utterance'],
        Number(row['turnNumber']),
        row['slot-labels'],
        row['intent'],
      ]),
    );
    expect(messages.filter(({ body }) => /[\r\n]/.test(body))).toHaveLength(14);
    expect(messages.filter(({ body }) => body.includes('\t'))).toHaveLength(4);
    const tags = made.get('conversation')!.map((one) => one['tags'].join());
    expect(new Set(tags)).toEqual(new Set(['airline', 'finance', 'software']));
    const startedAt = new Map(
      made.get('conversation')!.map((one) => [one['id'], Date.parse(one['created_at'])]),
    );
    expectSame(
      messages.map((one) => Date.parse(one['created_at']) - startedAt.get(one['conversation_id'])!),
      messages.map((one) => one['attributes'].turn * 30_000),
    );
  },
  120_000,
);

const taskmaster = Array.from({ length: 8 }, (_, i) => `taskmaster4/data_0${i}.json.gz`);

real(
  `Taskmaster-4: 3,710 conversations and 13,915 messages, with all 15,395 API calls${note}`,
  async () => {
    const made = await importTwice('json', 'taskmaster4.json', taskmaster);
    const rows = readIndependently('json', taskmaster);
    const messages = made.get('message')!;
    expect([...made.keys()].sort()).toEqual(['conversation', 'message']);
    expect(made.get('conversation')).toHaveLength(3710);
    expect(messages).toHaveLength(13_915);
    expectSame(
      made
        .get('conversation')!
        .map((one) => [one['id'], one['subject'], one['tags'], one['attributes'].instructions ?? null]),
      rows.map((row) => [row['conversation_id'], row['scenario'], [row['vertical']], row['instructions']]),
    );
    expectSame(
      messages.map(({ id, conversation_id, role, body, attributes }) => ({
        id,
        conversation_id,
        role,
        body,
        ...attributes,
      })),
      rows.flatMap((row) =>
        row['utterances'].map((one: Row) => ({
          id: `${row['conversation_id']}:${one['index']}`,
          conversation_id: row['conversation_id'],
          role: one['speaker'],
          body: one['text'],
          segments: one['segments'],
          annotations: one['annotations'],
        })),
      ),
    );
    const calls = messages
      .flatMap((one) => one['attributes'].annotations)
      .filter(({ name }) => name === 'api_call');
    expect(calls).toHaveLength(15_395);
  },
  120_000,
);

const records = ['evi/records.en.csv.gz'];
const dialogues = ['evi/dialogues.en.tsv.gz'];

real(
  `EVI: 10,000 contacts, 534 full names of more than one of them${note}`,
  async () => {
    const made = await importTwice('csv', 'evi-contacts.json', records);
    const rows = readIndependently('csv', records);
    const contacts = made.get('contact')!;
    expect([...made.keys()]).toEqual(['contact']);
    expect(contacts).toHaveLength(10_000);
    expectSame(
      contacts.map(({ id, name, email, attributes }) => ({ scenario_id: id, name, email, ...attributes })),
      rows,
    );
    const names = new Map<string, number>();
    for (const { name } of contacts) names.set(name, (names.get(name) ?? 0) + 1);
    expect([...names.values()].filter((count) => count > 1)).toHaveLength(534);
    expect(new Set(contacts.map(({ email }) => email)).size).toBe(10_000);
  },
  120_000,
);

real(
  `EVI: 1,407 calls and 12,663 turns, 419 of them empty, joined to the contact that was claimed${note}`,
  async () => {
    const made = await importTwice('tsv', 'evi-dialogues.json', dialogues);
    const rows = readIndependently('tsv', dialogues);
    const people = new Set(readIndependently('csv', records).map((row) => row['scenario_id']));
    const contactOf = (row: Row): string | undefined =>
      people.has(row['scenario_id']) ? row['scenario_id'] : undefined;
    const messages = made.get('message')!;
    const conversations = made.get('conversation')!;
    expect(conversations).toHaveLength(1407);
    expect(messages).toHaveLength(12_663);
    expectSame(
      messages.map(({ id, conversation_id, body, author, attributes }) => [
        id,
        conversation_id,
        body,
        author?.contact_id,
        attributes.item,
        attributes.prime_letter,
        attributes.prime_month,
        String(attributes.attempt),
        attributes.nbest,
      ]),
      rows.map((row) => [
        `${row['dialogue_id']}:${row['turn_num']}`,
        row['dialogue_id'],
        row['transcription'],
        contactOf(row),
        row['item'],
        row['prime_letter'],
        row['prime_month'],
        row['attempt_num'],
        JSON.parse(row['nbest']),
      ]),
    );
    expect(messages.filter(({ body }) => body === '')).toHaveLength(419);
    const first = new Map(rows.map((row) => [row['dialogue_id'], row] as const));
    expectSame(
      conversations.map(({ id, contact_id, attributes }) => ({ id, contact_id, ...attributes })),
      [...first].map(([id, row]) => ({
        id,
        contact_id: contactOf(row),
        dataset: 'evi',
        speaker_id: row['speaker_id'],
        scenario_id: row['scenario_id'],
      })),
    );
    const withoutContact = conversations.filter(({ contact_id }) => contact_id === undefined);
    expect(withoutContact).toHaveLength(23);
    expect(new Set(withoutContact.map(({ attributes }) => attributes.scenario_id))).toEqual(new Set(['1']));
  },
  120_000,
);
