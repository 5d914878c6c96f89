import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { type AppForTests, buildAppForTests } from '../access/app-for-tests.ts';
import { ConveyError, errorKind } from '../errors.ts';
import { problemSchema } from './problem.ts';
import type { RegisterRoutes } from './route-config.ts';

const busy = errorKind('test.busy', 429, 'Too much at once.');
const away = errorKind('test.away', 503, 'Not now.');

const schema = { summary: 'x', response: { 200: z.object({ got: z.any() }) } };
const routes: RegisterRoutes = (app) => {
  const fail = (name: string, act: () => never) =>
    app.get(
      `/v1/${name}`,
      { config: { operation: name, permission: 'self.read' }, schema },
      async (_request, reply) => {
        reply.header('content-disposition', 'attachment').header('etag', '"x"').header('retry-after', '7');
        return act();
      },
    );
  fail('busy', () => {
    throw new ConveyError(busy, 'Three run.');
  });
  fail('away', () => {
    throw new ConveyError(away);
  });
  fail('crash', () => {
    throw new Error('password is hunter2');
  });
  fail('odd', () => {
    throw undefined;
  });
  app.post(
    '/v1/echo',
    {
      config: { operation: 'echo', permission: 'self.read' },
      schema: { ...schema, body: z.object({ name: z.string(), deep: z.any().optional() }) },
    },
    async (request) => ({ got: request.body }),
  );
};

let test: TestDatabase;
let web: AppForTests;
let authorization: string;
beforeAll(async () => {
  test = await createTestDatabase();
  web = await buildAppForTests(test, { routes: [routes] });
  ({ authorization } = await web.newKey());
});
afterAll(async () => {
  await web?.close();
  await test.drop();
});

const get = (url: string, headers: Record<string, string> = {}) =>
  web.app.inject({ url, headers: { authorization, ...headers } });
const post = (body: string | Buffer, type = 'application/json', headers: Record<string, string> = {}) =>
  web.app.inject({
    method: 'POST',
    url: '/v1/echo',
    headers: { authorization, 'content-type': type, ...headers },
    body,
  });

describe('a refusal', () => {
  it('is a problem document with everything that the contract names', async () => {
    const reply = await get('/v1/busy');
    expect(reply.statusCode).toBe(429);
    expect(reply.headers['content-type']).toBe('application/problem+json');
    expect(reply.headers['cache-control']).toBe('no-store');
    const id = String(reply.headers['x-request-id']);
    expect(id).toMatch(/^req_[0-9a-z]{20}$/);
    expect(reply.json()).toEqual({
      type: 'https://convey.example/problems/test.busy',
      title: 'Too much at once.',
      status: 429,
      detail: 'Three run.',
      instance: `urn:convey:request:${id}`,
      code: 'test.busy',
      request_id: id,
    });
    expect(problemSchema.safeParse(reply.json()).success).toBe(true);
  });

  it('keeps headers that explain it and drops those of the reply that was meant', async () => {
    const { headers } = await get('/v1/busy');
    expect(headers['retry-after']).toBe('7');
    expect(headers).not.toHaveProperty('content-disposition');
    expect(headers).not.toHaveProperty('etag');
  });

  it('leads by its type to a page that explains it, as JSON or HTML', async () => {
    const { type } = (await get('/v1/busy')).json();
    const path = new URL(type).pathname;
    const json = await web.app.inject({ url: path });
    expect(json.json()).toEqual({ type, code: 'test.busy', status: 429, title: 'Too much at once.' });
    const html = await web.app.inject({ url: path, headers: { accept: 'text/html,*/*' } });
    expect(html.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(html.body).toContain('<p>Too much at once.</p>');
    expect((await web.app.inject({ url: '/problems/none.such' })).statusCode).toBe(404);
    const list = await web.app.inject({ url: '/problems' });
    expect(list.json().problems).toContainEqual(json.json());
  });
});

describe('an unexpected error', () => {
  it.each(['crash', 'odd'])(
    'is a 500 that says nothing, and is logged with the request id: %s',
    async (name) => {
      const reply = await get(`/v1/${name}`);
      expect(reply.statusCode).toBe(500);
      expect(reply.json()).toMatchObject({ code: 'http.internal' });
      expect(reply.json()).not.toHaveProperty('detail');
      expect(reply.body).not.toContain('hunter2');
      const logged = web.log.filter((line) => line['request_id'] === reply.headers['x-request-id']);
      expect(logged.map(({ level }) => level)).toEqual(['error', 'info']);
      if (name === 'crash') expect(JSON.stringify(logged[0])).toContain('hunter2');
    },
  );
});

describe('request ids', () => {
  it('are taken from outside only when well-formed', async () => {
    const idFor = async (id: string) =>
      (await get('/v1/whoami', { 'x-request-id': id })).headers['x-request-id'];
    expect(await idFor('trace-0123_ABC')).toBe('trace-0123_ABC');
    for (const bad of ['short', 'a b c d e f', '<script>alert()</script>', 'x'.repeat(65), 'ümlaut-ümlaut']) {
      expect(await idFor(bad)).toMatch(/^req_/);
    }
  });

  it('are on every reply, also where no route is', async () => {
    for (const url of ['/healthz', '/nowhere', '/%E0%A4%A'])
      expect((await web.app.inject({ url })).headers['x-request-id']).toMatch(/^req_/);
  });
});

describe('an address', () => {
  it('that is unknown is 404, with the same shape', async () => {
    const reply = await get('/v1/nowhere');
    expect(reply.statusCode).toBe(404);
    expect(reply.headers['content-type']).toBe('application/problem+json');
    expect(reply.json()).toMatchObject({ code: 'http.not_found' });
  });

  it('that is unknown is 404 whatever body comes along', async () => {
    for (const type of ['text/plain', 'application/json', 'image/png']) {
      const reply = await web.app.inject({
        method: 'POST',
        url: '/v1/nowhere',
        headers: { 'content-type': type, 'content-encoding': 'gzip' },
        body: '{"broken',
      });
      expect(reply.json()).toMatchObject({ status: 404, code: 'http.not_found' });
    }
  });

  it('asked with a method it does not take is 405, with those it takes', async () => {
    const reply = await web.app.inject({ method: 'DELETE', url: '/v1/echo?x=1' });
    expect(reply.statusCode).toBe(405);
    expect(reply.headers.allow).toBe('POST');
    expect((await web.app.inject({ method: 'POST', url: '/healthz' })).headers.allow).toBe('GET, HEAD');
    expect(reply.json()).toMatchObject({ code: 'http.method_not_allowed', detail: 'It takes POST.' });
  });

  it('that is no URL is 400', async () => {
    const reply = await get('/%E0%A4%A');
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ code: 'http.bad_request' });
  });
});

