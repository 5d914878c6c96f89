import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// Contract §6: what a text may hold comes out byte for byte; what it may not is refused by name.

let db: TestDatabase;
let server: TestServer;
let headers: Record<string, string>;

const TEXTS: Record<string, string> = {
  'control characters': 'a\x01\x08\x15\x1c\x1d\x1e\x1f\x7f\x80z',
  'COPY’s own marks': '\\.\n\\N\t\\\\ \\x41 \\',
  'line breaks': 'one\r\ntwo\nthree\rfour\u2028five\u2029six',
  'quotes and commas': `"a", 'b', ""c"", ;d`,
  formula: '=1+1',
  'other formulas': '+49 170\t-12.5 @cmd',
  'emoji with joiners': '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇩🇪',
  'right to left': 'שלום \u202eabc\u202c مرحبا \u200f',
  'combining and wide': 'Zoe\u0301 Zoé ﾊﾝｶｸ 漢字 ไทย हिन्दी',
  'astral and edges': '\u{10ffff}\u{1f600}\ufffd\uffff\u0800\u07ff',
  'JSON in text': '{"a":"\\u0041\\n","b":[1,2]}',
  'byte order mark': '\ufeffstarts with one',
  spaces: '  leading and trailing  ',
  empty: '',
  '10 MB': 'ä"\n\\'.repeat(2_000_000),
};
/** Ids that records may have, however odd. */
const IDS = [
  '...',
  'a b/c?d=e&f#g%',
  '+15550100',
  'zoe\u0301',
  'ünïcödé',
  '{"x":1}',
  "'; drop table messages; --",
  'x'.repeat(255),
];

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  const workspaceId = await db.createWorkspace('nasty');
  headers = await server.authorize(workspaceId, ['ingest', 'export:create']);
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

interface Answer {
  accepted: { inserted: number };
  rejected_count: number;
  rejected: { line: number; code: string; field?: string }[];
}

async function ingest(...lines: (object | string | Buffer)[]): Promise<Answer> {
  const parts = lines.map((line) =>
    Buffer.isBuffer(line) || typeof line === 'string' ? Buffer.from(line) : Buffer.from(JSON.stringify(line)),
  );
  const body = Buffer.concat(parts.flatMap((part) => [part, Buffer.from('\n')]));
  const reply = await fetch(`${server.url}/v1/ingest`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
    body,
  });
  expect(reply.status).toBe(200);
  return (await reply.json()) as Answer;
}

const getText = async (path: string) => (await fetch(server.url + path, { headers })).text();

test('texts come out of every format as they went in', async () => {
  const entries = Object.entries(TEXTS);
  const answer = await ingest(
    {
      type: 'conversation',
      id: 'texts',
      subject: TEXTS['quotes and commas'],
      created_at: '2026-01-01T00:00:00Z',
    },
    ...entries.map(([name, body], index) => ({
      type: 'message',
      id: name,
      conversation_id: 'texts',
      role: 'user',
      body,
      created_at: new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString(),
      unknown_field: body.slice(0, 100),
    })),
  );
  expect(answer.rejected).toEqual([]);
  type Message = { id: string; body: string; attributes: { unknown_field: string } };
  const asJson = JSON.parse(await getText('/v1/conversations/texts/export')) as {
    conversation: { messages: Message[] };
  };
  const asLines = (await getText('/v1/workspace/export?format=ndjson'))
    .split('\n')
    .filter((line) => line.startsWith('{"type":"message"'));
  const rows = parse(await getText('/v1/conversations/export?format=csv&mode=messages'), {
    columns: true,
  }) as Record<string, string>[];
  for (const [index, [name, text]] of entries.entries()) {
    const message = asJson.conversation.messages[index]!;
    expect(message.id).toBe(name);
    expect(message.body === text, name).toBe(true);
    expect(message.attributes.unknown_field, name).toBe(text.slice(0, 100));
    expect((JSON.parse(asLines[index]!) as Message).body === text, name).toBe(true);
    expect(rows[index]!['body'] === text, `${name} in CSV`).toBe(true);
  }
});

test('odd ids are taken as they are and work in addresses', async () => {
  const answer = await ingest(...IDS.map((id) => ({ type: 'contact', id, name: 'odd' })), {
    type: 'contact',
    id: 12345,
    name: 'number',
  });
  expect(answer).toMatchObject({ rejected_count: 0, accepted: { inserted: IDS.length + 1 } });
  for (const id of [...IDS, '12345']) {
    const reply = await fetch(`${server.url}/v1/contacts/${encodeURIComponent(id)}/export`, { headers });
    expect(reply.status, id).toBe(200);
    expect(((await reply.json()) as { contact: { id: string } }).contact.id).toBe(id);
  }
});

