import swagger from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ErrorKind } from '../errors.ts';
import { badRequest, bodyTooLarge, crossSite, internalError, unsupportedMediaType } from './http.errors.ts';
import { dropUnusedSchemas, nameResponses, zodToJsonConfig } from './polish-openapi.ts';
import { PROBLEM_TYPE, problemSchema } from './problem.ts';
import type { App } from './route-config.ts';

const toJsonSchema = createJsonSchemaTransform({ zodToJsonConfig });
const collectSchemas = createJsonSchemaTransformObject({ zodToJsonConfig });

/**
 * `/openapi.json` and `/openapi.yaml`, made from the schemas that validate. Adds to every route its operation
 * id and a response for each refusal that it can give.
 */
export async function describeRoutes(
  app: App,
  { version, config: { publicUrl } }: { version: string; config: { publicUrl: string } },
): Promise<void> {
  await app.register(swagger, {
    convertConstToEnum: false, // 3.1 has `const`
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Convey',
        version,
        description: 'Gets conversation data out, and makes it go away, in ways that can be checked.',
      },
      servers: [{ url: publicUrl }],
      components: {
        securitySchemes: {
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description:
              'An API key (`ak_…`). The names listed with an operation are key scopes; one is enough.',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: '__Host-convey_session',
            description:
              'A signed-in user, in the web app. `x-roles` lists the roles that may; `Convey-Workspace` (or, in ' +
              'links, `?workspace=`) names the workspace by its short name. Over plain HTTP the cookie is `convey_session`.',
          },
        },
      },
    },
    transform: (document) => {
      const { schema, url } = toJsonSchema(document);
      const { rawBody } = document.route.config ?? {};
      if (rawBody === undefined) return { schema, url };
      const types = rawBody.types.map((type) => (type === '*' ? '*/*' : type));
      const content = Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' } }]));
      return { schema: { ...schema, body: { content } }, url };
    },
    transformObject: (document) => nameResponses(dropUnusedSchemas(collectSchemas(document))),
  });
  app.addHook('onRoute', (route) => {
    const { operation, errors = [] } = route.config ?? {};
    const kinds = [...errors, ...edgeErrors(route)];
    route.schema = {
      ...route.schema,
      operationId: operation,
      response: responsesWith(route.schema?.response as Responses | undefined, kinds),
    } as FastifySchema;
  });

  let json: Buffer | undefined;
  app.get(
    '/openapi.json',
    {
      config: { operation: 'getOpenApiJson' },
      schema: {
        tags: ['server'],
        summary: 'This API, as OpenAPI 3.1 in JSON',
        response: {
          200: { content: { 'application/json': { schema: z.unknown().describe('The document.') } } },
        },
      },
    },
    async (_request, reply) => {
      json ??= Buffer.from(JSON.stringify(app.swagger()));
      return reply.type('application/json; charset=utf-8').send(json);
    },
  );
  app.get(
    '/openapi.yaml',
    {
      config: { operation: 'getOpenApiYaml' },
      schema: {
        tags: ['server'],
        summary: 'This API, as OpenAPI 3.1 in YAML',
        response: { 200: { content: { 'application/yaml': { schema: z.string() } } } },
      },
    },
    async (_request, reply) => reply.type('application/yaml').send(app.swagger({ yaml: true })),
  );
}

/** What the edge itself may answer instead of the handler. */
function edgeErrors(route: {
  schema?: FastifySchema;
  config?: { rawBody?: unknown; export?: boolean };
}): ErrorKind[] {
  const kinds = [internalError];
  const { body, querystring, params, headers } = route.schema ?? {};
  if (body ?? querystring ?? params ?? headers) kinds.push(badRequest);
  if (body !== undefined || route.config?.rawBody !== undefined)
    kinds.push(bodyTooLarge, unsupportedMediaType);
  if (route.config?.export === true) kinds.push(crossSite);
  return kinds;
}

type Responses = Record<string, unknown>;

/** A route's own responses, and one for each status of its errors. */
function responsesWith(own: Responses = {}, kinds: ErrorKind[]): Responses {
  const content = { [PROBLEM_TYPE]: { schema: problemSchema } };
  const responses: Responses = {};
  for (const [status, schema] of Object.entries(own)) {
    responses[status] = schema === problemSchema ? { description: 'A problem.', content } : schema;
  }
  for (const status of new Set(kinds.map((kind) => String(kind.status)))) {
    const listed = kinds.filter((kind) => String(kind.status) === status);
    const description = listed.map(({ code, title }) => `\`${code}\`: ${title}`).join('\n\n');
    responses[status] ??= { description, content }; // where the route has one, it describes it better
  }
  return responses;
}
