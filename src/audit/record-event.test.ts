import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { NO_BODY, NO_PREDECESSOR } from './hash-event.ts';
import { type AuditEvent, recordEvent, SYSTEM_WORKSPACE_ID } from './record-event.ts';
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

function record(workspaceId: string, event: Partial<AuditEvent> = {}) {
  return db.database.inScope({ workspaceId }, (transaction) =>
    recordEvent(transaction, workspaceId, { ...plain, ...event }),
  );
}

const stored = (workspaceId: string) =>
  db.asSuperuser('select * from audit_events where workspace_id = $1 order by seq', [workspaceId]);
const bodies = (workspaceId: string) =>
  db.asSuperuser('select * from audit_bodies where workspace_id = $1 order by seq', [workspaceId]);

describe('an event', () => {
  test('is chained to the one before, and a chain starts at 1 with no predecessor', async () => {
    const workspace = await db.createWorkspace();
    const first = await record(workspace);
    const second = await record(workspace, { details: { rows: 3 } });
    expect([first.seq, second.seq]).toEqual([1, 2]);
    expect(await stored(workspace)).toMatchObject([
      { seq: '1', prev_hash: NO_PREDECESSOR, hash: first.hash, body_hash: NO_BODY, details: {} },
      { seq: '2', prev_hash: first.hash, hash: second.hash, details: { rows: 3 }, actor_ref: 'key_1' },
    ]);
    expect(await bodies(workspace)).toEqual([]);
  });

  test('keeps personal data beside the chain only, with a salt of its own', async () => {
    const workspace = await db.createWorkspace();
    const personal = { ip: '203.0.113.9', user_agent: 'curl/8', names: { contact: 'Zoë Ng' } };
    const event = {
      actor: { type: 'user', ref: 'usr_1', name: 'Ann Li' },
      personal,
      subjectRef: 'con_1',
    } as const;
    await record(workspace, event);
    await record(workspace, event);
    const [one, two] = await bodies(workspace);
    expect(one).toMatchObject({
      seq: '1',
      subject_ref: 'con_1',
      body: { ...personal, actor_name: 'Ann Li' },
    });
    expect(one!['salt']).toMatch(/^[0-9a-f]{64}$/);
    expect(two!['salt']).not.toBe(one!['salt']);
    const chain = JSON.stringify(await stored(workspace));
    for (const secret of ['Ann', 'Ng', '203.0', 'curl', one!['salt'] as string])
      expect(chain).not.toContain(secret);
  });

  test('is gone when the act is rolled back, and its place is taken by the next', async () => {
    const workspace = await db.createWorkspace();
    await record(workspace);
    const act = db.database.inScope({ workspaceId: workspace }, async (transaction) => {
      await recordEvent(transaction, workspace, { ...plain, personal: { ip: '::1' } });
      throw new Error('the act failed after all');
    });
    await expect(act).rejects.toThrow('the act failed after all');
    expect(await stored(workspace)).toHaveLength(1);
    expect(await bodies(workspace)).toHaveLength(0);
    expect((await record(workspace)).seq).toBe(2);
    expect(await verifyChain(db.database, workspace)).toMatchObject({ valid: true, events: 2 });
  });

  test('of the server itself goes to the chain of the system workspace', async () => {
    const { seq } = await record(SYSTEM_WORKSPACE_ID, { actor: { type: 'operator', ref: 'root' } });
    expect(seq).toBe(1);
    expect(await verifyChain(db.database, SYSTEM_WORKSPACE_ID)).toMatchObject({ valid: true, events: 1 });
  });

  test('cannot be written from another scope, from none, or inside a snapshot transaction', async () => {
    const [ours, theirs] = [await db.createWorkspace(), await db.createWorkspace()];
    const foreign = db.database.inScope({ workspaceId: ours }, (t) => recordEvent(t, theirs, plain));
    await expect(foreign).rejects.toThrow('scope');
    await expect(db.database.inSystem((t) => recordEvent(t, ours, plain))).rejects.toThrow('scope');
    const snapshot = db.database.inScope({ workspaceId: ours }, async (t) => {
      await t.query('commit');
      await t.query('begin isolation level repeatable read');
      return recordEvent(t, ours, plain);
    });
    await expect(snapshot).rejects.toThrow('READ COMMITTED');
    expect([...(await stored(ours)), ...(await stored(theirs))]).toEqual([]);
  });

  test('that PostgreSQL or canonical JSON cannot hold is refused by name, and so is a huge one', async () => {
    const workspace = await db.createWorkspace();
    const bad: Partial<AuditEvent>[] = [
      { details: { text: 'a\0b' } },
      { details: { 'a\0b': 1 } },
      { details: { text: '\ud800' } },
      { details: { rows: Number.NaN } },
      { details: { text: 'x'.repeat(70_000) } },
      { personal: { names: { contact: '\\\\\0' } } },
      { personal: { changes: { before: 'x'.repeat(70_000) } } },
      { target: { type: 'export', ref: 'exp\0' } },
      { actor: { type: 'user', ref: '\udc00' } },
      { subjectRef: 'con\0' },
      { subjectRef: '\ud800' },
    ];
    for (const event of bad)
      await expect(record(workspace, event)).rejects.toMatchObject({ code: 'audit.unwritable' });
    expect(await stored(workspace)).toEqual([]);
    await record(workspace, { details: { text: String.raw`C:\u0000 is a text like any other` } });
    expect(await verifyChain(db.database, workspace)).toMatchObject({ valid: true, events: 1 });
  });

  test('is not stopped by a hostile user agent', async () => {
    const workspace = await db.createWorkspace();
    await record(workspace, { personal: { user_agent: `\0\ud800${'😀'.repeat(9_000)}` } });
    const [row] = await bodies(workspace);
    expect((row!['body'] as { user_agent: string }).user_agent.length).toBeLessThanOrEqual(512);
    expect(await verifyChain(db.database, workspace)).toMatchObject({ valid: true, events: 1 });
  });
});
