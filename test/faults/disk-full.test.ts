import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultCount, faultSeed } from './fault-plan.ts';
import { type FaultSite, openSite } from './fault-site.ts';
import { runFaults } from './run-faults.ts';

/** A disk of our own that can be filled; only root may make one. */
const DISK_BYTES = 24 << 20;
const canMount = process.getuid?.() === 0 && tryMount();
let site: FaultSite;
let disk: string;

function tryMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

if (!canMount)
  console.warn('*** SKIPPED: faults of kind disk-full need root and the right to mount a tmpfs.');

beforeAll(async () => {
  if (!canMount) return;
  disk = await mkdtemp(join(tmpdir(), 'convey-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', disk]);
  site = await openSite({ CONVEY_STORAGE: `file:${disk}/objects` });
});
afterAll(async () => {
  if (!canMount) return;
  await site.close();
  execFileSync('umount', [disk]);
  await rm(disk, { recursive: true });
});

test.runIf(canMount)(
  `wall 4: the disk full at ${faultCount} random moments (seed ${faultSeed}): exports end ready and verified, or failed with a reason`,
  { timeout: 60_000 + faultCount * 120_000 },
  async () => {
    const outcomes = await runFaults('disk-full', site, {
      withinMs: 300,
      hit: async (random, id) => {
        const { bavail, bsize } = await statfs(disk);
        const left = random.below(200_000);
        const filler = join(disk, 'filler');
        await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - left))).catch(() => {});
        // Until every attempt was made, or it was small enough.
        await site.ended(id);
        await rm(filler, { force: true });
        await site.expectNoOrphans();
        await freeEarlier(id);
      },
    });
    expect(outcomes.some(({ code }) => code === 'storage.full')).toBe(true);
  },
);

/** Earlier exports would fill the disk by themselves. */
async function freeEarlier(id: string): Promise<void> {
  const reply = await fetch(`${site.server.url}/v1/exports?limit=100`, { headers: site.headers });
  const { exports } = (await reply.json()) as { exports: { job_id: string; status: string }[] };
  for (const { job_id: other, status } of exports) {
    if (other === id || status !== 'ready') continue;
    await fetch(`${site.server.url}/v1/exports/${other}`, { method: 'DELETE', headers: site.headers });
  }
}
