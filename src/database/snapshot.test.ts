import { getPriority } from 'node:os';
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
    givesWay: false,
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

// Only who may lower the priority of the server's processes can see that it was.
test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'the server processes of long work give way to everything else; those that somebody waits for do not',
  async () => {
    const workspaceId = await db.createWorkspace();
    const nicenessOf = async (givesWay: boolean) => {
      const { signal } = new AbortController();
      const snapshot = await Snapshot.open({
        url: db.url,
        scope: { workspaceId },
        signal,
        maxAgeMs: 60_000,
        givesWay,
      });
      try {
        return snapshot.backendPids.map((pid) => getPriority(pid));
      } finally {
        await snapshot.close();
      }
    };
    expect(await nicenessOf(true)).toEqual([19]);
    expect(await nicenessOf(false)).not.toContain(19);
  },
);
