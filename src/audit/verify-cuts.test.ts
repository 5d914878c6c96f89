import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditEvents } from '../catalog/tables/workings.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { type ChainFixture, createChain, EVENTS } from './chain-fixture.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

let chain: ChainFixture;
beforeEach(async () => {
  chain = await createChain(db);
});

describe('a chain that was cut and glued is seen (wall 8)', () => {
  test.each([
    ['the first event', 'seq = 1', 1, 'Event 1 is missing.'],
    ['one in the middle', 'seq = 5', 5, 'Event 5 is missing.'],
    ['several', 'seq between 4 and 6', 4, 'Events 4 to 6 are missing.'],
  ])('deleted: %s', async (_, which, seq, reason) => {
    await chain.tamper(`delete from audit_events where :ws and ${which}`);
    expect(await chain.verify()).toMatchObject({ valid: false, events: seq - 1, problem: { seq, reason } });
  });

  test('deleted and closed up', async () => {
    await chain.tamper(`delete from audit_events where :ws and seq = 5;
      update audit_events set seq = seq + 1000 where :ws and seq > 5;
      update audit_events set seq = seq - 1001 where :ws and seq > 1000`);
    expect(await chain.verify()).toMatchObject({ valid: false, problem: { seq: 5 } });
  });

  test('swapped: two events, their links put right', async () => {
    await chain.tamper(`update audit_events set seq = 99 where :ws and seq = 5;
      update audit_events set seq = 5 where :ws and seq = 6;
      update audit_events set seq = 6 where :ws and seq = 99`);
    expect(await chain.verify()).toMatchObject({ valid: false, problem: { seq: 5 } });
  });

  test('put in: a copy of an event, in the middle or at the end', async () => {
    const columns = auditEvents.columns.map(({ name }) => name);
    const copy = (seq: number) =>
      `insert into audit_events select ${columns.map((name) => (name === 'seq' ? seq : name)).join(', ')}
         from audit_events where :ws and seq = 4`;
    await chain.tamper(copy(EVENTS + 1));
    expect(await chain.verify()).toMatchObject({
      valid: false,
      events: EVENTS,
      problem: { seq: EVENTS + 1 },
    });
    await chain.tamper(`delete from audit_events where :ws and seq > ${EVENTS};
      update audit_events set seq = seq + 1000 where :ws and seq > 4;
      update audit_events set seq = seq - 999 where :ws and seq > 1000; ${copy(5)}`);
    const report = await chain.verify();
    expect(report).toMatchObject({ valid: false, problem: { seq: 5 } });
    expect(JSON.stringify(report)).toContain('forked');
  });

  test('put in before the first', async () => {
    await chain.tamper(`update audit_events set seq = 0 where :ws and seq = 10`);
    expect(await chain.verify()).toMatchObject({ valid: false, events: 0, problem: { seq: 1 } });
  });

  test('forked: two events with the same predecessor, each sound in itself', async () => {
    const twin = await db.createWorkspace(); // keeps event 10 out of the next writer’s sight
    await chain.tamper(`update audit_events set workspace_id = '${twin}' where :ws and seq = 10`);
    await chain.record(10);
    await chain.tamper(
      `update audit_events set workspace_id = '${chain.workspaceId}', seq = 11 where workspace_id = '${twin}'`,
    );
    const report = await chain.verify();
    expect(report).toMatchObject({ valid: false, events: 10, problem: { seq: 11 } });
    expect(JSON.stringify(report)).toContain('the log was forked here');
  });

  test('cut off: only a head that was noted elsewhere shows it', async () => {
    await chain.tamper(
      `delete from audit_bodies where :ws and seq > 8; delete from audit_events where :ws and seq > 8`,
    );
    expect(await chain.verify()).toMatchObject({ valid: true, events: 8 });
    expect(await chain.verify({ expectedHeads: [chain.heads[7]!] })).toMatchObject({ valid: true });
    const report = await chain.verify({ expectedHeads: [chain.heads[9]!] });
    expect(report).toMatchObject({ valid: false, events: 8, problem: { seq: 9 } });
    expect(JSON.stringify(report)).toContain('cut off');
  });

  test('cut off and grown again: a noted head that was rewritten shows it', async () => {
    await chain.tamper(
      `delete from audit_bodies where :ws and seq > 8; delete from audit_events where :ws and seq > 8`,
    );
    for (let i = 9; i <= 12; i++) await chain.record(i);
    expect(await chain.verify()).toMatchObject({ valid: true, events: 12 });
    expect(await chain.verify({ expectedHeads: [chain.heads[9]!] })).toMatchObject({
      valid: false,
      problem: { seq: 10 },
    });
  });
});
