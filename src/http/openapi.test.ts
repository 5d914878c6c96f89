import { createRequire } from 'node:module';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { type AppForTests, buildAppForTests } from '../access/app-for-tests.ts';
import { errorKind } from '../errors.ts';
import { problemSchema } from './problem.ts';
import type { RegisterRoutes } from './route-config.ts';

const full = errorKind('test.full', 409, 'No room.');
const routes: RegisterRoutes = (app) => {
  app.get(
    '/v1/boxes/:id/export',
    {
      config: { operation: 'exportBox', permission: 'export.read', export: true, errors: [full] },
      schema: {
        summary: 'One box',
        params: z.object({ id: z.string().describe('Its id.') }),
        querystring: z.object({ format: z.enum(['json', 'csv']).default('json').describe('File format.') }),
        response: {
          200: {
            description: 'The file.',
            content: { 'application/json': { schema: z.any() }, 'text/csv': { schema: z.string() } },
          },
          '4xx': problemSchema,
        },
      },
    },
    async () => ({}),
  );
  app.put(
    '/v1/boxes/:id/content',
    {
      config: { operation: 'fillBox', permission: 'files.write', rawBody: { types: ['*'], maxBytes: 1 } },
      schema: {
        summary: 'Fill a box',
        params: z.object({ id: z.string() }),
        response: { 200: z.object({ at: z.date(), size: z.int(), kind: z.literal('box') }) },
      },
    },
    async () => ({ at: new Date(0), size: 1, kind: 'box' as const }),
  );
};

interface Document {
  info: { version: string };
  servers: object[];
  components: { schemas: Record<string, object> };
  paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  operationId: string;
  security?: object[];
  requestBody?: object;
  responses: Record<string, { description: string; content: Record<string, { schema: object }> }>;
}

let test: TestDatabase;
let web: AppForTests;
let document: Document;
beforeAll(async () => {
  test = await createTestDatabase();
  web = await buildAppForTests(test, { routes: [routes] });
  document = (await web.app.inject({ url: '/openapi.json' })).json();
});
afterAll(async () => {
  await web?.close();
  await test.drop();
});

/** What OpenAPI 3.1 demands of the objects that we write. */
const response = {
  type: 'object',
  required: ['description'],
  properties: {
    description: { type: 'string', minLength: 1 },
    content: { additionalProperties: { type: 'object', required: ['schema'] } },
  },
};
const operation = {
  type: 'object',
  required: ['operationId', 'summary', 'responses'],
  properties: {
    responses: {
      minProperties: 2,
      propertyNames: { pattern: '^([1-5]\\d\\d|[1-5]XX|default)$' },
      additionalProperties: response,
    },
    parameters: {
      type: 'array',
      items: {
        required: ['name', 'in', 'schema'],
        properties: { in: { enum: ['path', 'query', 'header'] } },
        if: { properties: { in: { const: 'path' } } },
        // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema’s word
        then: { required: ['required'], properties: { required: { const: true } } },
      },
    },
  },
};
const openApi31 = {
  type: 'object',
  required: ['openapi', 'info', 'paths', 'components', 'servers'],
  properties: {
    openapi: { pattern: '^3\\.1\\.\\d$' },
    info: { required: ['title', 'version'] },
    paths: {
      propertyNames: { pattern: '^/' },
      additionalProperties: {
        propertyNames: { enum: ['get', 'put', 'post', 'delete', 'patch'] },
        additionalProperties: operation,
      },
    },
  },
};

it('the document has the structure of OpenAPI 3.1', () => {
  const ajv = new Ajv2020({ strict: false });
  const isValid = ajv.validate(openApi31, document);
  expect(ajv.errors).toBeNull();
  expect(isValid).toBe(true);
  expect(document.info.version).toBe('1.2.3');
  expect(document.servers).toEqual([{ url: 'https://convey.example' }]);
});

it('every component is used, every reference leads somewhere, and every schema is JSON Schema 2020-12', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const references = new Set(JSON.stringify(document).match(/#\/components\/schemas\/\w+/g));
  const names = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect([...references].sort()).toEqual(names.sort());
  for (const schema of Object.values(document.components.schemas)) ajv.compile(schema);
});

it('operation ids are unique', () => {
  const ids = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('getWhoami');
});

it('an operation says who may call it, what it takes, and each way it can end', () => {
  const get = document.paths['/v1/boxes/{id}/export']!['get']!;
  expect(get).toMatchObject({
    operationId: 'exportBox',
    security: [
      { apiKey: ['export:read'] },
      { apiKey: ['export:create'] },
      { apiKey: ['admin'] },
      { session: [] },
    ],
    'x-permission': 'export.read',
    parameters: [
      {
        name: 'format',
        in: 'query',
        required: false,
        description: 'File format.',
        schema: { default: 'json', enum: ['json', 'csv'] },
      },
      { name: 'id', in: 'path', required: true, description: 'Its id.' },
    ],
  });
  expect(Object.keys(get.responses)).toEqual(['200', '400', '401', '403', '409', '429', '500', '4XX']);
  expect(get.responses['409']).toEqual({
    description: '`test.full`: No room.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
  expect(get.responses['4XX']!.content).toHaveProperty(['application/problem+json']);
  expect(get.responses['403']!.description).toContain('http.cross_site');
  expect(Object.keys(get.responses['200']!.content)).toEqual(['application/json', 'text/csv']);
});

it('public operations name no security and guarded ones always do', () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const { security } of Object.values(operations)) {
      expect({ path, isGuarded: security !== undefined }).toEqual({
        path,
        isGuarded: path.startsWith('/v1/'),
      });
    }
  }
});

it('a raw body is described by its types, and a reply promises only what it must', () => {
  const put = document.paths['/v1/boxes/{id}/content']!['put']!;
  expect(put.requestBody).toEqual({ required: true, content: { '*/*': { schema: { type: 'string' } } } });
  expect(put.responses['200']!.content['application/json']!.schema).toEqual({
    type: 'object',
    properties: {
      at: { type: 'string', format: 'date-time' },
      size: { type: 'integer' },
      kind: { type: 'string', const: 'box' },
    },
    required: ['at', 'size', 'kind'],
  });
  expect(Object.keys(put.responses)).toContain('413');
});

it('the YAML is the same document', async () => {
  // The package that writes it, so that no second YAML package is needed to read it.
  const { resolve } = createRequire(import.meta.url);
  const { parse } = createRequire(resolve('@fastify/swagger'))('yaml') as {
    parse: (text: string) => unknown;
  };
  const reply = await web.app.inject({ url: '/openapi.yaml' });
  expect(reply.headers['content-type']).toBe('application/yaml');
  expect(parse(reply.body)).toEqual(document);
});
