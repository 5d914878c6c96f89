import { readFileSync, readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import type { Socket } from 'node:net';

/** As far down as it goes: exports take what small requests leave over, and everything when there are none. */
const NICENESS = 19;

/** Lowers the calling thread's priority. Linux only; elsewhere nothing happens. */
export function lowerThreadPriority(): void {
  try {
    const task = readlinkSync('/proc/thread-self').split('/').pop();
    setPriority(Number(task), NICENESS);
  } catch {
    // Not Linux, or not allowed: exports work as well, small requests wait a little longer.
  }
}

/**
 * Lowers the priority of the server process behind a connection, if it runs on this machine: then its title, as
 * PostgreSQL writes it, names the connection's port.
 */
export function lowerBackendPriority(pid: number, { localPort, remoteAddress }: Socket): void {
  if (remoteAddress !== '127.0.0.1' && remoteAddress !== '::1') return;
  try {
    const title = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
    if (title.startsWith('postgres:') && title.includes(`(${localPort})`)) setPriority(pid, NICENESS);
  } catch {
    // As above.
  }
}
