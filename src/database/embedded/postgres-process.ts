import { spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConveyError } from '../../errors.ts';
import { startFailed } from './embedded.errors.ts';
import type { Cluster } from './init-cluster.ts';
import { findProcessMark, isSameProcess, sendSignal } from './host/process-identity.ts';
import { spawnIdentity } from './host/service-user.ts';

const POLL_MS = 10;
const FAST_STOP_MS = 30_000;
const IMMEDIATE_STOP_MS = 10_000;
/** Crash recovery replays at most `max_wal_size` or so; a slow disk needs minutes for that. */
const READY_MS = 600_000;

/** A running postmaster. */
export interface PostgresProcess {
  pid: number;
  /** Tells it from a later process with the same id. */
  mark: string;
  port: number;
}

/** What a postmaster writes about itself into `postmaster.pid`. */
export interface PostmasterFile {
  pid: number;
  port: number;
  /** `starting`, `ready`, `stopping`; empty at the very start. */
  state: string;
  /** The whole file. */
  text: string;
}

export async function findPostmasterFile(dataDir: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid < 2) return undefined;
  return { pid, port: Number(lines[3]), state: (lines[7] ?? '').trim(), text };
}

export function hasEnded(server: PostgresProcess): boolean {
  return !isSameProcess(server.pid, server.mark);
}

/**
 * Waits until a server that is starting or recovering is ready. False: it ended, or is stopping. `stale` is
 * the text of the file that an earlier server left, whose process id may be the same: containers start over.
 */
export async function waitUntilReady(
  { dataDir, log }: Pick<Cluster, 'dataDir' | 'log'>,
  server: PostgresProcess,
  { signal, stale }: { signal?: AbortSignal | undefined; stale?: string | undefined } = {},
): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < READY_MS; waitedMs += POLL_MS) {
    const file = await findPostmasterFile(dataDir);
    const state = file?.pid === server.pid && file.text !== stale ? file.state : '';
    if (state === 'ready') return true;
    if (hasEnded(server) || state === 'stopping') return false;
    if (waitedMs > 0 && waitedMs % 10_000 === 0) log.info('PostgreSQL is still recovering.', { waitedMs });
    await sleep(POLL_MS, undefined, { signal });
  }
  return false;
}

async function waitUntilEnded(server: PostgresProcess, timeoutMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += POLL_MS) {
    if (hasEnded(server)) return true;
    await sleep(POLL_MS);
  }
  return hasEnded(server);
}

/** Stops a server and waits for its end: cleanly, after 30 s at once, at last by force. */
export async function stopPostgres({ log }: Pick<Cluster, 'log'>, server: PostgresProcess): Promise<void> {
  if (hasEnded(server)) return;
  sendSignal(server.pid, 'SIGINT');
  if (await waitUntilEnded(server, FAST_STOP_MS)) return;
  log.warn('PostgreSQL did not stop in 30 s; ending it without a checkpoint (its next start recovers).');
  sendSignal(server.pid, 'SIGQUIT');
  if (await waitUntilEnded(server, IMMEDIATE_STOP_MS)) return;
  sendSignal(server.pid, 'SIGKILL');
  await waitUntilEnded(server, IMMEDIATE_STOP_MS);
}

/** The server's own log: appended to by the server, bounded by `boundLog`. */
export function logFile({ stateDir }: Pick<Cluster, 'stateDir'>): string {
  return join(stateDir, 'postgres.log');
}

/** The end of a file from byte `start` on, 4,000 bytes at most. */
async function readTail(path: string, start: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.max(0, Math.min(4_000, size - start));
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}

/**
 * Starts the server on `port` and waits until it takes connections. Throws `database.start_failed` when it
 * ends instead, for example because somebody else has the port; an abort stops it again.
 *
 * It gets a session of its own, so that Ctrl-C reaches us and not the server we still write to, and a file
 * in place of a pipe, so that it can outlive us.
 */
export async function launchPostgres(
  cluster: Cluster,
  port: number,
  signal?: AbortSignal,
): Promise<PostgresProcess> {
  const { binaries, dataDir, stateDir, user } = cluster;
  signal?.throwIfAborted();
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  const stale = (await findPostmasterFile(dataDir))?.text;
  const output = openSync(logFile(cluster), O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o600);
  const logStart = fstatSync(output).size;
  const args = ['-D', dataDir, '-p', String(port)];
  for (const [setting, file] of [
    ['config_file', 'postgresql.conf'],
    ['hba_file', 'pg_hba.conf'],
  ]) {
    args.push('-c', `${setting}=${join(stateDir, file as string)}`);
  }
  const child = spawn(binaries.postgres, args, {
    ...spawnIdentity(user),
    cwd: dataDir,
    detached: true,
    env: binaries.env,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const spawned = new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(new ConveyError(startFailed, spawnAdvice(cause), { cause })));
  });
  await spawned;
  child.unref();
  const pid = child.pid as number;
  // No mark: it has ended already, and then no process will ever match.
  const server = { pid, mark: findProcessMark(pid) ?? 'ended', port };
  try {
    if (await waitUntilReady(cluster, server, { signal, stale })) return server;
  } catch (error) {
    await stopPostgres(cluster, server);
    throw error;
  }
  await stopPostgres(cluster, server);
  const serverLog = await readTail(logFile(cluster), logStart);
  cluster.log.warn('PostgreSQL ended while it was starting.', { port, serverLog });
  throw new ConveyError(startFailed, undefined, { cause: new Error(serverLog) });
}

/** Whether a launch failed because somebody else listens on the port. */
export function isPortTaken(error: unknown): boolean {
  const { cause } = error as Error;
  return cause instanceof Error && /could not bind|could not create any TCP/.test(cause.message);
}

function spawnAdvice(cause: Error): string {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'Its program needs a system with glibc (not Alpine): set DATABASE_URL there.';
  if (code === 'EPERM' || code === 'EINVAL') return 'This root may not change to the user nobody.';
  return `Its program could not be run (${code ?? 'unknown'}).`;
}
