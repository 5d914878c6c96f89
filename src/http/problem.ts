import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ConveyError, type ErrorKind } from '../errors.ts';
import type { Log } from '../log.ts';
import {
  badJson,
  badRequest,
  bodyTooLarge,
  internalError,
  tooSlow,
  unsupportedMediaType,
} from './http.errors.ts';
import { type Say, sentence } from './sentence.ts';
import { speechFor } from './speak-languages.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** The shape of every refusal: RFC 9457 with our `code`, `request_id` and `errors`. */
export const problemSchema = z
  .object({
    type: z.url().describe('Address of the page that explains this code.'),
    title: sentence().describe('What happened and what to do, the same for every case of this code.'),
    status: z.int().describe('The HTTP status again.'),
    detail: z.string().optional().describe('What was wrong this time.'),
    instance: z.string().describe('Names this one occurrence.'),
    code: z.string().describe('Stable for ever; programs decide by it.'),
    request_id: z.string().describe('The same as the X-Request-Id header; finds the request in the log.'),
    errors: z
      .array(
        z.object({
          pointer: z
            .string()
            .describe('Where: a JSON pointer into the body, or the name of a parameter or header.'),
          detail: z.string().describe('What it takes instead.'),
        }),
      )
      .optional()
      .describe('Each thing that was wrong.'),
    action: z
      .object({
        title: sentence().describe('For a button.'),
        method: z.enum(['GET', 'POST']),
        href: z.string().describe('Path on this server.'),
      })
      .optional()
      .describe('What one can do about it, by one request.'),
  })
  .meta({ id: 'Problem', description: 'An error (RFC 9457).' });

export type Problem = z.infer<typeof problemSchema>;

/** Fastify's own refusals, by their code. Any other of its 4xx becomes `http.bad_request`. */
const FASTIFY_KINDS: Record<string, ErrorKind> = {
  FST_ERR_CTP_BODY_TOO_LARGE: bodyTooLarge,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: unsupportedMediaType,
  FST_ERR_CTP_EMPTY_JSON_BODY: badJson,
  FST_ERR_CTP_INVALID_JSON_BODY: badJson,
  FST_ERR_BAD_URL: badRequest,
};

const KINDS_BY_STATUS: Record<number, ErrorKind> = {
  408: tooSlow,
  413: bodyTooLarge,
  415: unsupportedMediaType,
};

/** What a thrown value says to people. Anything but a ConveyError or a refusal by Fastify says nothing. */
function asConveyError(error: unknown): ConveyError {
  if (error instanceof ConveyError) return error;
  if (error instanceof Error && 'validationContext' in error && error.cause instanceof ConveyError)
    return error.cause;
  const { code = '', statusCode = 500 } = (error ?? {}) as { code?: string; statusCode?: number };
  const isRefusal = code.startsWith('FST_') && statusCode >= 400 && statusCode < 500;
  if (!isRefusal) return new ConveyError(internalError, undefined, { cause: error });
  return new ConveyError(FASTIFY_KINDS[code] ?? KINDS_BY_STATUS[statusCode] ?? badRequest, undefined, {
    cause: error,
  });
}

/**
 * The problem document of an error. What was wrong this time is in English: it is made of what came.
 * @param say says its title; as it is unless given
 */
export function toProblem(
  error: ConveyError,
  publicUrl: string,
  requestId: string,
  say: Say = (title) => title,
): Problem {
  return {
    type: `${publicUrl}/problems/${error.code}`,
    title: say(error.kind.title),
    status: error.kind.status,
    ...(error.detail !== undefined && { detail: error.detail }),
    instance: `urn:convey:request:${requestId}`,
    code: error.code,
    request_id: requestId,
    ...(error.fields.length > 0 && { errors: error.fields }),
    ...(error.action !== undefined && {
      action: { ...error.action, title: say(error.action.title) },
    }),
  };
}

/** Headers that a handler may have set for the reply it meant to give, and that would lie about this one. */
const HEADERS_OF_SUCCESS = [
  'accept-ranges',
  'content-disposition',
  'content-encoding',
  'content-range',
  'etag',
  'expires',
  'last-modified',
  'link',
  'location',
  'repr-digest',
];

/** Answers with a problem. Headers that explain the refusal (`Retry-After`, `Allow`) are set before. */
export function sendProblem(
  { log, publicUrl }: { log: Log; publicUrl: string },
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const error = asConveyError(thrown);
  // A body that broke off fails its handler, but it is no failure of ours.
  const hasClientLeft = request.raw.destroyed && !request.raw.complete;
  if (error.kind.status >= 500 && !hasClientLeft) {
    log.error('a request failed', {
      request_id: request.id,
      operation: request.routeOptions.config.operation,
      code: error.code,
      error: error.cause ?? error,
    });
  }
  for (const name of HEADERS_OF_SUCCESS) {
    const explains = name === 'content-range' && error.kind.status === 416; // RFC 9110 §15.5.17
    if (!explains) reply.removeHeader(name);
  }
  // What is left of the body is read and dropped: a client that is still sending would otherwise see a broken
  // connection instead of this answer. How long it may go on is bounded by the server's request timeout.
  if (!request.raw.complete) {
    reply.removeHeader('connection');
    request.raw.resume();
  }
  reply.header('x-request-id', request.id); // also where no hook has run, as for an address that is no URL
  reply.header('cache-control', 'no-store');
  if ([429, 503].includes(error.kind.status) && !reply.hasHeader('retry-after'))
    reply.header('retry-after', '5');
  const problem = toProblem(error, publicUrl, request.id, speechFor(request, reply).say);
  // As bytes: given a string, Fastify would add a charset that the media type does not have.
  reply
    .code(error.kind.status)
    .type(PROBLEM_TYPE)
    .send(Buffer.from(JSON.stringify(problem)));
}
