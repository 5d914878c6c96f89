import createFetchClient, { type Middleware } from 'openapi-fetch';
import createQueryClient from 'openapi-react-query';
import type { components, paths } from './schema.d.ts';
import { readRefusal } from './problem.ts';

/** The API's own shapes, by name. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/** Every refusal is thrown as what the server said of it. */
const refusals: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await readRefusal(response);
  },
};

/** Requests, typed by the server's OpenAPI document. Throws `RefusedError`. */
export const api = createFetchClient<paths>({ baseUrl: '/' });
api.use(refusals);

/** The same as queries and mutations of components. */
export const $api = createQueryClient(api);
