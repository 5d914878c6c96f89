import type { FastifyRequest } from 'fastify';
import type { Database } from '../database/connect.ts';
import type { Scope } from '../database/scope.ts';
import { ConveyError } from '../errors.ts';
import { type App, PUBLIC_ROUTES } from '../http/route-config.ts';
import type { Log } from '../log.ts';
import { AccessDenied, forbidden, unauthenticated } from './access.errors.ts';
import { isWholeApiKey } from './api-key-text.ts';
import { findPresentedKey } from './api-keys.ts';
import { type PermissionName, permissions, scopesFor } from './permissions.ts';
import { authorize, type Principal, scopeOf } from './principal.ts';
import { DenialRecorder } from './record-denials.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the principal must be allowed; every route has one, but the few of `PUBLIC_ROUTES`. */
    permission?: PermissionName;
  }
  interface FastifyRequest {
    /** Who asks. On routes with a permission; reading it elsewhere throws. */
    readonly principal: Principal;
    /** What may be seen of the database: hand it to every query. As `principal`. */
    readonly scope: Scope;
  }
}

const identified = Symbol('principal');

interface Identified {
  [identified]?: Principal;
}

/** The web edge's guard: see `guardRoutes`. */
export function guardRoutes({ database, log }: { database: Database; log: Log }): (app: App) => void {
  return (app) => {
    const denials = new DenialRecorder(database, log);
    app.decorateRequest('principal', {
      getter(this: FastifyRequest & Identified): Principal {
        if (this[identified] === undefined) throw new Error('this route has no permission, so no principal');
        return this[identified];
      },
    });
    app.decorateRequest('scope', {
      getter(this: FastifyRequest) {
        return scopeOf(this.principal);
      },
    });
    app.addHook('onRoute', describeGuard);
    app.addHook('onRequest', async (request: FastifyRequest & Identified, reply) => {
      const { permission } = request.routeOptions.config;
      if (permission === undefined) return; // public, or no route at all: `describeGuard` lets nothing else through
      try {
        request[identified] = await authenticate(database, request.headers.authorization);
      } catch (error) {
        if (error instanceof ConveyError && error.kind === unauthenticated)
          reply.header('www-authenticate', 'Bearer realm="convey"');
        throw error;
      }
      authorize(request.principal, permission);
    });
    // Here, so that what a handler refuses after looking closer is written down as well.
    app.addHook('onError', async (request: FastifyRequest & Identified, _reply, error: Error) => {
      const principal = request[identified];
      if (!(error instanceof AccessDenied) || principal === undefined) return;
      await denials.note({
        principal,
        permission: error.permission,
        operation: request.routeOptions.config.operation ?? 'none',
        requestId: request.id,
        ip: request.ip,
        userAgent: request.headers['user-agent'] ?? '',
      });
    });
    app.addHook('onClose', () => denials.flush());
  };
}

/** Who a request's Authorization header stands for. Throws `access.unauthenticated`. */
async function authenticate(database: Database, header: string | undefined): Promise<Principal> {
  const [, text] = /^Bearer +([^ ]+) *$/i.exec(header ?? '') ?? [];
  if (text === undefined) throw new ConveyError(unauthenticated);
  if (!isWholeApiKey(text)) {
    throw new ConveyError(
      unauthenticated,
      'What came is not a whole API key: see that it was copied in full.',
    );
  }
  const key = await findPresentedKey(database, text);
  if (key === undefined) throw new ConveyError(unauthenticated, 'The API key is not known here.');
  // Said only to somebody who holds the key itself.
  if (key.state !== 'valid') throw new ConveyError(unauthenticated, `The API key is ${key.state}.`);
  const { id, name, workspaceId, scopes } = key;
  return { type: 'api_key', id, name, workspaceId, scopes, interface: 'api' };
}

/** Refuses a route that nobody guards, and writes into its documentation who may call it. */
function describeGuard(route: {
  url: string;
  method: string | string[];
  schema?: object;
  config?: object;
}): void {
  const config = (route.config ?? {}) as { permission?: PermissionName; errors?: readonly unknown[] };
  const { permission } = config;
  if (permission === undefined) {
    if (PUBLIC_ROUTES.has(route.url)) return;
    throw new Error(`route ${String(route.method)} ${route.url} declares no permission and is not public`);
  }
  if (!Object.hasOwn(permissions, permission)) throw new Error(`there is no permission ${permission}`);
  if (PUBLIC_ROUTES.has(route.url)) throw new Error(`route ${route.url} is public but has a permission`);
  route.config = { ...config, errors: [...(config.errors ?? []), unauthenticated, forbidden] };
  route.schema = {
    ...route.schema,
    security: scopesFor(permission).map((scope) => ({ apiKey: [scope] })),
    'x-permission': permission,
  };
}
