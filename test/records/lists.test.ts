import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let key: { authorization: string };
let editor: Person;
let agent: Person;
let viewer: Person;

const CONVERSATIONS = 25;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace('lists');
  const foreign = await db.createWorkspace('foreign');
  await plantRecords(db, workspaceId, { conversations: CONVERSATIONS, messagesEach: 12 });
  await plantRecords(db, foreign, { conversations: CONVERSATIONS + 1, messagesEach: 1 });
  await db.asSuperuser(
    `update conversations set audience = case when right(id, 1) in ('1', '2') then 'vip' else 'public' end,
        channel = case when id = 'v3' then 'whatsapp' else channel end,
        priority = case when id in ('v4', 'v5') then 'urgent' end,
        assigned_agent_id = case when id = 'v6' then 'ann' end,
        tags = case when id = 'v7' then array['vip', 'late'] else tags end,
        -- What a parsed and written number would not survive, and text that JSON must escape.
        metadata = case when id = 'v8' then '{"exact": 12345678901234567890.10, "text": "a\\"b\\\\ \\u2028 é"}' else metadata end,
        created_at = case when id in ('v9', 'v10', 'v11') then timestamptz '2025-01-01T00:09:00.123456Z' else created_at end
      where workspace_id = '${workspaceId}'`,
  );
  await db.asSuperuser(
    `update contacts set notes = 'the team on ' || id, metadata = '{"n": 1.50}', tags = array['beta']
      where workspace_id = $1 and id in ('c1', 'c3')`,
    [workspaceId],
  );
  key = await server.authorize(workspaceId, ['contacts:read', 'conversations:read', 'export:create']);
  editor = await plantMember(db, workspaceId, 'editor', { audiences: ['vip'] });
  agent = await plantMember(db, workspaceId, 'agent');
  viewer = await plantMember(db, workspaceId, 'viewer');
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

interface Listed {
  id: string;
  audience: string;
  created_at: string;
  is_internal?: boolean;
  [key: string]: unknown;
}
interface Answer {
  conversations: Listed[];
  contacts: Listed[];
  messages: Listed[];
  next_cursor: string | null;
  count?: number;
}

async function ask(path: string, headers: Record<string, string> = key) {
  const reply = await fetch(server.url + path, { headers });
  const text = await reply.text();
  return {
    status: reply.status,
    text,
    link: reply.headers.get('link'),
    json: () => JSON.parse(text) as Answer,
  };
}

/** Walks all pages by their Link headers. */
async function walk(path: string, list: 'conversations' | 'contacts' | 'messages', headers = key) {
  const records: Listed[] = [];
  let pages = 0;
  for (let next: string | undefined = path; next !== undefined; pages++) {
    const { status, link, json } = await ask(next, headers);
    expect(status).toBe(200);
    records.push(...json()[list]);
    expect(link === null).toBe(json().next_cursor === null);
    next = link === null ? undefined : /^<([^>]+)>; rel="next"$/.exec(link)![1];
  }
  return { records, pages };
}

const ids = (records: readonly Listed[]) => records.map(({ id }) => id);

