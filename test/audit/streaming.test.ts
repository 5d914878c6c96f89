import { get as httpGet, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { fileFormat } from '../../src/audit/export/file-formats.ts';
import { openEventStream } from '../../src/audit/export/stream-events.ts';
import { recordEvent } from '../../src/audit/record-event.ts';
import { type Person, plantMember } from '../support/people.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const EVENTS = 4000;
let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let owner: Person;
beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace();
  owner = await plantMember(db, workspaceId, 'owner');
  await plantEvents(EVENTS);
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

/** Rows with large details and no true hashes: for what only reads. */
function plantEvents(count: number) {
  return db.asSuperuser(
    `insert into audit_events (workspace_id, seq, at, actor_type, actor_ref, action, target_type, target_ref,
       outcome, interface, details, body_hash, prev_hash, hash)
     select '${workspaceId}', i, now(), 'user', 'usr_1', 'export.downloaded', 'export', 'exp_1', 'success', 'api',
       jsonb_build_object('text', repeat('x', 10000)), '', '', i::text from generate_series(1, ${count}) i`,
  );
}

const record = () =>
  db.database.inScope({ workspaceId }, (transaction) =>
    recordEvent(transaction, workspaceId, {
      action: 'export.requested',
      actor: { type: 'user', ref: 'usr_2' },
      target: { type: 'export', ref: 'exp_2' },
      outcome: 'success',
      interface: 'web',
    }),
  );

const ask = () =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const path = `${server.url}/v1/audit-log/export?format=ndjson`;
    httpGet(path, { headers: owner.headers, agent: false }, resolve).on('error', reject);
  });

const exportsNoted = () =>
  db.asSuperuser<{ outcome: string; details: { lines: number; bytes: number } }>(
    `select outcome, details from audit_events where workspace_id = $1 and action = 'audit.exported' order by seq`,
    [workspaceId],
  );

test('holds what was recorded up to its start, and nothing that came while it was read', async () => {
  const source = { database: db.database, workspaceId, filter: {} };
  const { bytes, told } = await openEventStream(source, fileFormat('ndjson', 'machine', {}));
  const seqs: number[] = [];
  let text = '';
  for await (const chunk of bytes) {
    if (seqs.length === 0) await record();
    text += chunk.toString('utf8');
    const lines = text.split('\n');
    text = lines.pop()!;
    for (const line of lines) seqs.push((JSON.parse(line) as { event?: { seq: number } }).event?.seq ?? 0);
  }
  expect(seqs).toEqual([...Array.from({ length: EVENTS }, (_, i) => EVENTS - i), 0]);
  expect(told).toMatchObject({ events: EVENTS, isWhole: true, head: { seq: EVENTS } });
});

test('a client that does not read holds up the reading; one that leaves ends it, and that is written down', async () => {
  let pages = 0;
  const { inScope } = server.installation.database;
  const spy = vi.spyOn(server.installation.database, 'inScope').mockImplementation((scope, work) => {
    if (scope.workspaceId === workspaceId) pages++;
    return inScope.call(server.installation.database, scope, work) as ReturnType<typeof work>;
  });
  try {
    const reply = await ask();
    reply.pause();
    let before = -1;
    await vi.waitFor(
      () => {
        const isStill = pages === before;
        before = pages;
        expect(isStill).toBe(true);
      },
      { interval: 500, timeout: 20_000 },
    );
    expect(pages).toBeLessThan(EVENTS / 200);
    reply.destroy();
    await vi.waitFor(async () => expect(await exportsNoted()).toHaveLength(1), { timeout: 20_000 });
    const [noted] = await exportsNoted();
    expect(noted).toMatchObject({ outcome: 'failed' });
    expect(noted!.details.lines).toBeLessThan(EVENTS);
    expect(noted!.details.bytes).toBeGreaterThan(0);
    expect(pages).toBeLessThan(EVENTS / 200);
  } finally {
    spy.mockRestore();
  }
});

test('a read that fails in the middle breaks the transfer, so that nobody takes a short file for a whole one', async () => {
  const { inScope } = server.installation.database;
  let pages = 0;
  const spy = vi.spyOn(server.installation.database, 'inScope').mockImplementation((scope, work) => {
    if (scope.workspaceId === workspaceId && ++pages >= 8)
      return Promise.reject(new Error('the connection is gone'));
    return inScope.call(server.installation.database, scope, work) as ReturnType<typeof work>;
  });
  try {
    const reply = await ask();
    let text = '';
    const reading = (async () => {
      for await (const chunk of reply) text += String(chunk);
    })();
    await expect(reading).rejects.toThrow(/aborted|ECONNRESET/);
    expect(reply.complete).toBe(false);
    expect(text).not.toContain('_end');
    expect(text.length).toBeGreaterThan(0);
  } finally {
    spy.mockRestore();
  }
});
