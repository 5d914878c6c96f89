import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a network between Convey and its store may do. What has happened is taken off. */
export interface Faults {
  /** Requests answered with 503 before the store sees them. */
  busy: number;
  /** Against `METHOD /url`: the next such request is passed on, but its reply never arrives. */
  lostReplyTo: RegExp | undefined;
  /** Every such reply, not only the next. */
  staysLost: boolean;
  /** Replies to GET that are cut off behind `cutAtBytes`. */
  cuts: number;
  cutAtBytes: number;
  /** Every request waits so long before it is passed on. */
  delayMs: number;
}

export interface S3Proxy {
  endpoint: string;
  faults: Faults;
  /** Of every request, in order. */
  seen: { method: string; url: string; host: string; authorization: string }[];
  isRunning(): boolean;
  stop(): Promise<void>;
}

/** Passes requests on as they are: their signature covers the proxy's own address, which the store is told. */
export async function startProxy(target: string): Promise<S3Proxy> {
  const faults: Faults = {
    busy: 0,
    lostReplyTo: undefined,
    staysLost: false,
    cuts: 0,
    cutAtBytes: 0,
    delayMs: 0,
  };
  const seen: S3Proxy['seen'] = [];
  const { hostname, port } = new URL(target);

  function answer(incoming: IncomingMessage, reply: ServerResponse): void {
    const { method = '', url = '', headers } = incoming;
    seen.push({ method, url, host: headers.host ?? '', authorization: headers.authorization ?? '' });
    if (faults.busy > 0) {
      faults.busy--;
      incoming.resume().once('end', () => reply.writeHead(503).end('<Error><Code>SlowDown</Code></Error>'));
      return;
    }
    if (faults.delayMs > 0) setTimeout(() => passOn(incoming, reply), faults.delayMs);
    else passOn(incoming, reply);
  }

  function passOn(incoming: IncomingMessage, reply: ServerResponse): void {
    const { method = '', url = '', headers } = incoming;
    const onwards = request({ hostname, port, method, path: url, headers }, (answered) => {
      if (faults.lostReplyTo?.test(`${method} ${url}`) === true) {
        if (!faults.staysLost) faults.lostReplyTo = undefined;
        answered.resume().once('end', () => incoming.socket.destroy());
        return;
      }
      reply.writeHead(answered.statusCode!, answered.headers);
      if (method === 'HEAD') {
        reply.end(); // Swift sends a body with a 404 to HEAD, after which the connection is of no use
      } else if (method === 'GET' && faults.cuts > 0) {
        faults.cuts--;
        cut(answered, reply);
      } else {
        answered.pipe(reply);
      }
    });
    onwards.on('error', () => {
      if (!reply.headersSent) incoming.socket.destroy();
    });
    reply.on('close', () => onwards.destroy());
    incoming.pipe(onwards);
  }

  function cut(answered: IncomingMessage, reply: ServerResponse): void {
    let left = faults.cutAtBytes;
    answered.on('data', (chunk: Buffer) => {
      if (left < 0) return;
      reply.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left < 0) setImmediate(() => reply.socket?.end()); // what was written arrives first
    });
  }

  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    seen,
    isRunning: () => server.listening,
    stop: async () => {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}
