import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { createCsvFormat, type CsvFormatOptions, unguardCell } from './csv.ts';
import type { RecordShape, RenderColumn } from './record-format.ts';
import { NASTY_TEXTS, type RecordRows, randomText, renderFile, seededRandom } from './rows.fixture.ts';

const COLUMNS: RenderColumn[] = [
  { name: 'id', type: 'text', field: 0 },
  { name: 'phone', type: 'text', field: 1, phone: true },
  { name: 'seq', type: 'bigint', field: 2 },
  { name: 'is_open', type: 'boolean', field: 3 },
  { name: 'created_at', type: 'timestamptz', field: 4 },
  { name: 'metadata', type: 'jsonb', field: 5 },
  { name: 'tags', type: 'text[]', field: 6 },
];
const SHAPE: RecordShape = { type: 'contact', section: 'contacts', columns: COLUMNS, lists: [] };
const AT = Date.parse('2026-05-01T08:00:00.123Z');
const BOM = '\uFEFF';

async function render(
  options: CsvFormatOptions,
  shape: RecordShape,
  records: RecordRows[],
  chunkBytes = 4096,
) {
  return renderFile((out) => createCsvFormat(out, options), [{ shape, records }], { chunkBytes });
}

function texts(names: string[]): RecordShape {
  const columns = names.map((name, field): RenderColumn => ({ name, type: 'text', field }));
  return { type: 'x', section: 'x', columns, lists: [] };
}

/** One text as the machine or spreadsheet cell it becomes. */
async function cellOf(profile: CsvFormatOptions['profile'], text: string | null, phone = false) {
  const shape = texts(['a', 'b']);
  shape.columns = shape.columns.map((column) => ({ ...column, phone }));
  const file = (await render({ profile, rows: 'records' }, shape, [{ values: [text, 'end'] }])).toString();
  const start = file.indexOf('\r\n') + 2;
  const end = profile === 'machine' ? ',end\r\n' : ',"end"\r\n';
  expect(file.endsWith(end)).toBe(true);
  return file.slice(start, file.length - end.length);
}

