import type { Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import type { Database } from './connect.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const SLEEP = 'select pg_sleep(30)';

test.each<[string, (database: Database) => Promise<unknown>]>([
  ['one statement', (database) => database.querySystem(SLEEP)],
  ['a transaction', (database) => database.inSystem((transaction) => transaction.query(SLEEP))],
  [
    'a transaction of a workspace',
    (database) => database.inScope({ workspaceId: 'wsp_none' }, (transaction) => transaction.query(SLEEP)),
  ],
])(
  'a connection lost in the middle of %s rejects that alone: the process and the next query go on',
  async (_what, run) => {
    const begun = new Promise<pg.PoolClient>((resolve) => db.database.pool.once('acquire', resolve));
    const lost = run(db.database).catch((error: Error) => error);
    const client = (await begun) as unknown as { connection: { stream: Socket }; processID: number };
    const isAsleep = async () =>
      (
        await db.asSuperuser(`select from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'`, [
          client.processID,
        ])
      ).length > 0;
    while (!(await isAsleep()));
    client.connection.stream.destroy(); // as when the network breaks: the server says nothing before
    expect(await lost).toMatchObject({ message: expect.stringContaining('terminated') });
    expect(await db.database.querySystem('select 1 as one')).toEqual([{ one: 1 }]);
    expect(db.database.pool.waitingCount).toBe(0);
  },
);
