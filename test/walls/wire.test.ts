import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// What the server does with requests that no client of good will sends, whatever route they are for.

let db: TestDatabase;
let server: TestServer;
let authorization: string;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  ({ authorization } = await server.authorize(await db.createWorkspace('wire'), ['admin']));
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

/** What the server answers to raw bytes, to the end of the connection. */
function exchange(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(bytes));
    let reply = '';
    socket.setEncoding('latin1').on('data', (text) => {
      reply += text;
    });
    socket.on('error', reject).on('close', () => resolve(reply));
  });
}

const statuses = (reply: string) => [...reply.matchAll(/^HTTP\/1\.1 (\d+) /gm)].map(([, status]) => status);

test.each([
  ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked'],
  ['chunks and a length', 'Transfer-Encoding: chunked\r\nContent-Length: 5'],
  ['two lengths', 'Content-Length: 5\r\nContent-Length: 6'],
  ['an encoding that does not end in chunks', 'Transfer-Encoding: chunked, identity'],
  ['a length with a sign', 'Content-Length: +5'],
])('a request with %s is refused, and nothing behind it is taken for another', async (_what, framing) => {
  const head = `POST /v1/exports HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\nContent-Type: application/json`;
  const reply = await exchange(
    `${head}\r\n${framing}\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n`,
  );
  expect(statuses(reply)).toEqual(['400']);
});

test.each([
  ['no HTTP', 'nonsense\r\n\r\n', '400'],
  ['headers without an end', `GET / HTTP/1.1\r\nHost: a\r\nX-Much: ${'x'.repeat(40_000)}\r\n\r\n`, '431'],
])(
  'the answer to what is no request (%s) forbids guessing its type as well',
  async (_what, bytes, status) => {
    const reply = await exchange(bytes);
    expect(statuses(reply)).toEqual([status]);
    expect(reply).toMatch(/^x-content-type-options: nosniff\r$/im);
  },
);

test('a line break in a header’s value does not reach a reply', async () => {
  const reply = await fetch(`${server.url}/healthz`, {
    headers: { 'x-request-id': 'abcdefgh%0d%0aset-cookie:a' },
  });
  expect(reply.headers.get('x-request-id')).toMatch(/^req_/);
  const raw = await exchange(
    'GET /healthz HTTP/1.1\r\nHost: a\r\nX-Request-Id: abcd\refgh\r\nConnection: close\r\n\r\n',
  );
  expect(statuses(raw)).toEqual(['400']);
});

test('TRACE sends nothing back of what came', async () => {
  for (const path of ['/', '/healthz', '/v1/whoami']) {
    const reply = await exchange(
      `TRACE ${path} HTTP/1.1\r\nHost: a\r\nX-Secret: carried-along\r\nConnection: close\r\n\r\n`,
    );
    expect(statuses(reply)[0]).toMatch(/^4/);
    expect(reply).not.toContain('carried-along');
  }
});

test('no other origin is let in: no reply has a CORS header, and a preflight is no success', async () => {
  const origin = 'https://elsewhere.example';
  for (const path of ['/healthz', '/openapi.json', '/v1/whoami', '/v1/exports', '/nowhere']) {
    const plain = await fetch(server.url + path, { headers: { origin, authorization } });
    const preflight = await fetch(server.url + path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    });
    for (const { headers } of [plain, preflight])
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(preflight.ok, path).toBe(false);
  }
});

test('folders are not listed, and nothing of the working copy is served', async () => {
  const accepts = ['*/*', 'text/html'];
  for (const path of [
    '/.git/config',
    '/.git/HEAD',
    '/.npmrc',
    '/package.json',
    '/src/server.ts',
    '/assets/',
    '/docs/',
    '/docs/generated/',
    '/migrations/0001_system.sql',
    '/data/master.key',
  ]) {
    for (const accept of accepts) {
      const reply = await fetch(server.url + path, { headers: { accept } });
      const text = await reply.text();
      expect(text, path).not.toMatch(
        /repositoryformatversion|ref: refs|"dependencies"|create table|index of/i,
      );
      if (accept === '*/*') expect(reply.status, path).toBe(404);
    }
  }
});

test('every download is for one person, kept by nobody, and shows in no frame', async () => {
  for (const path of ['/v1/contacts/export', '/v1/audit-log/export']) {
    const reply = await fetch(server.url + path, { headers: { authorization } });
    await reply.arrayBuffer();
    expect(reply.status, path).toBe(200);
    expect(reply.headers.get('content-disposition'), path).toMatch(/^attachment/);
    expect(reply.headers.get('cache-control'), path).toBe('private, no-store');
    expect(reply.headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(reply.headers.get('content-security-policy'), path).toBe(
      "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    );
  }
});

test('every reply says its type, and text says its charset', async () => {
  for (const path of [
    '/healthz',
    '/openapi.json',
    '/openapi.yaml',
    '/docs',
    '/llms.txt',
    '/metrics',
    '/problems',
    '/v1/whoami',
    '/v1/exports',
    '/nowhere',
  ]) {
    const reply = await fetch(server.url + path, { headers: { authorization } });
    const type = reply.headers.get('content-type') ?? '';
    expect(type, path).toMatch(/^(application\/(json|yaml|problem\+json)|text\/(plain|markdown))\b/);
    if (type.startsWith('text/')) expect(type, path).toContain('charset=utf-8');
    expect(reply.headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(reply.headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'");
    expect(reply.headers.get('referrer-policy'), path).toBe('no-referrer');
    expect(reply.headers.get('x-powered-by'), path).toBeNull();
    expect(reply.headers.get('server'), path).toBeNull();
  }
});
