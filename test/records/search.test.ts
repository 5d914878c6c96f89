import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conversationCondition } from '../../src/catalog/conversation-filter.ts';
import { pageSql } from '../../src/catalog/stream-sql.ts';
import { type Scope, scopeStatement } from '../../src/database/scope.ts';
import { conversationRecords } from '../../src/records/lists/list-schemas.ts';
import { selectVisible } from '../../src/records/lists/read-page.ts';
import { plantMember } from '../support/people.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// V-17, V-18: full text over messages (migration 0011), in every script, within one's scope, by its index.

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let foreign: string;
let key: Record<string, string>;

/** What is said in each conversation, a message each; `note:` an internal one. */
const SAID: Readonly<Record<string, string[]>> = {
  latin: [
    'Where is my Refund for order A-1009?',
    'See https://shop.example.com/orders/77, or ask ann.lee@example.com',
  ],
  accents: ['Das Café in der Straße war „geschlossen“', 'ÉTÉ à Montréal — Łódź, İzmir'],
  split: ['first half', 'second part'],
  chinese: ['我想退款，谢谢', 'iPhone手机坏了'],
  turned: ['款退想我'],
  japanese: ['返金をお願いします。ｶﾀｶﾅ 人々'],
  korean: ['환불해주세요 빨리'],
  thai: ['ฉันต้องการคืนเงินครับ'],
  arabic: ['أريد استرداد أموالي، من فضلك؟'],
  hebrew: ['אני רוצה החזר כספי'],
  hindi: ['मुझे पैसे वापस चाहिए'],
  markup: ['<p>paid &amp; shipped</p>', "it's 100% done; drop table messages; --"],
  noted: ['hello', 'note: secretword about them'],
  vip: ['vipword'],
  empty: [''],
};

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_REQUESTS_PER_MINUTE: '0' });
  workspaceId = await db.createWorkspace('searched');
  foreign = await db.createWorkspace('foreign');
  await ingest(workspaceId, SAID);
  await ingest(foreign, { theirs: ['refund foreignword 退款'] });
  key = { ...(await server.authorize(workspaceId, ['conversations:read', 'ingest'])) };
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

async function ingest(workspace: string, said: Readonly<Record<string, string[]>>) {
  const lines = Object.entries(said).flatMap(([id, bodies]) => [
    { type: 'conversation', id, audience: id === 'vip' ? 'vip' : 'public' },
    ...bodies.map((body, index) => ({
      type: 'message',
      id: `${id}-${index}`,
      conversation_id: id,
      role: body.startsWith('note: ') ? 'teammate' : 'user',
      is_internal: body.startsWith('note: '),
      body: body.replace('note: ', ''),
    })),
  ]);
  const reply = await fetch(`${server.url}/v1/ingest`, {
    method: 'POST',
    headers: { ...(await server.authorize(workspace, ['ingest'])), 'content-type': 'application/x-ndjson' },
    body: lines.map((line) => JSON.stringify(line)).join('\n'),
  });
  expect(await reply.json()).toMatchObject({ rejected_count: 0 });
}

async function find(q: string, headers: Record<string, string> = key): Promise<string[]> {
  const reply = await fetch(`${server.url}/v1/conversations?limit=100&q=${encodeURIComponent(q)}`, {
    headers,
  });
  const text = await reply.text();
  expect(reply.status, text).toBe(200);
  return (JSON.parse(text) as { conversations: { id: string }[] }).conversations.map(({ id }) => id).sort();
}

test.each([
  ['refund', ['latin']],
  ['REFUND where', ['latin']],
  ['a-1009', ['latin']],
  ['1009', ['latin']],
  ['example.com', ['latin']],
  ['ann.lee@example.com', ['latin']],
  ['ann lee', ['latin']],
  ['shop.example.com/orders', ['latin']],
  ['refun', []],
  ['refund ann', []],
  ['CAFÉ strasse', []],
  ['café straße', ['accents']],
  ['geschlossen', ['accents']],
  ['été montréal ŁÓDŹ', ['accents']],
  ['first second', []],
  ['退款', ['chinese']],
  ['款退', ['turned']],
  ['退', ['chinese', 'turned']],
  ['想退款 谢谢', ['chinese']],
  ['iphone 手机', ['chinese']],
  ['机手', []],
  ['退款 手机', []],
  ['お願い', ['japanese']],
  ['ｶﾀｶﾅ', ['japanese']],
  ['人々', ['japanese']],
  ['환불', ['korean']],
  ['불환', []],
  ['คืนเงิน', ['thai']],
  ['استرداد', ['arabic']],
  ['فضلك', ['arabic']],
  ['החזר כספי', ['hebrew']],
  ['वापस', ['hindi']],
  ['paid shipped', ['markup']],
  ["it's", ['markup']],
  ['drop table messages', ['markup']],
  ['100', ['markup']],
])('%j is found where one message has it all, and only there', async (q, expected) => {
  expect(await find(q)).toEqual(expected);
});

