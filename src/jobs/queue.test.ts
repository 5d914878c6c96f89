import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { silentLog } from '../log.ts';
import { claimJob } from './claim-job.ts';
import { cancelJob, enqueueJob } from './enqueue-job.ts';
import type { ClaimedJob, QueueLimits } from './job.ts';
import { JobEvents } from './job-events.ts';
import { type JobHandler, JobWorker } from './job-worker.ts';
import { endJob, renewLease, retryJob } from './lease.ts';

const LIMITS: QueueLimits = { perWorkspace: 3, leaseMs: 60_000, maxAttempts: 3 };

let test: TestDatabase;
let [a, b] = ['', ''];
beforeAll(async () => {
  test = await createTestDatabase();
  a = await test.createWorkspace();
  b = await test.createWorkspace();
});
beforeEach(() => test.asSuperuser('delete from jobs'));
afterAll(() => test.drop());

let counter = 0;
const enqueue = (workspaceId: string, subjectId = `s${counter++}`) =>
  test.database.inSystem((transaction) =>
    enqueueJob(transaction, { kind: 'export', workspaceId, subjectId }),
  );
const claim = (limits = LIMITS) => claimJob(test.database, 'w', ['export'], limits);
const end = (job: ClaimedJob, status: 'done' | 'failed' | 'cancelled' = 'done') =>
  test.database.inSystem((transaction) => endJob(transaction, job, status));
const statusOf = async (id: string) =>
  (await test.asSuperuser<{ status: string }>('select status from jobs where id = $1', [id]))[0]!.status;
const outlive = (job: ClaimedJob) =>
  test.asSuperuser(`update jobs set lease_until = now() - interval '1 second' where id = $1`, [job.id]);

describe('claiming', () => {
  it('lets three of a workspace run and a fourth when one has ended', async () => {
    for (let i = 0; i < 5; i++) await enqueue(a);
    const first = [await claim(), await claim(), await claim()];
    expect(first.every((job) => job !== undefined)).toBe(true);
    expect(await claim()).toBeUndefined();
    await end(first[1]!);
    expect(await claim()).toBeDefined();
    expect(await claim()).toBeUndefined();
  });

  it('never exceeds the limit when many claim at once', async () => {
    for (let i = 0; i < 20; i++) await enqueue(a);
    const claimed = await Promise.all(Array.from({ length: 12 }, () => claim()));
    expect(claimed.filter((job) => job !== undefined)).toHaveLength(3);
  });

  it('gives a workspace with fewer running jobs its turn before one that queued a hundred first', async () => {
    for (let i = 0; i < 100; i++) await enqueue(a);
    await claim();
    await enqueue(b);
    expect((await claim())!.workspaceId).toBe(b);
  });

  it('is in the order of asking within a workspace, and not before its time', async () => {
    const later = await enqueue(a);
    await test.asSuperuser(`update jobs set run_at = now() + interval '1 hour' where id = $1`, [later]);
    const ids = [await enqueue(a), await enqueue(a)];
    expect([(await claim())!.id, (await claim())!.id]).toEqual(ids);
    expect(await claim()).toBeUndefined();
  });

  it('takes up a job whose worker is dead, and that worker can write nothing any more', async () => {
    await enqueue(a);
    const dead = (await claim())!;
    expect(await renewLease(test.database, dead, 60_000, {})).toBe('held');
    await outlive(dead);
    const next = (await claim())!;
    expect(next).toMatchObject({ id: dead.id, attempt: 2, fence: dead.fence + 1 });
    expect(await renewLease(test.database, dead, 60_000, {})).toBe('lost');
    await expect(end(dead)).rejects.toMatchObject({ code: 'jobs.lease_lost' });
    expect(await statusOf(next.id)).toBe('running');
    await end(next);
    expect(await statusOf(next.id)).toBe('done');
  });

  it('does not count a dead worker’s job against the limit', async () => {
    for (let i = 0; i < 4; i++) await enqueue(a);
    const jobs = [(await claim())!, (await claim())!, (await claim())!];
    for (const job of jobs) await outlive(job);
    const again = [await claim(), await claim(), await claim()];
    expect(again.filter((job) => job !== undefined)).toHaveLength(3);
    expect(await claim()).toBeUndefined();
  });

  it('takes a job that is put back when its time has come', async () => {
    await enqueue(a);
    const job = (await claim())!;
    await test.database.inSystem((transaction) => retryJob(transaction, job, 0));
    expect(await claim()).toMatchObject({ id: job.id, attempt: 2 });
  });
});

