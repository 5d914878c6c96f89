import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, plantMember } from '../support/people.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// What a thread on the screen needs beside the messages: events, files and their bytes, and words to filter by.

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let key: { authorization: string };
let admin: Person;
let editor: Person;
let agent: Person;

const SOUND = Buffer.from(Array.from({ length: 50_000 }, (_, i) => i % 251));
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const at = (minute: number) => `2026-03-01T10:${String(minute).padStart(2, '0')}:00Z`;

const file = (id: string, more: object) => ({ type: 'file', id, created_at: at(5), ...more });
const RECORDS = [
  { type: 'contact', id: 'c1', kind: 'customer', name: 'Ann' },
  {
    type: 'conversation',
    id: 'v1',
    contact_id: 'c1',
    channel: 'voice',
    priority: 'high',
    tags: ['vip', 'refund'],
    assigned_agent: { id: 'tm-1', name: 'Mirela' },
    created_at: at(0),
  },
  { type: 'conversation', id: 'v2', channel: 'email', tags: ['vip'], audience: 'secret', created_at: at(1) },
  { type: 'message', id: 'm1', conversation_id: 'v1', role: 'user', body: 'Hello', created_at: at(1) },
  {
    type: 'message',
    id: 'm2',
    conversation_id: 'v1',
    role: 'teammate',
    is_internal: true,
    body: 'A note',
    created_at: at(2),
  },
  ...['created', 'claimed', 'resolved'].map((kind, i) => ({
    type: 'event',
    id: `e${i}`,
    conversation_id: 'v1',
    kind,
    at: at(i),
    actor: { type: 'user', name: 'Mirela' },
  })),
  file('call', {
    kind: 'recording',
    name: '通話 "1".wav',
    media_type: 'audio/wav',
    conversation_id: 'v1',
    message_id: 'm1',
  }),
  file('script', { kind: 'upload', name: 'x.js', media_type: 'text/javascript', conversation_id: 'v1' }),
  file('noted', { name: 'n.txt', media_type: 'text/plain', conversation_id: 'v1', message_id: 'm2' }),
  file('never', { name: 'gone.png', conversation_id: 'v1' }),
  file('other', { name: 'o.txt', conversation_id: 'v2' }),
];

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace('parts');
  const ingest = await server.authorize(workspaceId, ['ingest']);
  const send = async (method: string, path: string, body: string | Buffer, type: string) => {
    const reply = await fetch(server.url + path, {
      method,
      headers: { ...ingest, 'content-type': type },
      body,
    });
    expect(reply.status, await reply.text()).toBe(200);
  };
  const lines = RECORDS.map((record) => `${JSON.stringify(record)}\n`).join('');
  await send('POST', '/v1/ingest', lines, 'application/x-ndjson');
  for (const id of ['call', 'script', 'noted', 'other'])
    await send('PUT', `/v1/files/${id}/content`, SOUND, 'application/octet-stream');
  key = await server.authorize(workspaceId, ['conversations:read']);
  admin = await plantMember(db, workspaceId, 'admin');
  editor = await plantMember(db, workspaceId, 'editor', { audiences: ['public'] });
  agent = await plantMember(db, workspaceId, 'agent');
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

async function ask(path: string, headers: Record<string, string> = key) {
  const reply = await fetch(server.url + path, { headers });
  const bytes = Buffer.from(await reply.arrayBuffer());
  return {
    status: reply.status,
    headers: reply.headers,
    bytes,
    // oxlint-disable-next-line typescript/no-explicit-any -- tests look into whatever came
    json: () => JSON.parse(bytes.toString()) as any,
  };
}
async function idsOf(list: 'events' | 'files', who: Record<string, string>): Promise<string[]> {
  const { status, json } = await ask(`/v1/conversations/v1/${list}`, who);
  expect(status).toBe(200);
  return (json()[list] as { id: string }[]).map(({ id }) => id);
}

