import { once } from 'node:events';
import { get as httpGet, type IncomingMessage } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLog } from '../log.ts';
import { sendProblem } from './problem.ts';
import { type FixedBytes, sendBytes, type SentBytes } from './send-bytes.ts';

const TEXT = '0123456789abcdefghij';
const SIZE = TEXT.length;
const IDLE_MS = 400;
const TAG = '"v1"';

let app: FastifyInstance;
let url: string;
let opened: string[];
let sent: SentBytes[];
let bytes: FixedBytes;

beforeEach(async () => {
  opened = [];
  sent = [];
  bytes = bytesOf(TEXT);
  app = fastify();
  const edge = { log: createLog(() => {}), publicUrl: 'https://convey.example' };
  app.setErrorHandler((error, request, reply) => sendProblem(edge, error, request, reply));
  app.get('/', async (request, reply) => sendBytes(request, reply, bytes, IDLE_MS));
  url = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => app.close());

function bytesOf(text: string): FixedBytes {
  return {
    sizeBytes: text.length,
    etag: 'v1',
    mediaType: 'application/x-ndjson',
    fileName: 'part 1.ndjson',
    sha256: '00'.repeat(31) + 'ff',
    async *open(start, end) {
      opened.push(`${start}-${end}`);
      for (let at = start; at < end; at += 7) yield Buffer.from(text.slice(at, Math.min(at + 7, end)));
    },
    onSent: (what) => void sent.push(what),
  };
}

async function ask(headers: Record<string, string> = {}, method = 'GET') {
  const reply = await fetch(url, { method, headers });
  const told: Record<string, string> = Object.fromEntries(reply.headers);
  return { status: reply.status, headers: told, body: await reply.text() };
}

describe('without a range', () => {
  test('GET answers the whole, with what a reader needs to keep, check and resume it', async () => {
    const { status, headers, body } = await ask();
    expect([status, body]).toEqual([200, TEXT]);
    expect(headers).toMatchObject({
      etag: TAG,
      'accept-ranges': 'bytes',
      'content-length': String(SIZE),
      'content-type': 'application/x-ndjson',
      'content-disposition': `attachment; filename="part 1.ndjson"; filename*=UTF-8''part%201.ndjson`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
      'repr-digest': `sha-256=:${Buffer.from('00'.repeat(31) + 'ff', 'hex').toString('base64')}:`,
    });
    expect(headers).not.toHaveProperty('content-range');
  });

  test('HEAD answers the same headers and opens nothing', async () => {
    const { headers: whole } = await ask();
    opened = [];
    const head = await ask({}, 'HEAD');
    expect([head.status, head.body]).toEqual([200, '']);
    for (const name of ['date', 'connection', 'keep-alive']) {
      delete whole[name];
      delete head.headers[name];
    }
    expect(head.headers).toEqual(whole);
    expect(opened).toEqual([]);
  });

  test('no bytes at all are a reply of no bytes', async () => {
    bytes = bytesOf('');
    const { status, headers, body } = await ask();
    expect([status, body, headers['content-length']]).toEqual([200, '', '0']);
    expect((await ask({ range: 'bytes=0-' })).headers['content-range']).toBe('bytes */0');
  });
});

describe('a range', () => {
  test.each([
    ['bytes=0-0', 0, 1],
    ['bytes=0-4', 0, 5],
    ['bytes=5-12', 5, 13],
    ['bytes=19-19', 19, 20],
    ['bytes=7-', 7, 20],
    ['bytes=0-', 0, 20],
    ['bytes=15-99', 15, 20],
    ['bytes=15-99999999999999999999999', 15, 20],
    ['bytes=-1', 19, 20],
    ['bytes=-20', 0, 20],
    ['bytes=-21', 0, 20],
    ['bytes=-99999999999999999999999', 0, 20],
    ['BYTES=3-4', 3, 5],
  ])('%s is answered with it alone: 206 from %i up to %i', async (range, start, end) => {
    const { status, headers, body } = await ask({ range });
    expect([status, body]).toEqual([206, TEXT.slice(start, end)]);
    expect(headers['content-range']).toBe(`bytes ${start}-${end - 1}/${SIZE}`);
    expect(headers['content-length']).toBe(String(end - start));
    expect(headers['etag']).toBe(TAG);
    expect(opened).toEqual([`${start}-${end}`]);
  });

  test.each(['bytes=20-', 'bytes=20-20', 'bytes=20-30', 'bytes=99999999999999999999999-', 'bytes=-0'])(
    '%s lies beyond the end: 416, which tells the size and opens nothing',
    async (range) => {
      const { status, headers, body } = await ask({ range });
      expect(status).toBe(416);
      expect(headers['content-range']).toBe(`bytes */${SIZE}`);
      expect(headers['content-type']).toBe('application/problem+json');
      expect(JSON.parse(body)).toMatchObject({ code: 'http.bad_range' });
      for (const name of ['etag', 'content-disposition', 'repr-digest'])
        expect(headers).not.toHaveProperty(name);
      expect(opened).toEqual([]);
    },
  );

  test.each([
    'bytes=5-4',
    'bytes=30-20',
    'bytes=0-1,3-4',
    'bytes=0-1, -1',
    'bytes=',
    'bytes=-',
    'bytes=a-b',
    'bytes=1-2-3',
    'bytes=--1',
    'bytes 0-5',
    'bytes=1.5-3',
    'items=0-5',
    '0-5',
  ])('%s is none, or more than one: the whole is sent', async (range) => {
    const { status, headers, body } = await ask({ range });
    expect([status, body]).toEqual([200, TEXT]);
    expect(headers).not.toHaveProperty('content-range');
    expect(headers['content-length']).toBe(String(SIZE));
  });

  test('is for GET: HEAD has no use for one and answers for the whole (RFC 9110 §14.2)', async () => {
    for (const range of ['bytes=0-4', 'bytes=99-']) {
      const { status, headers } = await ask({ range }, 'HEAD');
      expect([status, headers['content-length']]).toEqual([200, String(SIZE)]);
      expect(headers).not.toHaveProperty('content-range');
    }
  });
});

describe('conditions', () => {
  test.each([
    [TAG, 206],
    ['"v2"', 200],
    [`W/${TAG}`, 200],
    ['v1', 200],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 200],
  ])('If-Range: %s with a range answers %i', async (ifRange, status) => {
    const reply = await ask({ range: 'bytes=5-', 'if-range': ifRange });
    expect([reply.status, reply.body]).toEqual([status, status === 206 ? TEXT.slice(5) : TEXT]);
  });

  test('If-Range for other bytes takes the whole even where the range lies beyond', async () => {
    expect((await ask({ range: 'bytes=99-', 'if-range': '"v2"' })).status).toBe(200);
    expect((await ask({ range: 'bytes=99-', 'if-range': TAG })).status).toBe(416);
    expect((await ask({ 'if-range': TAG })).status).toBe(200);
  });

  test.each([
    [TAG, 304],
    [`W/${TAG}`, 304],
    [`"v0", ${TAG}`, 304],
    [`"v0",W/${TAG} ,"v2"`, 304],
    ['*', 304],
    ['"v2"', 200],
    ['v1', 200],
    ['"v1', 200],
    ['', 200],
  ])('If-None-Match: %s answers %i, to GET and HEAD', async (tags, status) => {
    for (const method of ['GET', 'HEAD']) {
      const reply = await ask({ 'if-none-match': tags }, method);
      expect(reply.status).toBe(status);
      expect(reply.headers['etag']).toBe(TAG);
    }
    expect(opened).toHaveLength(status === 200 ? 1 : 0);
  });

  test('a match comes before any range, and carries no bytes', async () => {
    for (const range of ['bytes=0-4', 'bytes=99-']) {
      const { status, headers, body } = await ask({ 'if-none-match': TAG, range });
      expect([status, body]).toEqual([304, '']);
      for (const name of ['content-range', 'content-type']) expect(headers).not.toHaveProperty(name);
    }
    expect(opened).toEqual([]);
  });
});