test('another workspace’s words are not found, nor do they count', async () => {
  expect(await find('foreignword')).toEqual([]);
  const theirs = await server.authorize(foreign, ['conversations:read']);
  expect(await find('退款', { ...theirs })).toEqual(['theirs']);
});

test('words of a note are found by who sees notes; of other audiences’ conversations by who has them', async () => {
  const viewer = (await plantMember(db, workspaceId, 'viewer')).headers as Record<string, string>;
  const editor = (await plantMember(db, workspaceId, 'editor', { audiences: ['vip'] })).headers as Record<
    string,
    string
  >;
  expect(await find('secretword')).toEqual(['noted']);
  expect(await find('secretword', viewer)).toEqual([]);
  expect(await find('hello', viewer)).toEqual(['noted']);
  expect(await find('vipword', editor)).toEqual(['vip']);
  expect(await find('hello', editor)).toEqual([]);
});

test('the search itself gives out no ids beyond the scope, whoever asks it', async () => {
  const search = (scope: Scope, q: string) =>
    db.database.inScope(scope, async (transaction) => {
      const rows = await transaction.query<{ conversation_id: string }>(
        'select conversation_id from search_conversations($1) order by 1',
        [q],
      );
      // It leaves nothing behind that a later statement would be held by.
      const [left] = await transaction.query<{ search: string }>(
        `select current_setting('convey.search', true) as search`,
      );
      expect(left!.search ?? '').toBe('');
      return rows.map(({ conversation_id: id }) => id);
    });
  expect(await search({ workspaceId }, 'hello')).toEqual(['noted']);
  expect(await search({ workspaceId, audiences: ['vip'] }, 'hello')).toEqual([]);
  expect(await search({ workspaceId, audiences: [] }, 'vipword')).toEqual([]);
  expect(await search({ workspaceId, hidesInternal: true }, 'secretword')).toEqual([]);
  expect(await search({ workspaceId: foreign }, 'hello')).toEqual([]);
  expect(await search({ workspaceId }, '!!!')).toEqual([]);
  expect(await search({ workspaceId }, workspaceId)).toEqual([]);
  const nobody = await db.database.inSystem((transaction) =>
    transaction.query(`select * from search_conversations('hello')`),
  );
  expect(nobody).toEqual([]);
});

test('a changed message is found by its new words only; a deleted one by none', async () => {
  const send = (line: object) =>
    fetch(`${server.url}/v1/ingest`, {
      method: 'POST',
      headers: { ...key, 'content-type': 'application/x-ndjson' },
      body: JSON.stringify(line),
    });
  await send({ type: 'conversation', id: 'changing' });
  await send({
    type: 'message',
    id: 'changing-1',
    conversation_id: 'changing',
    role: 'user',
    body: 'oldword',
  });
  expect(await find('oldword')).toEqual(['changing']);
  await send({ type: 'message', id: 'changing-1', op: 'patch', body: 'newword' });
  expect([await find('oldword'), await find('newword')]).toEqual([[], ['changing']]);
  await send({ type: 'message', id: 'changing-1', op: 'delete' });
  expect(await find('newword')).toEqual([]);
});

test('a message of 10 MB is taken, and found by words at its begin, its middle and its end', async () => {
  const words = Array.from({ length: 1_100_000 }, (_, index) => `word${(index * 7919) % 50_021}`);
  words[0] = 'beginword';
  words[550_000] = 'middleword';
  words.push('endword');
  const body = words.join(' ');
  expect(body.length).toBeGreaterThan(6e6);
  await ingest(workspaceId, { long: [`${body} ${'ü'.repeat(100)} 很长的文章${'长'.repeat(300_000)}`] });
  expect(await find('beginword middleword endword')).toEqual(['long']);
  expect(await find('很长的文章')).toEqual(['long']);
}, 120_000);

