import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConversationFilter } from '../../src/catalog/conversation-filter.ts';
import { type FileLayout } from '../../src/exports/layout/file-layout.ts';
import { layOutFiles } from '../../src/exports/layout/lay-out-files.ts';
import { type ExportRequest, planExport } from '../../src/exports/plan-export.ts';
import { renderFiles } from '../../src/exports/render/render-files.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let db: TestDatabase;
let workspaceId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  workspaceId = await db.createWorkspace('checked');
  await plantRecords(db, workspaceId, { conversations: 200, messagesEach: 10 });
  const other = await db.createWorkspace('foreign');
  await plantRecords(db, other, { conversations: 200, messagesEach: 3 });
});
afterAll(() => db.drop());

function layOut(request: ExportRequest): FileLayout[] {
  const workspace = { id: workspaceId, slug: 'checked', name: 'Checked' };
  return layOutFiles(
    planExport(request, { workspace, productName: 'convey', includeInternal: true, audiences: null }),
  );
}

async function render(files: FileLayout[]): Promise<{ text: string; counts: Record<string, number> }> {
  const chunks: Buffer[] = [];
  const sink = {
    async write(chunk: Buffer) {
      chunks.push(Buffer.from(chunk));
    },
  };
  const job = {
    databaseUrl: db.url,
    scope: { workspaceId },
    maxAgeMs: 60_000,
    givesWay: false,
    head: {},
    files,
    packaging: 'single' as const,
  };
  const { counts } = await renderFiles(job, sink, { signal: new AbortController().signal });
  return { text: Buffer.concat(chunks).toString(), counts };
}

/** Breaks one SQL of one section, the way a wrong join or filter would. */
function breakStream(files: FileLayout[], stream: number, change: (sql: string) => string): FileLayout[] {
  const [section] = files[0]!.sections;
  section!.children[stream]!.sql = change(section!.children[stream]!.sql);
  return files;
}

describe('an export that does not hold what the database holds fails', () => {
  const conversations = () => layOut({ kind: 'conversations', format: 'ndjson' });

  test('unbroken, it succeeds', async () => {
    const { counts } = await render(conversations());
    expect(counts).toMatchObject({
      conversations: 200,
      messages: 1600,
      replies: 400,
      citations: 400,
      events: 200,
    });
  });

  test.each([
    [
      'children lost by a wrong condition',
      0,
      (sql: string) =>
        sql.replace('t.conversation_id = p.id', `t.conversation_id = p.id and t.id not like '%-3'`),
    ],
    [
      'children lost by a join that should be left',
      0,
      (sql: string) =>
        sql.replace(
          'cross join lateral',
          `join (values ('v1')) only_one(id) on only_one.id = p.id cross join lateral`,
        ),
    ],
    ['parents’ children skipped', 1, (sql: string) => sql.replace('offset 0) p', 'offset 1) p')],
    [
      'children that go into the wrong list',
      0,
      (sql: string) => sql.replace(`(t.author_kind = 'teammate')`, '(true)'),
    ],
  ])('%s', async (_what, list, change) => {
    await expect(render(breakStream(conversations(), list, change))).rejects.toMatchObject({
      code: 'exports.count_mismatch',
    });
  });

  test.each([
    [{ kind: 'workspace', format: 'xlsx' }, 2],
    [{ kind: 'conversations', format: 'xlsx', mode: 'messages' }, 0],
    [{ kind: 'conversations', format: 'chat-jsonl' }, 0],
  ] as const)('%j with children lost', async (request, section) => {
    const whole = layOut(request);
    const { counts } = await render(layOut(request));
    expect(counts).toMatchObject({ conversations: 200 });
    const [stream] = whole[0]!.sections[section]!.children;
    stream!.sql = stream!.sql.replace(
      't.conversation_id = p.id',
      `t.conversation_id = p.id and t.id not like '%-3'`,
    );
    await expect(render(whole)).rejects.toMatchObject({ code: 'exports.count_mismatch' });
  });

  test('children doubled', async () => {
    const doubled = breakStream(conversations(), 0, (sql) =>
      sql.replace('offset 0) p', 'offset 0) p cross join (values (1), (2)) twice(n)'),
    );
    await expect(render(doubled)).rejects.toMatchObject({ code: 'exports.count_mismatch' });
  });

  test('parents lost', async () => {
    const files = conversations();
    const { records } = files[0]!.sections[0]!;
    records.sql = records.sql.replace(
      'from conversations t where',
      `from conversations t where t.id <> 'v7' and`,
    );
    await expect(render(files)).rejects.toMatchObject({ code: 'exports.broken_order' });
  });

  test('children in another order than their parents', async () => {
    const shuffled = breakStream(conversations(), 0, (sql) =>
      sql.replace(/order by p\.created_at, p\.id$/, 'order by p.id desc'),
    );
    await expect(render(shuffled)).rejects.toMatchObject({ code: 'exports.broken_order' });
  });

  test('a file that failed has no end mark', async () => {
    const chunks: Buffer[] = [];
    const sink = {
      async write(chunk: Buffer) {
        chunks.push(Buffer.from(chunk));
      },
    };
    const files = layOut({ kind: 'workspace', format: 'json' });
    files[0]!.sections.at(-1)!.counts[0]!.sql = 'select 999 as n';
    const job = {
      databaseUrl: db.url,
      scope: { workspaceId },
      maxAgeMs: 60_000,
      givesWay: false,
      head: {},
      files,
      packaging: 'single' as const,
    };
    await expect(renderFiles(job, sink, { signal: new AbortController().signal })).rejects.toMatchObject({
      code: 'exports.count_mismatch',
    });
    expect(Buffer.concat(chunks).toString()).not.toContain('"complete"');
  });
});

