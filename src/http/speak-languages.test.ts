import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { type AppForTests, buildAppForTests } from '../access/app-for-tests.ts';
import { ConveyError } from '../errors.ts';
import { noSuchRoute } from './http.errors.ts';
import type { RegisterRoutes } from './route-config.ts';
import { sentence } from './sentence.ts';

const ENGLISH = 'There is nothing at this address.';
const GERMAN = 'An dieser Adresse ist nichts.';

const told = z.object({
  code: z.string(),
  title: sentence().describe('Of an error.'),
  list: z.array(z.object({ why: sentence(), name: z.string() })),
  maybe: sentence().nullable(),
  more: z.object({ title: sentence().optional() }).optional(),
});
const reply = {
  code: ENGLISH,
  title: ENGLISH,
  list: [
    { why: ENGLISH, name: ENGLISH },
    { why: 'what nobody translated', name: 'b' },
  ],
  maybe: null,
  more: { title: ENGLISH },
};

const routes: RegisterRoutes = (app) => {
  const config = (operation: string) => ({ config: { operation, permission: 'self.read' as const } });
  const response = { 200: told };
  app.get('/v1/told', { ...config('told'), schema: { summary: 'x', response } }, async () => reply);
  app.get(
    '/v1/data',
    { ...config('data'), schema: { summary: 'x', response: { 200: z.object({ title: z.string() }) } } },
    async () => ({ title: ENGLISH }),
  );
  app.get('/v1/bytes', { ...config('bytes'), schema: { summary: 'x', response } }, async (_request, answer) =>
    answer.type('application/json').send(Buffer.from(JSON.stringify(reply)) as never),
  );
  app.get('/v1/refused', { ...config('refused'), schema: { summary: 'x', response } }, async () => {
    throw new ConveyError(noSuchRoute, ENGLISH, {
      fields: [{ pointer: '/a', detail: ENGLISH }],
      action: { title: 'Run it again', method: 'POST', href: '/v1/x' },
    });
  });
};

let db: TestDatabase;
let web: AppForTests;
let authorization: string;
beforeAll(async () => {
  db = await createTestDatabase();
  web = await buildAppForTests(db, { routes: [routes] });
  ({ authorization } = await web.newKey());
});
afterAll(async () => {
  await web?.close();
  await db.drop();
});

const get = (url: string, language?: string, accept = 'application/json') =>
  web.app.inject({
    url,
    headers: { authorization, accept, ...(language === undefined ? {} : { 'accept-language': language }) },
  });

test('sentences of a reply are German where that is asked for; codes and names stay', async () => {
  const { headers, json } = await get('/v1/told', 'de-AT, en;q=0.5');
  expect(json()).toEqual({
    code: ENGLISH,
    title: GERMAN,
    list: [
      { why: GERMAN, name: ENGLISH },
      { why: 'what nobody translated', name: 'b' },
    ],
    maybe: null,
    more: { title: GERMAN },
  });
  expect(headers).toMatchObject({ 'content-language': 'de', vary: 'accept-language' });
  expect(reply.title).toBe(ENGLISH);
});

test.each([undefined, 'en', '*', 'fr', 'de;q=0.5, en'])(
  'they are English for Accept-Language: %s',
  async (language) => {
    const { headers, json } = await get('/v1/told', language);
    expect(json()).toEqual(reply);
    expect(headers).not.toHaveProperty('content-language');
    expect(headers['vary']).toBe('accept-language');
  },
);

test('a reply without sentences, and one that is sent as bytes, are the same in every language', async () => {
  for (const path of ['/v1/data', '/v1/bytes']) {
    const { headers, body } = await get(path, 'de');
    expect(body).toBe((await get(path)).body);
    expect(body).not.toContain(GERMAN);
    expect(headers).not.toHaveProperty('content-language');
    expect(headers).not.toHaveProperty('vary');
  }
});

test('a refusal is German in what is the same for every case of its code; what was wrong this time is not', async () => {
  const { headers, json, statusCode } = await get('/v1/refused', 'de');
  expect(statusCode).toBe(404);
  expect(json()).toMatchObject({
    title: GERMAN,
    code: 'http.not_found',
    detail: ENGLISH,
    errors: [{ pointer: '/a', detail: ENGLISH }],
    action: { title: 'Noch einmal ausführen', method: 'POST', href: '/v1/x' },
  });
  expect(headers).toMatchObject({
    'content-type': 'application/problem+json',
    'content-language': 'de',
    vary: 'accept-language',
  });
  expect((await get('/v1/refused', 'fr')).json()).toMatchObject({ title: ENGLISH });
  // Also where no route, no credentials and no handler is.
  expect((await get('/v1/nowhere', 'de')).json()).toMatchObject({ title: GERMAN });
  const nobody = await web.app.inject({ url: '/v1/told', headers: { 'accept-language': 'de' } });
  expect(nobody.json()).toMatchObject({
    code: 'access.unauthenticated',
    title: expect.stringContaining('Anmeldung'),
  });
  expect((await get('/%E0%A4%A', 'de')).headers['content-language']).toBe('de');
});

test('the log is English, whatever language was asked for', async () => {
  const { headers } = await get('/v1/refused', 'de');
  const lines = web.log.filter((line) => line['request_id'] === headers['x-request-id']);
  expect(lines.length).toBeGreaterThan(0);
  expect(JSON.stringify(lines)).not.toContain(GERMAN);
});

test('the pages about codes are in the reader’s language, and say which', async () => {
  const page = await get('/problems/http.not_found', 'de', 'text/html');
  expect(page.headers).toMatchObject({ 'content-language': 'de', vary: 'accept-language' });
  expect(page.body).toContain('<html lang="de">');
  expect(page.body).toContain(`<p>${GERMAN}</p>\n<p>HTTP-Status 404. <a href="/problems">Alle Codes</a></p>`);
  expect((await get('/problems/http.not_found', 'de')).json()).toMatchObject({ title: GERMAN });
  const { problems } = (await get('/problems', 'de')).json<{ problems: { code: string; title: string }[] }>();
  expect(problems).toContainEqual(expect.objectContaining({ code: 'http.not_found', title: GERMAN }));
  expect((await get('/problems/http.not_found', 'en', 'text/html')).body).toContain('<html lang="en">');
});

test('the API’s description says which texts are told in the language that is asked for', async () => {
  const { paths } = (await get('/openapi.json')).json();
  const { schema } = paths['/v1/told'].get.responses['200'].content['application/json'];
  expect(schema.properties.title).toMatchObject({ type: 'string', 'x-translated': true });
  expect(schema.properties.title.description).toBe('Of an error.');
  expect(schema.properties.code).not.toHaveProperty('x-translated');
});
