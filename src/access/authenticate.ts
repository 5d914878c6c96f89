import type { FastifyRequest } from 'fastify';
import type { Database } from '../database/connect.ts';
import type { Scope } from '../database/scope.ts';
import { ConveyError } from '../errors.ts';
import { ensureSameOrigin } from '../http/refuse-cross-site.ts';
import { type App, isPublicRoute } from '../http/route-config.ts';
import type { Log } from '../log.ts';
import { isWithin } from '../networks.ts';
import {
  AccessDenied,
  forbidden,
  networkRefused,
  noWorkspace,
  planRequired,
  secondFactorRequired,
  unauthenticated,
  unknownWorkspace,
} from './access.errors.ts';
import { isWholeApiKey } from './api-keys/api-key-text.ts';
import { findPresentedKey } from './api-keys/api-keys.ts';
import {
  isRole,
  permissionOf,
  type PermissionName,
  permissions,
  rolesFor,
  scopesFor,
} from './permissions.ts';
import { authorize, type KeyPrincipal, type Principal, scopeOf, type UserPrincipal } from './principal.ts';
import { DenialRecorder } from './record-denials.ts';
import { sessionTokenOf } from './session-cookie.ts';
import { findSession, type SessionLimits } from './sessions.ts';

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

/** Names the workspace that a signed-in user's request is about: its short name or its id. */
const WORKSPACE_HEADER = 'convey-workspace';
/** The same for links, which can send no header. */
const WORKSPACE_PARAMETER = 'workspace';

export interface GuardDependencies {
  database: Database;
  log: Log;
  sessions: SessionLimits;
}

/** The web edge's guard: see `guardRoutes`. */
export function guardRoutes({ database, log, sessions }: GuardDependencies): (app: App) => void {
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
        const wanted = takeWorkspaceName(request);
        const { authorization } = request.headers;
        const token = authorization === undefined ? sessionTokenOf(request) : undefined;
        request[identified] =
          token === undefined
            ? await authenticateKey(database, authorization, request.ip)
            : await authenticateUser(database, request, token, { wanted, sessions });
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

/** Takes the name of a workspace out of a request, before its query is checked against the route's schema. */
function takeWorkspaceName(request: FastifyRequest): string | undefined {
  const query = request.query as Record<string, unknown>;
  const named = query[WORKSPACE_PARAMETER];
  delete query[WORKSPACE_PARAMETER];
  const name = request.headers[WORKSPACE_HEADER] ?? named;
  return typeof name === 'string' ? name : undefined;
}

/** Who a request's Authorization header stands for. Throws `access.unauthenticated`. */
async function authenticateKey(
  database: Database,
  header: string | undefined,
  ip: string,
): Promise<KeyPrincipal> {
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
  if (key.allowedNetworks.length > 0 && !isWithin(ip, key.allowedNetworks))
    throw new ConveyError(networkRefused, `This came from ${ip}.`);
  const { id, name, workspaceId, scopes, rules } = key;
  return { type: 'api_key', id, name, workspaceId, scopes, rules, interface: 'api' };
}

/** Whose session a request's cookie belongs to. Throws `access.unauthenticated`. */
async function authenticateUser(
  database: Database,
  request: FastifyRequest,
  token: string,
  of: { wanted: string | undefined; sessions: SessionLimits },
): Promise<UserPrincipal> {
  ensureSameOrigin(request);
  const session = await findSession(database, token, of.wanted, of.sessions);
  if (session === undefined || session.awaitsSecondFactor)
    throw new ConveyError(unauthenticated, 'You are not signed in, or the session has ended.');
  const { id: sessionId, userId: id, name, email, membership } = session;
  const principal: UserPrincipal = {
    type: 'user',
    id,
    name,
    email,
    sessionId,
    interface: 'web',
    membership: undefined,
    lacksSecondFactor: false,
  };
  // A foreign workspace answers like one that is not there.
  if (membership === null && of.wanted !== undefined) throw new ConveyError(unknownWorkspace);
  if (membership === null || !isRole(membership.role)) return principal;
  // Who signs in elsewhere has the factors of that place.
  const hasFactors = session.hasSecondFactor || session.method === 'oidc';
  const lacksSecondFactor = membership.requiresSecondFactor && !hasFactors;
  const { workspaceId, role, audiences, planFeatures, tightening } = membership;
  const rules = { planFeatures, tightening };
  return { ...principal, lacksSecondFactor, membership: { workspaceId, role, audiences, rules } };
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
    if (isPublicRoute(route)) return;
    throw new Error(`route ${String(route.method)} ${route.url} declares no permission and is not public`);
  }
  if (!Object.hasOwn(permissions, permission)) throw new Error(`there is no permission ${permission}`);
  if (isPublicRoute(route)) throw new Error(`route ${route.url} is public but has a permission`);
  const { feature } = permissionOf(permission);
  const refusals = [unauthenticated, forbidden, networkRefused, noWorkspace, secondFactorRequired];
  route.config = {
    ...config,
    errors: [...(config.errors ?? []), ...refusals, ...(feature === undefined ? [] : [planRequired])],
  };
  route.schema = {
    ...route.schema,
    security: [...scopesFor(permission).map((scope) => ({ apiKey: [scope] })), { session: [] }],
    'x-permission': permission,
    'x-roles': rolesFor(permission, { tightening: {} }),
  };
}
