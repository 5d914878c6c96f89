import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConversationFilter, conversationCondition } from '../../src/catalog/conversation-filter.ts';
import { pageSql, type Selection } from '../../src/catalog/stream-sql.ts';
import type { Scope } from '../../src/database/scope.ts';
import { layOutFiles } from '../../src/exports/layout/lay-out-files.ts';
import { planExport } from '../../src/exports/plan-export.ts';
import { contactCondition, type ContactFilter } from '../../src/records/lists/contact-filter.ts';
import { contactRecords, conversationRecords, messageRecords } from '../../src/records/lists/list-schemas.ts';
import { selectVisible } from '../../src/records/lists/read-page.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

// Row-level security adds conditions to every statement. None may cost the order of an index, and a scope without
// limits must not pay for what limits others.

let db: TestDatabase;
let workspaceId: string;

const SCOPES: Readonly<Record<string, Omit<Scope, 'workspaceId'>>> = {
  'without limits': {},
  'of one audience': { audiences: ['vip'] },
  'of none': { audiences: [] },
  'without internal rows': { hidesInternal: true },
};

beforeAll(async () => {
  db = await createTestDatabase();
  workspaceId = await db.createWorkspace('planned');
  await plantRecords(db, workspaceId, { conversations: 300, messagesEach: 4 });
  await db.asSuperuser(
    `update conversations set audience = 'vip' where right(id, 1) = '1' and workspace_id = $1`,
    [workspaceId],
  );
  await db.asSuperuser(
    `insert into conversation_participants (workspace_id, conversation_id, contact_id)
     select workspace_id, id, 'c1' from conversations where workspace_id = $1 and id <> 'v1'`,
    [workspaceId],
  );
  await db.asSuperuser('analyze');
});
afterAll(() => db.drop());

async function explain(scope: Omit<Scope, 'workspaceId'>, sql: string, how = ''): Promise<string[]> {
  const rows = await db.database.inScope({ workspaceId, ...scope }, async (transaction) => {
    // As it would be with millions of rows: reading all of a table and sorting it does not pay.
    await transaction.query('set local enable_seqscan = off');
    await transaction.query('set local enable_bitmapscan = off');
    return transaction.query<{ 'QUERY PLAN': string }>(`explain ${how} ${sql}`);
  });
  return rows.map((row) => row['QUERY PLAN']);
}

/** A sort above all rows stands left of the scans; inside one row's loop it is fine. */
const sortsOfAll = (plan: string[]) =>
  plan.filter((line) => /^\s*(->\s*)?(Incremental )?Sort\b/.test(line) && line.search(/\S/) < 8);
const wholeReads = (plan: string[]) =>
  plan.filter((line) => /Seq Scan on (conversations|contacts|messages)\b/.test(line));

const page = (selection: Selection, newestFirst = true) =>
  pageSql(selection, {
    after: { time: '2025-01-01T02:00:00.000000Z', id: 'v100' },
    limit: 21,
    newestFirst,
  }).sql;

const CONVERSATION_FILTERS: ConversationFilter[] = [
  {},
  { status: ['open'] },
  { channel: ['email', 'chat'] },
  { priority: ['urgent'] },
  { tag: ['vip', 'billing'] },
  { audience: ['vip'] },
  { any_tag: ['vip', 'late'] },
  { assignee: ['ann', 'unassigned'] },
  { updated_since: '2025-01-01', resolved_until: '2025-02-01' },
  { q: 'conversation message' },
  { csat: ['5'], csat_min: 3, csat_max: 5, has_csat: true },
  { has_files: true },
  { has_files: false },
  { since: '2025-01-01', until: '2025-02-01' },
  { email: 'u5@example.com' },
];
const CONTACT_FILTERS: ContactFilter[] = [
  {},
  { kind: ['lead'] },
  { tag: ['beta'] },
  { email: 'u5@example.com' },
  { external_id: 'x' },
  { since: '2025-01-01', until: '2025-02-01' },
];

