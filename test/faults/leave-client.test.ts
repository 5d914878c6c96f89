import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { faultCount, faultSeed } from './fault-plan.ts';
import { type FaultSite, openSite } from './fault-site.ts';
import { runFaults } from './run-faults.ts';

let site: FaultSite;

beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const DIRECT = ['/v1/workspace/export', '/v1/conversations/export?format=ndjson', '/v1/contacts/export'];

/** Reads some bytes of a reply and goes away. */
async function leave(path: string, bytes: number): Promise<void> {
  const controller = new AbortController();
  const reply = await fetch(site.server.url + path, { headers: site.headers, signal: controller.signal });
  let read = 0;
  try {
    for await (const chunk of reply.body!) {
      read += (chunk as Uint8Array).length;
      if (read >= bytes) break;
    }
  } finally {
    controller.abort();
  }
}

test(`wall 4: clients gone at ${faultCount} random moments (seed ${faultSeed}): nothing hangs, nothing is held, nothing is left`, {
  timeout: 60_000 + faultCount * 120_000,
}, async () => {
  const outcomes = await runFaults('leave-client', site, {
    withinMs: 300,
    hit: async (random, id) => {
      // One that wants the reply at once, and one that fetches what may not be ready yet.
      await leave(DIRECT[random.below(DIRECT.length)]!, random.below(400_000)).catch(() => {});
      await leave(`/v1/exports/${id}/package.zip`, random.below(400_000)).catch(() => {});
    },
  });
  expect(outcomes.filter(({ ending }) => ending !== 'ready')).toEqual([]);
  // Direct replies that nobody waits for have ended, and hold no snapshot.
  await vi.waitFor(async () => {
    const open = await site.db.asSuperuser(
      `select id from exports where status in ('queued', 'running')
         union all
         select pid::text from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and state like 'idle in transaction%'`,
    );
    expect(open).toEqual([]);
  });
  const states = await site.db.asSuperuser<{ status: string }>(
    'select distinct status from exports where not is_kept order by 1',
  );
  expect(['cancelled', 'failed', 'ready']).toEqual(
    expect.arrayContaining(states.map(({ status }) => status)),
  );
});
