import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { buildAppForTests } from '../access/app-for-tests.ts';
import type { RegisterRoutes } from './route-config.ts';
import { startServer } from './start-server.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

/** A reply that goes on until the test ends it. */
function slowRoute() {
  const body = new Readable({ read() {} });
  const route: RegisterRoutes = (app) => {
    app.get(
      '/v1/slow',
      {
        config: { operation: 'slow', permission: 'self.read' },
        schema: { summary: 'x', response: { 200: z.any() } },
      },
      async (_request, reply) => reply.type('text/plain').send(body),
    );
  };
  return { body, route };
}

async function startSlow() {
  const { body, route } = slowRoute();
  const web = await buildAppForTests(test, { routes: [route] });
  const server = await startServer(web.app, { host: '127.0.0.1', port: 0 });
  const { authorization } = await web.newKey();
  body.push('first');
  const [reply] = (await once(
    httpGet(`${server.url}/v1/slow`, { headers: { authorization } }),
    'response',
  )) as [IncomingMessage];
  await once(reply, 'data');
  return { body, server, reply };
}

describe('startServer', () => {
  it('says which port is in use and which setting changes it', async () => {
    const one = await buildAppForTests(test);
    const two = await buildAppForTests(test);
    const { port, stop } = await startServer(one.app, { host: '127.0.0.1', port: 0 });
    await expect(startServer(two.app, { host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'http.cannot_listen',
      detail: `Port ${port} is in use; set CONVEY_PORT to another.`,
    });
    await stop();
    await two.close();
  });

  it('stopping lets a running reply end, and takes no new connection', async () => {
    const { body, server, reply } = await startSlow();
    const stopped = server.stop(60_000);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
    body.push('last');
    body.push(null);
    const rest = await new Response(Readable.toWeb(reply) as never).text();
    expect(rest).toBe('last');
    await stopped;
  });

  it('stopping cuts off a reply that outlasts its time, and the client sees it broken', async () => {
    const { server, reply } = await startSlow();
    const broken = once(reply, 'error');
    reply.resume();
    await server.stop(10);
    expect(await broken).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(reply.complete).toBe(false);
  });

  it('stopping does not wait for idle connections', async () => {
    const web = await buildAppForTests(test);
    const server = await startServer(web.app, { host: '127.0.0.1', port: 0 });
    await (await fetch(`${server.url}/healthz`)).text(); // keeps its connection
    const start = Date.now();
    await server.stop(30_000);
    expect(Date.now() - start).toBeLessThan(5000);
  });

  it('a whole reply is not logged as cut', async () => {
    const web = await buildAppForTests(test);
    const server = await startServer(web.app, { host: '127.0.0.1', port: 0 });
    await (await fetch(`${server.url}/healthz`)).text();
    await server.stop();
    expect(web.log.at(-1)).toEqual({
      at: expect.any(String),
      level: 'info',
      message: 'request',
      request_id: expect.stringMatching(/^req_/),
      operation: 'getHealth',
      method: 'GET',
      status: 200,
      ms: expect.any(Number),
    });
  });
});

describe('the web app', () => {
  let webDir: string;
  beforeAll(async () => {
    webDir = await mkdtemp(join(tmpdir(), 'convey-web-'));
    await mkdir(join(webDir, 'assets'));
    await writeFile(join(webDir, 'index.html'), '<!doctype html><title>Convey</title>');
    await writeFile(join(webDir, 'assets', 'app-1a2b.js'), 'start();');
    await writeFile(join(webDir, '..', 'convey-outside.txt'), 'outside');
  });
  afterAll(() => rm(webDir, { recursive: true }));

  it('is served with its files, and draws every page that is not the API’s', async () => {
    const { app, close } = await buildAppForTests(test, { webDir });
    const html = { accept: 'text/html,application/xhtml+xml' };
    for (const url of ['/', '/exports/exp_1?tab=2', '/index.html']) {
      const reply = await app.inject({ url, headers: html });
      expect(reply.statusCode).toBe(200);
      expect(reply.body).toContain('<title>Convey</title>');
      expect(reply.headers['cache-control']).toBe('public, max-age=0');
      expect(reply.headers['content-security-policy']).toContain("script-src 'self'");
      expect(reply.headers['content-security-policy']).not.toContain('unsafe-inline');
    }
    const asset = await app.inject({ url: '/assets/app-1a2b.js' });
    expect(asset.body).toBe('start();');
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await app.inject({ method: 'HEAD', url: '/', headers: html })).statusCode).toBe(200);
    await close();
  });

  it('hides no refusal of the API and no missing file, and reaches nothing outside its folder', async () => {
    const { app, close } = await buildAppForTests(test, { webDir });
    const html = { accept: 'text/html' };
    for (const url of [
      '/v1/nowhere',
      '/api/v2/nowhere',
      '/assets/gone.js',
      '/../convey-outside.txt',
      '/%2e%2e/convey-outside.txt',
      '/assets/..%2f..%2fconvey-outside.txt',
    ]) {
      const reply = await app.inject({ url, headers: html });
      expect({ url, ...reply.json() }).toMatchObject({ url, status: 404, code: 'http.not_found' });
    }
    expect((await app.inject({ method: 'POST', url: '/exports', headers: html })).statusCode).toBe(404);
    expect((await app.inject({ url: '/exports' })).statusCode).toBe(404); // a program, not a person
    expect((await app.inject({ url: '/v1/whoami', headers: html })).statusCode).toBe(401);
    await close();
  });
});

describe('the docs', () => {
  it('are served as Markdown with an index, and nothing else of the disk is', async () => {
    const docsDir = await mkdtemp(join(tmpdir(), 'convey-docs-'));
    await mkdir(join(docsDir, 'guide'));
    await writeFile(join(docsDir, 'guide', 'start.md'), '# Getting started\n\nText.\n');
    await writeFile(join(docsDir, 'secret.txt'), 'no');
    const { app, close } = await buildAppForTests(test, { docsDir });
    const index = await app.inject({ url: '/llms.txt' });
    expect(index.body).toContain('- [Getting started](https://convey.example/docs/guide/start.md)');
    expect(index.body).not.toContain('secret');
    const page = await app.inject({ url: '/docs/guide/start.md' });
    expect(page.headers['content-type']).toBe('text/markdown; charset=utf-8');
    expect(page.body).toBe('# Getting started\n\nText.\n');
    for (const url of ['/docs/secret.txt', '/docs/../package.json', '/docs/guide', '/docs/%2e%2e/x.md'])
      expect((await app.inject({ url })).json()).toMatchObject({ status: 404 });
    await close();
    await rm(docsDir, { recursive: true });
  });
});
