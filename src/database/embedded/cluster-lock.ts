import { link, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConveyError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { homeInUse } from './embedded.errors.ts';
import { findProcessMark, isSameProcess, machineMark } from './host/process-identity.ts';

const HEARTBEAT_MS = 3_000;
const HEARTBEAT_LOST_MS = 12_000;
const KEPT_GENERATIONS = 8;

export interface ClusterLock {
  /** Gives the lock up; the second call does nothing. */
  release(): Promise<void>;
}

interface LockRecord {
  pid: number;
  mark: string;
  machine: string;
  /** Inode of the folder: a copied folder brings its lock files with it, and they mean nothing there. */
  folder: number;
  isReleased: boolean;
}

interface Generation {
  number: number;
  path: string;
  /** Undefined when the file is empty or torn, which only a power cut can do. */
  record: LockRecord | undefined;
}

async function findNewest(dir: string): Promise<Generation | undefined> {
  const numbers = (await readdir(dir)).map((name) => Number(/^lock-(\d+)$/.exec(name)?.[1] ?? 0));
  const number = Math.max(0, ...numbers);
  if (number === 0) return undefined;
  const path = join(dir, `lock-${number}`);
  try {
    return { number, path, record: JSON.parse(await readFile(path, 'utf8')) as LockRecord };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw error;
    return { number, path, record: undefined };
  }
}

/**
 * A holder whose process ids are not ours (another container, another machine, before a reboot) shows
 * that it lives by touching its file. Waits up to 12 s for that, so that nobody's clock need be trusted.
 */
async function hasHeartbeat(path: string, log: Log, signal: AbortSignal | undefined): Promise<boolean> {
  const touchedAt = async () => (await stat(path).catch(() => undefined))?.mtimeMs;
  const first = await touchedAt();
  if (first === undefined || first < Date.now() - 20 * HEARTBEAT_LOST_MS) return false;
  log.info('The home folder was locked from another machine or container; waiting to see whether it lives.');
  for (let waitedMs = 0; waitedMs < HEARTBEAT_LOST_MS; waitedMs += 250) {
    await sleep(250, undefined, { signal });
    if ((await touchedAt()) !== first) return true;
  }
  return false;
}

async function ensureFree(newest: Generation, folder: number, log: Log, signal?: AbortSignal): Promise<void> {
  const { record, path } = newest;
  if (record === undefined || record.isReleased || record.folder !== folder) return;
  const isNear = record.machine === machineMark();
  const isHeld = isNear ? isSameProcess(record.pid, record.mark) : await hasHeartbeat(path, log, signal);
  if (!isHeld) return;
  const whose =
    isNear && record.pid === process.pid ? `This process (${record.pid})` : `Process ${record.pid}`;
  const where = isNear ? '' : ' on another machine or in another container';
  throw new ConveyError(
    homeInUse,
    `${whose}${where} holds it: stop it, or start this one with a home folder of its own.`,
  );
}

/**
 * Takes the one lock of a cluster's folder, or throws `database.home_in_use`. A lock whose process has
 * died is taken over.
 *
 * Holders are generations: `lock-<n>` is created once by a hard link (atomic, complete from the start),
 * the highest number holds, and it is never removed but only followed by `n + 1`. So two starters that
 * both see a dead holder cannot both win, as they could if a stale file were removed and made anew.
 */
export async function acquireLock(
  dir: string,
  { log, signal }: { log: Log; signal?: AbortSignal | undefined },
): Promise<ClusterLock> {
  const folder = (await stat(dir)).ino;
  const mine: LockRecord = {
    pid: process.pid,
    mark: findProcessMark(process.pid) ?? '',
    machine: machineMark(),
    folder,
    isReleased: false,
  };
  const draft = join(dir, `lock-draft-${randomBytes(6).toString('hex')}`);
  await writeFile(draft, JSON.stringify(mine), { flag: 'wx', mode: 0o644 });
  try {
    for (;;) {
      signal?.throwIfAborted();
      const newest = await findNewest(dir);
      if (newest !== undefined) await ensureFree(newest, folder, log, signal);
      const number = (newest?.number ?? 0) + 1;
      const path = join(dir, `lock-${number}`);
      const isFirst = await link(draft, path).then(
        () => true,
        (error: NodeJS.ErrnoException) => (error.code === 'EEXIST' ? false : Promise.reject(error)),
      );
      if (!isFirst) continue;
      // A starter that slept for long may re-create a number that is history already; the higher one holds.
      if ((await findNewest(dir))?.number === number) return await holdLock(dir, number, mine);
      await rm(path, { force: true });
    }
  } finally {
    await rm(draft, { force: true });
  }
}

async function holdLock(dir: string, number: number, record: LockRecord): Promise<ClusterLock> {
  const path = join(dir, `lock-${number}`);
  for (const name of await readdir(dir)) {
    const old = Number(/^lock-(\d+)$/.exec(name)?.[1] ?? number);
    // The last few stay, so that a listing made while holders change always meets one of them.
    if (old <= number - KEPT_GENERATIONS) await rm(join(dir, name), { force: true });
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {}); // a folder that is gone needs no heartbeat
  }, HEARTBEAT_MS);
  heartbeat.unref();
  let released: Promise<void> | undefined;
  return {
    release() {
      released ??= (async () => {
        clearInterval(heartbeat);
        const draft = join(dir, `lock-draft-${randomBytes(6).toString('hex')}`);
        await writeFile(draft, JSON.stringify({ ...record, isReleased: true }), { flag: 'wx', mode: 0o644 });
        await rename(draft, path);
      })();
      return released;
    },
  };
}
