import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { type AppForTests, buildAppForTests } from '../access/app-for-tests.ts';
import { ConveyError } from '../errors.ts';
import { badRequest } from './http.errors.ts';
import { rawBodyOf } from './read-body.ts';
import type { RegisterRoutes } from './route-config.ts';
import { type RunningServer, startServer } from './start-server.ts';

const MIB = 1024 * 1024;
const response = { 200: z.object({ bytes: z.number() }) };
let firstChunkRead: () => void = () => {};
let readEnded: (error: unknown) => void = () => {};

const routes: RegisterRoutes = (app) => {
  app.post(
    '/v1/lines',
    {
      config: {
        operation: 'sendLines',
        permission: 'ingest',
        rawBody: { types: ['application/x-ndjson', 'text/*'], maxBytes: 4 * MIB },
      },
      schema: { summary: 'x', response },
    },
    async (request) => {
      let bytes = 0;
      try {
        for await (const chunk of rawBodyOf(request) as AsyncIterable<Buffer>) {
          if (bytes === 0 && chunk.includes('refuse me')) throw new ConveyError(badRequest, 'Line 1 is bad.');
          bytes += chunk.length;
          firstChunkRead();
        }
      } catch (error) {
        readEnded(error);
        throw error;
      }
      return { bytes };
    },
  );
  app.put(
    '/v1/anything',
    {
      config: { operation: 'putAnything', permission: 'ingest', rawBody: { types: ['*'], maxBytes: MIB } },
      schema: { summary: 'x', response },
    },
    async (request) => {
      let bytes = 0;
      for await (const chunk of rawBodyOf(request) as AsyncIterable<Buffer>) bytes += chunk.length;
      return { bytes };
    },
  );
};

let test: TestDatabase;
let web: AppForTests;
let server: RunningServer;
let authorization: string;
beforeAll(async () => {
  test = await createTestDatabase();
  web = await buildAppForTests(test, { routes: [routes] });
  server = await startServer(web.app, { host: '127.0.0.1', port: 0 });
  ({ authorization } = await web.newKey(['ingest']));
});
afterAll(async () => {
  await server?.stop(0);
  await test.drop();
});

type Body = NonNullable<RequestInit['body']>;
const send = (body: Body | undefined, type: string, path = '/v1/lines') =>
  fetch(server.url + path, {
    method: path === '/v1/lines' ? 'POST' : 'PUT',
    headers: { authorization, ...(type && { 'content-type': type }) },
    ...(body !== undefined && { body }),
    duplex: 'half',
  });

/** A body without a Content-Length. */
function* chunks(count: number, first = 'x') {
  yield Buffer.from(first.padEnd(64 * 1024, 'x'));
  for (let i = 1; i < count; i++) yield Buffer.alloc(64 * 1024, 'x');
}
const streamed = (count: number, first?: string) =>
  Readable.toWeb(Readable.from(chunks(count, first))) as unknown as Body;

describe('a raw body', () => {
  it('reaches the handler as it arrives, with and without a length', async () => {
    expect(await (await send('a\nb\n', 'application/x-ndjson')).json()).toEqual({ bytes: 4 });
    expect(await (await send(streamed(50), 'text/plain; charset=utf-8')).json()).toEqual({
      bytes: 50 * 64 * 1024,
    });
    expect(await (await send(undefined, '')).json()).toEqual({ bytes: 0 });
  });

  it('of a type that the route does not take is 415 with those that it does', async () => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'image/png']) {
      const reply = await send('{}', type);
      expect(reply.status).toBe(415);
      expect(await reply.json()).toMatchObject({
        detail: 'Another Content-Type came with the body; it takes application/x-ndjson, text/*.',
      });
    }
    expect((await send(Buffer.from('x'), '')).status).toBe(415);
  });

  it('of any type, or none, goes to a route that takes any; JSON is not parsed there', async () => {
    for (const type of ['application/json', 'image/png', 'application/octet-stream', '']) {
      expect(await (await send(Buffer.from('{oops'), type, '/v1/anything')).json()).toEqual({ bytes: 5 });
    }
  });

  it('over the limit is 413, whether its length was said or not, and the client gets to read it', async () => {
    for (const body of [Buffer.alloc(20 * MIB, 'x'), streamed(320)]) {
      const reply = await send(body, 'text/plain');
      expect(reply.status).toBe(413);
      expect(await reply.json()).toMatchObject({
        code: 'http.body_too_large',
        detail: `It takes at most ${4 * MIB} bytes.`,
      });
    }
  });

  it('at exactly the limit is taken', async () => {
    expect((await send(Buffer.alloc(4 * MIB, 'x'), 'text/plain')).status).toBe(200);
    expect((await send(Buffer.alloc(4 * MIB + 1, 'x'), 'text/plain')).status).toBe(413);
  });

  it('refused at its first line still lets the client read why', async () => {
    const reply = await send(streamed(60, 'refuse me'), 'text/plain');
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ detail: 'Line 1 is bad.' });
  });

  it('that nobody may send is refused before it is read, and the client gets to read it', async () => {
    const reply = await fetch(`${server.url}/v1/lines`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: Buffer.alloc(20 * MIB, 'x'),
    });
    expect(reply.status).toBe(401);
    expect(await reply.json()).toMatchObject({ code: 'access.unauthenticated' });
  });

  it('cut off by its client ends the handler with an error, never with a short body', async () => {
    const begun = new Promise<void>((resolve) => {
      firstChunkRead = resolve;
    });
    const ended = new Promise((resolve) => {
      readEnded = resolve;
    });
    const client = httpRequest(`${server.url}/v1/lines`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'text/plain', 'content-length': 1000 },
    });
    client.on('error', () => {});
    client.write('half of it');
    await begun;
    client.destroy();
    expect(await ended).toMatchObject({ code: 'ECONNRESET' });
    await vi.waitFor(
      () => expect(web.log.at(-1)).toMatchObject({ message: 'request', status: 499, cut: true }),
      { timeout: 20_000 },
    );
    expect(web.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

/** What the server answers to raw bytes, to the end of the connection. */
function exchange(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    let reply = '';
    socket.setEncoding('utf8').on('data', (text) => {
      reply += text;
    });
    socket.on('error', reject).on('close', () => resolve(reply));
  });
}

describe('bytes that are no request', () => {
  it.each([
    ['HELLO\r\n\r\n', 400, 'http.bad_request'],
    ['GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', 400, 'http.bad_request'],
    [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'http.headers_too_large'],
  ])('get a problem document and the connection is closed', async (bytes, status, code) => {
    const [head, body] = (await exchange(bytes)).split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(head).toContain('Content-Type: application/problem+json');
    expect(head).toMatch(/X-Request-Id: req_/);
    expect(JSON.parse(body!)).toMatchObject({ code, status });
  });
});