it('a job is there when its transaction commits, and not when it is rolled back', async () => {
  await expect(
    test.database.inSystem(async (transaction) => {
      await enqueueJob(transaction, { kind: 'export', workspaceId: a, subjectId: 'never' });
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(await claim()).toBeUndefined();
});

describe('cancelling', () => {
  const cancel = (subjectId: string) =>
    test.database.inSystem((transaction) => cancelJob(transaction, 'export', subjectId));

  it('ends a waiting job at once; its worker is told of a running one; an ended one stays', async () => {
    const waiting = await enqueue(a, 'x');
    expect(await cancel('x')).toBe('cancelled');
    expect(await statusOf(waiting)).toBe('cancelled');
    expect(await claim()).toBeUndefined();
    await enqueue(a, 'y');
    const job = (await claim())!;
    expect(await cancel('y')).toBe('asked');
    expect(await renewLease(test.database, job, 60_000, {})).toBe('cancel asked');
    await end(job, 'cancelled');
    expect(await cancel('y')).toBe('ended');
    expect(await cancel('unknown')).toBe('ended');
  });
});

describe('a worker', () => {
  const workers: JobWorker[] = [];
  let events: JobEvents;
  beforeAll(() => {
    events = new JobEvents(test.url, silentLog);
  });
  afterAll(() => events.close());
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop(new Error('stop'))));
  });

  function startWorker(handler: Partial<JobHandler>, options: Partial<QueueLimits> = {}, slots = 10) {
    const worker = new JobWorker({
      database: test.database,
      events,
      log: silentLog,
      name: `worker-${workers.length}`,
      slots,
      limits: { ...LIMITS, ...options },
      handlers: {
        export: {
          run: async () => {},
          writeOff: async () => {},
          cancelReason: () => new Error('cancelled'),
          ...handler,
        },
      },
    });
    workers.push(worker);
    worker.start();
    return worker;
  }

  it('runs every job exactly once, never more than three of a workspace, with two workers', async () => {
    const runs = new Map<string, number>();
    const running = new Map<string, number>();
    let most = 0;
    let left = 60;
    await new Promise<void>((resolve) => {
      const run = async (job: ClaimedJob) => {
        runs.set(job.id, (runs.get(job.id) ?? 0) + 1);
        running.set(job.workspaceId, (running.get(job.workspaceId) ?? 0) + 1);
        most = Math.max(most, running.get(job.workspaceId)!);
        await new Promise((later) => setImmediate(later));
        running.set(job.workspaceId, running.get(job.workspaceId)! - 1);
        await end(job);
        if (--left === 0) resolve();
      };
      startWorker({ run });
      startWorker({ run });
      void Promise.all(Array.from({ length: 60 }, (_, i) => enqueue(i % 2 === 0 ? a : b)));
    });
    expect([...runs.values()]).toEqual(Array(60).fill(1));
    expect(most).toBeLessThanOrEqual(3);
  });

  it('hears of a cancel while it runs', async () => {
    const reason = await new Promise<Error>((resolve) => {
      startWorker({
        run: async (job, signal) => {
          const aborted = new Promise((told) => signal.addEventListener('abort', told, { once: true }));
          await test.database.inSystem((transaction) => cancelJob(transaction, 'export', job.subjectId));
          await aborted;
          await end(job, 'cancelled');
          resolve(signal.reason as Error);
        },
      });
      void enqueue(a);
    });
    expect(reason.message).toBe('cancelled');
  });

  it('stops a job that another worker has taken over', async () => {
    const reason = await new Promise<{ code?: string }>((resolve) => {
      startWorker(
        {
          run: async (job, signal) => {
            const aborted = new Promise((told) => signal.addEventListener('abort', told, { once: true }));
            await test.asSuperuser('update jobs set fence = fence + 1 where id = $1', [job.id]);
            await aborted;
            resolve(signal.reason as { code?: string });
          },
        },
        { leaseMs: 500 },
      );
      void enqueue(a);
    });
    expect(reason.code).toBe('jobs.lease_lost');
  });

  it('writes a job off that was begun as often as it may be', async () => {
    const id = await enqueue(a);
    await test.asSuperuser(
      `update jobs set status = 'running', attempts = 3, fence = 3, lease_until = now() - interval '1 second' where id = $1`,
      [id],
    );
    const written = await new Promise<ClaimedJob>((resolve) => {
      startWorker({
        run: async () => {
          throw new Error('must not run');
        },
        writeOff: async (job) => {
          await end(job, 'failed');
          resolve(job);
        },
      });
    });
    expect(written).toMatchObject({ id, attempt: 4 });
    expect(await statusOf(id)).toBe('failed');
  });

  it('stops at once when it is told to, and its running jobs hear why', async () => {
    let reason: unknown;
    const began = new Promise<void>((resolve) => {
      startWorker({
        run: async (job, signal) => {
          resolve();
          await new Promise((aborted) => signal.addEventListener('abort', aborted, { once: true }));
          reason = signal.reason;
          await test.database.inSystem((transaction) => retryJob(transaction, job, 0));
        },
      });
    });
    const id = await enqueue(a);
    await began;
    await workers[0]!.stop(new Error('shutting down'));
    expect(reason).toMatchObject({ message: 'shutting down' });
    expect(await statusOf(id)).toBe('queued');
  });
});
