import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultCount, faultSeed } from './fault-plan.ts';
import { type FaultSite, openSite } from './fault-site.ts';
import { runFaults } from './run-faults.ts';

let site: FaultSite;

beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

/** Ends one server process of the database, or all of them, as a restart or a lost network would. */
test(`wall 4: the database cut at ${faultCount} random moments (seed ${faultSeed}): exports end ready and verified, or failed with a reason`, {
  timeout: 60_000 + faultCount * 120_000,
}, async () => {
  const outcomes = await runFaults('cut-database', site, {
    withinMs: 400,
    hit: async (random) => {
      const most = random.chance(50) ? 100 : 1;
      await site.db.asSuperuser(
        `select pg_terminate_backend(pid) from (
             select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
              order by md5(pid::text || $1) limit $2) chosen`,
        [String(random.bits()), most],
      );
    },
  });
  expect(outcomes).toHaveLength(faultCount);
  // Nothing is left in a state that the next request stumbles over.
  const reply = await fetch(`${site.server.url}/v1/exports?limit=100`, { headers: site.headers });
  expect(reply.status).toBe(200);
});
