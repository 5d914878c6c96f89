import { expect, test } from 'vitest';
import type { ByteWriter } from '../formats/byte-writer.ts';
import { createCsvFormat } from '../formats/csv.ts';
import { createJsonFormat } from '../formats/json.ts';
import type { RecordFormat, RecordShape } from '../formats/record-format.ts';
import { renderFile } from '../formats/rows.fixture.ts';
import { createAnonymizer } from './anonymize-rows.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { Redactions, sumRedactions } from './redactions.ts';
import type { SectionTreatments } from './treatments.ts';

const pseudonyms = new Pseudonyms(Buffer.alloc(32, 7));
const people = JSON.stringify({
  people: [{ name: 'Anna Berg', email: 'anna@example.com' }],
  names: ['Bob Stone'],
});

const shape: RecordShape = {
  type: 'conversation',
  section: 'conversations',
  columns: [
    { name: 'id', type: 'text', field: 0 },
    { name: 'n', type: 'bigint', field: 1 },
    { name: 'subject', type: 'text', field: 2 },
    { name: 'tags', type: 'text[]', field: 3 },
    { name: 'metadata', type: 'jsonb', field: 4 },
  ],
  lists: [
    {
      name: 'messages',
      type: 'message',
      columns: [
        { name: 'author', type: 'text', field: 0 },
        { name: 'body', type: 'text', field: 1 },
      ],
    },
  ],
};
const plainKeys: string[] = [];
const treatments: SectionTreatments = {
  record: [
    { type: 'text', value: 'id', plainKeys },
    { type: 'bigint', plainKeys },
    { type: 'text', value: 'text', plainKeys },
    { type: 'text[]', value: 'text', plainKeys },
    { type: 'jsonb', value: 'text', plainKeys: ['channel'] },
  ],
  lists: [
    [
      { type: 'text', value: 'name', plainKeys },
      { type: 'text', value: 'text', plainKeys },
    ],
  ],
  knownField: 5,
};
const metadata =
  '{"channel": "web", "email": "x@y.example", "note": "Anna Berg, Bob", "n": 12, "id": 42, "when": 1790000000000, "who": 80351110224678912, "ok": true}';
const records = [
  {
    values: ['c1', 7n, 'Anna’s order', ['vip', null, 'bob stone'], metadata, people],
    lists: [
      [
        ['Anna Berg', 'I am Anna, 555-123-4567'],
        [null, ''],
      ],
    ],
  },
  { values: ['c1', null, null, null, null, null], lists: [[['Anna Berg', 'Anna again']]] },
];

async function render(
  make: (out: ByteWriter) => RecordFormat,
  redactions = new Redactions(),
): Promise<string> {
  const known = {
    ...shape,
    columns: [...shape.columns, { name: 'known', type: 'jsonb', field: 5 } as const],
  };
  // The fixture encodes rows by the shape's columns; the format sees the shape without the last one.
  const wrapped = (out: ByteWriter) => {
    const format = createAnonymizer(make(out), {
      pseudonyms,
      redactions,
      treatments: new Map([[shape, treatments]]),
    });
    return new Proxy(format, {
      get: (target, name) =>
        name === 'beginSection'
          ? () => target.beginSection(shape)
          : Reflect.get(target, name)?.bind?.(target),
    });
  };
  return (await renderFile(wrapped, [{ shape: known, records }])).toString();
}

test('a format that knows nothing of it writes anonymised rows, with whom each is about applied to its items', async () => {
  const redactions = new Redactions();
  const [first, second] = JSON.parse(
    await render((out) => createJsonFormat(out, { layout: 'array' }), redactions),
  );
  const anna = pseudonyms.name('Anna Berg');
  const bob = pseudonyms.name('Bob Stone');
  expect(first).toEqual({
    id: pseudonyms.id('c1'),
    n: 7,
    subject: `${anna}’s order`,
    tags: ['vip', null, bob],
    metadata: {
      channel: 'web',
      email: pseudonyms.email('x@y.example'),
      note: `${anna}, ${bob}`,
      n: 12,
      id: pseudonyms.id('42'),
      when: 1790000000000,
      who: '[number]',
      ok: true,
    },
    messages: [
      { author: anna, body: `I am ${anna}, [phone]` },
      { author: null, body: '' },
    ],
  });
  // Nothing is known of the second record any more but its own columns.
  expect(second).toMatchObject({ id: first.id, messages: [{ author: anna, body: 'Anna again' }] });
  expect(sumRedactions([redactions.list(), redactions.list()])).toEqual(
    expect.arrayContaining([
      { path: 'conversations.id', reason: 'id', count: 4 },
      { path: 'conversations.metadata', reason: 'name', count: 4 },
      { path: 'messages.author', reason: 'name', count: 4 },
      { path: 'messages.body', reason: 'name', count: 2 },
      { path: 'messages.body', reason: 'phone', count: 2 },
    ]),
  );
});

test('CSV, which captures cells of a record before its items, has the same', async () => {
  const columns = [
    { name: 'id', from: 'record' as const },
    { name: 'body', from: 'item' as const },
  ];
  const csv = await render((out) =>
    createCsvFormat(out, { profile: 'machine', rows: { lists: [0], columns } }),
  );
  expect(csv.split('\r\n')[1]).toBe(`${pseudonyms.id('c1')},"I am ${pseudonyms.name('Anna Berg')}, [phone]"`);
});

test('a section without treatments, and a column without one, are refused rather than passed on', async () => {
  const format = {} as RecordFormat;
  const options = { pseudonyms, redactions: new Redactions() };
  expect(() => createAnonymizer(format, { ...options, treatments: new Map() }).beginSection(shape)).toThrow(
    'how to anonymise conversations',
  );
  const short = new Map([[shape, { ...treatments, record: [] }]]);
  expect(() => createAnonymizer(format, { ...options, treatments: short }).beginSection(shape)).toThrow(
    'one treatment',
  );
});
