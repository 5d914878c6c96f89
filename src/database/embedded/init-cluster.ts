import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { chmod, chown, lchown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConveyError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { ClusterPasswords } from './cluster-passwords.ts';
import { syncFolder } from './host/durable-file.ts';
import { dataMissing, startFailed, versionMismatch } from './embedded.errors.ts';
import type { NativeBinaries } from './native-binaries.ts';
import type { ClusterPlace } from './place-cluster.ts';
import { listServersOf, sendSignal } from './host/process-identity.ts';
import { spawnIdentity } from './host/service-user.ts';

/** Everything that starting and stopping one cluster needs to know about it. */
export interface Cluster extends ClusterPlace {
  binaries: NativeBinaries;
  passwords: ClusterPasswords;
  log: Log;
}

/** The cluster's superuser, whom nothing but the launcher and tests should use. */
export const SUPERUSER = 'postgres';

const DRAFT = /^init-[0-9a-f]+$/;

async function runToEnd(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return await new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, output }));
  });
}

/** Removes what an initdb that was killed midway has left, and the initdb itself if it outlived us. */
async function clearDrafts({ stateDir }: Cluster): Promise<void> {
  for (const name of (await readdir(stateDir)).filter((it) => DRAFT.test(it))) {
    for (const pid of listServersOf(join(stateDir, name, 'data'))) sendSignal(pid, 'SIGKILL');
    await rm(join(stateDir, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

/**
 * Runs initdb in a draft folder and renames the finished cluster into place, so that a cluster that
 * exists is a whole one.
 */
async function initCluster(cluster: Cluster, signal: AbortSignal | undefined): Promise<void> {
  const { stateDir, dataDir, user, binaries, log } = cluster;
  const draft = join(stateDir, `init-${randomBytes(6).toString('hex')}`);
  const passwordFile = join(draft, 'password');
  await mkdir(draft, { mode: 0o700 });
  try {
    await writeFile(passwordFile, cluster.passwords.superuser, { mode: 0o600 });
    if (user !== undefined) {
      await chown(passwordFile, user.uid, user.gid);
      await chown(draft, user.uid, user.gid);
    }
    const options = ['--pgdata', join(draft, 'data'), '--username', SUPERUSER, '--pwfile', passwordFile];
    // PostgreSQL's own C.UTF-8: the same order and letter classes on every system, for ever.
    options.push('--encoding', 'UTF8', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8');
    options.push('--auth', 'scram-sha-256', '--no-instructions');
    let failure = '';
    for (const locale of ['C.UTF-8', 'C']) {
      // The C library's part matters little (parsing of full text), and old systems have no C.UTF-8.
      const child = spawn(binaries.initdb, [...options, '--locale', locale], {
        ...spawnIdentity(user),
        ...(signal && { signal }),
        cwd: draft,
        env: binaries.env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const { code, output } = await runToEnd(child);
      if (code === 0) {
        await rename(join(draft, 'data'), dataDir);
        await syncFolder(stateDir);
        return;
      }
      failure = output;
    }
    log.error('initdb failed', { output: failure.slice(-4_000) });
    throw new ConveyError(startFailed, 'Its data folder could not be made.', { cause: new Error(failure) });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw error;
  } finally {
    await rm(draft, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

/** Gives a cluster that root copied or restored the owner and mode that PostgreSQL insists on. */
async function ensureOwner({ dataDir, user }: Cluster): Promise<void> {
  const { uid, mode } = statSync(dataDir);
  if (user !== undefined && uid === 0) {
    for (const path of await readdir(dataDir, { recursive: true })) {
      await lchown(join(dataDir, path), user.uid, user.gid);
    }
    await chown(dataDir, user.uid, user.gid);
  }
  if ((mode & 0o077) !== 0) await chmod(dataDir, 0o700);
}

/**
 * Makes the cluster if there is none yet, else checks that this PostgreSQL can run it. Throws
 * `database.start_failed`, `database.data_missing` or `database.version_mismatch`.
 */
export async function ensureCluster(cluster: Cluster, signal?: AbortSignal): Promise<void> {
  await clearDrafts(cluster);
  if (!existsSync(cluster.dataDir)) await initCluster(cluster, signal);
  await ensureOwner(cluster);
  let version: string;
  try {
    version = (await readFile(join(cluster.dataDir, 'PG_VERSION'), 'utf8')).trim();
  } catch (cause) {
    throw new ConveyError(dataMissing, undefined, { cause });
  }
  if (version !== cluster.binaries.majorVersion) {
    throw new ConveyError(
      versionMismatch,
      `They are of ${version}, this is ${cluster.binaries.majorVersion}.`,
    );
  }
}

/**
 * Gives the roles of a stopped cluster the passwords we hold, for a home whose `passwords.json` was lost.
 * The superuser comes last: as long as it does not answer, the whole is done again.
 */
export async function resetPasswords(cluster: Cluster, roles: Record<string, string>): Promise<void> {
  const { binaries, dataDir, user, stateDir } = cluster;
  const args = [
    '--single',
    '-D',
    dataDir,
    '-c',
    `config_file=${join(stateDir, 'postgresql.conf')}`,
    'postgres',
  ];
  const child = spawn(binaries.postgres, args, {
    ...spawnIdentity(user),
    cwd: dataDir,
    env: binaries.env,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const ended = runToEnd(child);
  // Passwords hold only letters, digits, - and _ (loadPasswords checks); a role that is not there yet fails alone.
  const commands = Object.entries(roles).map(
    ([role, password]) => `alter role ${role} password '${password}'\n`,
  );
  child.stdin?.end(commands.join(''));
  const { code } = await ended;
  if (code !== 0) throw new ConveyError(startFailed, 'Its passwords could not be set anew.');
}
