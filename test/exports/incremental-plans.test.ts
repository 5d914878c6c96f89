import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Scope } from '../../src/database/scope.ts';
import { layOutFiles } from '../../src/exports/layout/lay-out-files.ts';
import { planExport } from '../../src/exports/plan-export.ts';
import { deletionFiles } from '../../src/exports/schedules/select-changes.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

// An increment costs what changed, not what is there: found by index, under row-level security.

let db: TestDatabase;
let workspaceId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  workspaceId = await db.createWorkspace('increments');
  await plantRecords(db, workspaceId, { conversations: 2000, messagesEach: 10 });
});
afterAll(() => db.drop());

const SCOPES: [string, Omit<Scope, 'workspaceId'>][] = [
  ['without limits', {}],
  ['of one audience', { audiences: ['public'] }],
  ['without internal rows', { hidesInternal: true }],
];

test.each(SCOPES)(
  'an increment in a scope %s reads what changed by index, and no table as a whole',
  async (_, limits) => {
    const [here] = await db.asSuperuser<{ xid: string }>('select pg_current_xact_id()::text as xid');
    await db.asSuperuser(
      `update messages set changed_xid = pg_current_xact_id() where workspace_id = $1 and id in ('m7-1', 'm9-2')`,
      [workspaceId],
    );
    await db.asSuperuser('analyze');
    const window = {
      from: { epoch: 1, xid: here!.xid },
      previousManifestSha256: null,
      sequence: 2,
      gaps: [],
    };
    const plan = planExport(
      { kind: 'conversations', format: 'ndjson', window, keep: { files: false, partConversations: 5000 } },
      {
        workspace: { id: workspaceId, slug: 'increments', name: 'x' },
        productName: 'convey',
        includeInternal: limits.hidesInternal !== true,
        audiences: limits.audiences ?? null,
      },
    );
    const sections = [...layOutFiles(plan), ...deletionFiles(plan)].flatMap((file) => file.sections);
    const statements = sections.flatMap(({ records, counts, children }) => [
      records.sql,
      ...counts.map((count) => count.sql),
      ...children.map((child) => child.sql),
    ]);
    expect(statements.length).toBeGreaterThan(6);
    const explained = await db.database.inScope({ workspaceId, ...limits }, async (transaction) => {
      const plans: string[] = [];
      for (const sql of statements) {
        const rows = await transaction.query<{ 'QUERY PLAN': string }>(`explain ${sql}`);
        plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
      }
      return plans;
    });
    for (const text of explained) expect(text).not.toMatch(/Seq Scan on (conversations|messages)\b/);
    expect(explained[0]).toMatch(/messages_changes/);
    expect(explained.at(-1)).toMatch(/tombstones/);
  },
);
