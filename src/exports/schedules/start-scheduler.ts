import type { Config } from '../../config.ts';
import type { JobEvents } from '../../jobs/job-events.ts';
import { openObjectStore } from '../../storage/open-store.ts';
import type { KeepDependencies } from '../keep/keep-export.ts';
import type { RequestDependencies } from '../request-export.ts';
import { Scheduler } from './scheduler.ts';

const LOOK_EVERY_MS = 15_000;
const RETRY_COPY_MS = 2_000;

/** Starts the scheduler of one process over an installation. `stop` waits for what is being written. */
export function startScheduler(
  {
    config,
    exports,
    feedEpoch,
  }: {
    config: Pick<Config, 'partConversations' | 's3Destinations'>;
    exports: KeepDependencies & RequestDependencies;
    feedEpoch: number;
  },
  events: JobEvents,
): { stop(): Promise<void> } {
  return new Scheduler({
    ...exports,
    partConversations: config.partConversations,
    feedEpoch,
    now: () => new Date(),
    destinations: config.s3Destinations,
    openDestination: openObjectStore,
    retryMs: RETRY_COPY_MS,
    events,
    lookEveryMs: LOOK_EVERY_MS,
  }).start();
}
