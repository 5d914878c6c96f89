import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ErrorKind } from '../errors.ts';
import type { LimitName } from './rate-limits/limits.ts';

/** The application that routes are registered on: zod schemas give handlers their types. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What a `<folder>.routes.ts` exports, usually made by a function that takes its dependencies. */
export type RegisterRoutes = (app: App) => void | Promise<void>;

/** A body that the handler reads itself, as it arrives. */
export interface RawBody {
  /** Media types it takes, in lower case: `application/x-ndjson`, `text/*`, `*` for any. */
  types: readonly string[];
  /** More than this is refused: at once where Content-Length says so, else when it has arrived. */
  maxBytes: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Name of the operation (`createExport`): the OpenAPI operationId and the label in metrics and logs. */
    operation?: string;
    /** The errors of its own that it may answer with, for the docs. */
    errors?: readonly ErrorKind[];
    /** It hands out data in bulk: other sites may not make a browser start it. */
    export?: boolean;
    /** With `export`: HEAD is answered too, because it costs nothing. */
    cheapHead?: boolean;
    /** Set: `request.body` is a stream, see `rawBodyOf`. Unset: the body is JSON and has a schema. */
    rawBody?: RawBody;
    /** Counted against these; unset: the usual ones, see `limitsOf`. */
    limits?: readonly LimitName[];
  }
}

/**
 * Routes that answer without credentials, and the only ones that may: an address, or a method and an address.
 * They hold no workspace's data. `/metrics` has a guard of its own.
 */
export const PUBLIC_ROUTES: ReadonlySet<string> = new Set([
  '/healthz',
  '/readyz',
  '/metrics',
  '/openapi.json',
  '/openapi.yaml',
  '/problems',
  '/problems/:code',
  '/docs',
  '/docs/*',
  '/llms.txt',
  '/.well-known/convey-keys.json',
  'POST /v1/session',
  'GET /v1/sign-in-methods',
  'GET /v1/session/oidc/start',
  'GET /v1/session/oidc/callback',
  'POST /v1/session/second-factor',
  'POST /v1/password-resets',
  'POST /v1/password-resets/complete',
  'POST /v1/invitations/lookup',
  'POST /v1/invitations',
  'POST /v1/first-owner/lookup',
  'POST /v1/first-owner',
  '/link',
  '/link/open.js',
  '/link/page.css',
  'POST /v1/links/open',
  '/v1/links/:id/package.zip',
]);

/** Whether a route is public, with every method that it takes. */
export function isPublicRoute({ method, url }: { method: string | readonly string[]; url: string }): boolean {
  const isPublic = (one: string) => PUBLIC_ROUTES.has(`${one === 'HEAD' ? 'GET' : one} ${url}`);
  return PUBLIC_ROUTES.has(url) || [method].flat().every(isPublic);
}

/** True for the addresses of the API, which refuse what they do not know. */
export function isApiPath(path: string): boolean {
  return path.startsWith('/v1/') || path.startsWith('/api/');
}
