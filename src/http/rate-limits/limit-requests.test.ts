import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { plantMember } from '../../../test/support/people.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { type AppForTests, buildAppForTests } from '../../access/app-for-tests.ts';
import { Database } from '../../database/connect.ts';
import type { RegisterRoutes } from '../route-config.ts';
import { limitsOf } from './limits.ts';
import { rateLimitFields } from './rate-limit-fields.ts';

const schema = { summary: 'x', response: { 200: z.object({}) } };
const routes: RegisterRoutes[] = [
  (app) => {
    const permission = 'self.read';
    const handler = async () => ({});
    app.get('/v1/free', { config: { operation: 'free', permission, limits: [] }, schema }, handler);
    const limits = ['export-second', 'export-minute', 'export-day'] as const;
    for (const name of ['one', 'two'])
      app.get(`/v1/${name}`, { config: { operation: name, permission, limits }, schema }, handler);
    // An address that is public, as a sign-in is.
    app.post('/problems', { config: { operation: 'post' }, schema }, handler);
  },
];

let test: TestDatabase;
let one: AppForTests;
let two: AppForTests;
const proxies = { CONVEY_TRUSTED_PROXIES: '127.0.0.1' };
beforeAll(async () => {
  test = await createTestDatabase();
  one = await buildAppForTests(test, { routes }, { CONVEY_REQUESTS_PER_MINUTE: '4', ...proxies });
  two = await buildAppForTests(test, { routes }, { CONVEY_REQUESTS_PER_MINUTE: '4', ...proxies });
});
afterAll(async () => {
  await Promise.all([one?.close(), two?.close()]);
  await test.drop();
});
beforeEach(async () => {
  await test.asSuperuser('delete from rate_counters');
});

const ask = ({ app }: AppForTests, url: string, headers: Record<string, string>) =>
  app.inject({ url, headers });
const endWindows = (like: string) =>
  test.asSuperuser(`update rate_counters set ends_at = now() where key like $1`, [like]);

describe('the requests of one key', () => {
  it('are counted over all servers, and the first too many is refused by each of them', async () => {
    const { authorization } = await one.newKey();
    const replies = [];
    for (const web of [one, two, one, two, one, two])
      replies.push(await ask(web, '/v1/whoami', { authorization }));
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 429, 429]);
    const [first] = replies;
    expect(first!.headers).toMatchObject({
      'ratelimit-policy': '"requests";q=4;w=60',
      ratelimit: '"requests";r=3;t=60',
    });
    expect(first!.headers).not.toHaveProperty('retry-after');
    const refusal = replies[4]!;
    expect(refusal.headers['content-type']).toBe('application/problem+json');
    expect(refusal.json()).toMatchObject({
      code: 'http.too_many_requests',
      detail: expect.stringContaining('“requests” allows 4 in 60 seconds'),
    });
    expect(refusal.headers['ratelimit']).toMatch(/^"requests";r=0;t=\d+$/);
    const [, seconds] = /t=(\d+)/.exec(String(refusal.headers['ratelimit']))!;
    expect(refusal.headers['retry-after']).toBe(seconds);
  });

  it('at the same time get through as many as are allowed and no more', async () => {
    const { authorization } = await one.newKey();
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, i) => ask(i % 2 ? one : two, '/v1/whoami', { authorization })),
    );
    expect(replies.filter(({ statusCode }) => statusCode === 200).length).toBe(4);
  });

  it('are taken again when the window is over, and do not count against anybody else', async () => {
    const mine = await one.newKey();
    const other = await one.newKey();
    const ofMine = { authorization: mine.authorization };
    for (let i = 0; i < 5; i++) await ask(one, '/v1/whoami', ofMine);
    expect((await ask(one, '/v1/whoami', ofMine)).statusCode).toBe(429);
    expect((await ask(one, '/v1/whoami', { authorization: other.authorization })).statusCode).toBe(200);
    const { headers } = await plantMember(test, mine.workspaceId, 'owner');
    expect((await ask(one, '/v1/whoami', { ...headers })).headers['ratelimit']).toMatch(/r=3/);
    await endWindows('requests %');
    expect((await ask(one, '/v1/whoami', ofMine)).headers['ratelimit']).toMatch(/r=3/);
  });

  it('are not counted where a route says so, nor before the key is known to be good', async () => {
    const { authorization } = await one.newKey();
    for (let i = 0; i < 6; i++) {
      const reply = await ask(one, '/v1/free', { authorization });
      expect(reply.statusCode).toBe(200);
      expect(reply.headers).not.toHaveProperty('ratelimit');
    }
    await ask(one, '/v1/whoami', { authorization: 'Bearer ak_convey_none' });
    expect(await test.asSuperuser('select from rate_counters')).toEqual([]);
  });

  it('have no limit with CONVEY_REQUESTS_PER_MINUTE=0', async () => {
    const web = await buildAppForTests(test, {}, { CONVEY_REQUESTS_PER_MINUTE: '0' });
    const { authorization } = await web.newKey();
    const reply = await ask(web, '/v1/whoami', { authorization });
    expect(reply.headers).not.toHaveProperty('ratelimit-policy');
    await web.close();
  });
});