describe('a body', () => {
  it('that is good is taken', async () => {
    expect((await post('{"name":"ü"}')).json()).toEqual({ got: { name: 'ü' } });
    expect((await post('{"name":"a"}', 'application/json; charset=utf-8')).statusCode).toBe(200);
  });

  it.each(['', '{', '{"name":"a"}x', 'nul', '{"name":"a",}', "{'name':1}"])(
    'that is not JSON is http.bad_json: %j',
    async (body) => {
      const reply = await post(body);
      expect(reply.statusCode).toBe(400);
      expect(reply.json()).toMatchObject({ code: 'http.bad_json' });
    },
  );

  it('that is not UTF-8 is refused, not mended', async () => {
    const reply = await post(Buffer.from([...Buffer.from('{"name":"'), 0xff, ...Buffer.from('"}')]));
    expect(reply.json()).toMatchObject({ code: 'http.bad_json', detail: 'It is not UTF-8.' });
  });

  it.each([
    '{"__proto__":{"admin":true},"name":"a"}',
    '{"name":"a","deep":{"__proto__":{"admin":true}}}',
    '{"name":"a","deep":{"constructor":{"prototype":{"admin":true}}}}',
    '{"name":"a","deep":{"\\u005f_proto__":1}}',
  ])('with a key that reaches for prototypes is refused: %s', async (body) => {
    const reply = await post(body);
    expect(reply.statusCode).toBe(400);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it.each([
    ['{"name":"a\\u0000b"}', '/name'],
    ['{"name":"\\ud800"}', '/name'],
    ['{"name":"a","deep":[{"x":"\\udc00"}]}', '/deep/0/x'],
    ['{"name":"a","deep":{"a/b~":"\\u0000"}}', '/deep/a~1b~0'],
    ['{"name":"a","deep":{"\\u0000":1}}', '/deep'],
  ])('with text that the database cannot hold is refused by name: %s', async (body, pointer) => {
    const reply = await post(body);
    expect(reply.statusCode).toBe(400);
    expect(reply.json().errors).toEqual([{ pointer, detail: expect.stringContaining('well-formed') }]);
  });

  it('of many levels is refused quickly', async () => {
    const reply = await post(`{"name":"a","deep":${'['.repeat(200_000)}${']'.repeat(200_000)}}`);
    expect(reply.statusCode).toBe(400);
    expect(reply.json().errors).toEqual([{ pointer: '', detail: 'takes at most 100 levels' }]);
  });

  it('of another type is 415 and says which it takes', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'nonsense']) {
      const reply = await post('{"name":"a"}', type);
      expect(reply.statusCode).toBe(415);
      expect(reply.json()).toMatchObject({ code: 'http.unsupported_media_type' });
    }
    expect((await post('{}', 'text/plain')).json().detail).toContain('application/json');
  });

  it('that is compressed is 415', async () => {
    const reply = await post('{"name":"a"}', 'application/json', { 'content-encoding': 'gzip' });
    expect(reply.statusCode).toBe(415);
  });

  it('that is too large is 413 and says how much it takes', async () => {
    const reply = await post(`{"name":"${'x'.repeat(1024 * 1024)}"}`);
    expect(reply.statusCode).toBe(413);
    expect(reply.json()).toMatchObject({
      code: 'http.body_too_large',
      detail: 'It takes at most 1048576 bytes.',
    });
  });

  it('that is missing is refused', async () => {
    const reply = await web.app.inject({ method: 'POST', url: '/v1/echo', headers: { authorization } });
    expect(reply.statusCode).toBe(400);
  });
});

it('replies allow nothing inline, no framing, no sniffing, and https for good where the address is https', async () => {
  const { headers } = await get('/v1/whoami');
  const policy = headers['content-security-policy'];
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  expect(policy).toContain("frame-ancestors 'none'");
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'strict-transport-security': 'max-age=31536000',
  });
  const plain = await buildAppForTests(test, {}, { CONVEY_URL: 'http://localhost:4400' });
  const reply = await plain.app.inject({ url: '/healthz' });
  expect(reply.headers).not.toHaveProperty('strict-transport-security');
  await plain.close();
});
