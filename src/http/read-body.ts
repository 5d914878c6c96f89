import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ConveyError } from '../errors.ts';
import { badJson, bodyTooLarge, unsupportedMediaType } from './http.errors.ts';

/** Largest JSON body: requests are small, records arrive by ingest. */
export const JSON_BODY_BYTES = 1024 * 1024;

/** The body of a route with `config.rawBody`: bytes as they arrive, cut off with 413 past its limit. */
export function rawBodyOf(request: FastifyRequest): Readable {
  return request.body instanceof Readable ? request.body : Readable.from([]);
}

/**
 * Gives a request its body: a stream where the route's `config.rawBody` asks for one, else parsed JSON.
 * Everything else is refused with 415 and what is taken.
 */
export function installBodyParsers(app: FastifyInstance): void {
  app.addHook('preParsing', async (request) => {
    if (request.is404) return; // answered as such, whatever came with it
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      throw new ConveyError(unsupportedMediaType, 'Send the body without Content-Encoding.');
    }
    ensureLength(request, request.routeOptions.config.rawBody?.maxBytes ?? JSON_BODY_BYTES);
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: IncomingMessage) => {
    if (request.is404) return undefined;
    const { rawBody } = request.routeOptions.config;
    const types = rawBody?.types ?? ['application/json'];
    if (!isTaken(request, types)) throw wrongType(request, types);
    if (rawBody === undefined) return parseJson(app, request, await readWhole(payload));
    return Readable.from(limited(payload, rawBody.maxBytes), { objectMode: false });
  });
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function parseJson(app: FastifyInstance, request: FastifyRequest, bytes: Buffer): Promise<unknown> {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (cause) {
    throw new ConveyError(badJson, 'It is not UTF-8.', { cause });
  }
  const parse = app.getDefaultJsonParser('error', 'error'); // refuses `__proto__` and `constructor`
  return new Promise((resolve, reject) => {
    void parse(request, text, (error, body) => {
      if (error === null) resolve(body);
      else reject(new ConveyError(badJson, undefined, { cause: error }));
    });
  });
}

function ensureLength(request: FastifyRequest, maxBytes: number): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

function tooLarge(maxBytes: number): ConveyError {
  return new ConveyError(bodyTooLarge, `It takes at most ${maxBytes} bytes.`);
}

function wrongType(request: FastifyRequest, types: readonly string[]): ConveyError {
  const came = request.mediaType === undefined || request.mediaType === '' ? 'No' : 'Another';
  return new ConveyError(
    unsupportedMediaType,
    `${came} Content-Type came with the body; it takes ${types.join(', ')}.`,
  );
}

function isTaken({ mediaType = '' }: FastifyRequest, types: readonly string[]): boolean {
  const family = `${mediaType.split('/')[0]}/*`;
  return types.some((type) => type === '*' || type === mediaType || type === family);
}

/**
 * The payload up to its limit. It is not destroyed when reading stops early (a bad line, too many bytes):
 * that would close the socket before the client has its answer.
 */
async function* limited(payload: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer> {
  let receivedBytes = 0;
  for await (const chunk of payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    receivedBytes += chunk.length;
    if (receivedBytes > maxBytes) throw tooLarge(maxBytes);
    yield chunk;
  }
}

async function readWhole(payload: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of limited(payload, JSON_BODY_BYTES)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
