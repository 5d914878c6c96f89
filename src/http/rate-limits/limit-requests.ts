import type { FastifyRequest, RouteOptions } from 'fastify';
import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { HashCounted } from '../../database/hash-counted.ts';
import type { Log } from '../../log.ts';
import { networkOf } from '../../networks.ts';
import { cannotCount, tooManyRequests } from '../http.errors.ts';
import type { App } from '../route-config.ts';
import { SharedCounts } from './shared-counts.ts';
import { limitsInForce, limitsOf, type LimitSettings, type NamedLimit } from './limits.ts';
import { type LimitState, rateLimitFields, secondsLeft } from './rate-limit-fields.ts';

/** With so many left, or a fifth of the quota if that is more, a batched limit is counted exactly. */
const EXACT_LEFT = 100;
/** A database that cannot count would otherwise write one line for each request. */
const COMPLAIN_EVERY_MS = 60_000;

/**
 * Counts each request against the limits of its route, in the database, so that all servers count together, and
 * in transactions of their own, which no refusal rolls back. Over a limit: 429 with `Retry-After`. Every counted
 * reply says how its limits stand. Runs after the guard: who is not let in is not counted, and public routes
 * count by network.
 */
export function limitRequests(
  app: App,
  {
    database,
    log,
    config,
    hashCounted,
  }: { database: Database; log: Log; config: LimitSettings; hashCounted: HashCounted },
): void {
  const shared = new SharedCounts(database, (error) => complain(error));
  app.addHook('onClose', () => shared.flush());
  let complainedAt = -Infinity;
  const complain = (error: unknown) => {
    if (performance.now() - complainedAt < COMPLAIN_EVERY_MS) return;
    complainedAt = performance.now();
    log.error('requests cannot be counted, so limits are not held', { error });
  };
  app.addHook('onRoute', (route) => {
    const inForce = limitsInForce(limitsOf(route), config);
    if (inForce.length === 0) return;
    describeLimits(route, inForce);
    const count = async (request: FastifyRequest): Promise<LimitState[]> => {
      try {
        const counted = inForce.map((limit) => ({
          key: keyOf(limit, request, hashCounted),
          windowMs: limit.windowSeconds * 1000,
          exactFrom: limit.isBatched === true ? Math.min(limit.quota * 0.8, limit.quota - EXACT_LEFT) : 0,
        }));
        const counts = await shared.add(counted);
        return inForce.map((limit, index) => ({ ...limit, ...counts[index]! }));
      } catch (error) {
        complain(error);
        if (inForce.some(({ uncounted }) => uncounted === 'refuse')) throw new ConveyError(cannotCount);
        return [];
      }
    };
    const hooks = route.onRequest === undefined ? [] : [route.onRequest].flat();
    route.onRequest = [
      ...hooks,
      async (request, reply) => {
        const states = await count(request);
        if (states.length === 0) return;
        reply.headers(rateLimitFields(states));
        const violated = states.filter(({ count: n, quota }) => n > quota);
        if (violated.length === 0) return;
        const seconds = Math.max(...violated.map(secondsLeft));
        reply.header('retry-after', String(seconds));
        const told = violated.map(
          ({ name, quota, windowSeconds }) =>
            `“${name}” allows ${quota} in ${windowSeconds} ${windowSeconds === 1 ? 'second' : 'seconds'}`,
        );
        throw new ConveyError(tooManyRequests, `${told.join(', ')}; try again in ${seconds} s.`);
      },
    ];
  });
}

/** Writes into a route's documentation that it can refuse. */
function describeLimits(route: RouteOptions, inForce: readonly NamedLimit[]): void {
  const mayRefuse = inForce.some(({ uncounted }) => uncounted === 'refuse') ? [cannotCount] : [];
  route.config = {
    ...route.config,
    errors: [...(route.config?.errors ?? []), tooManyRequests, ...mayRefuse],
  };
}

/** Under what a request is counted. Networks only as a hash: the counters hold no addresses. */
function keyOf({ name, per }: NamedLimit, request: FastifyRequest, hashCounted: HashCounted): string {
  if (per === 'network') return `${name} ${hashCounted(networkOf(request.ip))}`;
  const { principal, scope } = request;
  if (per === 'principal') return `${name} ${principal.id}`;
  const operation = per === 'workspace' ? '' : ` ${request.routeOptions.config.operation}`;
  return `${name} ${scope.workspaceId}${operation}`;
}
