import { expect } from 'vitest';
import type { Random } from '../../samples/random.ts';
import {
  type FaultKind,
  faultCount,
  lengthOf,
  orders,
  type Outcome,
  randomOf,
  reportFaults,
} from './fault-plan.ts';
import type { FaultSite } from './fault-site.ts';

/** How one fault is done. */
export interface Fault {
  /** Longest time from the order of rows to the fault; the moment is random. */
  withinMs: number;
  /** What happens to the export; what has to be put right again for the next fault. */
  hit(random: Random, exportId: string): Promise<void> | void;
  /** Puts right what may still be broken after the last fault. */
  heal?(): void;
}

/**
 * Orders one export after the other, each hit once at a random moment, and checks what it says at its end: that it
 * is ready and verifies, or has failed with a reason and shows nothing. At last, that all works again as soon as the
 * fault is over, and that no file is left behind.
 */
export async function runFaults(kind: FaultKind, site: FaultSite, fault: Fault): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let index = 0; index < faultCount; index++) {
    const random = randomOf(kind, index);
    const startedAt = performance.now();
    const since = () => Math.round(performance.now() - startedAt);
    const order = orders[random.below(orders.length)]!;
    const id = await site.order(order);
    await passed(random.below(fault.withinMs * lengthOf(order)));
    const faultAfterMs = since();
    await fault.hit(random, id);
    const { status, error } = await site.ended(id);
    const ending = status as Outcome['ending'];
    outcomes.push({ ending, code: error?.code ?? null, faultAfterMs, tookMs: since() });
  }
  fault.heal?.();
  const healed = await site.ended(await site.order(orders[0]!));
  expect(healed, 'an export after the last fault').toMatchObject({ status: 'ready', error: null });
  await site.expectNoOrphans();
  reportFaults(kind, outcomes);
  return outcomes;
}

/** Real time has to pass here: the moment of the fault is what is random. */
function passed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
