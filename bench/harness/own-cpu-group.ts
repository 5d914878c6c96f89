import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

// Where the kernel has the controller of processor time: alone (version 1), or with all others (version 2).
const NAME = 'convey-bench';
const PLACES = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup'];

/**
 * Puts this process and what it starts into one control group, as a container or a systemd unit with `CPUWeight` has:
 * outside of one, Linux shares the processors among sessions (sched(7), “The autogroup feature”), each process of
 * PostgreSQL is a session of its own, and no priority counts between them.
 * It takes root and cgroups; otherwise nothing happens, and the results say so.
 */
export function enterOwnCpuGroup(): void {
  for (const place of PLACES) {
    try {
      if (place === '/sys/fs/cgroup') writeFileSync(`${place}/cgroup.subtree_control`, '+cpu');
      const group = `${place}/${NAME}`;
      mkdirSync(group, { recursive: true });
      writeFileSync(`${group}/cgroup.procs`, String(process.pid));
      return;
    } catch {
      // not here, or not allowed
    }
  }
}

/** Whether this process is in a group that `enterOwnCpuGroup` made. */
export function isInOwnCpuGroup(): boolean {
  try {
    return readFileSync('/proc/self/cgroup', 'utf8').includes(`/${NAME}`);
  } catch {
    return false;
  }
}
