import {
  createServer as createHttp,
  type RequestListener,
  type ServerOptions as HttpOptions,
} from 'node:http';
import { createServer as createHttps, type Server, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Log } from '../../log.ts';
import type { Certificate, CertificateFiles } from './read-certificate.ts';
import { type CertificateWatch, watchCertificate } from './watch-certificate.ts';

/** TLS 1.3's own, and of TLS 1.2 only those with forward secrecy and authenticated encryption (RFC 9325 §4.2). */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305',
].join(':');
/** A client has this long to say its first byte, and for the handshake. */
const HANDSHAKE_MS = 10_000;
/** The first byte of every TLS connection: a handshake record. */
const HANDSHAKE_RECORD = 0x16;

/** Makes HTTPS servers that share one certificate, which is renewed in all of them. */
export interface HttpsServers {
  create: (options: HttpOptions, handler: RequestListener) => Server;
  watch: CertificateWatch;
}

/**
 * Reads the certificate and follows its files. A renewed one goes to new connections; those that are open keep
 * theirs and go on. @throws http.bad_certificate
 */
export async function openHttps(files: CertificateFiles, publicUrl: string, log: Log): Promise<HttpsServers> {
  const servers: Server[] = [];
  let current: Certificate | undefined;
  const watch = await watchCertificate(
    files,
    (certificate) => {
      current = certificate;
      for (const server of servers) server.setSecureContext(secureContext(certificate));
    },
    log,
  );
  return {
    watch,
    create: (options, handler) => {
      const server = createHttps({ ...options, ...secureContext(current!) }, handler);
      answerPlainHttp(server, publicUrl);
      servers.push(server);
      return server;
    },
  };
}

function secureContext({ cert, key }: Certificate): ServerOptions {
  return { cert, key, minVersion: 'TLSv1.2', ciphers: CIPHERS, handshakeTimeout: HANDSHAKE_MS };
}

/**
 * Who speaks plain HTTP to the port of HTTPS is sent to the right address instead of finding the connection
 * broken: the first byte tells. Nothing that came in clear is acted on.
 */
function answerPlainHttp(server: Server, publicUrl: string): void {
  const plain = createHttp({ requestTimeout: HANDSHAKE_MS }, (request, reply) => {
    request.resume();
    // Only a person who typed the address: a program that sends its key in clear should notice (it is no secret
    // any more), and not be led on.
    const { method, url = '/', headers } = request;
    const isPage = method === 'GET' && url.startsWith('/') && headers.authorization === undefined;
    reply
      .writeHead(isPage ? 308 : 400, {
        connection: 'close',
        'content-type': 'text/plain; charset=utf-8',
        'x-content-type-options': 'nosniff',
        ...(isPage && { location: publicUrl + url }),
      })
      .end(`This port speaks HTTPS: ${publicUrl}\n`);
  });
  const listeners = server.listeners('connection') as ((socket: Socket) => void)[];
  const silent = new Set<Socket>();
  const closeIdle = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {
    for (const socket of silent) socket.destroy(); // those that Node does not count yet
    closeIdle();
  };
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const drop = () => socket.destroy();
    const forget = () => silent.delete(socket);
    silent.add(socket);
    socket.once('close', forget);
    socket.setTimeout(HANDSHAKE_MS, drop);
    socket.on('error', drop);
    socket.once('readable', () => {
      const first = socket.read(1) as Buffer | null;
      if (first === null) return drop(); // it ended
      socket.setTimeout(0).off('timeout', drop).off('error', drop).off('close', forget);
      forget();
      socket.unshift(first);
      if (first[0] !== HANDSHAKE_RECORD) plain.emit('connection', socket);
      else for (const listener of listeners) listener.call(server, socket);
    });
  });
}
