import { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config.ts';
import { ConveyError } from '../errors.ts';
import { cannotListen } from './http.errors.ts';
import type { App } from './route-config.ts';

export interface RunningServer {
  /** Where it listens, for this machine. */
  url: string;
  port: number;
  /**
   * Takes no new connection, lets running requests end for `graceMs`, then cuts off the rest: their clients
   * see a broken transfer, never a short success.
   */
  stop(graceMs?: number): Promise<void>;
}

const GRACE_MS = 20_000;
const IDLE_SWEEP_MS = 100;

/** Listens. An address that cannot be had is `http.cannot_listen`, with the setting that changes it. */
export async function startServer(
  app: App,
  { host, port }: Pick<Config, 'host' | 'port'>,
): Promise<RunningServer> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why =
      code === 'EADDRINUSE'
        ? `Port ${port} is in use; set CONVEY_PORT to another.`
        : `Listening on ${host}:${port} failed (${code ?? 'unknown'}); see CONVEY_HOST and CONVEY_PORT.`;
    throw new ConveyError(cannotListen, why, { cause });
  }
  const address = app.server.address() as AddressInfo;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    url: `${app.server instanceof HttpsServer ? 'https' : 'http'}://${shownHost}:${address.port}`,
    port: address.port,
    stop: async (graceMs = GRACE_MS) => {
      // A connection that ends its last reply while the server stops stays open, idle, unless it is closed.
      const sweep = setInterval(() => app.server.closeIdleConnections(), IDLE_SWEEP_MS);
      const end = setTimeout(() => app.server.closeAllConnections(), graceMs);
      try {
        await app.close();
      } finally {
        clearInterval(sweep);
        clearTimeout(end);
      }
    },
  };
}
