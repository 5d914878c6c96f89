import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProxy, type S3Proxy } from '../../src/storage/s3-proxy.fixture.ts';
import { freshLocation, hasServer, testEndpoint } from '../../src/storage/s3-store.fixture.ts';
import { faultCount, faultSeed } from './fault-plan.ts';
import { type FaultSite, openSite } from './fault-site.ts';
import { runFaults } from './run-faults.ts';

const NO_FAULTS = { busy: 0, lostReplyTo: undefined, staysLost: false, delayMs: 0 };
let site: FaultSite;
let proxy: S3Proxy;

beforeAll(async () => {
  if (!hasServer) return;
  proxy = await startProxy(testEndpoint());
  site = await openSite({ CONVEY_STORAGE: freshLocation({ endpoint: proxy.endpoint }) });
});
afterAll(async () => {
  if (!hasServer) return;
  await site.close();
  await proxy.stop();
});

test.runIf(hasServer)(
  `wall 4: an S3 store that answers 5xx, late, or not at all at ${faultCount} random moments (seed ${faultSeed}): exports end ready and verified, or failed with a reason`,
  { timeout: 60_000 + faultCount * 120_000 },
  async () => {
    const outcomes = await runFaults('break-store', site, {
      withinMs: 500,
      heal: () => void Object.assign(proxy.faults, NO_FAULTS),
      hit: (random) => {
        const { faults } = proxy;
        Object.assign(faults, NO_FAULTS);
        switch (random.below(4)) {
          case 0:
            faults.busy = random.between(1, 16);
            break;
          case 1:
            faults.lostReplyTo = random.chance(50) ? /^PUT / : /^(GET|HEAD|DELETE) /;
            break;
          case 2: // gone altogether for a while
            faults.lostReplyTo = /./;
            faults.staysLost = true;
            setTimeout(() => Object.assign(faults, NO_FAULTS), random.between(200, 6_000));
            break;
          default:
            faults.delayMs = random.between(50, 400);
            setTimeout(() => Object.assign(faults, NO_FAULTS), random.between(200, 2_000));
        }
      },
    });
    expect(outcomes).toHaveLength(faultCount);
    expect(outcomes.some(({ ending }) => ending === 'ready')).toBe(true);
  },
);
