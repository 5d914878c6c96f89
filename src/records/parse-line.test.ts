import { describe, expect, it } from 'vitest';
import type { IngestRecord } from './grammar/parse-record.ts';
import { shapes, shapesByType } from './grammar/record-shape.ts';
import { splitLines } from './import/split-lines.ts';
import { isRejected, parseLine, type ParsedLine, parseLines, type RejectedLine } from './parse-line.ts';

function parse(line: object | string): ParsedLine {
  return parseLine(typeof line === 'string' ? line : JSON.stringify(line), 1);
}

function accept(line: object | string): IngestRecord {
  const parsed = parse(line);
  if (isRejected(parsed)) throw new Error(`${parsed.code} ${parsed.field}: ${parsed.detail}`);
  return parsed;
}

function refuse(line: object | string): RejectedLine {
  const parsed = parse(line);
  if (!isRejected(parsed)) throw new Error('it was taken');
  return parsed;
}

/** Stored values by column name. */
function valuesOf({ shape, values }: IngestRecord): Record<string, unknown> {
  return Object.fromEntries(shape.columns.map(({ name }, index) => [name, values[index]]));
}

/** What a record of each type must have. */
const LEAST: Record<string, object> = {
  account: {},
  workspace_membership: { account_id: 'a' },
  subscription: { account_id: 'a' },
  contact: {},
  knowledge_source: { kind: 'text' },
  flow: {},
  conversation: {},
  message: { conversation_id: 'c', role: 'user' },
  event: { conversation_id: 'c', kind: 'claimed' },
  ticket: {},
  ticket_message: { ticket_id: 't' },
  file: {},
  memory: { account_id: 'a' },
};

/** The line of a type with one field, which may be dotted. */
function withField(type: string, field: string, value: unknown): Record<string, unknown> {
  const line: Record<string, unknown> = { type, id: 'x', ...LEAST[type] };
  const [outer, inner] = field.split('.') as [string, string?];
  line[outer] = inner === undefined ? value : { [inner]: value };
  return line;
}

const GOOD: Record<string, [given: unknown, stored: unknown]> = {
  text: ['Grüße', 'Grüße'],
  bigint: [7, 7],
  boolean: [true, true],
  timestamptz: ['2026-05-01T00:00:00Z', Date.UTC(2026, 4, 1)],
  'text[]': [
    ['a', ''],
    ['a', ''],
  ],
  object: [{ a: [1] }, '{"a":[1]}'],
  array: [[{ a: 1 }], '[{"a":1}]'],
  number: [9.5, '9.5'],
  any: ['2b', '"2b"'],
};
const BAD: Record<string, unknown[]> = {
  text: [1.5, true, {}, []],
  bigint: ['7', 1.5, true],
  boolean: ['true', 1],
  timestamptz: [1767225600, '2026-05-01T00:00:00', true],
  'text[]': ['a', [1], [null], {}],
  object: [[], 'a', 1],
  array: [{}, 'a'],
  number: ['9.5', [], true],
  any: [],
};

const FIELDS = [...shapes.values()].flatMap(({ type, columns, table }) =>
  columns.map((column) => ({
    type,
    field: column.field!,
    column,
    isId:
      table.references.some((reference) => reference.column === column.name) ||
      column.personal === 'identifier' ||
      column.name.endsWith('_id'),
    kind: column.type === 'jsonb' ? column.json! : column.type,
  })),
);

