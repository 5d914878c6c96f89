import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';

const LINUX = process.platform === 'linux';

function ps(pid: number, columns: string): string | undefined {
  try {
    return execFileSync('ps', ['-ww', '-o', columns, '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

/** Whether any process has this id, ours or not. */
export function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * A mark that tells this process from every other that ever has the same id (its start time), or
 * undefined when no such process runs. A zombie counts as gone: it holds nothing any more.
 */
export function findProcessMark(pid: number): string | undefined {
  if (!hasProcess(pid)) return undefined;
  if (!LINUX) {
    const line = ps(pid, 'stat=,lstart=');
    if (line === undefined || line === '' || line.startsWith('Z')) return undefined;
    return line.replace(/^\S+\s+/, '');
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name may hold spaces and brackets, so count from its closing one (proc(5): state is 3, start 22).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    // Gone between the two looks, or /proc hides other users' processes: then it must count as the same.
    return hasProcess(pid) ? 'hidden' : undefined;
  }
}

/** Whether the process with this id is still the one that had `mark`. */
export function isSameProcess(pid: number, mark: string): boolean {
  const now = findProcessMark(pid);
  return now !== undefined && (now === mark || now === 'hidden' || mark === 'hidden');
}

/**
 * A mark for "process ids mean the same here": it differs after a reboot, on another machine, and in a
 * container with process ids of its own.
 */
export function machineMark(): string {
  if (!LINUX) {
    const booted = execFileSync('sysctl', ['-n', 'kern.boottime'], { encoding: 'utf8' });
    return `${hostname()} ${booted.replace(/\}.*/s, '')}`;
  }
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
}

/** The path of the program a process runs, or undefined when that cannot be seen. */
export function findProgram(pid: number): string | undefined {
  if (!LINUX) return ps(pid, 'comm=');
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return undefined;
  }
}

/**
 * Whether this process is a PostgreSQL server of the cluster in `dataDir` (a real path): servers and
 * their children stand in their data folder.
 */
export function isServerOf(pid: number, dataDir: string): boolean {
  if (!LINUX) return ps(pid, 'command=')?.includes(`-D ${dataDir} `) ?? false;
  try {
    const program = basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ''));
    return program === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === dataDir;
  } catch {
    return false;
  }
}

/** Ids of all PostgreSQL processes of the cluster in `dataDir`. Empty where there is no /proc to ask. */
export function listServersOf(dataDir: string): number[] {
  if (!LINUX) return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 1 && isServerOf(pid, dataDir));
}

/** Sends a signal; a process that is already gone is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
