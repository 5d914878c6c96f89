import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { lowerPriority } from '../background-priority.ts';

/**
 * Lowers the priority of the server process behind a connection, if it runs on this machine: then its title, as
 * PostgreSQL writes it, names the connection's port.
 */
export function lowerBackendPriority(pid: number, { localPort, remoteAddress }: Socket): void {
  if (remoteAddress !== '127.0.0.1' && remoteAddress !== '::1') return;
  const isStillIt = () => isBackendOf(pid, localPort!);
  // Each process of PostgreSQL is a session of its own.
  if (isStillIt()) lowerPriority(pid, isStillIt, { isSession: true });
}

function isBackendOf(pid: number, port: number): boolean {
  try {
    const title = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
    return title.startsWith('postgres:') && title.includes(`(${port})`);
  } catch {
    return false; // not Linux, or ended
  }
}
