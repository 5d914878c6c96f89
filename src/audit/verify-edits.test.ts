import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditBodies, auditEvents } from '../catalog/tables/workings.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { type ChainFixture, createChain } from './chain-fixture.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

let chain: ChainFixture;
beforeEach(async () => {
  chain = await createChain(db);
});

describe('an edit of any column is seen (wall 8)', () => {
  const edits: Record<string, string[]> = {
    workspace_id: [`'wsp_system'`],
    seq: ['500', '0', '-7', '9223372036854775807'],
    at: [
      `at + interval '1 microsecond'`,
      `at - interval '1 day'`,
      `'infinity'`,
      `at - interval '4051 years'`,
    ],
    outcome: [`'failed'`],
    details: [
      `'{}'`,
      `'[]'`,
      `'null'`,
      `details || '{"rows": 6}'`,
      `details || '{"more": null}'`,
      `details || '{"ratio": 0.50}'`,
      `details || '{"rows": 5.00000000000000000001}'`,
      `details || '{"rows": 1e400}'`,
      `(repeat('[', 3000) || repeat(']', 3000))::jsonb`,
    ],
    body_hash: ['upper(body_hash)', `repeat('0', 64)`, `''`],
    prev_hash: ['upper(prev_hash)', `repeat('0', 64)`, `''`],
    hash: ['upper(hash)', `repeat('0', 64)`, `''`],
  };
  const texts = ['actor_type', 'actor_ref', 'action', 'target_type', 'target_ref', 'interface'];
  const cases = auditEvents.columns.flatMap(({ name }) => {
    const values = texts.includes(name) ? [`${name} || ' '`, `''`, `upper(${name})`] : edits[name];
    if (values === undefined) throw new Error(`no edit of ${name} is tried`);
    return values.map((value): [string, string] => [name, value]);
  });

  test.each(cases)('audit_events.%s = %s', async (column, value) => {
    await chain.tamper(`update audit_events set ${column} = ${value} where :ws and seq = 5`);
    const report = await chain.verify();
    expect(report.valid).toBe(false);
    expect(report).toMatchObject({
      problem: { seq: expect.any(Number), reason: expect.stringMatching(/\.$/) },
    });
    if (!/workspace_id|seq/.test(column)) expect(report).toMatchObject({ events: 4, problem: { seq: 5 } });
  });

  const bodyEdits: Record<string, string> = {
    workspace_id: '', // moves the body away: that is what erasing it looks like, see above
    seq: '6', // … and to an event that had none
    subject_ref: `'con_2'`,
    salt: 'upper(salt)',
    body: `body || '{"ip": "203.0.113.8"}'`,
  };
  test.each(auditBodies.columns.map(({ name }) => name).filter((name) => bodyEdits[name] !== ''))(
    'audit_bodies.%s',
    async (column) => {
      await chain.tamper(`update audit_bodies set ${column} = ${bodyEdits[column]} where :ws and seq = 5`);
      expect(await chain.verify()).toMatchObject({
        valid: false,
        problem: { seq: column === 'seq' ? 6 : 5 },
      });
    },
  );

  test('a personal part that is put beside an event that had none', async () => {
    await chain.tamper(`update audit_bodies set seq = 6 where :ws and seq = 5`);
    const report = await chain.verify();
    expect(report).toMatchObject({ valid: false, events: 5, erasedBodies: 1, problem: { seq: 6 } });
    expect(JSON.stringify(report)).toContain('without a personal part');
  });

  test('a subject that is blanked, to hide the event from erasure', async () => {
    await chain.tamper(`update audit_bodies set subject_ref = null where :ws and seq = 5`);
    expect(await chain.verify()).toMatchObject({ valid: false, problem: { seq: 5 } });
  });

  test('a personal part that is exchanged for another event’s', async () => {
    await chain.tamper(`delete from audit_bodies where :ws and seq = 5;
      insert into audit_bodies select workspace_id, 5, subject_ref, salt, body from audit_bodies where :ws and seq = 3`);
    expect(await chain.verify()).toMatchObject({ valid: false, problem: { seq: 5 } });
  });
});
