import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { type AppForTests, buildAppForTests } from '../access/app-for-tests.ts';
import { accessRoutes } from '../access/access.routes.ts';
import { apiKeyRoutes } from '../access/api-keys/api-keys.routes.ts';
import { guardRoutes } from '../access/authenticate.ts';
import { invitationRoutes } from '../access/members/invitations.routes.ts';
import { memberRoutes } from '../access/members/members.routes.ts';
import { settingsRoutes } from '../access/workspaces/settings.routes.ts';
import { sessionLimits } from '../access/sessions.ts';
import { permissions } from '../access/permissions.ts';
import { registerOidcRoutes } from '../access/oidc/oidc.routes.ts';
import { createSignIn } from '../access/sign-in/sign-in.ts';
import { registerSignInRoutes } from '../access/sign-in/sign-in.routes.ts';
import { readConfig } from '../config.ts';
import { randomBytes } from 'node:crypto';
import { registerExportRoutes } from '../exports/exports.routes.ts';
import { registerKeptExportRoutes } from '../exports/kept-exports.routes.ts';
import { registerListedExportRoutes } from '../exports/listed-exports.routes.ts';
import { registerExportLinkRoutes } from '../exports/links/export-links.routes.ts';
import { registerOpenedLinkRoutes } from '../exports/links/opened-links.routes.ts';
import { registerExportEventRoutes } from '../exports/progress/export-events.routes.ts';
import { registerOrderOptionsRoutes } from '../exports/order/order-options.routes.ts';
import { registerExportSummaryRoutes } from '../exports/progress/export-summary.routes.ts';
import { registerLastExportRoutes } from '../exports/progress/last-exports.routes.ts';
import { registerKeyRoutes } from '../exports/keys.routes.ts';
import { MasterKeys } from '../keys/master-keys.ts';
import { SigningKeys } from '../keys/signing-keys.ts';
import { silentLog } from '../log.ts';
import { registerFilterValueRoutes } from '../records/lists/filter-values.routes.ts';
import { registerListRoutes } from '../records/lists/lists.routes.ts';
import { registerSavedViewRoutes } from '../records/saved-views/saved-views.routes.ts';
import { buildApp } from './app.ts';
import { type App, isPublicRoute, PUBLIC_ROUTES, type RegisterRoutes } from './route-config.ts';

/** Everything the server serves. A capability's routes are added here when they are added to the server. */
function allRoutes(test: TestDatabase): RegisterRoutes[] {
  // What they would work with is left out: nothing here gets past the guard.
  return [
    accessRoutes({ database: test.database }),
    memberRoutes({ database: test.database }),
    invitationRoutes({ database: test.database } as never),
    apiKeyRoutes({ database: test.database }),
    settingsRoutes({ database: test.database }),
    (app) => registerOidcRoutes(app, {} as never, undefined),
    (app) => registerExportRoutes(app, {} as never),
    (app) => registerListRoutes(app, test),
    (app) => registerFilterValueRoutes(app, test),
    (app) => registerSavedViewRoutes(app, test),
    (app) => registerListedExportRoutes(app, test),
    (app) => registerKeptExportRoutes(app, {} as never),
    (app) => registerExportEventRoutes(app, {} as never),
    (app) => registerLastExportRoutes(app, {} as never),
    (app) => registerExportSummaryRoutes(app, {} as never),
    (app) => registerOrderOptionsRoutes(app, {} as never),
    (app) => registerExportLinkRoutes(app, {} as never),
    (app) => registerOpenedLinkRoutes(app, {} as never),
    (app) =>
      registerSignInRoutes(
        app,
        createSignIn({ database: test.database, log: silentLog, passwordCost: 4 } as never),
      ),
    (app) =>
      registerKeyRoutes(app, new SigningKeys(test.database, new MasterKeys({ keys: [randomBytes(32)] }))),
  ];
}

interface Registered {
  method: string;
  url: string;
  config: { operation?: string; permission?: string; export?: boolean };
  schema: { response?: object; summary?: string };
}

let test: TestDatabase;
let app: App;
const registered: Registered[] = [];
beforeAll(async () => {
  test = await createTestDatabase();
  const guard = guardRoutes({
    database: test.database,
    log: silentLog,
    sessions: sessionLimits(readConfig({}).config),
  });
  app = await buildApp({
    config: readConfig({}).config,
    database: test.database,
    log: silentLog,
    hashCounted: (text) => text,
    version: '0.0.0',
    migrations: [],
    docsDir: new URL('../../docs/', import.meta.url).pathname,
    guard: (target) => {
      guard(target);
      // After the guard, so that what is walked is what is guarded.
      target.addHook('onRoute', ({ method, url, config, schema }) => {
        for (const one of [method].flat()) {
          registered.push({ method: one, url, config: config ?? {}, schema: (schema ?? {}) as object });
        }
      });
    },
    routes: allRoutes(test),
  });
});
afterAll(async () => {
  await app?.close();
  await test.drop();
});

