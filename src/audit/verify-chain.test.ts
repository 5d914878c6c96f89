import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { type ChainFixture, createChain, EVENTS } from './chain-fixture.ts';
import { verifyChain } from './verify-chain.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

let chain: ChainFixture;
beforeEach(async () => {
  chain = await createChain(db);
});

describe('a sound chain', () => {
  test('is valid, and its extent is told', async () => {
    expect(await chain.verify()).toEqual({
      valid: true,
      workspaceId: chain.workspaceId,
      events: EVENTS,
      erasedBodies: 0,
      firstSeq: 1,
      lastSeq: EVENTS,
      lastHash: chain.heads.at(-1)!.hash,
    });
  });

  test('is valid with every page size, and reports its progress', async () => {
    for (const pageSize of [1, 9, 10, 11])
      expect(await chain.verify({ pageSize })).toMatchObject({ events: EVENTS });
    const seen: number[] = [];
    await chain.verify({ pageSize: 4, onProgress: (events: number) => seen.push(events) });
    expect(seen).toEqual([4, 8, 10]);
  });

  test('may be empty', async () => {
    const empty = await db.createWorkspace();
    const report = await verifyChain(db.database, empty);
    expect(report).toMatchObject({ valid: true, events: 0, firstSeq: undefined, lastHash: undefined });
    expect(await verifyChain(db.database, empty, { expectedHeads: [chain.heads[0]!] })).toMatchObject({
      valid: false,
      problem: { seq: 1 },
    });
  });

  test('with erased personal parts is valid: they are counted, not alarming (wall 8)', async () => {
    await db.database.inScope({ workspaceId: chain.workspaceId }, (transaction) =>
      transaction.query(`delete from audit_bodies where subject_ref = 'con_1' and seq < 6`),
    );
    expect(await chain.verify()).toMatchObject({ valid: true, events: EVENTS, erasedBodies: 3 });
  });

  test('that has grown since its head was noted is valid', async () => {
    expect(await chain.verify({ expectedHeads: chain.heads })).toMatchObject({ valid: true });
    for (const head of chain.heads)
      expect(await chain.verify({ expectedHeads: [head] })).toMatchObject({ valid: true });
  });

  test('can be left in the middle', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(chain.verify({ signal })).rejects.toThrow('enough');
  });
});