describe('every field of the catalogue', () => {
  it('is covered for every type of the grammar', () => {
    expect([...shapesByType.keys()].sort()).toEqual(Object.keys(LEAST).sort());
    expect(FIELDS.length).toBeGreaterThan(130);
  });

  it.each(FIELDS.filter(({ field }) => field !== 'attributes'))(
    '$type.$field takes what its column holds and nothing else',
    ({ type, field, column, kind, isId }) => {
      if (column.values === undefined) {
        const [given, stored] = kind === 'text' && isId ? ['an id', 'an id'] : GOOD[kind]!;
        expect(valuesOf(accept(withField(type, field, given)))[column.name]).toEqual(stored);
        if (isId && kind === 'text') {
          expect(valuesOf(accept(withField(type, field, 42)))[column.name]).toBe('42');
          expect(refuse(withField(type, field, 2 ** 53))).toMatchObject({ code: 'ingest.bad_id', field });
        }
      } else {
        for (const [outside, stored] of column.values) {
          expect(valuesOf(accept(withField(type, field, outside)))[column.name]).toBe(stored);
        }
        expect(refuse(withField(type, field, 'no such word'))).toMatchObject({
          code: 'ingest.bad_field',
          field,
        });
      }
      for (const bad of BAD[kind]!) {
        const refused = refuse(withField(type, field, bad));
        expect(refused.code).toMatch(/^ingest\.bad_(field|id)$/);
        expect(refused.field.split('[')[0]).toBe(field);
        expect(refused.detail).toMatch(/^It takes /);
      }
    },
  );

  it.each(FIELDS.filter(({ column }) => column.isRequired))(
    '$type.$field may not be missing, null or cleared',
    ({ type, field }) => {
      const line = withField(type, field, null);
      expect(refuse(line)).toMatchObject({ code: 'ingest.bad_field', field });
      delete line[field];
      expect(refuse(line)).toMatchObject({ code: 'ingest.bad_field', field, detail: 'It is missing.' });
      expect(accept({ ...line, op: 'patch' }).given).toBeGreaterThanOrEqual(0);
      expect(refuse({ ...withField(type, field, null), op: 'patch' })).toMatchObject({ field });
    },
  );

  it.each(FIELDS.filter(({ column }) => column.defaultValue !== undefined))(
    '$type.$field has a default when it is missing or null',
    ({ type, field, column }) => {
      const missing = { type, id: 'x', ...LEAST[type] };
      expect(valuesOf(accept(missing))[column.name]).toBe(column.defaultValue);
      expect(valuesOf(accept(withField(type, field, null)))[column.name]).toBe(column.defaultValue);
    },
  );
});

