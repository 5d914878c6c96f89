import { execFile } from 'node:child_process';
import { setPriority } from 'node:os';
import { readlinkSync, writeFileSync } from 'node:fs';

/** The lowest there is among the ordinary ones. */
const NICENESS = 19;
/** A small export is over before it is worth a process. */
const LASTING_MS = 250;

/**
 * Lowers a thread to what the others leave over: to niceness 19 at once, and, if it is still at work after a quarter of
 * a second, to the scheduling policy SCHED_IDLE (sched(7)), which gives way the moment anything else wakes up; a niced
 * thread first uses up its slice, several milliseconds that each small request would wait, at each of its steps. Linux
 * only, and the second step needs `chrt` (util-linux); elsewhere nothing happens: the work is done all the same, and
 * small requests wait a little longer.
 * @param threadId as the kernel numbers threads; that of a process is its first thread
 * @param isStillIt asked before the second step, since numbers are given again
 * @param options.isSession it is a session of its own. Among sessions Linux shares the processors before it looks at
 *   priorities (sched(7), “The autogroup feature”), so the session is lowered as well
 */
export function lowerPriority(
  threadId: number,
  isStillIt: () => boolean,
  { isSession = false }: { isSession?: boolean } = {},
): void {
  try {
    setPriority(threadId, NICENESS);
  } catch {
    return; // not ours to lower
  }
  setTimeout(() => {
    if (!isStillIt()) return;
    execFile('chrt', ['-i', '-p', '0', String(threadId)], () => {});
    if (isSession) lowerSession(threadId);
  }, LASTING_MS).unref();
}

/** Without privileges the kernel takes one such wish in 100 ms, of all together; the others come again. */
function lowerSession(processId: number, tries = 10): void {
  try {
    writeFileSync(`/proc/${processId}/autogroup`, String(NICENESS));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || tries === 0) return;
    setTimeout(() => lowerSession(processId, tries - 1), 120).unref();
  }
}

/** Lowers the calling thread, as `lowerPriority`. */
export function lowerOwnPriority(): void {
  const threadId = ownThreadId();
  if (threadId !== undefined) lowerPriority(threadId, () => true);
}

function ownThreadId(): number | undefined {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').pop());
  } catch {
    return undefined; // not Linux
  }
}