describe('the index', () => {
  beforeAll(async () => {
    await db.asSuperuser(
      `insert into conversations (workspace_id, id, ref, status, created_at, written_at, changed_epoch, changed_xid)
       select $1, 'bulk' || i, 'cnv_bulk' || i, 'open', now(), now(), 1, pg_current_xact_id() from generate_series(1, 500) i`,
      [workspaceId],
    );
    await db.asSuperuser(
      `insert into messages (workspace_id, id, ref, conversation_id, author_kind, body, created_at, written_at, changed_epoch, changed_xid)
       select $1, 'bulk' || i || '-' || j, 'msg_bulk' || i || '-' || j, 'bulk' || i, 'contact', 'bulkword number ' || i || ' of ' || j,
              now(), now(), 1, pg_current_xact_id() from generate_series(1, 500) i, generate_series(1, 4) j`,
      [workspaceId],
    );
    await db.asSuperuser('analyze');
  });

  /** Plans of everything that a statement runs, functions too, as the server writes them into its log. */
  async function plansOf(scope: Omit<Scope, 'workspaceId'>, sql: string): Promise<string> {
    const client = new pg.Client({ connectionString: db.superuserUrl });
    const plans: string[] = [];
    client.on('notice', ({ message = '' }) => plans.push(message));
    await client.connect();
    try {
      await client.query(`load 'auto_explain'`);
      await client.query(
        `begin; set local auto_explain.log_min_duration = 0; set local auto_explain.log_nested_statements = on;
         set local client_min_messages = log; set local role convey_app; ${scopeStatement({ workspaceId, ...scope })}`,
      );
      await client.query(sql);
      await client.query('rollback');
    } finally {
      await client.end();
    }
    return plans.filter((plan) => plan.includes('plan:')).join('\n');
  }

  const page = (scope: Omit<Scope, 'workspaceId'>, q: string) =>
    pageSql(
      selectVisible(
        conversationRecords,
        { workspaceId, ...scope },
        { condition: conversationCondition({ q }) },
      ),
      { after: undefined, limit: 21, newestFirst: true },
    ).sql;

  test.each([{}, { audiences: ['vip'] }, { hidesInternal: true }])(
    'is used in a scope of %j, and nothing reads all messages',
    async (scope) => {
      for (const q of ['bulkword 7', '退款', 'nowhere']) {
        const plans = await plansOf(scope, page(scope, q));
        expect(plans).toMatch(/Bitmap Index Scan on messages_search/);
        expect(plans).not.toMatch(/Seq Scan on (public\.)?messages/);
        expect(plans).toContain('hashed SubPlan');
      }
    },
  );

  test('names the workspace, so that no other workspace’s messages are looked at', async () => {
    await ingest(
      foreign,
      Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, ['crowdedword']])),
    );
    await ingest(workspaceId, { mine: ['crowdedword'] });
    const plans = await plansOf({}, page({}, 'crowdedword'));
    expect(plans).toMatch(/Bitmap Index Scan on messages_search/);
    expect(await find('crowdedword')).toEqual(['mine']);
  });

  test('after a restore under another owner, or for a superuser’s functions, the same is found', async () => {
    const other = await createTestDatabase();
    try {
      const workspace = await other.createWorkspace('restored');
      await other.asSuperuser(
        `insert into conversations (workspace_id, id, ref, status, created_at, written_at, changed_epoch, changed_xid)
         values ($1, 'v1', 'cnv_1', 'open', now(), now(), 1, pg_current_xact_id()),
                ($1, 'v2', 'cnv_2', 'open', now(), now(), 1, pg_current_xact_id())`,
        [workspace],
      );
      await other.asSuperuser(
        `insert into messages (workspace_id, id, ref, conversation_id, author_kind, body, created_at, written_at, changed_epoch, changed_xid)
         values ($1, 'm1', 'msg_1', 'v1', 'contact', 'goodword', now(), now(), 1, pg_current_xact_id()),
                ($1, 'm2', 'msg_2', 'v2', 'contact', 'otherword', now(), now(), 1, pg_current_xact_id())`,
        [workspace],
      );
      const search = () =>
        other.database.inScope({ workspaceId: workspace }, (transaction) =>
          transaction.query(`select conversation_id from search_conversations('goodword')`),
        );
      expect(await search()).toEqual([{ conversation_id: 'v1' }]);
      await other.asSuperuser('alter policy a_search on messages to convey_app');
      expect(await search()).toEqual([{ conversation_id: 'v1' }]);
      await other.asSuperuser('drop policy a_search on messages');
      expect(await search()).toEqual([{ conversation_id: 'v1' }]);
      await other.asSuperuser('alter function search_conversations(text) owner to current_user');
      expect(await search()).toEqual([{ conversation_id: 'v1' }]);
    } finally {
      await other.drop();
    }
  });
});