describe('a line', () => {
  it('names its type and id', () => {
    expect(refuse({ id: 'a' })).toMatchObject({ code: 'ingest.unknown_type', field: 'type' });
    expect(refuse({ type: 'person', id: 'a' })).toMatchObject({ code: 'ingest.unknown_type' });
    expect(refuse({ type: 'participant', id: 'a' })).toMatchObject({ code: 'ingest.unknown_type' });
    expect(refuse({ type: '__proto__', id: 'a' })).toMatchObject({ code: 'ingest.unknown_type' });
    expect(refuse({ type: 'contact' })).toMatchObject({ code: 'ingest.bad_id', field: 'id' });
    expect(refuse({ type: 'contact', id: '..' })).toMatchObject({ code: 'ingest.bad_id', field: 'id' });
    expect(refuse('{"type":"contact","id":12345678901234567890}')).toMatchObject({ code: 'ingest.bad_id' });
    expect(accept({ type: 'contact', id: 42 }).id).toBe('42');
  });

  it('is one JSON object; its text is never repeated in the refusal', () => {
    for (const line of [
      'secret',
      '[]',
      '"secret"',
      'null',
      '1',
      '{"type":"contact","id":"secret"',
      '{a:1}',
    ]) {
      const refused = refuse(line);
      expect(refused).toMatchObject({ code: 'ingest.bad_json', line: 1 });
      expect(refused.detail).not.toContain('secret');
    }
    expect(refuse('{"type":"contact","id":"a"} {}').code).toBe('ingest.bad_json');
    expect(refuse('{"type":"contact","id":"a","name":"tab\there"}').code).toBe('ingest.bad_json');
  });

  it('knows four ops', () => {
    expect(accept({ type: 'contact', id: 'a' }).op).toBe('upsert');
    expect(accept({ type: 'contact', id: 'a', op: 'delete', name: 7 }).op).toBe('delete');
    expect(accept({ type: 'contact', id: 'a', op: 'merge', into: 'b' }).into).toBe('b');
    expect(refuse({ type: 'contact', id: 'a', op: 'merge' })).toMatchObject({ field: 'into' });
    expect(refuse({ type: 'contact', id: 'a', op: 'merge', into: 'a' })).toMatchObject({ field: 'into' });
    expect(refuse({ type: 'ticket', id: 'a', op: 'merge', into: 'b' })).toMatchObject({ field: 'op' });
    expect(refuse({ type: 'contact', id: 'a', op: 'erase' })).toMatchObject({ field: 'op' });
    expect(refuse({ type: 'contact', id: 'a', op: 1 })).toMatchObject({ field: 'op' });
  });

  it('says in a patch which columns it gives', () => {
    const { shape, given, participants } = accept({
      type: 'conversation',
      id: 'c',
      op: 'patch',
      status: 'resolved',
      subject: null,
      created_at: null,
    });
    const names = shape.columns.filter((_, index) => (given / 2 ** index) % 2 >= 1).map(({ name }) => name);
    expect(names).toEqual(['status', 'subject']);
    expect(participants).toBeUndefined();
    expect(accept({ type: 'conversation', id: 'c' }).participants).toEqual([]);
  });

  it('keeps what it has no column for in attributes, nested where it was', () => {
    const { attributes } = valuesOf(
      accept({
        type: 'message',
        id: 'm',
        conversation_id: 'c',
        role: 'user',
        author: { id: 7, email: 'a@b.example' },
        mood: 'good',
        attributes: { mood: 'bad', kept: 1, author: { phone: '1' } },
      }),
    );
    expect(JSON.parse(attributes as string)).toEqual({
      mood: 'good',
      kept: 1,
      author: { phone: '1', email: 'a@b.example' },
    });
    expect(valuesOf(accept({ type: 'contact', id: 'a' }))['attributes']).toBe('{}');
    expect(refuse({ type: 'contact', id: 'a', attributes: [] })).toMatchObject({ field: 'attributes' });
    expect(refuse(withField('message', 'author', 'Ann'))).toMatchObject({ field: 'author' });
  });

  it('cannot reach prototypes by its keys', () => {
    const { attributes } = valuesOf(
      accept(
        '{"type":"contact","id":"a","__proto__":{"x":1},"constructor":2,"attributes":{"__proto__":{"y":1}}}',
      ),
    );
    expect(attributes).toBe('{"__proto__":{"y":1,"x":1},"constructor":2}');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('takes a flow’s version as it is', () => {
    expect(valuesOf(accept({ type: 'flow', id: 'f', version: '2.1-rc' }))['flow_version']).toBe('"2.1-rc"');
    expect(valuesOf(accept({ type: 'flow', id: 'f', version: 3 }))['flow_version']).toBe('3');
  });

  it('reads participants, of two with one contact the last', () => {
    const line = {
      type: 'conversation',
      id: 'c',
      participants: [{ contact_id: 'a', role: 'cc' }, { contact_id: 7 }, { contact_id: 'a', x: 1 }],
    };
    const record = accept(line);
    expect(record.participants).toEqual([
      ['a', null],
      ['7', null],
    ]);
    expect(valuesOf(record)['attributes']).toBe('{"participants":[{"contact_id":"a","x":1}]}');
    for (const bad of [{}, 'a', [1], [{}], [{ contact_id: '..' }], [{ contact_id: 'a', role: 1 }]]) {
      expect(refuse({ ...line, participants: bad }).field).toMatch(/^participants/);
    }
    expect(refuse({ type: 'ticket', id: 't', participants: 1, op: 'x' }).field).toBe('op');
  });

  it('says in a personal record whose it is', () => {
    expect(accept({ type: 'conversation', id: 'c', workspace_id: null, account_id: 'a' }).isPersonal).toBe(
      true,
    );
    expect(accept({ type: 'memory', id: 'm', scope: 'user', account_id: 'a' }).isPersonal).toBe(true);
    expect(accept({ type: 'memory', id: 'm', account_id: 'a' }).isPersonal).toBe(false);
    expect(accept({ type: 'conversation', id: 'c', workspace_id: null, op: 'delete' }).isPersonal).toBe(true);
    expect(refuse({ type: 'conversation', id: 'c', workspace_id: null })).toMatchObject({
      field: 'account_id',
    });
    expect(refuse({ type: 'contact', id: 'c', workspace_id: null })).toMatchObject({ field: 'workspace_id' });
    const personal = { type: 'conversation', id: 'c', workspace_id: null, account_id: 'a' };
    expect(refuse({ ...personal, contact_id: 'k' })).toMatchObject({ field: 'contact_id' });
    expect(refuse({ ...personal, participants: [{ contact_id: 'k' }] })).toMatchObject({
      field: 'participants',
    });
    expect(valuesOf(accept({ type: 'conversation', id: 'c', workspace_id: 'w' }))['attributes']).toBe(
      '{"workspace_id":"w"}',
    );
  });
});

describe('texts', () => {
  it.each([
    ['{"type":"contact","id":"a","name":"x\\u0000y"}', 'name'],
    ['{"type":"contact","id":"a","name":"x\u0000y"}', 'name'],
    ['{"type":"contact","id":"a","metadata":{"deep":[{"\\ud800":1}]}}', 'metadata.deep[0].\ufffd'],
    ['{"type":"contact","id":"a","metadata":{"deep":["ok","\\udfff"]}}', 'metadata.deep[1]'],
    ['{"type":"contact","id":"a","x\\u0000":1}', 'x\ufffd'],
    ['{"type":"contact","id":"a","tags":["\\uD83D"]}', 'tags[0]'],
    ['{"type":"contact","id":"a\\u0000"}', 'id'],
    ['\u0000{"type":"contact","id":"a"}', ''],
  ])('%j is refused by name, with its field', (line, field) => {
    const refused = refuse(line);
    expect(refused.code).toBe(field === '' ? 'ingest.bad_json' : 'ingest.bad_text');
    expect(refused.field).toBe(field);
  });

  it.each([
    '\u0001\u0008\u0015\u001c\u001d\u001e\u007f',
    '👩‍👩‍👧',
    '\u202eשלום',
    'a\r\nb',
    '\\.',
    '\\\\',
    '=1+1',
    '\uffff',
    '\ud83d\ude00',
  ])('%j is kept as it is', (text) => {
    expect(valuesOf(accept({ type: 'contact', id: 'a', name: text }))['name']).toBe(text);
    const escaped = JSON.stringify(text).replaceAll(
      /[^ -~]/g,
      (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    expect(valuesOf(accept(`{"type":"contact","id":"a","name":${escaped}}`))['name']).toBe(text);
  });

  it('hold up to 16 MiB, or what the setting says', () => {
    const body = 'é'.repeat(8 * 1024 * 1024);
    const line = (text: string) => JSON.stringify({ ...withField('message', 'body', text) });
    expect(valuesOf(accept(line(body)))['body']).toHaveLength(body.length);
    expect(refuse(line(`${body}x`))).toMatchObject({ code: 'ingest.text_too_long', field: 'body' });
    expect(parseLine(line('x'.repeat(11)), 1, 10)).toMatchObject({ code: 'ingest.text_too_long' });
    expect(isRejected(parseLine(line('x'.repeat(10)), 1, 10))).toBe(false);
    const metadata = { type: 'contact', id: 'a', metadata: { a: `${body}x` } };
    expect(refuse(metadata)).toMatchObject({ code: 'ingest.text_too_long', field: 'metadata' });
    expect(refuse({ ...metadata, metadata: {}, odd: `${body}x` }).field).toBe('attributes');
    expect(refuse({ type: 'contact', id: 'a', tags: [body, 'x'] }).field).toBe('tags');
    expect(refuse({ type: 'contact', id: 'a', email: 'x'.repeat(1025) }).field).toBe('email');
  });
});

describe('numbers', () => {
  it('that would lose digits are refused wherever they stand', () => {
    for (const [line, field] of [
      ['{"type":"contact","id":"a","metadata":{"order":9007199254740993}}', 'metadata.order'],
      ['{"type":"contact","id":"a","odd":[0.12345678901234567890]}', 'odd[0]'],
      ['{"type":"contact","id":"a","odd":1e400}', 'odd'],
      ['{"type":"contact","id":"a","metadata":{"a":1e-400}}', 'metadata.a'],
      ['{"type":"subscription","id":"a","account_id":"b","amount":19.990000000000000001}', 'amount'],
    ] as const) {
      expect(refuse(line)).toMatchObject({ code: 'ingest.bad_number', field });
    }
    expect(refuse('{"type":"contact","id":"a","version":9007199254740993}')).toMatchObject({
      code: 'ingest.bad_field',
      field: 'version',
    });
  });

  it('that keep their value are taken', () => {
    const record = accept(
      '{"type":"contact","id":"a","version":0,"metadata":{"a":1.50,"b":1e3,"c":-0.0,"d":"9007199254740993","e":0}}',
    );
    expect(valuesOf(record)['metadata']).toBe('{"a":1.5,"b":1000,"c":0,"d":"9007199254740993","e":0}');
  });
});

describe('nesting', () => {
  const nested = (depth: number) =>
    `{"type":"contact","id":"a","metadata":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`;

  it('goes a hundred levels deep and no deeper', () => {
    expect(isRejected(parse(nested(99)))).toBe(false);
    expect(refuse(nested(100)).code).toBe('ingest.too_deep');
    expect(refuse(nested(200_000)).code).toBe('ingest.too_deep');
    expect(refuse(`{"type":"contact","id":"a","x":${'['.repeat(60_000)}${']'.repeat(60_000)}}`).code).toBe(
      'ingest.too_deep',
    );
  });

  it('is not built up when a line holds millions of values', () => {
    const bomb = `{"type":"contact","id":"a","x":[${'[],'.repeat(2_000_000)}[]]}`;
    expect(refuse(bomb).code).toBe('ingest.too_deep');
    const list = `{"type":"contact","id":"a","name":"${',[{"'.replaceAll('"', '\\"').repeat(300_000)}"}`;
    expect(isRejected(parse(list))).toBe(false);
  });
});

describe('lines of bytes', () => {
  async function parseAll(...chunks: (Buffer | string)[]): Promise<ParsedLine[]> {
    async function* source() {
      for (const chunk of chunks) yield Buffer.from(chunk);
    }
    const parsed: ParsedLine[] = [];
    for await (const batch of splitLines(source(), 1000)) parsed.push(...parseLines(batch));
    return parsed;
  }

  it('end in LF or CRLF, may be blank, and start after a byte order mark', async () => {
    const parsed = await parseAll(
      '\ufeff{"type":"contact","id":"a"}\r\n\n  \n{"type":"con',
      'tact","id":"é"}',
    );
    expect(parsed.map((one) => [one.line, isRejected(one) ? one.code : one.id])).toEqual([
      [1, 'a'],
      [4, 'é'],
    ]);
    const [second] = (await parseAll('\n\ufeff{"type":"contact","id":"a"}\n')) as [RejectedLine];
    expect(second).toMatchObject({ line: 2, code: 'ingest.bad_json' });
  });

  it('that are not UTF-8 are refused alone', async () => {
    const bad = Buffer.concat([
      Buffer.from('{"type":"contact","id":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}\n'),
    ]);
    const overlong = Buffer.from([0x7b, 0xc0, 0x80, 0x7d, 0x0a]);
    const surrogate = Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22, 0x0a]);
    const good = '{"type":"contact","id":"ü"}\n';
    const parsed = await parseAll(
      Buffer.concat([Buffer.from(good), bad, overlong, surrogate, Buffer.from(good)]),
    );
    expect(parsed.map((one) => (isRejected(one) ? one.code : one.id))).toEqual([
      'ü',
      'ingest.bad_text',
      'ingest.bad_text',
      'ingest.bad_text',
      'ü',
    ]);
  });

  it('over the limit are refused by name and passed by', async () => {
    const parsed = await parseAll('x'.repeat(700), 'x'.repeat(700), '\n{"type":"contact","id":"a"}\n');
    expect(parsed).toMatchObject([
      { line: 1, code: 'ingest.line_too_long' },
      { line: 2, id: 'a' },
    ]);
  });

  it('that end an export are passed by', async () => {
    expect(await parseAll('{"_end":true,"records":0,"sha256":"00"}\n')).toEqual([]);
  });
});
