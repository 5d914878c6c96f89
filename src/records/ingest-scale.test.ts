import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lockWorkspaces } from './lock-workspace.ts';
import { shapes } from './grammar/record-shape.ts';
import { ingest } from './ingest.ts';
import { type IngestFixture, openIngest, toBody } from './ingest.fixture.ts';
import { stageSql } from './staging/stage-sql.ts';

let test: IngestFixture;
let workspaceId: string;
beforeAll(async () => {
  test = await openIngest();
});
afterAll(() => test.drop());
beforeEach(async () => {
  workspaceId = await test.createWorkspace();
});

const MiB = 1024 * 1024;

function* conversations(count: number, messagesEach: number): Generator<object> {
  for (let c = 0; c < count; c++) {
    yield { type: 'conversation', id: `c${c}` };
    for (let m = 0; m < messagesEach; m++) {
      yield {
        type: 'message',
        id: `c${c}-m${m}`,
        conversation_id: `c${c}`,
        role: m % 2 === 0 ? 'user' : 'assistant',
        body: `A message of some length, number ${m} of conversation ${c}. `.repeat(4),
        author: { id: `u${c}`, name: 'Somebody' },
        created_at: '2026-05-01T09:30:00.000Z',
      };
    }
  }
}

async function count(table: string): Promise<number> {
  const [row] = await test.asSuperuser<{ n: string }>(
    `select count(*) as n from ${table} where workspace_id = $1`,
    [workspaceId],
  );
  return Number(row!.n);
}

describe('a large body', () => {
  it('of 100,000 lines is taken in bounded memory', async () => {
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    let peak = before;
    const sampler = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 5);
    const body = toBody(conversations(10_000, 9), 64 * 1024);
    const result = await ingest(test.dependencies, { workspaceId }, body);
    clearInterval(sampler);
    expect(result).toMatchObject({ received: 100_000, accepted: { inserted: 100_000 } });
    expect((peak - before) / MiB).toBeLessThan(200); // the body alone is 39 MiB, its records as objects ten times that
    expect(await count('messages')).toBe(90_000);
  });

  it('holds messages of 10 MB among others, each in a batch that it fills', async () => {
    const big = 'ä\n"\\'.repeat(2_000_000);
    const message = (id: string, body: string) => ({
      type: 'message',
      id,
      conversation_id: 'c',
      role: 'user',
      body,
    });
    const lines = [
      { type: 'conversation', id: 'c' },
      ...Array.from({ length: 6 }, (_, index) => [
        message(`big${index}`, big),
        message(`small${index}`, 's'),
      ]).flat(),
    ];
    expect(await test.send(workspaceId, lines)).toMatchObject({ accepted: { inserted: 13 } });
    const [row] = await test.asSuperuser<{ same: string }>(
      `select count(*) as same from messages where workspace_id = $1 and body = $2`,
      [workspaceId, big],
    );
    expect(Number(row!.same)).toBe(6);
  });

  it('of children before their parents is taken a page at a time', async () => {
    const lines = [...conversations(2000, 9)];
    const messagesFirst = lines.toSorted((a, b) => Number('body' in b) - Number('body' in a));
    const result = await test.send(workspaceId, messagesFirst);
    expect(result).toMatchObject({
      accepted: { inserted: 20_000 },
      pending: 0,
      rejected_count: 0,
      released: 0,
    });
    expect(result.by_type['message']).toMatchObject({ inserted: 18_000, pending: 0 });
    expect(await count('ingest_pending')).toBe(0);
  });

  it('with one parent for all children, which comes last, is taken too', async () => {
    const children = Array.from({ length: 12_000 }, (_, index) => ({
      type: 'event',
      id: `e${index}`,
      conversation_id: 'c',
      kind: 'tagged',
    }));
    const result = await test.send(workspaceId, [...children, { type: 'conversation', id: 'c' }]);
    expect(result).toMatchObject({ accepted: { inserted: 12_001 }, pending: 0 });
  });
});

describe('merging a batch', () => {
  it.each(['classify', 'merge', 'findUnknownPatches'] as const)(
    'looks every row up by the primary key, even in a table without statistics (%s)',
    async (name) => {
      // Small enough, and never analysed: the planner takes the workspace for one row.
      await test.send(workspaceId, [...conversations(30, 12)]);
      const sql = stageSql(shapes.get('messages')!, true);
      const plan = await test.database.inScope({ workspaceId }, async (transaction) => {
        await lockWorkspaces(transaction, [workspaceId]);
        await transaction.query(sql.copy.split(';')[0]!);
        const values = name === 'merge' ? [workspaceId, 1] : [workspaceId];
        return transaction.query<{ 'QUERY PLAN': string }>(`explain ${sql[name]}`, values);
      });
      const text = plan.map((row) => row['QUERY PLAN']).join('\n');
      expect(text).toMatch(/Index (Only )?Scan using messages_pkey on messages/);
      expect(text).toMatch(/Index Cond: \(\(workspace_id = .*\) AND \(id = s\.id\)\)/);
      expect(text).not.toMatch(/Seq Scan on messages|Materialize|Hash Join|Merge Join/);
    },
  );

  it('analyses a new table before the same transaction writes rows that refer to it', async () => {
    const fresh = await openIngest();
    try {
      const own = await fresh.createWorkspace();
      await fresh.send(own, [...conversations(400, 9)], { atomic: true });
      const rows = await fresh.asSuperuser<{ pages: number; kept: string }>(
        `select relpages as pages, (select count(*) from conversations) as kept from pg_class
          where oid = 'conversations'::regclass and reltuples = 400`,
      );
      expect(rows).toMatchObject([{ kept: '400' }]);
    } finally {
      await fresh.drop();
    }
  });

  it('leaves tables analysed that a first load has filled', async () => {
    await test.send(workspaceId, [...conversations(300, 9)]);
    const rows = await test.asSuperuser<{ relname: string }>(
      `select relname from pg_class where relname in ('messages', 'conversations') and reltuples > 0`,
    );
    expect(rows).toHaveLength(2);
  });
});