test('counts of a filtered export agree with its rows, whatever the filter', async () => {
  const filters: ConversationFilter[] = [
    { status: ['open'] },
    { tag: ['vip'], status: ['resolved'] },
    { ids: ['v1', 'v2', 'v200', 'absent', `'; drop table contacts; --`] },
    { email: 'u5@example.com' },
    { since: '2025-01-01T00:20:00Z', until: '2025-01-01T01:00:00Z' },
    { contact_id: 'c9' },
    { channel: [] },
  ];
  for (const filter of filters) {
    const { text, counts } = await render(layOut({ kind: 'conversations', format: 'json', filter }));
    const records = JSON.parse(text) as { messages: unknown[] }[];
    expect(records, JSON.stringify(filter)).toHaveLength(counts['conversations']!);
    expect(records.flatMap(({ messages }) => messages)).toHaveLength(counts['messages']!);
  }
});

test('the order of every large stream comes from an index: no plan sorts the whole', async () => {
  for (const request of [
    { kind: 'workspace', format: 'json' },
    { kind: 'workspace', format: 'ndjson' },
    { kind: 'workspace', format: 'xlsx' },
    { kind: 'conversations', format: 'chat-jsonl' },
  ] as const) {
    for (const { sections } of layOut(request)) {
      for (const { records, children } of sections) {
        for (const { sql } of [records, ...children]) {
          const rows = await db.database.inScope({ workspaceId }, async (transaction) => {
            // As it would be with millions of rows: reading all of a table and sorting it does not pay. What is
            // sorted here has no index that brings it in order.
            await transaction.query('set local enable_seqscan = off');
            await transaction.query('set local enable_bitmapscan = off');
            await transaction.query('set local enable_sort = off');
            return transaction.query<{ 'QUERY PLAN': string }>(`explain ${sql}`);
          });
          const plan = rows.map((row) => row['QUERY PLAN']);
          // A sort above every row stands left of the scans; inside one conversation's loop it is fine.
          const sorts = plan.filter((line) => /^\s*(->\s*)?Sort\b/.test(line) && line.search(/\S/) < 6);
          const isSmall = !/\b(messages|conversations|contacts|events)\b/.test(sql);
          if (!isSmall) expect(sorts, `${sql}\n${plan.join('\n')}`).toEqual([]);
        }
      }
    }
  }
});

test('wall 2: with another workspace’s scope the same SQL gives nothing', async () => {
  const files = layOut({ kind: 'workspace', format: 'json' });
  const [{ id: foreign }] = (await db.asSuperuser<{ id: string }>(
    `select id from workspaces where slug = 'foreign'`,
  )) as [{ id: string }];
  const chunks: Buffer[] = [];
  const sink = {
    async write(chunk: Buffer) {
      chunks.push(Buffer.from(chunk));
    },
  };
  const job = {
    databaseUrl: db.url,
    scope: { workspaceId: foreign },
    maxAgeMs: 60_000,
    givesWay: false,
    head: {},
    files,
    packaging: 'single' as const,
  };
  await renderFiles(job, sink, { signal: new AbortController().signal });
  const document = JSON.parse(Buffer.concat(chunks).toString()) as { counts: Record<string, number> };
  expect(Object.values(document.counts).every((count) => count === 0)).toBe(true);
});