describe('pages', () => {
  test('walking the pages of any size gives every conversation once, newest first, ties by id', async () => {
    const expected = await db.asSuperuser<{ id: string }>(
      `select id from conversations where workspace_id = $1 order by created_at desc, id desc`,
      [workspaceId],
    );
    for (const limit of [1, 3, 25, 100]) {
      const { records, pages } = await walk(`/v1/conversations?limit=${limit}`, 'conversations');
      expect(ids(records), `limit ${limit}`).toEqual(expected.map(({ id }) => id));
      expect(pages).toBe(Math.ceil(CONVERSATIONS / limit));
    }
    expect((await ask('/v1/conversations')).json().conversations).toHaveLength(20);
  });

  test('contacts come newest first, page by page', async () => {
    const { records } = await walk('/v1/contacts?limit=7', 'contacts');
    expect(ids(records)).toEqual(Array.from({ length: CONVERSATIONS }, (_, i) => `c${CONVERSATIONS - i}`));
  });

  test('messages come oldest first, page by page', async () => {
    const { records } = await walk('/v1/conversations/v2/messages?limit=5', 'messages');
    expect(ids(records)).toEqual(Array.from({ length: 12 }, (_, i) => `m2-${i + 1}`));
  });

  test('a record that arrives while somebody turns pages neither doubles nor hides another', async () => {
    const first = await ask('/v1/conversations?limit=10');
    await db.asSuperuser(
      `insert into conversations (workspace_id, id, ref, status, created_at, written_at, changed_epoch, changed_xid)
       values ($1, 'late', 'cnv_late', 'open', now(), now(), 1, pg_current_xact_id())`,
      [workspaceId],
    );
    const { records } = await walk(
      `/v1/conversations?limit=10&cursor=${first.json().next_cursor}`,
      'conversations',
    );
    await db.asSuperuser(`delete from conversations where id = 'late'`);
    const all = [...ids(first.json().conversations), ...ids(records)];
    expect(new Set(all).size).toBe(CONVERSATIONS);
    expect(all).toHaveLength(CONVERSATIONS);
  });

  test('the count is there, exact, only when it is asked for', async () => {
    expect((await ask('/v1/conversations?limit=2')).json()).not.toHaveProperty('count');
    expect((await ask('/v1/conversations?limit=2&count=true')).json().count).toBe(CONVERSATIONS);
    expect((await ask('/v1/conversations?priority=urgent&count=true')).json().count).toBe(2);
    expect((await ask('/v1/contacts?tag=beta&count=true')).json().count).toBe(2);
  });

  test('a page of huge messages ends early instead of filling the memory; the next goes on', async () => {
    await db.asSuperuser(
      `update messages set body = repeat('x', 3000000)
        where workspace_id = $1 and conversation_id = 'v9' and id <> 'm9-12'`,
      [workspaceId],
    );
    const first = (await ask('/v1/conversations/v9/messages?limit=100')).json();
    expect(first.messages.length).toBeLessThan(12);
    expect(first.next_cursor).not.toBeNull();
    const { records } = await walk('/v1/conversations/v9/messages?limit=100', 'messages');
    expect(ids(records)).toEqual(Array.from({ length: 12 }, (_, i) => `m9-${i + 1}`));
  });

  test.each([
    'garbage',
    '%00',
    '',
    Buffer.from('["conversations"]').toString('base64url'),
    Buffer.from('["conversations","2025-02-31T00:00:00.000000Z","v1"]').toString('base64url'),
    Buffer.from('["conversations","0000-01-01T00:00:00.000000Z","v1"]').toString('base64url'),
    Buffer.from(`["conversations","now'","v1"]`).toString('base64url'),
    Buffer.from('["conversations","2025-01-01T00:00:00.000000Z","\\u0000"]').toString('base64url'),
    Buffer.from('["conversations", "2025-01-01T00:00:00.000000Z", "v1"]').toString('base64url'),
    Buffer.from('["contacts","2025-01-01T00:00:00.000000Z","c1"]').toString('base64url'),
  ])('the cursor %j is refused by name', async (cursor) => {
    const { status, text } = await ask(`/v1/conversations?cursor=${cursor}`);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      code: 'http.bad_request',
      errors: [{ pointer: 'cursor' }],
    });
  });

  test.each(['limit=0', 'limit=101', 'limit=-1', 'limit=1e9', 'limit=x', 'count=yes', 'statuss=open'])(
    '%s is refused, naming it',
    async (query) => {
      for (const path of ['/v1/conversations', '/v1/contacts']) {
        const { status, text } = await ask(`${path}?${query}`);
        expect(status).toBe(400);
        expect(JSON.parse(text)).toMatchObject({ errors: [{ pointer: query.split('=')[0] }] });
      }
    },
  );

  test.each(['0000-01-01', '2025-01-01T00:00:00%2B23:00', '2025-13-01', 'yesterday'])(
    'the time %s is refused, by lists and exports alike',
    async (since) => {
      for (const path of ['/v1/conversations', '/v1/contacts', '/v1/conversations/export']) {
        const { status, text } = await ask(`${path}?since=${since}`);
        expect(status).toBe(400);
        expect(JSON.parse(text)).toMatchObject({ errors: [{ pointer: 'since' }] });
      }
    },
  );
});