/** As the list of public routes names it. */
const publicName = (method: string, url: string) =>
  PUBLIC_ROUTES.has(url) || !isPublicRoute({ method, url })
    ? url
    : `${method === 'HEAD' ? 'GET' : method} ${url}`;

/** An address that the route takes. */
const example = (url: string) => url.replaceAll(/:\w+|\*/g, 'x');

describe('every route', () => {
  it('is walked', () => {
    const urls = registered.map(({ url }) => url);
    expect(urls).toContain('/v1/whoami');
    expect(urls).toContain('/healthz');
  });

  it('answers 401 without credentials, unless it is on the short public list', async () => {
    for (const headers of [{}, { authorization: 'Bearer ak_convey_nonsense' }]) {
      const open: string[] = [];
      for (const { method, url } of registered) {
        const reply = await app.inject({ method: method as 'GET', url: example(url), headers });
        if (reply.statusCode !== 401) open.push(publicName(method, url));
      }
      expect(new Set(open)).toEqual(PUBLIC_ROUTES);
    }
  });

  it('declares its operation, its permission and a schema for every response', () => {
    for (const { method, url, config, schema } of registered) {
      const { operation, permission } = config;
      expect({ method, url, operation, permission, summary: schema.summary }).toEqual({
        method,
        url,
        operation: expect.stringMatching(/^[a-z][A-Za-z0-9]*$/),
        permission: isPublicRoute({ method, url }) ? undefined : expect.any(String),
        summary: expect.stringMatching(/./),
      });
      if (permission !== undefined) expect(Object.keys(permissions)).toContain(permission);
      expect(Object.keys(schema.response ?? {})).not.toEqual([]);
    }
  });

  it('is on the public list only if it exists', () => {
    const urls = new Set(registered.map(({ method, url }) => publicName(method, url)));
    expect([...PUBLIC_ROUTES].filter((url) => !urls.has(url))).toEqual([]);
  });

  it('that hands out data in bulk refuses other sites', async () => {
    for (const { method, url } of registered.filter(({ config }) => config.export)) {
      const reply = await app.inject({
        method: method as 'GET',
        url: example(url),
        headers: { 'sec-fetch-site': 'cross-site' },
      });
      expect({ url, status: reply.statusCode }).toEqual({ url, status: 403 });
    }
  });
});

describe('the start is refused for a route', () => {
  const response = { 200: z.object({}) };
  const config = { operation: 'sample', permission: 'ingest' } as const;
  const handler = async () => ({});
  const cases: [string, RegisterRoutes][] = [
    [
      'has no operation name',
      (app) => void app.get('/v1/a', { schema: { summary: 'x', response } }, handler),
    ],
    ['has no summary', (app) => void app.get('/v1/a', { config, schema: { response } }, handler)],
    [
      'has no schema for its response',
      (app) => void app.get('/v1/a', { config, schema: { summary: 'x' } }, handler),
    ],
    [
      'has no schema for its parameters',
      (app) => void app.get('/v1/:id', { config, schema: { summary: 'x', response } }, handler),
    ],
    [
      'has a query schema that is no z.object',
      (app) =>
        void app.get(
          '/v1/a',
          { config, schema: { summary: 'x', response, querystring: z.record(z.string(), z.string()) } },
          handler,
        ),
    ],
    [
      'has the operation name of GET /v1/a',
      (app) => {
        for (const url of ['/v1/a', '/v1/b'])
          app.get(url, { config, schema: { summary: 'x', response } }, handler);
      },
    ],
  ];
  it.each(cases)('that %s', async (what, register) => {
    await expect(buildAppForTests(test, { routes: [register] })).rejects.toThrow(what);
  });
});

describe('a route for exports', () => {
  let web: AppForTests;
  let runs = 0;
  beforeAll(async () => {
    web = await buildAppForTests(test, {
      routes: [
        (app) => {
          app.get(
            '/v1/all/export',
            {
              config: { operation: 'exportAll', permission: 'export.workspace', export: true },
              schema: { summary: 'x', response: { 200: z.object({ runs: z.number() }) } },
            },
            async () => ({ runs: ++runs }),
          );
        },
      ],
    });
  });
  afterAll(() => web?.close());

  it('refuses a browser that another site sent, and nobody else', async () => {
    const { authorization } = await web.newKey();
    const ask = async (site?: string) =>
      web.app.inject({
        url: '/v1/all/export',
        headers: { authorization, ...(site && { 'sec-fetch-site': site }) },
      });
    expect((await ask('cross-site')).json()).toMatchObject({ status: 403, code: 'http.cross_site' });
    expect(runs).toBe(0);
    for (const site of [undefined, 'same-origin', 'same-site', 'none'])
      expect((await ask(site)).statusCode).toBe(200);
  });

  it('is not run for a HEAD', async () => {
    const { authorization } = await web.newKey();
    const before = runs;
    const reply = await web.app.inject({ method: 'HEAD', url: '/v1/all/export', headers: { authorization } });
    expect(reply.statusCode).toBe(405);
    expect(runs).toBe(before);
  });
});
