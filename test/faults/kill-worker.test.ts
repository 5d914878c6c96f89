import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultCount, faultSeed } from './fault-plan.ts';
import { type FaultSite, openSite } from './fault-site.ts';
import { runFaults } from './run-faults.ts';

let site: FaultSite;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  site = await openSite({ CONVEY_ROLE: 'server' });
  workers.push(site.startWorker(), site.startWorker());
});
afterAll(() => site.close());

test(`wall 4: kill -9 of a worker at ${faultCount} random moments (seed ${faultSeed}): exports end ready and verified, or failed with a reason`, {
  timeout: 60_000 + faultCount * 120_000,
}, async () => {
  const outcomes = await runFaults('kill-worker', site, {
    withinMs: 700,
    hit: async (random) => {
      const index = random.below(workers.length);
      const [killed] = workers.splice(index, 1, site.startWorker());
      killed!.kill('SIGKILL');
      await once(killed!, 'exit');
    },
  });
  expect(outcomes).toHaveLength(faultCount);
  // One death is less than an export may have: another attempt makes it.
  expect(outcomes.filter(({ ending }) => ending !== 'ready')).toEqual([]);
});
