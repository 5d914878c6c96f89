import createFetchClient, { type Middleware } from 'openapi-fetch';
import createQueryClient from 'openapi-react-query';
import type { components, paths } from './schema.d.ts';
import { languageHeader } from '../texts/chosen-language.ts';
import { readRefusal } from './problem.ts';

/** The API's own shapes, by name. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/** Every refusal is thrown as what the server said of it. */
const refusals: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await readRefusal(response);
  },
};

/** Every request says in which language the app is. */
const inLanguage: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(languageHeader())) request.headers.set(name, value);
  },
};

/** Requests, typed by the server's OpenAPI document. Throws `RefusedError`. */
export const api = createFetchClient<paths>({ baseUrl: '/' });
api.use(refusals, inLanguage);

/** The same as queries and mutations of components. */
export const $api = createQueryClient(api);
