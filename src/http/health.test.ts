import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { buildAppForTests } from '../access/app-for-tests.ts';
import { Database } from '../database/connect.ts';
import type { AppDeps } from './app.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

/** One answer of a fresh application, so that nothing of an earlier look is remembered. */
async function ask(url: string, deps: Partial<AppDeps> = {}) {
  const web = await buildAppForTests(test, deps);
  const reply = await web.app.inject({ url });
  const { log } = web;
  await web.close();
  return { status: reply.statusCode, body: reply.json(), log };
}

describe('/healthz', () => {
  it('answers without the database', async () => {
    const database = new Database('postgres://convey@127.0.0.1:1/none');
    expect(await ask('/healthz', { database })).toMatchObject({ status: 200, body: { status: 'ok' } });
    await database.close();
  });
});

describe('/readyz', () => {
  it('is ready when the database answers and has exactly the migrations of this program', async () => {
    const { status, body } = await ask('/readyz');
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'ready',
      database: 'ok',
      migrations: 'ok',
      feed_lag_ms: expect.any(Number),
    });
  });

  it('is 503 when a migration has not run, and when one ran that this program does not know', async () => {
    expect(await ask('/readyz', { migrations: ['0001_system.sql', '9999_future.sql'] })).toMatchObject({
      status: 503,
      body: { status: 'unready', migrations: 'missing' },
    });
    expect(await ask('/readyz', { migrations: [] })).toMatchObject({
      status: 503,
      body: { status: 'unready', migrations: 'unknown' },
    });
  });

  it('is 503 when the database does not answer, without saying where it should be', async () => {
    const database = new Database('postgres://convey:hunter2@127.0.0.1:1/none');
    const { status, body } = await ask('/readyz', { database });
    await database.close();
    expect(status).toBe(503);
    expect(body).toEqual({ status: 'unready', database: 'unreachable' });
  });

  it('asks the database once for any number of askers in a second', async () => {
    const web = await buildAppForTests(test);
    let asked = 0;
    test.database.pool.on('acquire', () => {
      asked += 1;
    });
    await Promise.all(Array.from({ length: 20 }, () => web.app.inject({ url: '/readyz' })));
    expect(asked).toBe(1);
    test.database.pool.removeAllListeners('acquire');
    await web.close();
  });

  it.each([
    ['of our own role', () => test.url],
    ['of a role whose beginnings are hidden from us', () => test.superuserUrl],
  ])('shows the age of the oldest open writing transaction: one %s', async (_whose, url) => {
    const web = await buildAppForTests(test);
    const writer = new pg.Client({ connectionString: url() });
    await writer.connect();
    await writer.query('begin');
    await writer.query('select pg_current_xact_id()');
    const lag = async () => (await web.app.inject({ url: '/readyz' })).json().feed_lag_ms as number;
    const start = Date.now();
    await lag();
    while (Date.now() - start < 1100) await writer.query('select pg_sleep(0.05)');
    expect(await lag()).toBeGreaterThanOrEqual(1000);
    await writer.query('rollback');
    await writer.end();
    await web.close();
  });
});