describe('filters', () => {
  test.each([
    ['status=open', 12],
    ['status=open&status=resolved', 25],
    ['channel=whatsapp', 1],
    ['priority=urgent', 2],
    ['assignee=ann', 1],
    ['tag=vip', 25],
    ['tag=vip&tag=late', 1],
    ['tag=late&tag=billing', 0],
    ['audience=vip', 6],
    ['audience=vip&status=open', 3],
    ['email=U5@Example.com', 1],
    ['since=2025-01-01T00:20:00Z', 6],
    ['since=2025-01-01T00:20:00Z&until=2025-01-01T00:22:00Z', 2],
    ['since=2026-01-01', 0],
    [`email='; drop table contacts; --`, 0],
  ])('%s lists what the export of the same filter holds', async (query, expected) => {
    const listed = await walk(`/v1/conversations?${query}`, 'conversations');
    const exported = (await ask(`/v1/conversations/export?${query}`)).json() as unknown as Listed[];
    expect(listed.records).toHaveLength(expected);
    expect(ids(listed.records).sort()).toEqual(ids(exported).sort());
    expect((await ask(`/v1/conversations?${query}&count=true`)).json().count).toBe(expected);
  });

  test('a client that says its workspace (V-17) lists that one; any other is not found, be it there or not', async () => {
    const named = await ask(`/v1/conversations?workspace_id=${workspaceId}&count=true`);
    expect(named.json().count).toBe(CONVERSATIONS);
    const [foreign] = await db.asSuperuser<{ id: string }>(
      `select id from workspaces where slug = 'foreign'`,
    );
    for (const id of [foreign!.id, 'wsp_unknown', ''])
      expect((await ask(`/v1/conversations?workspace_id=${id}`)).status).toBe(404);
  });

  test.each([
    ['email=U3@EXAMPLE.com', ['c3']],
    ['tag=beta', ['c3', 'c1']],
    ['tag=beta&tag=none', []],
    ['kind=lead', []],
    ['kind=lead&kind=customer&until=2025-01-01T00:03:00Z', ['c2', 'c1']],
    ['external_id=nobody', []],
  ])('contacts: %s', async (query, expected) => {
    expect(ids((await ask(`/v1/contacts?${query}`)).json().contacts)).toEqual(expected);
  });
});

describe('records look as the export writes them', () => {
  test('a conversation: every key, order and byte of its value, without the lists of its messages', async () => {
    for (const id of ['v1', 'v8', 'v9']) {
      const one = await ask(`/v1/conversations/${id}`);
      const whole = await ask(`/v1/conversations/${id}/export`);
      const bytes = one.text.slice(0, -1); // the export's object goes on with its lists
      expect(whole.text).toContain(bytes);
      const { conversation } = JSON.parse(whole.text) as { conversation: Record<string, unknown> };
      const { messages, replies, citations, events, files, ...columns } = conversation;
      expect([messages, replies, citations, events, files].every(Array.isArray)).toBe(true);
      expect(one.json()).toEqual(columns);
      const listed = (await ask('/v1/conversations?limit=100')).text;
      expect(listed).toContain(one.text);
    }
    expect((await ask('/v1/conversations/v8')).text).toContain('12345678901234567890.10');
  });

  test('messages: as in the export’s messages and replies', async () => {
    const listed = (await ask('/v1/conversations/v2/messages?limit=100')).json().messages;
    const { conversation } = (await ask('/v1/conversations/v2/export')).json() as unknown as {
      conversation: { messages: Listed[]; replies: Listed[] };
    };
    const exported = [...conversation.messages, ...conversation.replies];
    expect(listed).toHaveLength(12);
    expect(listed.toSorted(byId)).toEqual(exported.toSorted(byId));
    expect(new Set(listed.map(({ role }) => role))).toEqual(new Set(['user', 'assistant', 'teammate']));
    expect(listed.find(({ id }) => id === 'm2-2')?.['citations']).toEqual([
      { url: 'https://example.com/a', title: 'A' },
    ]);
  });

  test('a contact: as in the workspace’s and the person’s export, and the same values as the table of contacts', async () => {
    const one = await ask('/v1/contacts/c1');
    expect((await ask('/v1/workspace/export')).text).toContain(one.text);
    expect((await ask('/v1/contacts/c1/export')).text).toContain(one.text);
    expect((await ask('/v1/contacts?limit=100')).text).toContain(one.text);
    const table = (await ask('/v1/contacts/export?format=json')).json() as unknown as Listed[];
    const { type, account_id, ...row } = table.find(({ id }) => id === 'c1')!;
    expect(one.json()).toMatchObject({ ...row, kind: type, account_ref: account_id });
  });

  test('the API’s description names the fields of the catalogue', async () => {
    const { components } = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
      components: { schemas: Record<string, { properties: Record<string, unknown>; required: string[] }> };
    };
    const of = (name: string) => Object.keys(components.schemas[name]!.properties);
    expect(of('Conversation').sort()).toEqual(Object.keys((await ask('/v1/conversations/v1')).json()).sort());
    expect(of('Contact').sort()).toEqual(Object.keys((await ask('/v1/contacts/c1')).json()).sort());
    expect(of('Message')).toContain('is_internal');
    expect(components.schemas['Contact']!.required).not.toContain('notes');
  });
});

