import { expect, vi } from 'vitest';
import { exportJobs } from '../../src/exports/keep/export-jobs.ts';
import { Scheduler, type SchedulerDependencies } from '../../src/exports/schedules/scheduler.ts';
import { JobEvents } from '../../src/jobs/job-events.ts';
import { JobWorker } from '../../src/jobs/job-worker.ts';
import { DiskStore } from '../../src/storage/disk-store.ts';
import type { TestServer } from './test-server.ts';

const PATIENCE = { timeout: 30_000, interval: 30 };

/** An occurrence as the API tells of it. */
export interface ToldOccurrence {
  at: string;
  status: string;
  export_id: string | null;
  reason: string | null;
}

/** A schedule as the API tells of it. */
export interface ToldSchedule {
  id: string;
  next_at: string | null;
  paused_at: string | null;
  paused_reason: string | null;
  failures: number;
  last_export: string | null;
  chain: { sequence: number; head: string } | null;
}

export type ScheduleKit = Awaited<ReturnType<typeof scheduleKit>>;

/** Schedules over HTTP, as a key of the workspace or with other headers. */
export async function scheduleKit(server: TestServer, workspaceId: string, headers?: Record<string, string>) {
  const credentials = headers ?? (await server.authorize(workspaceId));
  const call = (method: string, path: string, body?: object) =>
    fetch(server.url + path, {
      method,
      headers: { ...credentials, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  const told = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const reply = await call(method, path, body);
    const text = await reply.text();
    expect(reply.ok, `${method} ${path}: ${reply.status} ${text}`).toBe(true);
    return JSON.parse(text) as T;
  };
  const occurrences = async (id: string) =>
    (await told<{ occurrences: ToldOccurrence[] }>('GET', `/v1/schedules/${id}/occurrences`)).occurrences;
  /** The newest occurrence, once it has ended. */
  const settled = async (id: string): Promise<ToldOccurrence> => {
    const isOpen = ({ status }: ToldOccurrence) => status === 'waiting' || status === 'queued';
    await vi.waitUntil(async () => !(await occurrences(id)).some(isOpen), PATIENCE);
    return (await occurrences(id))[0]!;
  };
  return {
    call,
    get: (path: string) => call('GET', path),
    create: (body: object) => told<ToldSchedule>('POST', '/v1/schedules', body),
    change: (id: string, body: object) => told<ToldSchedule>('PATCH', `/v1/schedules/${id}`, body),
    look: (id: string) => told<ToldSchedule>('GET', `/v1/schedules/${id}`),
    act: (id: string, act: 'pause' | 'resume' | 'restart') =>
      told<ToldSchedule>('POST', `/v1/schedules/${id}/${act}`),
    occurrences,
    settled,
    /** Has it run now, and waits until it has. */
    run: async (id: string): Promise<ToldOccurrence> => {
      await told('POST', `/v1/schedules/${id}/run`);
      return settled(id);
    },
    /** Has it run now, and waits until its export runs. */
    begin: async (id: string): Promise<ToldOccurrence> => {
      await told('POST', `/v1/schedules/${id}/run`);
      await vi.waitUntil(async () => {
        const [first] = await occurrences(id);
        if (first?.status !== 'queued') return false;
        const { status } = await told<{ status: string }>('GET', `/v1/exports/${first.export_id}`);
        return status === 'running';
      }, PATIENCE);
      return (await occurrences(id))[0]!;
    },
  };
}

/** A scheduler of its own over a server's installation, with another clock: as a second server would have it. */
export function schedulerAt(
  { installation }: TestServer,
  now: () => Date,
  change: Partial<SchedulerDependencies> = {},
): Scheduler {
  const { config, exports, feedEpoch } = installation;
  return new Scheduler({
    ...exports,
    partConversations: config.partConversations,
    feedEpoch,
    now,
    destinations: config.s3Destinations,
    openDestination: (location) => DiskStore.open(location),
    retryMs: 1,
    events: { subscribe: () => () => {} },
    lookEveryMs: 3_600_000,
    ...change,
  });
}

/** A worker without a scheduler, for a server that only serves (`CONVEY_ROLE=server`). */
export function startTestWorker({ installation }: TestServer): { stop(): Promise<void> } {
  const { database, log, exports, config } = installation;
  const events = new JobEvents(database.url, log);
  const worker = new JobWorker({
    database,
    events,
    log,
    name: 'test worker',
    slots: 2,
    limits: { perWorkspace: 3, leaseMs: config.leaseMs, maxAttempts: 3 },
    handlers: { export: exportJobs(exports) },
  });
  worker.start();
  return {
    stop: async () => {
      await worker.stop(new Error('the test is over'));
      await events.close();
    },
  };
}
