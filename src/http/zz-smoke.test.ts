import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase } from '../../test/support/test-database.ts';
import { buildAppForTests } from '../access/app-for-tests.ts';
import { problemSchema } from './problem.ts';
import { rawBodyOf } from './read-body.ts';
it('smoke', async () => {
  const test = await createTestDatabase();
  const web = await buildAppForTests(test, {
    docsDir: '/work/main/docs',
    routes: [
      (app) => {
        app.put(
          '/v1/files/:id/content',
          {
            config: {
              operation: 'putContent',
              permission: 'files.write',
              rawBody: { types: ['*'], maxBytes: 100 },
            },
            schema: {
              summary: 'x',
              params: z.object({ id: z.string() }),
              response: { 200: z.object({ n: z.number() }), '4xx': problemSchema },
            },
          },
          async (request) => {
            let n = 0;
            for await (const c of rawBodyOf(request)) n += c.length;
            return { n };
          },
        );
        app.get(
          '/v1/export',
          {
            exposeHeadRoute: false,
            config: { operation: 'exp', permission: 'export.workspace', export: true },
            schema: {
              summary: 'x',
              querystring: z.object({
                format: z.enum(['json', 'csv']).default('json'),
                tag: z.union([z.string(), z.array(z.string())]).optional(),
                limit: z.coerce.number().int().min(1).max(100).default(20).describe('How many.'),
              }),
              response: { 200: z.any().describe('The file'), '4xx': problemSchema },
            },
          },
          async () => ({ a: 1 }),
        );
      },
    ],
  });
  const { authorization } = await web.newKey();
  for (const url of [
    '/openapi.json',
    '/openapi.yaml',
    '/healthz',
    '/readyz',
    '/metrics',
    '/problems',
    '/problems/http.bad_request',
    '/docs',
    '/llms.txt',
    '/nope',
    '/v1/export?format=xml&limit=200&fromat=2&tag=a&tag=b',
    '/v1/whoami?x=1',
    '/%E0%A4%A',
  ]) {
    const reply = await web.app.inject({ url, headers: { authorization } });
    console.log(url, reply.statusCode, JSON.stringify(reply.headers), reply.body.slice(0, 1500));
    if (url.startsWith('/openapi')) writeFileSync(`/tmp/scratch${url}`, reply.body);
  }
  console.log(web.log);
  await web.close();
  await test.drop();
});
