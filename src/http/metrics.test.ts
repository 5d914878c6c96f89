import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { type AppForTests, buildAppForTests } from '../access/app-for-tests.ts';
import { Metrics } from './metrics.ts';

describe('Metrics', () => {
  it('writes counters, gauges and histograms as Prometheus reads them', async () => {
    const metrics = new Metrics();
    const add = metrics.counter('a_total', 'Things.');
    add({ kind: 'x"\\\n' });
    add({ kind: 'x"\\\n' }, 2);
    metrics.gauge('b', 'Level.', async () => [{ labels: { state: 'idle' }, value: 3 }]);
    const time = metrics.durations('c_seconds', 'Time.');
    time({ op: 'p' }, 0.005);
    time({ op: 'p' }, 9999);
    const text = await metrics.render();
    expect(text).toContain('# HELP a_total Things.\n# TYPE a_total counter\na_total{kind="x\\"\\\\\\n"} 3\n');
    expect(text).toContain('# TYPE b gauge\nb{state="idle"} 3\n');
    expect(text).toContain('c_seconds_bucket{op="p",le="0.005"} 1\n');
    expect(text).toContain('c_seconds_bucket{op="p",le="1800"} 1\n');
    expect(text).toContain('c_seconds_bucket{op="p",le="+Inf"} 2\n');
    expect(text).toContain('c_seconds_sum{op="p"} 9999.005\nc_seconds_count{op="p"} 2\n');
  });

  it('leaves out a gauge that cannot be read now, and refuses a name twice', async () => {
    const metrics = new Metrics();
    metrics.gauge('a', 'x', () => {
      throw new Error('no');
    });
    metrics.gauge('b', 'x', () => 1);
    expect(await metrics.render()).toBe('# HELP a x\n# TYPE a gauge\n# HELP b x\n# TYPE b gauge\nb 1\n');
    expect(() => metrics.counter('a', 'x')).toThrow('twice');
  });
});

describe('/metrics', () => {
  const token = 'a-token-for-the-scraper';
  let test: TestDatabase;
  let web: AppForTests;
  beforeAll(async () => {
    test = await createTestDatabase();
    web = await buildAppForTests(test, {}, { CONVEY_METRICS_TOKEN: token });
  });
  afterAll(async () => {
    await web?.close();
    await test.drop();
  });

  it('counts requests by operation and status; no id and no address is in it', async () => {
    await web.app.inject({ url: '/v1/whoami' });
    await web.app.inject({ url: '/v1/contacts/jane@example.com' });
    const { body, headers } = await web.app.inject({ url: '/metrics' });
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toContain('convey_http_requests_total{operation="getWhoami",method="GET",status="401"} 1\n');
    expect(body).toContain('convey_http_requests_total{operation="none",method="GET",status="404"} 1\n');
    expect(body).toMatch(/convey_feed_lag_seconds \d/);
    expect(body).toMatch(/convey_memory_bytes \d/);
    expect(body).not.toContain('jane');
    expect(JSON.stringify(web.log)).not.toContain('jane');
  });

  it('is not there for another machine, nor through a proxy, unless the token comes', async () => {
    const ask = async (remoteAddress: string, headers = {}) =>
      (await web.app.inject({ url: '/metrics', remoteAddress, headers })).statusCode;
    expect(await ask('127.0.0.1')).toBe(200);
    expect(await ask('::1')).toBe(200);
    expect(await ask('::ffff:127.0.0.1')).toBe(200);
    expect(await ask('10.0.0.9')).toBe(404);
    expect(await ask('127.0.0.1', { 'x-forwarded-for': '10.0.0.9' })).toBe(404);
    expect(await ask('10.0.0.9', { authorization: `Bearer ${token}` })).toBe(200);
    expect(await ask('10.0.0.9', { authorization: `Bearer ${token}x` })).toBe(404);
    expect(await ask('10.0.0.9', { authorization: '' })).toBe(404);
  });
});
