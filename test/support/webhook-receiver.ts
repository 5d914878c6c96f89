import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
}

export interface Receiver {
  url: string;
  port: number;
  /** What came to a path, oldest first. */
  at(path: string): Received[];
  /** How a path answers from now on; undefined as an answer: never. Unset: 200. */
  answer(path: string, how: (received: Received) => Answer | undefined): void;
  stop(): Promise<void>;
}

/** An HTTP server of this machine that keeps what it is sent. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answers = new Map<string, (received: Received) => Answer | undefined>();
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const { url: path = '', headers } = request;
    const one = { path, headers: headers as Record<string, string>, body: await text(request) };
    received.push(one);
    const how = answers.get(path);
    const answer = how === undefined ? { status: 200 } : how(one);
    if (answer !== undefined) response.writeHead(answer.status, answer.headers).end();
  };
  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    at: (path) => received.filter((one) => one.path === path),
    answer: (path, how) => answers.set(path, how),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