describe('a route with several limits', () => {
  it('tells all of them, and refuses when any is reached: 10 a second for each endpoint, 100 a minute for all', async () => {
    const { authorization } = await one.newKey();
    const first = await ask(one, '/v1/one', { authorization });
    expect(first.headers['ratelimit-policy']).toBe(
      '"export-second";q=10;w=1, "export-minute";q=100;w=60, "export-day";q=15000;w=86400',
    );
    expect(first.headers['ratelimit']).toBe(
      '"export-second";r=9;t=1, "export-minute";r=99;t=60, "export-day";r=14999;t=86400',
    );
    await test.asSuperuser(
      `update rate_counters set count = 10, ends_at = now() + interval '1 s' where key like 'export-second%'`,
    );
    const fast = await ask(one, '/v1/one', { authorization });
    expect([fast.statusCode, fast.headers['retry-after']]).toEqual([429, '1']);
    expect((await ask(one, '/v1/two', { authorization })).statusCode).toBe(200);
    await test.asSuperuser(`update rate_counters set count = 100 where key like 'export-minute%'`);
    const full = await ask(one, '/v1/two', { authorization });
    expect(full.statusCode).toBe(429);
    expect(Number(full.headers['retry-after'])).toBeGreaterThan(50);
    expect(full.json().detail).toContain('“export-minute” allows 100 in 60 seconds');
    expect(full.json().detail).not.toContain('export-day');
  });
});

describe('what anybody may send', () => {
  const post = (web: AppForTests, ip: string, remoteAddress = '127.0.0.1') =>
    web.app.inject({ method: 'POST', url: '/problems', headers: { 'x-forwarded-for': ip }, remoteAddress });

  it('is counted by network: 60 a minute, wherever in it they come from', async () => {
    const first = await post(one, '203.0.113.1');
    expect(first.headers['ratelimit-policy']).toBe('"public";q=60;w=60');
    await test.asSuperuser('update rate_counters set count = 60');
    expect((await post(two, '203.0.113.200')).statusCode).toBe(429);
    expect((await post(two, '203.0.114.1')).statusCode).toBe(200);
    expect(JSON.stringify(await test.asSuperuser('select key from rate_counters'))).not.toContain(
      '203.0.113',
    );
  });

  it('is counted by the connection’s address where the proxy is not trusted, so that nobody can pose as many', async () => {
    for (let i = 0; i < 3; i++) await post(one, `203.0.${i}.1`, '198.51.100.7');
    expect(await test.asSuperuser('select count from rate_counters')).toEqual([{ count: '3' }]);
  });

  it('is refused while the database cannot count, and what needs credentials is served', async () => {
    await test.asSuperuser('alter table rate_counters rename to gone');
    const { authorization } = await one.newKey();
    expect((await post(one, '203.0.113.1')).json()).toMatchObject({ status: 503, code: 'http.cannot_count' });
    expect((await ask(one, '/v1/whoami', { authorization })).statusCode).toBe(200);
    expect((await ask(one, '/v1/whoami', { authorization })).statusCode).toBe(200);
    const complaints = one.log.filter(({ message }) => String(message).includes('cannot be counted'));
    expect(complaints.length).toBe(1);
    await test.asSuperuser('alter table gone rename to rate_counters');
  });

  it('is refused without a database', async () => {
    const database = new Database('postgres://convey@127.0.0.1:1/none');
    const web = await buildAppForTests({ database, createWorkspace: async () => '' }, { routes });
    expect((await post(web, '203.0.113.1')).json()).toMatchObject({ status: 503, code: 'http.cannot_count' });
    await web.close();
    await database.close();
  });
});

it('a route that names no limits has the usual ones', () => {
  expect(limitsOf({ method: 'GET', config: { permission: 'self.read' } })).toEqual(['requests']);
  expect(limitsOf({ method: 'POST', config: {} })).toEqual(['public']);
  expect(limitsOf({ method: ['GET', 'HEAD'], config: {} })).toEqual([]);
  expect(limitsOf({ method: 'POST', config: { permission: 'ingest', limits: [] } })).toEqual([]);
});

it('the fields are structured lists, never negative', () => {
  const fields = rateLimitFields([{ name: 'a', quota: 2, windowSeconds: 60, count: 5, leftMs: 100 }]);
  expect(fields).toEqual({ 'ratelimit-policy': '"a";q=2;w=60', ratelimit: '"a";r=0;t=1' });
});