describe('machine CSV', () => {
  const options: CsvFormatOptions = { profile: 'machine', rows: 'records' };

  it('is RFC 4180 with a header, CRLF and no BOM', async () => {
    const file = await render(options, SHAPE, [
      { values: ['a,b', '+4915112345678', -5, true, AT, '{"k": "v, w"}', ['x', null, 'y"z']] },
      { values: ['', null, null, null, null, null, null] },
      { values: ['=1+1', '-1', 9007199254740993n, false, AT, '12', []] },
    ]);
    expect(file.toString()).toBe(
      [
        'id,phone,seq,is_open,created_at,metadata,tags',
        '"a,b",+4915112345678,-5,true,2026-05-01T08:00:00.123Z,"{""k"":""v, w""}","[""x"",null,""y\\""z""]"',
        '"",,,,,,',
        '=1+1,-1,9007199254740993,false,2026-05-01T08:00:00.123Z,12,[]',
        '',
      ].join('\r\n'),
    );
  });

  it('quotes only what needs it', async () => {
    const plain = ['a', 'a b', 'a;b', "it's", 'tab\tinside', '\x01', 'é', 'a\u00a0', '=x', '\\.', '\uFEFF'];
    for (const text of plain) expect(await cellOf('machine', text)).toBe(text);
    for (const text of [' a', 'a ', ' ', ',', 'a,b', '\n', 'a\rb', 'longer text, with comma']) {
      expect(await cellOf('machine', text)).toBe(`"${text}"`);
    }
    expect(await cellOf('machine', '"')).toBe('""""');
    expect(await cellOf('machine', 'eight ch"ars"x')).toBe('"eight ch""ars""x"');
    expect(await cellOf('machine', '')).toBe('""');
    expect(await cellOf('machine', null)).toBe('');
  });

  it('reads back byte-exact for nasty and random texts', async () => {
    const random = seededRandom(9);
    const values = [...NASTY_TEXTS];
    for (let i = 0; i < 200; i++) values.push(randomText(random, i % 20 === 0 ? 100_000 : 300));
    const records = values.map((text, i) => ({ values: [String(i), text, `${text}|`] }));
    for (const chunkBytes of [100, 1 << 20]) {
      const file = await render(options, texts(['id', 'text', 'more']), records, chunkBytes);
      const rows = parse(file, { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];
      expect(rows.map((row) => [row.text, row.more])).toEqual(values.map((text) => [text, `${text}|`]));
    }
  });

  it('has the header alone without records, and dotted names as they are', async () => {
    expect((await render(options, texts(['author.id', 'a,b']), [])).toString()).toBe('author.id,"a,b"\r\n');
  });
});

describe('spreadsheet CSV', () => {
  const options: CsvFormatOptions = { profile: 'spreadsheet', rows: 'records' };

  it('starts with a BOM, quotes every cell but NULL, joins lists and guards formulas', async () => {
    const file = await render(options, SHAPE, [
      { values: ['=1+1', '+4915112345678', -5, true, AT, '{"k": "v"}', ['x', null, '"y"']] },
      { values: ['', null, null, null, null, null, null] },
      { values: ['ok', '+49 151', 0, false, AT, '-1.5', ['=evil', 'b']] },
    ]);
    expect([...file.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(file.toString()).toBe(
      [
        `${BOM}"id","phone","seq","is_open","created_at","metadata","tags"`,
        `"'=1+1","+4915112345678","-5","true","2026-05-01T08:00:00.123Z","{""k"":""v""}","x; ; ""y"""`,
        '"",,,,,,',
        `"ok","'+49 151","0","false","2026-05-01T08:00:00.123Z","-1.5","'=evil; b"`,
        '',
      ].join('\r\n'),
    );
  });

  it.each([
    '=1',
    '+1',
    '-1+2',
    '-',
    '--1',
    '-1.',
    '-.5',
    '-1e5',
    '-1,5',
    '@a',
    '\tx',
    '\rx',
    '＝1',
    '＋1',
    '－1',
    '＠a',
  ])('guards %j', async (text) => {
    expect(await cellOf('spreadsheet', text)).toBe(`"'${text}"`);
  });

  it.each(['-12.5', '-0', '-12345678901234567890', '12', 'a=1', ' =1', '“', '＃', 'ｱ', 'x@y.z'])(
    'leaves %j',
    async (text) => {
      expect(await cellOf('spreadsheet', text)).toBe(`"${text}"`);
    },
  );

  it('leaves E.164 numbers in phone columns only', async () => {
    expect(await cellOf('spreadsheet', '+4915112345678', true)).toBe('"+4915112345678"');
    expect(await cellOf('spreadsheet', '+4915112345678', false)).toBe(`"'+4915112345678"`);
    for (const text of ['+', '+1', '+0123', '+1234567890123456', '+49-151', '+49+1', '+49=1', '=49']) {
      const isNumber = /^\+[1-9]\d{1,14}$/.test(text);
      expect(await cellOf('spreadsheet', text, true)).toBe(isNumber ? `"${text}"` : `"'${text}"`);
    }
  });

  it('guards times that start with a sign', async () => {
    const shape = { ...SHAPE, columns: [{ name: 'at', type: 'timestamptz' as const, field: 0 }] };
    const file = await render(options, shape, [{ values: [253_402_300_800_000] }]);
    expect(file.toString()).toContain(`"'+010000-01-01T00:00:00.000Z"`);
  });

  it('reads back exactly, once unguardCell took the guards off; no guarded cell starts a formula', async () => {
    const random = seededRandom(10);
    const values = [...NASTY_TEXTS, "''=1", "'-12.5", "'+4915112345678", "'x", '-12.5'];
    for (let i = 0; i < 300; i++) {
      const start =
        ['=', '+', '-', '@', '\t', '\r', "'", "''", '＝', '-1', ' '][Math.floor(random() * 11)] ?? '';
      values.push(start + randomText(random, 50));
    }
    for (const phone of [false, true]) {
      const shape = texts(['id', 'text']);
      shape.columns = shape.columns.map((column) => ({ ...column, phone }));
      const records = values.map((text, i) => ({ values: [String(i), text] }));
      const file = await render(options, shape, records, 64);
      const rows = parse(file, { columns: true, bom: true, record_delimiter: '\r\n' }) as { text: string }[];
      expect(rows.map((row) => unguardCell(row.text))).toEqual(values);
      for (const { text } of rows) {
        const isHarmless = /^-\d+(\.\d+)?$/.test(text) || (phone && /^\+[1-9]\d{1,14}$/.test(text));
        expect(isHarmless || !/^[=+\-@\t\r＝＋－＠]/.test(text)).toBe(true);
      }
    }
  });
});

describe('CSV with a row per item', () => {
  const shape: RecordShape = {
    ...texts(['id', 'subject']),
    lists: [
      {
        name: 'messages',
        type: 'message',
        columns: [
          { name: 'id', type: 'text', field: 0 },
          { name: 'body', type: 'text', field: 1 },
        ],
      },
      { name: 'events', type: 'event', columns: [{ name: 'id', type: 'text', field: 0 }] },
      { name: 'files', type: 'file', columns: [{ name: 'id', type: 'text', field: 0 }] },
    ],
  };
  const rows = {
    lists: [0, 2],
    columns: [
      { name: 'conversation_id', from: 'record', column: 'id' },
      { name: 'message_id', from: 'item', column: 'id' },
      { name: 'body', from: 'item' },
      { name: 'subject', from: 'record' },
    ],
  } as const;
  const records: RecordRows[] = [
    {
      values: ['c1', 'a,b'],
      lists: [
        [
          ['m1', 'hi'],
          ['m2', null],
        ],
        [['e1']],
        [['f1']],
      ],
    },
    { values: ['c2', 'none'], lists: [[], [['e2']], []] },
    { values: ['c3', null], lists: [[['m3', '']], [], []] },
  ];

  it('repeats the record’s cells, takes the lists asked for, and leaves what a list lacks empty', async () => {
    for (const chunkBytes of [4, 4096]) {
      const file = await render({ profile: 'machine', rows }, shape, records, chunkBytes);
      expect(file.toString()).toBe(
        [
          'conversation_id,message_id,body,subject',
          'c1,m1,hi,"a,b"',
          'c1,m2,,"a,b"',
          'c1,f1,,"a,b"',
          'c3,m3,"",',
          '',
        ].join('\r\n'),
      );
    }
    const sheet = await render({ profile: 'spreadsheet', rows }, shape, records);
    expect(sheet.toString()).toContain('\r\n"c1","m2",,"a,b"\r\n');
  });

  it('refuses a column that no list has', async () => {
    const columns = [{ name: 'nothing', from: 'item' as const }];
    await expect(render({ profile: 'machine', rows: { lists: [0], columns } }, shape, [])).rejects.toThrow(
      'nothing',
    );
  });

  it('holds one section', async () => {
    const make = (out: Parameters<typeof createCsvFormat>[0]) =>
      createCsvFormat(out, { profile: 'machine', rows: 'records' });
    const section = { shape, records: [] };
    await expect(renderFile(make, [section, section])).rejects.toThrow('one section');
    await expect(renderFile(make, [])).rejects.toThrow('needs a section');
  });
});
