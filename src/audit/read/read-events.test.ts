import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { type EventFilter, eventsQuery } from './read-events.ts';

let db: TestDatabase;
let workspaceId: string;
beforeAll(async () => {
  db = await createTestDatabase();
  workspaceId = await db.createWorkspace();
  // 30,000 events, of which a few are what a filter looks for.
  await db.asSuperuser(
    `insert into audit_events (workspace_id, seq, at, actor_type, actor_ref, action, target_type, target_ref,
       outcome, interface, details, body_hash, prev_hash, hash)
     select '${workspaceId}', i, timestamptz '2026-01-01Z' + i * interval '1 minute', 'user',
       case when i % 10000 = 1 then 'usr_rare' else 'usr_' || i % 50 end,
       case when i % 10000 = 2 then 'webhook.created' else 'export.downloaded' end, 'export',
       case when i % 10000 = 3 then 'exp_rare' else 'exp_' || i % 5000 end, 'success', 'api', '{}', '', '', i::text
     from generate_series(1, 30000) i`,
  );
  await db.asSuperuser('analyze audit_events');
});
afterAll(() => db.drop());

test.each<[string, EventFilter, string]>([
  ['nothing', {}, 'audit_events_pkey'],
  ['actor', { actor: 'usr_rare' }, 'audit_events_actor'],
  ['target', { target: 'exp_rare' }, 'audit_events_target'],
  ['actions', { actions: ['webhook.created', 'webhook.deleted'] }, 'audit_events_action'],
  ['actor and actions', { actor: 'usr_rare', actions: ['webhook.created'] }, 'audit_events_'],
  ['time', { from: '2026-01-05', to: '2026-01-05T00:30:00Z' }, 'audit_events_at'],
])(
  'a page narrowed by %s is read from an index, under the policies of the runtime role',
  async (_, filter, index) => {
    const { text, values } = eventsQuery(workspaceId, { filter, uptoSeq: 29_999, limit: 21 });
    const plan = await db.database.inScope({ workspaceId }, (transaction) =>
      transaction.query<{ 'QUERY PLAN': string }>(
        `explain (analyze, timing off, summary off) ${text}`,
        values,
      ),
    );
    const lines = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(lines).toContain(index);
    expect(lines).not.toMatch(/Seq Scan on audit_/);
    // Rows that an index gave and the filter threw away: hardly any.
    const thrownAway = [...lines.matchAll(/Rows Removed by Filter: (\d+)/g)].map(([, rows]) => Number(rows));
    expect(Math.max(0, ...thrownAway)).toBeLessThan(100);
  },
);
