import { hostname } from 'node:os';
import { ConveyError } from './errors.ts';
import { interrupted } from './exports/exports.errors.ts';
import { exportJobs } from './exports/keep/export-jobs.ts';
import { startScheduler } from './exports/schedules/start-scheduler.ts';
import type { Installation } from './installation.ts';
import type { JobEvents } from './jobs/job-events.ts';
import { JobWorker } from './jobs/job-worker.ts';

/** Runs the jobs and the schedules of an installation until `stop()`, which puts back what is not finished. */
export function startWorker(
  { config, database, exports, log, feedEpoch }: Installation,
  events: JobEvents,
): { stop(): Promise<void> } {
  const worker = new JobWorker({
    database,
    events,
    log,
    name: `${hostname()} ${process.pid}`,
    slots: config.workerJobs,
    limits: {
      perWorkspace: config.keptExportsPerWorkspace,
      leaseMs: config.leaseMs,
      maxAttempts: config.exportAttempts,
    },
    handlers: { export: exportJobs(exports) },
  });
  worker.start();
  const scheduler = startScheduler({ config, exports, feedEpoch }, events);
  return {
    stop: async () => {
      await Promise.all([scheduler.stop(), worker.stop(new ConveyError(interrupted))]);
    },
  };
}