describe('what was sent', () => {
  test('is told once each reply is complete, and of nothing that carried no bytes', async () => {
    await ask({}, 'HEAD');
    await ask({ 'if-none-match': TAG });
    await ask({ range: 'bytes=99-' });
    for (const range of ['bytes=5-9', 'bytes=0-', 'none']) await ask({ range });
    await vi.waitUntil(() => sent.length === 3);
    expect(sent).toEqual([
      { bytes: 5, isWhole: false, isToEnd: false },
      { bytes: SIZE, isWhole: true, isToEnd: true },
      { bytes: SIZE, isWhole: true, isToEnd: true },
    ]);
  });

  test('a resumed reply is told as one that reached the end', async () => {
    await ask({ range: 'bytes=5-' });
    await vi.waitUntil(() => sent.length === 1);
    expect(sent).toEqual([{ bytes: SIZE - 5, isWhole: false, isToEnd: true }]);
  });

  test('is not told of a client that left, whose reading is aborted', async () => {
    let signal: AbortSignal | undefined;
    bytes = {
      ...bytes,
      sizeBytes: 1 << 30,
      async *open(_start, _end, given) {
        signal = given;
        while (!given.aborted) yield Buffer.alloc(1 << 16);
      },
    };
    const [reply] = await once(httpGet(url), 'response');
    await once(reply, 'data');
    expect(signal?.aborted).toBe(false);
    reply.destroy();
    await new Promise((resolve) => signal!.addEventListener('abort', resolve));
    expect((signal!.reason as Error).message).toBe('the client left');
    expect(sent).toEqual([]);
  });

  test('is not told of bytes that broke off in the middle, and the client can tell', async () => {
    bytes = {
      ...bytes,
      async *open() {
        yield Buffer.from(TEXT.slice(0, 7));
        throw new Error('the store failed');
      },
    };
    await expect(ask()).rejects.toThrow();
    bytes = bytesOf(TEXT);
    await ask();
    await vi.waitUntil(() => sent.length > 0);
    expect(sent).toEqual([{ bytes: SIZE, isWhole: true, isToEnd: true }]);
  });
});

