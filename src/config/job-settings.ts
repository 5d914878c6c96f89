import { duration, integer, type Settings } from './setting.ts';

/** Who works on jobs, and how often. */
export interface JobSettings {
  role: 'all' | 'server' | 'worker';
  workerJobs: number;
  exportAttempts: number;
  leaseMs: number;
}

export const jobSettings: Settings<JobSettings> = {
  role: {
    environmentName: 'CONVEY_ROLE',
    doc: 'What this process does: serve requests, run jobs (exports that are kept), or both.',
    takes: '`all`, `server` or `worker`',
    fallback: 'all',
    parse: (text) => (text === 'all' || text === 'server' || text === 'worker' ? text : undefined),
  },
  workerJobs: {
    environmentName: 'CONVEY_WORKER_JOBS',
    doc: 'Jobs that this process runs at the same time, of all workspaces together.',
    fallback: '4',
    ...integer(1, 1000),
  },
  exportAttempts: {
    environmentName: 'CONVEY_EXPORT_ATTEMPTS',
    doc: 'How often a kept export is begun before it has failed, when its worker dies or the database or the store breaks off.',
    fallback: '3',
    ...integer(1, 100),
  },
  leaseMs: {
    environmentName: 'CONVEY_LEASE',
    doc: 'A worker that gives no sign for this long is dead, and another takes its jobs over.',
    fallback: '15s',
    ...duration('1s', '10m'),
  },
};
