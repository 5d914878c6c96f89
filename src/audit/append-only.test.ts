import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database } from '../database/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { type AuditEvent, recordEvent } from './record-event.ts';
import { verifyChain } from './verify-chain.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const plain: AuditEvent = {
  action: 'export.requested',
  actor: { type: 'api_key', ref: 'key_1' },
  target: { type: 'export', ref: 'exp_1' },
  outcome: 'success',
  interface: 'api',
};

function record(workspaceId: string, event: Partial<AuditEvent> = {}, database: Database = db.database) {
  return database.inScope({ workspaceId }, (transaction) =>
    recordEvent(transaction, workspaceId, { ...plain, ...event }),
  );
}

const stored = (workspaceId: string) =>
  db.asSuperuser('select * from audit_events where workspace_id = $1 order by seq', [workspaceId]);
describe('an append-only log', () => {
  test('the runtime role can neither change nor delete events, nor change bodies', async () => {
    const workspace = await db.createWorkspace();
    await record(workspace, { personal: { ip: '::1' } });
    for (const sql of [
      `update audit_events set outcome = 'failed'`,
      `delete from audit_events`,
      `truncate audit_events cascade`,
      `update audit_bodies set body = '{}'`,
      `truncate audit_bodies`,
      `alter table audit_events disable row level security`,
    ]) {
      const attempt = db.database.inScope({ workspaceId: workspace }, (t) => t.query(sql));
      await expect(attempt).rejects.toThrow(/permission denied|must be owner/);
    }
    expect(await verifyChain(db.database, workspace)).toMatchObject({
      valid: true,
      events: 1,
      erasedBodies: 0,
    });
  });

  test('a workspace sees its own chain only, and cannot write into another', async () => {
    const [ours, theirs] = [await db.createWorkspace(), await db.createWorkspace()];
    await record(ours, { personal: { ip: '::1' } });
    await record(theirs, { personal: { ip: '::2' } });
    await db.database.inScope({ workspaceId: ours }, async (transaction) => {
      for (const table of ['audit_events', 'audit_bodies']) {
        expect(await transaction.query(`select workspace_id from ${table}`)).toEqual([
          { workspace_id: ours },
        ]);
      }
      await transaction.query('delete from audit_bodies');
    });
    expect(await verifyChain(db.database, theirs)).toMatchObject({ valid: true, events: 1, erasedBodies: 0 });
    const planting = db.database.inScope({ workspaceId: ours }, (transaction) =>
      transaction.query(`insert into audit_bodies (workspace_id, seq, salt, body) values ($1, 1, '', '{}')`, [
        theirs,
      ]),
    );
    await expect(planting).rejects.toThrow('row-level security');
  });

  test('50 writers at once make one chain without fork or gap (wall 8)', async () => {
    const [busy, other] = [await db.createWorkspace(), await db.createWorkspace()];
    const pool = new Database(db.url, { maxConnections: 50 });
    try {
      const written = await Promise.all(
        Array.from({ length: 50 }, async (_, writer) => {
          const seqs: number[] = [];
          for (let i = 0; i < 4; i++) {
            seqs.push(
              (await record(busy, { details: { writer, i }, personal: { ip: `::${writer}` } }, pool)).seq,
            );
          }
          await record(other, {}, pool);
          return seqs;
        }),
      );
      expect(written.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
      const rows = await stored(busy);
      expect(new Set(rows.map((row) => row['prev_hash'])).size).toBe(200);
      const times = rows.map((row) => (row['at'] as Date).getTime());
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(await verifyChain(db.database, busy)).toMatchObject({ valid: true, events: 200, lastSeq: 200 });
      expect(await verifyChain(db.database, other)).toMatchObject({ valid: true, events: 50 });
    } finally {
      await pool.close();
    }
  });
});
