import { createServer as createHttp } from 'node:http';
import helmet from '@fastify/helmet';
import fastify from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Config } from '../config.ts';
import type { Database } from '../database/connect.ts';
import type { HashCounted } from '../database/hash-counted.ts';
import { newId } from '../ids.ts';
import type { Log } from '../log.ts';
import { checkRoutes } from './check-routes.ts';
import { registerDocs } from './docs.routes.ts';
import { answerClientError } from './answer-client-error.ts';
import { registerHealth } from './health.routes.ts';
import { measureRequests } from './measure-requests.ts';
import { repeatSafely } from './idempotency/repeat-safely.ts';
import { speakLanguages } from './speak-languages.ts';
import { limitRequests } from './rate-limits/limit-requests.ts';
import { Metrics } from './metrics.ts';
import { registerMetrics } from './metrics.routes.ts';
import { answerNotFound } from './not-found.ts';
import { dropMalformedForwarding } from './forwarded-for.ts';
import { describeRoutes } from './openapi.ts';
import { sendProblem } from './problem.ts';
import { registerProblemPages } from './problems.routes.ts';
import { installBodyParsers, JSON_BODY_BYTES } from './read-body.ts';
import { openHttps } from './tls/https-server.ts';
import { refuseCrossSite } from './refuse-cross-site.ts';
import type { App, RegisterRoutes } from './route-config.ts';
import { compileValidator } from './validate.ts';

/** A client has this long to send a request's headers. */
const HEADERS_TIMEOUT_MS = 30_000;
/**
 * … and this long for the whole request. An ingest body is read no faster than it is committed, so the
 * limit is wide: 64 MiB at 300 kbit/s.
 */
const REQUEST_TIMEOUT_MS = 30 * 60_000;
/** Longer than the usual 60 s of a load balancer, so that it never sends into a connection we just closed. */
const KEEP_ALIVE_MS = 65_000;
/** A host id of 255 bytes may be percent-encoded to three times that. */
const LONGEST_PARAMETER = 1024;

/** Everything the web edge needs, wired by the entry point. */
export interface AppDeps {
  config: Pick<
    Config,
    | 'publicUrl'
    | 'productName'
    | 'metricsToken'
    | 'tlsCertFile'
    | 'tlsKeyFile'
    | 'trustedProxies'
    | 'requestsPerMinute'
  >;
  database: Database;
  log: Log;
  /** What networks are counted as. */
  hashCounted: HashCounted;
  /** Convey's version, for the OpenAPI document. */
  version: string;
  /** Asks every route that is not public for credentials and its permission: `guardRoutes` of `access`. */
  guard: (app: App) => void;
  /** Names of the migrations this program knows; `/readyz` compares them with those that ran. */
  migrations: readonly string[];
  /** What each capability serves. */
  routes: readonly RegisterRoutes[];
  metrics?: Metrics;
  /** The built web app; served when given. */
  webDir?: string;
  /** The user docs, Markdown; served when given. */
  docsDir?: string;
}

/** The whole HTTP application, ready for `inject` or `listen`. A route that declares too little throws here. */
export async function buildApp(deps: AppDeps): Promise<App> {
  const { config, log, metrics = new Metrics() } = deps;
  const edge = { log, publicUrl: config.publicUrl };
  const { tlsCertFile: certFile, tlsKeyFile: keyFile, trustedProxies } = config;
  const https =
    certFile === undefined || keyFile === undefined
      ? undefined
      : await openHttps({ certFile, keyFile }, config.publicUrl, log);
  const app = fastify({
    logger: false,
    bodyLimit: JSON_BODY_BYTES,
    serverFactory: (handler) =>
      (https === undefined ? createHttp : https.create)(
        {
          headersTimeout: HEADERS_TIMEOUT_MS,
          requestTimeout: REQUEST_TIMEOUT_MS,
          keepAliveTimeout: KEEP_ALIVE_MS,
        },
        (request, response) => {
          dropMalformedForwarding(request);
          handler(request, response);
        },
      ),
    // Whose `X-Forwarded-…` count; from anybody else they are what anybody may have written.
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    return503OnClosing: false, // a request that made it here is answered; the socket closes after it
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    genReqId: ({ headers }) => wellFormedId(headers['x-request-id']) ?? newId('req'),
    frameworkErrors: (error, request, reply) => sendProblem(edge, error, request, reply),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, config.publicUrl),
  }).withTypeProvider<ZodTypeProvider>() as App;

  app.decorate('hasHttpsAddress', config.publicUrl.startsWith('https:'));
  app.addHook('onClose', async () => https?.watch.stop());
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => sendProblem(edge, error, request, reply));
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    // Replies hold people's data: no cache keeps them unless a route says otherwise.
    reply.header('cache-control', 'no-store');
  });
  await app.register(helmet, securityHeaders(config.publicUrl));
  measureRequests(app, metrics, log);
  refuseCrossSite(app);
  checkRoutes(app);
  deps.guard(app);
  limitRequests(app, deps);
  repeatSafely(app, deps);
  speakLanguages(app);
  installBodyParsers(app);
  await answerNotFound(app, deps.webDir);
  await describeRoutes(app, deps);

  registerHealth(app, deps, metrics);
  registerMetrics(app, metrics, config.metricsToken);
  registerProblemPages(app, config.publicUrl);
  if (deps.docsDir !== undefined) await registerDocs(app, deps.docsDir, config.publicUrl);
  for (const register of deps.routes) await app.register(async (scope) => register(scope as App));
  await app.ready();
  return app;
}

/** An id from outside is kept so that a caller finds its request in our log; anything odd is replaced. */
function wellFormedId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[A-Za-z0-9_-]{8,64}$/.test(header) ? header : undefined;
}

/** Nothing inline, nothing from elsewhere, no framing. HSTS only where the public address is https. */
function securityHeaders(publicUrl: string): Parameters<typeof helmet>[1] {
  const isHttps = publicUrl.startsWith('https:');
  const self = ["'self'"];
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: self,
        styleSrc: self,
        imgSrc: ["'self'", 'data:'],
        mediaSrc: self,
        fontSrc: self,
        connectSrc: self,
        manifestSrc: self,
        formAction: self,
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: isHttps ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  };
}