test('events and files of a conversation come in order, page by page', async () => {
  expect(await idsOf('events', key)).toEqual(['e0', 'e1', 'e2']);
  const first = (await ask('/v1/conversations/v1/events?limit=2')).json();
  expect(first.events[1]).toMatchObject({ kind: 'claimed', actor: { name: 'Mirela' }, before: null });
  expect(first.events[0]).not.toHaveProperty('conversation_id');
  const next = (await ask(`/v1/conversations/v1/events?cursor=${first.next_cursor}`)).json();
  expect(next).toMatchObject({ events: [{ id: 'e2' }], next_cursor: null });
  expect((await ask(`/v1/conversations/v1/files?cursor=${first.next_cursor}`)).status).toBe(400);

  const { files } = (await ask('/v1/conversations/v1/files')).json();
  const stored = Object.fromEntries(
    (files as { id: string; content_bytes: number | null }[]).map((one) => [one.id, one.content_bytes]),
  );
  expect(stored).toEqual({ call: SOUND.length, script: SOUND.length, noted: SOUND.length, never: null });
});

test('who sees nothing internal sees no events, no file of a note, and does not get its bytes', async () => {
  expect(await idsOf('events', admin.headers)).toHaveLength(3);
  expect(await idsOf('events', editor.headers)).toHaveLength(3);
  expect(await idsOf('events', agent.headers)).toEqual([]);
  expect(await idsOf('files', admin.headers)).toContain('noted');
  expect(await idsOf('files', agent.headers)).toEqual(['call', 'never', 'script']);
  expect((await ask('/v1/files/noted/content', admin.headers)).status).toBe(200);
  const refused = await ask('/v1/files/noted/content', agent.headers);
  expect([refused.status, refused.json().code]).toEqual([404, 'files.not_found']);
});

test('another audience’s, a file without bytes and an unknown one are not found', async () => {
  for (const list of ['events', 'files'])
    expect((await ask(`/v1/conversations/v2/${list}`, editor.headers)).json()).toMatchObject({
      code: 'records.not_found',
    });
  expect((await ask('/v1/files/other/content', editor.headers)).json().code).toBe('files.not_found');
  expect((await ask('/v1/files/other/content', admin.headers)).status).toBe(200);
  expect((await ask('/v1/files/nothing/content')).json().code).toBe('files.not_found');
  const missing = await ask('/v1/files/never/content');
  expect([missing.status, missing.json().code]).toEqual([404, 'files.no_content']);
});

test('bytes come whole or as a range, under their name, as what a player takes', async () => {
  const whole = await ask('/v1/files/call/content');
  expect(whole.status).toBe(200);
  expect(sha256(whole.bytes)).toBe(sha256(SOUND));
  expect(whole.headers.get('content-type')).toBe('audio/wav');
  expect(whole.headers.get('etag')).toBe(`"${sha256(SOUND)}"`);
  expect(whole.headers.get('content-disposition')).toBe(
    `attachment; filename="__ _1_.wav"; filename*=UTF-8''%E9%80%9A%E8%A9%B1%20%221%22.wav`,
  );
  expect(whole.headers.get('content-security-policy')).toContain('sandbox');
  const part = await ask('/v1/files/call/content', { ...key, range: 'bytes=100-199' });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 100-199/${SOUND.length}`]);
  expect(part.bytes.equals(SOUND.subarray(100, 200))).toBe(true);
  expect((await ask('/v1/files/call/content', { ...key, range: 'bytes=50000-' })).status).toBe(416);
});

test('what somebody uploaded cannot be a script of ours, and other sites cannot fetch it', async () => {
  const { headers } = await ask('/v1/files/script/content');
  expect(headers.get('content-type')).toBe('application/octet-stream');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  const abroad = await ask('/v1/files/call/content', { ...admin.headers, 'sec-fetch-site': 'cross-site' });
  expect(abroad.status).toBe(403);
});

test('words to filter by are those of conversations within reach, the usual ones first', async () => {
  const all = (await ask('/v1/conversation-values')).json();
  expect(all).toEqual({
    channel: [
      { value: 'email', name: null },
      { value: 'voice', name: null },
    ],
    priority: [{ value: 'high', name: null }],
    audience: [
      { value: 'public', name: null },
      { value: 'secret', name: null },
    ],
    tag: [
      { value: 'vip', name: null },
      { value: 'refund', name: null },
    ],
    assignee: [{ value: 'tm-1', name: 'Mirela' }],
  });
  const reached = (await ask('/v1/conversation-values', editor.headers)).json();
  expect(reached).toMatchObject({ channel: [{ value: 'voice' }], audience: [{ value: 'public' }] });
});
