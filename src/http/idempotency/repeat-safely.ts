import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest, RouteHandlerMethod, RouteOptions } from 'fastify';
import { z } from 'zod';
import { canonicalJson, type JsonValue } from '../../canonical-json.ts';
import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { alreadyCreated, keyReused, stillRunning } from '../http.errors.ts';
import type { App } from '../route-config.ts';
import { claimKey, freeKey, type KeyState, type OnceKey, settleKey } from './idempotency-keys.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * A POST: how it is answered when it comes again with its `Idempotency-Key`. `operation` is the GET that shows
     * what it made, in the shape of its own answer, and `id` the field of that which names it. Unset: 409 `http.already_created` with the
     * id, as for everything whose answer holds a secret. `anew`: it changes nothing, so it is done again.
     */
    replay?: { operation: string; id: string } | 'anew';
  }
  interface FastifyRequest {
    /** Set while the first request with an `Idempotency-Key` runs. */
    onceKey?: OnceKey;
    /** Id of what it made. */
    madeResource?: string | null;
  }
}

const KEY_HEADER = 'idempotency-key';
const keyHeaders = z.looseObject({
  [KEY_HEADER]: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'takes 1 to 255 visible ASCII characters')
    .optional()
    .describe(
      'The same request with the same key is done once, within 24 hours: a repetition is told what became of it.',
    ),
});

/**
 * Requests that a client may repeat: every POST with credentials and a JSON body or none takes `Idempotency-Key`
 * (contract §2). While the first runs, others with its key get 409; with another body, 422; afterwards what
 * `config.replay` says. A request that failed leaves no trace. Kept: principal, route, digest of the request, status
 * and the id of what was made; never a body or a secret. Public routes take none: their links work once anyway.
 */
export function repeatSafely(app: App, { database, log }: { database: Database; log: Log }): void {
  const shows = new Map<string, RouteHandlerMethod>();

  app.addHook('onRoute', (route) => {
    const { operation, errors = [], replay } = route.config ?? {};
    if (route.method === 'GET' && operation !== undefined)
      shows.set(operation, route.handler as RouteHandlerMethod);
    if (!takesKey(route)) return;
    route.schema = { ...route.schema, headers: keyHeaders };
    if (replay === 'anew') return;
    route.config = { ...route.config, errors: [...errors, stillRunning, alreadyCreated, keyReused] };
    const claim = async (request: FastifyRequest, reply: FastifyReply) => {
      const key = request.headers[KEY_HEADER];
      if (typeof key === 'string') await begin(request, reply, key);
    };
    const noteMade = async (request: FastifyRequest, _reply: FastifyReply, payload: unknown) => {
      if (request.onceKey !== undefined) request.madeResource = idIn(payload, replay?.id);
      return payload;
    };
    route.preHandler = [...hooksOf(route.preHandler), claim] as never;
    route.preSerialization = [...hooksOf(route.preSerialization), noteMade] as never;
    route.onSend = [...hooksOf(route.onSend), settle] as never;
  });

  async function begin(request: FastifyRequest, reply: FastifyReply, text: string): Promise<void> {
    const { principal } = request;
    const workspaceId =
      principal.type === 'api_key' ? principal.workspaceId : principal.membership?.workspaceId;
    const key = {
      principal: principal.id,
      route: `POST ${request.routeOptions.url}`,
      keyHash: sha256(text),
    };
    const known = await claimKey(database, key, {
      workspaceId: workspaceId ?? 'none',
      bodySha256: digestOf(request, workspaceId),
    });
    if (known.state === 'first') {
      request.onceKey = key;
      return;
    }
    if (known.state === 'other') throw new ConveyError(keyReused);
    if (known.state === 'running') {
      reply.header('retry-after', '1');
      throw new ConveyError(stillRunning);
    }
    if (known.state === 'done') await answerAgain(request, reply, known);
  }

  /** Answers with what became of it, as the route says. */
  async function answerAgain(
    request: FastifyRequest,
    reply: FastifyReply,
    { status, resource }: Extract<KeyState, { state: 'done' }>,
  ): Promise<void> {
    reply.header('idempotency-replayed', 'true');
    const { replay } = request.routeOptions.config;
    const show = typeof replay === 'object' ? shows.get(replay.operation) : undefined;
    if (show === undefined || resource === null)
      throw new ConveyError(alreadyCreated, resource === null ? undefined : `It is ${resource}.`);
    request.params = { id: resource };
    request.query = {};
    const shown: unknown = await show.call(app as never, request as never, reply as never);
    if (!reply.sent) await reply.code(status).send(shown);
  }

  /** Keeps how the first request ended, before its client hears of it. */
  async function settle(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
    const { onceKey: key, madeResource: resource = null } = request;
    if (key === undefined) return payload;
    delete request.onceKey;
    const { statusCode: status } = reply;
    try {
      if (status < 400) await settleKey(database, key, { status, resource });
      else await freeKey(database, key);
    } catch (error) {
      log.warn('the answer to a request with an idempotency key could not be kept', {
        request_id: request.id,
        error,
      });
    }
    return payload;
  }
}

/** A POST of somebody who is known, whose body is not read as it arrives (as ingest's is). */
function takesKey({ method, config }: RouteOptions): boolean {
  return method === 'POST' && config?.permission !== undefined && config.rawBody === undefined;
}

const hooksOf = (hooks: unknown): unknown[] => (hooks === undefined ? [] : [hooks].flat());

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Of all that makes a request what it is; the same after its defaults were filled in. */
function digestOf({ params, query, body }: FastifyRequest, workspaceId: string | undefined): string {
  const whole = JSON.stringify({ workspace: workspaceId ?? null, params, query, body: body ?? null });
  return sha256(canonicalJson(JSON.parse(whole) as JsonValue));
}

/** The id of what an answer tells of. */
function idIn(payload: unknown, field = 'id'): string | null {
  const id = (payload as Record<string, unknown> | null)?.[field];
  return typeof id === 'string' ? id : null;
}
