import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// V-10: how far an export is while it is made, from its first document on.

const CONVERSATIONS = 450;

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let headers: Record<string, string>;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_PART_CONVERSATIONS: '100' });
  workspaceId = await db.createWorkspace('moving');
  await plantRecords(db, workspaceId, { conversations: CONVERSATIONS, messagesEach: 8 });
  headers = { ...(await server.authorize(workspaceId)), 'content-type': 'application/json' };
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

interface Told {
  job_id: string;
  status: string;
  requested_at: string;
  counts: Record<string, number> | null;
  bytes: number | null;
  progress: {
    stage: string;
    records: { done: number; planned: number | null };
    bytes: number;
    documents?: number;
    started_at: string | null;
  };
}

/** Everything that is told of an export until it has ended. */
async function watch(format: string): Promise<Told[]> {
  const ordered = await fetch(`${server.url}/v1/exports`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ kind: 'conversations', format }),
  });
  const { job_id: id } = (await ordered.json()) as Told;
  const told: Told[] = [];
  await vi.waitUntil(
    async () => {
      const now = (await (await fetch(`${server.url}/v1/exports/${id}`, { headers })).json()) as Told;
      told.push(now);
      return now.status !== 'queued' && now.status !== 'running';
    },
    { timeout: 90_000, interval: 100 },
  );
  return told;
}

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, one) => all + one, 0);

test('a PDF export tells records, documents and bytes as they are done, how many there will be, and since when it runs', {
  timeout: 120_000,
}, async () => {
  const told = await watch('pdf');
  const end = told.at(-1)!;
  expect(end.status).toBe('ready');
  const running = told.filter(({ status }) => status === 'running').map(({ progress }) => progress);
  const moving = running.filter(({ records }) => records.done > 0);
  // It is not silent until its end: several steps, each further than the one before.
  const steps = [...new Set(moving.map(({ records }) => records.done))];
  expect(steps.length).toBeGreaterThanOrEqual(3);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(steps[0]!).toBeLessThan(sum(end.counts!) / 2);
  for (const { records, documents, bytes, started_at: startedAt } of moving) {
    expect([null, sum(end.counts!)]).toContain(records.planned);
    expect(records.done).toBeLessThanOrEqual(sum(end.counts!));
    expect(documents).toBeGreaterThan(0);
    expect(documents).toBeLessThanOrEqual(CONVERSATIONS);
    // Of so many documents as are told, each with its own rows; no row of one that is not done.
    expect(records.done / documents!).toBeCloseTo(sum(end.counts!) / CONVERSATIONS, 0);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(end.bytes!);
    expect(Date.parse(startedAt!)).toBeGreaterThanOrEqual(Date.parse(end.requested_at) - 1_000);
  }
  expect(moving.at(-1)!.records.planned).toBe(sum(end.counts!));
  expect(end.progress).toMatchObject({
    records: { done: sum(end.counts!), planned: sum(end.counts!) },
    bytes: end.bytes,
    started_at: null,
  });
});
