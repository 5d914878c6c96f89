import { describe, expect, it } from 'vitest';
import { ByteWriter } from './byte-writer.ts';
import type { ColumnType } from './codecs.ts';
import { createJsonFormat } from './json.ts';
import type { RecordShape } from './record-format.ts';
import { memorySink, NASTY_TEXTS, randomText, renderFile, seededRandom, viewRow } from './rows.fixture.ts';

const AT = Date.parse('2026-05-01T08:00:00.123Z');

const CONVERSATIONS: RecordShape = {
  type: 'conversation',
  section: 'conversations',
  columns: [
    { name: 'id', type: 'text', field: 0 },
    { name: 'contact.id', type: 'text', field: 1 },
    { name: 'contact.name', type: 'text', field: 2 },
    { name: 'tags', type: 'text[]', field: 3 },
    { name: 'created_at', type: 'timestamptz', field: 4 },
    { name: 'seq', type: 'bigint', field: 5 },
    { name: 'metadata', type: 'jsonb', field: 6 },
  ],
  lists: [
    {
      name: 'messages',
      type: 'message',
      columns: [
        { name: 'id', type: 'text', field: 0 },
        { name: 'is_internal', type: 'boolean', field: 1 },
        { name: 'author.id', type: 'text', field: 2 },
      ],
    },
    { name: 'events', type: 'event', columns: [{ name: 'kind', type: 'text', field: 0 }] },
  ],
};
const RECORDS = [
  {
    values: ['c1', 'p1', 'Zoë "Z"', ['vip', null], AT, 9007199254740993n, '{"a": [1, 2]}'],
    lists: [
      [
        ['m1', false, null],
        ['m2', true, 'u1'],
      ],
      [],
    ],
  },
  { values: ['c2', null, null, [], null, null, null], lists: [[], [['claimed']]] },
];
const FIRST_LINE =
  '{"id":"c1","contact":{"id":"p1","name":"Zoë \\"Z\\""},"tags":["vip",null],' +
  '"created_at":"2026-05-01T08:00:00.123Z","seq":9007199254740993,"metadata":{"a":[1,2]},' +
  '"messages":[{"id":"m1","is_internal":false,"author":{"id":null}},' +
  '{"id":"m2","is_internal":true,"author":{"id":"u1"}}],"events":[]}';
const SECOND_LINE =
  '{"id":"c2","contact":{"id":null,"name":null},"tags":[],"created_at":null,"seq":null,"metadata":null,' +
  '"messages":[],"events":[{"kind":"claimed"}]}';

const array = (out: ByteWriter) => createJsonFormat(out, { layout: 'array' });
const document = (out: ByteWriter) => createJsonFormat(out, { layout: 'document' });

function column(name: string, type: ColumnType = 'text', field = 0) {
  return { name, type, field };
}

function shapeOf(section: string, names: string[], single = false): RecordShape {
  const columns = names.map((name, field) => column(name, 'text', field));
  return { type: section, section, columns, lists: [], single };
}

describe('JSON as an array', () => {
  it('has one record per line with its lists inside, and ends with ]', async () => {
    const file = await renderFile(array, [{ shape: CONVERSATIONS, records: RECORDS }], { head: { a: 1 } });
    expect(file.toString()).toBe(`[\n${FIRST_LINE},\n${SECOND_LINE}\n]\n`);
    expect(JSON.parse(file.toString())).toHaveLength(2);
  });

  it('is [] without records', async () => {
    expect((await renderFile(array, [{ shape: CONVERSATIONS, records: [] }])).toString()).toBe('[]\n');
  });

  it('holds exactly one section', async () => {
    const section = { shape: CONVERSATIONS, records: [] };
    await expect(renderFile(array, [section, section])).rejects.toThrow('one section');
    await expect(renderFile(array, [])).rejects.toThrow('needs a section');
  });
});

