import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, expect, test, vi } from 'vitest';
import { lowerPriority } from './background-priority.ts';

const SCHED_IDLE = 5;
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
afterAll(async () => {
  child.kill('SIGKILL');
  await once(child, 'exit');
});

/** Niceness and policy, as proc(5) numbers the fields after the name in brackets. */
function standing(pid: number): { nice: number; policy: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
  return { nice: Number(fields[16]), policy: Number(fields[38]) };
}

test.runIf(process.platform === 'linux')(
  'what lasts gives way to everything else: niceness 19 at once, SCHED_IDLE soon after',
  async () => {
    const asked = vi.fn(() => true);
    lowerPriority(child.pid!, asked);
    expect(standing(child.pid!)).toEqual({ nice: 19, policy: 0 });
    await vi.waitUntil(() => standing(child.pid!).policy === SCHED_IDLE, { timeout: 20_000 });
    expect(asked).toHaveBeenCalledOnce();
  },
);

test('a thread that is not ours, or is gone, is left alone', () => {
  expect(() => lowerPriority(2 ** 22 + 1, () => true)).not.toThrow();
});
