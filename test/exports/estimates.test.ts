import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateSample } from '../../samples/generate-sample.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// What the preview says before anything was ever exported here, against what then comes.

const CONVERSATIONS = 250;
/** Off by so much at most, either way. */
const FACTOR = 4;
/** Below this a machine that does other things as well says nothing about speed. */
const SHORTEST_SECONDS = 1;

let db: TestDatabase;
let server: TestServer;
let headers: Record<string, string>;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  const workspaceId = await db.createWorkspace('guessed');
  const ingest = await server.authorize(workspaceId, ['ingest']);
  const lines = [...generateSample({ conversations: CONVERSATIONS })].map((record) => JSON.stringify(record));
  const reply = await fetch(`${server.url}/v1/ingest`, {
    method: 'POST',
    headers: { ...ingest, 'content-type': 'application/x-ndjson' },
    body: `${lines.join('\n')}\n`,
  });
  expect(reply.ok).toBe(true);
  headers = {
    ...(await server.authorize(workspaceId)),
    'content-type': 'application/json',
    prefer: 'wait=60',
  };
  // A server that has just begun loads its own code first.
  await post('/v1/exports', { kind: 'contacts', format: 'json' });
}, 120_000);
afterAll(async () => {
  await server.stop();
  await db.drop();
});

async function post<Told>(path: string, body: object): Promise<Told> {
  const reply = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await reply.text();
  expect(reply.ok, text).toBe(true);
  return JSON.parse(text) as Told;
}

interface Estimated {
  estimate: {
    bytes: number;
    seconds: number;
    seconds_range: { from: number; to: number };
    based_on: string;
  };
}
interface Made {
  status: string;
  bytes: number;
  snapshot_at: string;
  finished_at: string;
}

/** Whether two amounts are of the same order of magnitude. */
function expectNear(guessed: number, came: number, what: string): void {
  const ratio = guessed / came;
  expect(ratio, `${what}: ${guessed} was guessed, ${came} came`).toBeGreaterThan(1 / FACTOR);
  expect(ratio, `${what}: ${guessed} was guessed, ${came} came`).toBeLessThan(FACTOR);
}

test.each(['json', 'ndjson', 'csv', 'xlsx', 'html', 'pdf', 'chat-jsonl'] as const)(
  'size and time of a first export as %s are of the right order, and the second guess knows better',
  { timeout: 120_000 },
  async (format) => {
    const order = { kind: 'conversations', format };
    const { estimate } = await post<Estimated>('/v1/exports/preview', order);
    expect(estimate.based_on).toBe('defaults');
    const made = await post<Made>('/v1/exports', order);
    expect(made.status).toBe('ready');
    const took = (Date.parse(made.finished_at) - Date.parse(made.snapshot_at)) / 1000;
    expectNear(estimate.bytes, made.bytes, 'bytes');
    expectNear(Math.max(SHORTEST_SECONDS, estimate.seconds), Math.max(SHORTEST_SECONDS, took), 'seconds');
    expect(estimate.seconds_range.from).toBeLessThanOrEqual(estimate.seconds);
    expect(estimate.seconds_range.to).toBeGreaterThanOrEqual(estimate.seconds);
    const again = await post<Estimated>('/v1/exports/preview', order);
    expect(again.estimate).toMatchObject({ bytes: made.bytes, based_on: 'past_exports' });
  },
);