describe('If-Match', () => {
  test.each([`"v2"`, `W/${TAG}`, '"v2", "v3"'])(
    '%s is refused with 412, and nothing is opened',
    async (tag) => {
      for (const more of [{}, { range: 'bytes=0-4' }]) {
        const { status, body } = await ask({ 'if-match': tag, ...more });
        expect(status).toBe(412);
        expect(body).toContain('http.precondition_failed');
      }
      expect(opened).toEqual([]);
    },
  );

  test.each([TAG, `"v2", ${TAG}`, '*'])('%s is answered', async (tag) => {
    expect((await ask({ 'if-match': tag })).status).toBe(200);
    expect((await ask({ 'if-match': tag, range: 'bytes=0-4' })).status).toBe(206);
  });
});

test('a client that takes nothing is cut off, and what it was reading is closed', async () => {
  let isClosed = false;
  const chunk = Buffer.alloc(1 << 20);
  bytes = {
    ...bytesOf(TEXT),
    sizeBytes: 1 << 30,
    async *open() {
      try {
        for (let index = 0; index < 1024; index++) yield chunk;
      } finally {
        isClosed = true;
      }
    },
  };
  const request = httpGet(url);
  const [reply] = (await once(request, 'response')) as [IncomingMessage];
  reply.pause();
  reply.on('error', () => {});
  request.on('error', () => {});
  await vi.waitFor(() => expect(isClosed).toBe(true), { timeout: 10_000 });
  expect(sent).toEqual([]);
  request.destroy();
});
