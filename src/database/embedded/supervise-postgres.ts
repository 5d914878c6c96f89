import { copyFile, stat, truncate } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { endOrphans } from './find-leftover.ts';
import type { Cluster } from './init-cluster.ts';
import { hasEnded, launchPostgres, logFile, type PostgresProcess, stopPostgres } from './postgres-process.ts';
import { isSameProcess, sendSignal } from './host/process-identity.ts';

const LOOK_MS = 200;
const LOG_LOOK_MS = 60_000;
const LOG_SIZE_BYTES = 10 * 1024 * 1024;
/** Pauses before each try in a row; after the last one fails, the server stays down. */
const PAUSES_MS = [0, 200, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000];
/** A server that ran this long starts a new row of tries. */
const HEALTHY_MS = 60_000;

export interface Supervisor {
  /** Stops watching, then the server; waits for its end. The second call waits for the first. */
  stop(): Promise<void>;
}

const running = new Set<() => PostgresProcess>();

// A process that ends without `stop()` cannot wait, but it can ask: a clean stop, with nobody left to serve.
process.on('exit', () => {
  for (const current of running) {
    const { pid, mark } = current();
    if (isSameProcess(pid, mark)) sendSignal(pid, 'SIGINT');
  }
});

/** Keeps the server's log at some 20 MB: this file and the one before. It keeps the file open, so: copy and cut. */
export async function boundLog(
  cluster: Pick<Cluster, 'stateDir'>,
  sizeBytes = LOG_SIZE_BYTES,
): Promise<void> {
  const path = logFile(cluster);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.size <= sizeBytes) return;
  await copyFile(path, `${path}.1`);
  await truncate(path);
}

/**
 * Watches a server and starts it again, on the same port, when it ends by itself (the kernel's memory
 * killer, a kill -9): pools reconnect on their own. Gives up after eight failures in a row.
 */
export function supervisePostgres(cluster: Cluster, first: PostgresProcess): Supervisor {
  const { log } = cluster;
  const stopping = new AbortController();
  let server = first;
  let startedAt = Date.now();
  let tries = 0;
  let restarting: Promise<void> | undefined;

  async function restart(): Promise<void> {
    log.error('PostgreSQL ended unexpectedly; starting it again.', { pid: server.pid, port: server.port });
    if (Date.now() - startedAt > HEALTHY_MS) tries = 0;
    while (tries < PAUSES_MS.length && !stopping.signal.aborted) {
      try {
        await sleep(PAUSES_MS[tries++], undefined, { signal: stopping.signal });
        await endOrphans(cluster);
        server = await launchPostgres(cluster, server.port, stopping.signal);
        startedAt = Date.now();
        log.warn('PostgreSQL runs again.', { pid: server.pid, port: server.port });
        return;
      } catch (error) {
        if (!stopping.signal.aborted) log.error('PostgreSQL did not start again.', { tries, error });
      }
    }
    if (stopping.signal.aborted) return;
    clearInterval(watch);
    log.error(
      'PostgreSQL stays down after too many failures in a row; restart Convey once the cause is gone.',
    );
  }

  const watch = setInterval(() => {
    if (restarting !== undefined || !hasEnded(server)) return;
    restarting = restart().finally(() => {
      restarting = undefined;
    });
  }, LOOK_MS);
  const logWatch = setInterval(() => {
    boundLog(cluster).catch((error: unknown) => log.warn("PostgreSQL's log could not be cut.", { error }));
  }, LOG_LOOK_MS);
  // What keeps the process alive is what uses the database.
  watch.unref();
  logWatch.unref();
  const current = () => server;
  running.add(current);

  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    clearInterval(watch);
    clearInterval(logWatch);
    stopping.abort();
    await restarting;
    await stopPostgres(cluster, server);
    running.delete(current);
  }
  return {
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