test.each<[string, string | object | Buffer, string]>([
  ['an escaped NUL', '{"type":"contact","id":"n1","name":"a\\u0000b"}', 'ingest.bad_text'],
  ['a raw NUL', Buffer.from('{"type":"contact","id":"n2","name":"a\0b"}'), 'ingest.bad_text'],
  ['a NUL in a nested key', '{"type":"contact","id":"n3","metadata":{"a\\u0000":1}}', 'ingest.bad_text'],
  ['a lone high surrogate', '{"type":"contact","id":"n4","name":"\\ud83d"}', 'ingest.bad_text'],
  ['a lone low surrogate', '{"type":"contact","id":"n5","name":"\\ude00x"}', 'ingest.bad_text'],
  [
    'invalid UTF-8',
    Buffer.concat([
      Buffer.from('{"type":"contact","id":"n6","name":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}'),
    ]),
    'ingest.bad_text',
  ],
  [
    'an overlong encoding',
    Buffer.concat([
      Buffer.from('{"type":"contact","id":"n7","name":"'),
      Buffer.from([0xc0, 0xaf]),
      Buffer.from('"}'),
    ]),
    'ingest.bad_text',
  ],
  ['the id ..', { type: 'contact', id: '..' }, 'ingest.bad_id'],
  ['the id .', { type: 'contact', id: '.' }, 'ingest.bad_id'],
  ['the id export', { type: 'contact', id: 'export' }, 'ingest.bad_id'],
  ['the id preview', { type: 'contact', id: 'preview' }, 'ingest.bad_id'],
  ['an id of 6 kB', { type: 'contact', id: 'x'.repeat(6000) }, 'ingest.bad_id'],
  ['an empty id', { type: 'contact', id: '' }, 'ingest.bad_id'],
  ['an id with a control character', { type: 'contact', id: 'a\u0008b' }, 'ingest.bad_id'],
  ['an id beyond safe integers', '{"type":"contact","id":9007199254740993}', 'ingest.bad_id'],
  ['an unknown type', { type: 'diary', id: 'd1' }, 'ingest.unknown_type'],
  ['no type', { id: 'd2' }, 'ingest.unknown_type'],
  ['a wrong status', { type: 'conversation', id: 'd3', status: 'sleeping' }, 'ingest.bad_field'],
  [
    'a time in the year 12026',
    { type: 'contact', id: 'd4', created_at: '+012026-01-01T00:00:00Z' },
    'ingest.bad_field',
  ],
  ['no JSON', 'hello', 'ingest.bad_json'],
  ['a list', '[1,2]', 'ingest.bad_json'],
  [
    'a body over 16 MiB',
    { type: 'message', id: 'd5', conversation_id: 'texts', role: 'user', body: 'x'.repeat(17 * 1024 * 1024) },
    'ingest.text_too_long',
  ],
])('%s is refused by name, and its neighbours are taken', async (what, line, code) => {
  const neighbour = { type: 'contact', id: `beside ${what}` };
  const answer = await ingest(neighbour, line);
  expect(answer.rejected.map((rejection) => [rejection.line, rejection.code])).toEqual([[2, code]]);
  expect(answer.accepted.inserted).toBe(1);
});

test('times of far past and far future come out as they went in', async () => {
  const times = ['0001-01-01T00:00:00.000Z', '1969-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'];
  await ingest(...times.map((time, index) => ({ type: 'contact', id: `time ${index}`, created_at: time })));
  for (const [index, time] of times.entries()) {
    const document = JSON.parse(
      await getText(`/v1/contacts/${encodeURIComponent(`time ${index}`)}/export`),
    ) as { contact: { created_at: string } };
    expect(document.contact.created_at).toBe(time);
  }
});

test('messages that answer each other in a circle are kept and exported', async () => {
  await ingest(
    { type: 'conversation', id: 'circle' },
    { type: 'message', id: 'c1', conversation_id: 'circle', role: 'user', body: 'one', in_reply_to: 'c2' },
    { type: 'message', id: 'c2', conversation_id: 'circle', role: 'user', body: 'two', in_reply_to: 'c1' },
  );
  const document = JSON.parse(await getText('/v1/conversations/circle/export')) as {
    counts: Record<string, number>;
  };
  expect(document.counts['messages']).toBe(2);
});