describe('JSON as a document', () => {
  it('is one object: head, sections, counts and complete', async () => {
    const file = await renderFile(
      document,
      [
        { shape: shapeOf('account', ['id'], true), records: [{ values: ['a1'] }] },
        { shape: shapeOf('subscription', ['id'], true), records: [] },
        { shape: shapeOf('files', ['id']), records: [] },
        { shape: CONVERSATIONS, records: RECORDS },
      ],
      { head: { export: { id: 'exp_1' }, snapshot_at: '2026-05-01T00:00:00.000Z', left_out: undefined } },
    );
    expect(file.toString()).toBe(
      [
        '{"export":{"id":"exp_1"},',
        '"snapshot_at":"2026-05-01T00:00:00.000Z",',
        '"account":{"id":"a1"},',
        '"subscription":null,',
        '"files":[],',
        '"conversations":[',
        `${FIRST_LINE},`,
        SECOND_LINE,
        '],',
        '"counts":{"account":1,"subscription":0,"files":0,"conversations":2},"complete":true}',
        '',
      ].join('\n'),
    );
    expect(JSON.parse(file.toString()).complete).toBe(true);
  });

  it('is complete without head and sections', async () => {
    expect((await renderFile(document, [])).toString()).toBe('{"counts":{},"complete":true}\n');
  });

  it('refuses a key that would come twice, and a single record that comes twice', async () => {
    const files = { shape: shapeOf('files', ['id']), records: [] };
    await expect(renderFile(document, [files, files])).rejects.toThrow('files comes twice');
    await expect(renderFile(document, [files], { head: { files: 1 } })).rejects.toThrow('comes twice');
    await expect(renderFile(document, [], { head: { complete: false } })).rejects.toThrow(
      'complete comes twice',
    );
    const account = {
      shape: shapeOf('account', ['id'], true),
      records: [{ values: ['a'] }, { values: ['b'] }],
    };
    await expect(renderFile(document, [account])).rejects.toThrow('single record');
  });
});

describe('every JSON record', () => {
  it('nests dotted names to any depth', async () => {
    const shape = shapeOf('things', ['a.b.c', 'a.b.d', 'a.e', 'f', 'g.h']);
    const file = await renderFile(array, [{ shape, records: [{ values: ['1', '2', '3', '4', '5'] }] }]);
    expect(file.toString()).toBe('[\n{"a":{"b":{"c":"1","d":"2"},"e":"3"},"f":"4","g":{"h":"5"}}\n]\n');
  });

  it.each([[['a', 'a']], [['a.b', 'c', 'a.d']], [['a', 'a.b']], [['a.b', 'a']], [[]]])(
    'refuses columns %j: keys would come twice, or none',
    async (names) => {
      await expect(renderFile(array, [{ shape: shapeOf('x', names), records: [] }])).rejects.toThrow();
    },
  );

  it('refuses a list named like a column, and a row shorter than its shape', async () => {
    const lists = [{ name: 'a', type: 'a', columns: [column('id')] }];
    const shape = { ...shapeOf('x', ['a']), lists };
    await expect(renderFile(array, [{ shape, records: [] }])).rejects.toThrow('named twice');
    const format = createJsonFormat(new ByteWriter(memorySink()), { layout: 'array' });
    format.beginSection({ ...shapeOf('x', ['a']), columns: [column('a', 'text', 4)] });
    expect(() => format.beginRecord(viewRow(['text'], ['x']))).toThrow('fewer fields');
  });

  it('reads back as it was, for nasty texts, whatever the chunk size', async () => {
    const random = seededRandom(8);
    const shape: RecordShape = {
      ...shapeOf('x', ['id', 'body', 'data']),
      columns: [column('id'), column('body', 'text', 1), column('data', 'jsonb', 2)],
      lists: [{ name: 'items', type: 'item', columns: [column('text'), column('tags', 'text[]', 1)] }],
    };
    const values = [...NASTY_TEXTS, ...Array.from({ length: 60 }, () => randomText(random, 3000))];
    const expected = values.map((body, i) => ({
      id: `id "${i}"`,
      body,
      data: { [body]: body },
      items: values.slice(i, i + 3).map((text) => ({ text, tags: [text, null, body] })),
    }));
    const records = expected.map(({ id, body, data, items }) => ({
      values: [id, body, JSON.stringify(data)],
      lists: [items.map(({ text, tags }) => [text, tags])],
    }));
    let first: Buffer | undefined;
    for (const chunkBytes of [16, 1000, 1 << 20]) {
      const file = await renderFile(array, [{ shape, records }], { chunkBytes });
      expect(JSON.parse(file.toString())).toEqual(expected);
      first ??= file;
      expect(file.equals(first)).toBe(true);
    }
  });

  it('cut short anywhere, does not parse', async () => {
    for (const make of [array, document]) {
      const file = (await renderFile(make, [{ shape: CONVERSATIONS, records: RECORDS }])).toString();
      for (let length = 1; length < file.length - 1; length++) {
        expect(() => JSON.parse(file.slice(0, length))).toThrow();
      }
    }
  });
});
