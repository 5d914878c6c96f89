import { z } from 'zod';
import { methodNotAllowed } from './http.errors.ts';
import { ConveyError } from '../errors.ts';
import { type App, isApiPath } from './route-config.ts';

/**
 * Refuses, when the server starts, a route that does not say enough about itself to be guarded, documented
 * and measured. Also closes two gaps that are easy to leave: unknown query keys on the API, and HEAD, which
 * would run a whole export and throw it away.
 */
export function checkRoutes(app: App): void {
  const operations = new Map<string, string>();
  app.addHook('onRoute', (route) => {
    const name = `${String(route.method)} ${route.url}`;
    const fail = (what: string): never => {
      throw new Error(`route ${name} ${what}`);
    };
    const { operation = fail('has no operation name'), rawBody } = route.config ?? {};
    const { querystring, params, body, response, summary } = route.schema ?? {};
    if (!/^[a-z][A-Za-z0-9]*$/.test(operation)) fail('has an operation name that is not camelCase');
    if (summary === undefined) fail('has no summary');
    if (Object.keys((response as object | undefined) ?? {}).length === 0)
      fail('has no schema for its response');
    if (/[:*]/.test(route.url) && params === undefined) fail('has no schema for its parameters');
    if (body !== undefined && rawBody !== undefined) fail('has a schema for a body that it reads raw');
    if (isApiPath(route.url)) {
      if (querystring !== undefined && !(querystring instanceof z.ZodObject)) {
        fail('has a query schema that is no z.object, so unknown keys would pass');
      }
      route.schema = { ...route.schema, querystring: querystring ?? z.object({}) };
    }
    if (route.method === 'HEAD') {
      if (route.config?.export && !route.config.cheapHead) {
        route.handler = () => {
          throw new ConveyError(methodNotAllowed, 'It takes GET.');
        };
      }
      return;
    }
    if (operations.has(operation)) fail(`has the operation name of ${operations.get(operation)}`);
    operations.set(operation, name);
  });
}