describe('who sees what', () => {
  test('an editor lists and counts the conversations of their audiences and no others', async () => {
    const all = await walk('/v1/conversations?limit=100', 'conversations');
    const mine = await walk('/v1/conversations?limit=4', 'conversations', editor.headers as never);
    const vip = all.records.filter(({ audience }) => audience === 'vip');
    expect(mine.records).toEqual(vip);
    expect(vip.length).toBe(6);
    const counted = await ask('/v1/conversations?count=true&status=open&status=resolved', editor.headers);
    expect(counted.json().count).toBe(6);
    const other = await ask('/v1/conversations?audience=public', editor.headers);
    expect(other.json().conversations).toEqual([]);
  });

  test('an editor lists the contacts of those conversations only', async () => {
    const { records } = await walk('/v1/contacts?limit=100', 'contacts', editor.headers as never);
    expect(ids(records).sort()).toEqual(['c1', 'c11', 'c12', 'c2', 'c21', 'c22']);
    expect(records.find(({ id }) => id === 'c1')?.['notes']).toBe('the team on c1');
  });

  test('another workspace’s id, one of another audience and an unknown one are the same 404', async () => {
    const asked = [
      ['/v1/conversations/v26', key],
      ['/v1/conversations/v3', editor.headers],
      ['/v1/conversations/v3/messages', editor.headers],
      ['/v1/contacts/c3', editor.headers],
      ['/v1/contacts/c26', key],
    ] as const;
    for (const [path, headers] of asked) {
      const there = await ask(path, { ...headers });
      const unknown = await ask(path.replace(/[vc]\d\d?(?=\/|$)(?<!\/v1)/, 'nobody'), { ...headers });
      const bare = (text: string) => text.replaceAll(/req_[a-z0-9]+/g, '').replaceAll(/[vc]\d+|nobody/g, '');
      expect(there.status, path).toBe(404);
      expect(bare(there.text)).toBe(bare(unknown.text));
    }
  });

  test('agents and viewers see no internal note, and no team’s notes on a contact', async () => {
    for (const { headers } of [agent, viewer]) {
      const { messages } = (await ask('/v1/conversations/v2/messages?limit=100', headers)).json();
      expect(messages).toHaveLength(11);
      expect(messages.filter(({ is_internal }) => is_internal)).toEqual([]);
      for (const path of ['/v1/contacts/c1', '/v1/contacts?limit=100']) {
        const { status, text } = await ask(path, headers);
        expect(status).toBe(200);
        expect(text).not.toContain('the team on');
        expect(text).not.toContain('"notes"');
      }
    }
    const { messages } = (await ask('/v1/conversations/v2/messages?limit=100', editor.headers)).json();
    expect(messages.filter(({ is_internal }) => is_internal).map(({ id }) => id)).toEqual(['m2-10']);
  });

  test('a key sees only what its scopes name', async () => {
    const contacts = await server.authorize(workspaceId, ['contacts:read']);
    const conversations = await server.authorize(workspaceId, ['conversations:read']);
    const status = async (path: string, headers: Record<string, string>) => (await ask(path, headers)).status;
    expect(await status('/v1/contacts', contacts)).toBe(200);
    expect(await status('/v1/conversations', contacts)).toBe(403);
    expect(await status('/v1/conversations/v1/messages', contacts)).toBe(403);
    expect(await status('/v1/conversations', conversations)).toBe(200);
    expect(await status('/v1/contacts', conversations)).toBe(403);
    expect(await status('/v1/contacts', {})).toBe(401);
  });
});

function byId(a: Listed, b: Listed): number {
  return a.id < b.id ? -1 : 1;
}
