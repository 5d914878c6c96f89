import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './init-cluster.ts';
import { findPostmasterFile, type PostgresProcess } from './postgres-process.ts';
import {
  findProcessMark,
  hasProcess,
  isServerOf,
  listServersOf,
  sendSignal,
} from './host/process-identity.ts';

/**
 * The server that a Convey which was killed has left running on this cluster, if there is one. A
 * `postmaster.pid` whose process id has since gone to some other program is removed, since PostgreSQL
 * would refuse to start because of it.
 */
export async function findLeftover({ dataDir, log }: Cluster): Promise<PostgresProcess | undefined> {
  const file = await findPostmasterFile(dataDir);
  if (file === undefined) return undefined;
  const mark = findProcessMark(file.pid);
  if (mark !== undefined && isServerOf(file.pid, dataDir)) return { pid: file.pid, mark, port: file.port };
  if (hasProcess(file.pid)) {
    log.info('The process id of the last PostgreSQL belongs to another program now.', { pid: file.pid });
    await rm(join(dataDir, 'postmaster.pid'), { force: true });
  }
  return undefined;
}

/**
 * Ends the children of a postmaster that was killed. Those that are busy do not notice its death, and no
 * new server may start on the cluster while one of them lives. Call only when no postmaster runs.
 */
export async function endOrphans({ dataDir, log }: Cluster): Promise<void> {
  let orphans = listServersOf(dataDir);
  if (orphans.length === 0) return;
  for (const pid of orphans) sendSignal(pid, 'SIGQUIT');
  for (let waitedMs = 0; waitedMs < 5_000 && orphans.length > 0; waitedMs += 20) {
    await sleep(20);
    orphans = listServersOf(dataDir);
  }
  for (const pid of orphans) {
    log.warn('A process of the PostgreSQL that was killed does not end; killing it.', { pid });
    sendSignal(pid, 'SIGKILL');
  }
}

/** Whether the configuration a leftover server was started with is still the one we would give it. */
export async function hasSettings({ stateDir }: Cluster, settings: string): Promise<boolean> {
  const written = await readFile(join(stateDir, 'postgresql.conf'), 'utf8').catch(() => undefined);
  return written === settings;
}
