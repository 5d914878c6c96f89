import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { makeCertificate, whyNoCertificates, writeCertificate } from '../../../test/support/certificates.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { type AppForTests, buildAppForTests } from '../../access/app-for-tests.ts';
import { createLog, silentLog } from '../../log.ts';
import type { RegisterRoutes } from '../route-config.ts';
import { type RunningServer, startServer } from '../start-server.ts';
import { readCertificate } from './read-certificate.ts';
import { watchCertificate } from './watch-certificate.ts';

const missing = whyNoCertificates();
if (missing !== undefined) console.warn(`SKIPPED: HTTPS, as ${missing}`);

const folder = mkdtempSync(join(tmpdir(), 'convey-tls-'));
const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(missing !== undefined)('a server with a certificate', () => {
  const first = missing === undefined ? makeCertificate('first') : { cert: '', key: '' };
  let test: TestDatabase;
  let web: AppForTests;
  let server: RunningServer;
  const body = new Readable({ read() {} });
  const slow: RegisterRoutes = (app) => {
    app.get(
      '/v1/slow',
      {
        config: { operation: 'slow', permission: 'self.read' },
        schema: { summary: 'x', response: { 200: z.any() } },
      },
      async (_request, reply) => reply.type('text/plain').send(body),
    );
  };
  beforeAll(async () => {
    test = await createTestDatabase();
    writeCertificate(files, first);
    vi.useFakeTimers({ toFake: ['setInterval'] });
    web = await buildAppForTests(
      test,
      { routes: [slow] },
      { CONVEY_TLS_CERT: files.certFile, CONVEY_TLS_KEY: files.keyFile },
    );
    server = await startServer(web.app, { host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    vi.useRealTimers();
    await server?.stop(0);
    await test?.drop();
  });

  /** Lets a minute pass, and waits for what the server says about the files then. */
  async function lookAgain(message: string): Promise<void> {
    vi.advanceTimersByTime(60_000);
    await vi.waitFor(
      () =>
        expect(web.log).toContainEqual(
          expect.objectContaining({ message: expect.stringContaining(message) }),
        ),
      { timeout: 20_000 },
    );
  }

  async function shake(options: ConnectionOptions): Promise<{ protocol: string | null; cipher: string }> {
    const socket = connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false, ...options });
    try {
      await once(socket, 'secureConnect');
      return { protocol: socket.getProtocol(), cipher: socket.getCipher().name };
    } finally {
      socket.destroy();
    }
  }

  async function ask(path: string, options: object = {}): Promise<IncomingMessage> {
    const asking = httpsRequest(`${server.url}${path}`, { rejectUnauthorized: false, ...options });
    asking.end();
    const [reply] = (await once(asking, 'response')) as [IncomingMessage];
    return reply;
  }

  it('serves HTTPS and tells browsers to stay with it', async () => {
    expect(server.url).toMatch(/^https:/);
    const reply = await ask('/healthz', { rejectUnauthorized: true, ca: first.cert });
    expect(reply.resume().statusCode).toBe(200);
    expect(reply.headers['strict-transport-security']).toBe('max-age=31536000');
  });

  it('refuses a client that speaks only TLS 1.1, and takes the same client with 1.2 and 1.3', async () => {
    const old = { minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
    for (const maxVersion of ['TLSv1', 'TLSv1.1'] as const) {
      // The server's own word, so that it is not the client that refuses.
      await expect(shake({ ...old, maxVersion })).rejects.toThrow(/alert protocol version/i);
    }
    expect(await shake({ ...old, maxVersion: 'TLSv1.2' })).toMatchObject({ protocol: 'TLSv1.2' });
    expect(await shake({ ...old, maxVersion: 'TLSv1.3' })).toMatchObject({ protocol: 'TLSv1.3' });
  });

  it('has no cipher without forward secrecy or authenticated encryption', async () => {
    const only = (ciphers: string) => shake({ maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` });
    await expect(only('ECDHE-ECDSA-AES128-SHA256:AES128-GCM-SHA256:AES128-SHA')).rejects.toThrow(
      /alert handshake/i,
    );
    expect((await only('ECDHE-ECDSA-AES128-GCM-SHA256')).cipher).toBe('ECDHE-ECDSA-AES128-GCM-SHA256');
  });

  it('answers plain HTTP by naming the right address, and goes on', async () => {
    const plain = server.url.replace('https:', 'http:');
    const reply = await fetch(`${plain}/exports?x=1`, { redirect: 'manual' });
    expect(reply.status).toBe(308);
    expect(reply.headers.get('location')).toBe('https://convey.example/exports?x=1');
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    for (const init of [
      { method: 'POST', body: 'a=b' },
      { headers: { authorization: 'Bearer ak_convey_x' } },
    ]) {
      const refusal = await fetch(`${plain}/v1/exports`, { redirect: 'manual', ...init });
      expect(refusal.status).toBe(400);
      expect(refusal.headers.get('location')).toBeNull();
      expect(refusal.headers.get('x-content-type-options')).toBe('nosniff');
      expect(await refusal.text()).toContain('speaks HTTPS');
    }
    expect((await ask('/healthz')).resume().statusCode).toBe(200);
  });

  it('outlives bytes that are neither, and connections that say nothing', async () => {
    for (const bytes of [
      Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5]),
      Buffer.from('\0\0\0\r\n\r\n'),
      undefined,
    ]) {
      const socket = connectPlain(server.port, '127.0.0.1').on('error', () => {});
      if (bytes === undefined) socket.end();
      else socket.write(bytes);
      socket.resume();
      await once(socket, 'close');
    }
    expect((await ask('/healthz')).resume().statusCode).toBe(200);
  });

  it('serves a renewed certificate to new connections, while an old connection goes on', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { authorization } = await web.newKey();
    const nameOf = (reply: IncomingMessage) => (reply.socket as TLSSocket).getPeerCertificate().subject.CN;
    body.push('before');
    const running = await ask('/v1/slow', { agent, headers: { authorization } });
    expect(nameOf(running)).toBe('first');
    await once(running, 'data');

    writeCertificate(files, makeCertificate('second'));
    await lookAgain('read again');
    const fresh = await ask('/healthz', { agent: new Agent() });
    expect(nameOf(fresh.resume())).toBe('second');
    body.push('after');
    body.push(null);
    expect(String((await once(running, 'data'))[0])).toBe('after');
    await once(running, 'end');
    const again = await ask('/healthz', { agent });
    expect(nameOf(again.resume())).toBe('first'); // the same connection
    agent.destroy();
  });

  it('keeps the certificate it has when the new files are no good, and says so', async () => {
    writeFileSync(files.certFile, 'not a certificate');
    await lookAgain('the one before it stays');
    const reply = await ask('/healthz', { agent: new Agent() });
    expect((reply.resume().socket as TLSSocket).getPeerCertificate().subject.CN).toBe('second');
    expect(web.log.at(-2)).toMatchObject({ level: 'error', message: expect.stringContaining('stays') });
  });

  it('answers HTTP/1.0 whole', async () => {
    const socket = connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    socket.write('GET /healthz HTTP/1.0\r\n\r\n');
    let all = '';
    for await (const chunk of socket) all += String(chunk);
    expect(all).toMatch(/^HTTP\/1\.1 200/);
    expect(all).not.toMatch(/transfer-encoding/i);
  });
});

describe.skipIf(missing !== undefined)('stopping with HTTPS', () => {
  it('does not wait for idle connections', async () => {
    const test = await createTestDatabase();
    writeCertificate(files, makeCertificate('third'));
    const env = { CONVEY_TLS_CERT: files.certFile, CONVEY_TLS_KEY: files.keyFile };
    const { app } = await buildAppForTests(test, {}, env);
    const { port, stop } = await startServer(app, { host: '127.0.0.1', port: 0 });
    const idle = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    idle.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(idle, 'data');
    const silent = connectPlain(port, '127.0.0.1').on('error', () => {});
    await once(silent, 'connect');
    const start = Date.now();
    await stop(2000);
    expect(Date.now() - start).toBeLessThan(1900);
    await test.drop();
  });
});

describe.skipIf(missing !== undefined)('a pair of files', () => {
  it('is refused at the start, saying which is wrong', async () => {
    const [one, two] = [makeCertificate('one'), makeCertificate('two')];
    const attempt = async (cert: string | undefined, key: string) => {
      rmSync(files.certFile, { force: true });
      if (cert !== undefined) writeFileSync(files.certFile, cert);
      writeFileSync(files.keyFile, key);
      return readCertificate(files);
    };
    const refused = (detail: string) => ({
      code: 'http.bad_certificate',
      detail: expect.stringContaining(detail),
    });
    await expect(attempt(undefined, one.key)).rejects.toMatchObject(refused('CONVEY_TLS_CERT'));
    await expect(attempt('x', one.key)).rejects.toMatchObject(refused('CONVEY_TLS_CERT'));
    await expect(attempt(one.cert, 'x')).rejects.toMatchObject(refused('CONVEY_TLS_KEY'));
    await expect(attempt(one.cert, two.key)).rejects.toMatchObject(refused('not that of'));
    await expect(watchCertificate(files, () => {}, silentLog)).rejects.toMatchObject(refused('not that of'));
    await expect(attempt(one.cert, one.key)).resolves.toMatchObject(one);
  });

  it('that does not match for a moment is used as soon as it does', async () => {
    const [one, two] = [makeCertificate('one'), makeCertificate('two')];
    writeCertificate(files, one);
    const used: string[] = [];
    const lines: string[] = [];
    const watch = await watchCertificate(
      files,
      ({ cert }) => used.push(cert),
      createLog((line) => lines.push(line)),
    );
    writeFileSync(files.keyFile, two.key);
    await watch.look();
    await watch.look();
    expect(used).toEqual([one.cert]);
    expect(lines.length).toBe(1);
    expect(lines.join()).not.toContain('PRIVATE');
    writeFileSync(files.certFile, two.cert);
    await watch.look();
    expect(used).toEqual([one.cert, two.cert]);
    watch.stop();
  });
});
