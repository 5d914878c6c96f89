import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { Snapshot } from './snapshot.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('a table locked against readers ends an export’s read with a reason; it does not wait for ever', async () => {
  const workspaceId = await db.createWorkspace();
  const locker = new pg.Client({ connectionString: db.superuserUrl });
  await locker.connect();
  const snapshot = await Snapshot.open({
    url: db.url,
    scope: { workspaceId },
    signal: new AbortController().signal,
    maxAgeMs: 60_000,
    lockPatienceMs: 50,
  });
  try {
    await snapshot.query('select count(*) from conversations');
    await locker.query('begin; lock table messages in access exclusive mode');
    const rows = await snapshot.copy('select id from messages order by id', 1);
    const read = async () => {
      do while (rows.next());
      while (await rows.more());
    };
    await expect(read()).rejects.toMatchObject({ code: '55P03' });
  } finally {
    await snapshot.close();
    await locker.end();
  }
});