describe.each(Object.entries(SCOPES))('a scope %s', (_name, scope) => {
  const visible = (records: Selection['dataset'], condition: string) =>
    selectVisible(records, { workspaceId, ...scope }, { condition });

  test.each(CONVERSATION_FILTERS)('conversations by %j: a page comes from an index', async (filter) => {
    const sql = page(visible(conversationRecords, conversationCondition(filter)));
    const plan = await explain(scope, sql);
    const text = plan.join('\n');
    expect(wholeReads(plan), text).toEqual([]);
    // Who is looked for by address may have few conversations: to sort those is the better plan.
    if (filter.email === undefined) expect(sortsOfAll(plan), text).toEqual([]);
    expect(text).toMatch(/Index (Only )?Scan (Backward )?using conversations_\w+ on conversations/);
  });

  test.each(CONTACT_FILTERS)('contacts by %j: a page comes from an index', async (filter) => {
    const plan = await explain(scope, page(visible(contactRecords, contactCondition(filter))));
    expect(wholeReads(plan), plan.join('\n')).toEqual([]);
    expect(sortsOfAll(plan), plan.join('\n')).toEqual([]);
    expect(plan.join('\n')).toMatch(/Index Scan Backward using contacts_order on contacts/);
  });

  test('messages of a conversation: a page comes from an index', async () => {
    const plan = await explain(scope, page(visible(messageRecords, `t.conversation_id = 'v1'`), false));
    expect(wholeReads(plan), plan.join('\n')).toEqual([]);
    expect(sortsOfAll(plan), plan.join('\n')).toEqual([]);
    expect(plan.join('\n')).toContain('using messages_order on messages');
  });

  test('the streams of an export of conversations come from an index, and nothing sorts the whole', async () => {
    const context = {
      workspace: { id: workspaceId, slug: 'planned', name: 'Planned' },
      productName: 'convey',
      includeInternal: scope.hidesInternal !== true,
      audiences: scope.audiences ?? null,
    };
    for (const request of [
      { kind: 'conversations', format: 'json' },
      { kind: 'conversations', format: 'csv', mode: 'conversations' },
      { kind: 'conversations', format: 'csv', mode: 'messages' },
    ] as const) {
      for (const { sections } of layOutFiles(planExport(request, context))) {
        for (const { sql } of sections.flatMap(({ records, children }) => [records, ...children])) {
          const plan = await explain(scope, sql);
          expect(sortsOfAll(plan), plan.join('\n')).toEqual([]);
          expect(wholeReads(plan), plan.join('\n')).toEqual([]);
        }
      }
    }
  });
});

describe('what limits others', () => {
  const statements = (scope: Scope) => [
    page(selectVisible(conversationRecords, scope)),
    page(selectVisible(contactRecords, scope)),
    page(selectVisible(messageRecords, scope, { condition: `t.conversation_id = 'v1'` }), false),
    'select count(*) from messages',
    'select count(*) from contacts',
    'select count(*) from events',
  ];

  /** Searches that the policies make: `c` and `p` are their own names of conversations and participants. */
  async function searches(scope: Omit<Scope, 'workspaceId'>, sql: string) {
    const plan = await explain(scope, sql, '(analyze, costs off, timing off, summary off)');
    const found = plan.filter(
      (line) =>
        / on (conversations|conversation_participants) (c|p)(_\d+)? /.test(line) &&
        !line.includes('using conversation_participants_pkey'), // the column `participants`
    );
    return { plan, found, ran: found.filter((line) => !line.includes('never executed')) };
  }

  test('is in the plan of a scope without limits, and never runs', async () => {
    for (const sql of statements({ workspaceId })) {
      const { plan, found, ran } = await searches({}, sql);
      expect(found.length, plan.join('\n')).toBeGreaterThan(0);
      expect(ran, plan.join('\n')).toEqual([]);
    }
  });

  test('runs for a scope with limits', async () => {
    for (const sql of ['select count(*) from messages', 'select count(*) from contacts']) {
      const { plan, ran } = await searches({ audiences: ['vip'] }, sql);
      expect(ran.length, plan.join('\n')).toBeGreaterThan(0);
    }
  });
});
