import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { noteErasedLink } from '../../src/exports/schedules/chain.ts';
import type { Manifest } from '../../src/packages/manifest.ts';
import { type ChainOptions, verifyChain } from '../../src/verify/verify-chain.ts';
import { plantRecords } from '../support/plant-records.ts';
import { type ScheduleKit, scheduleKit } from '../support/schedules.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// V-14, issue 5; pains 10, 11, 13: incremental exports lose nothing, whatever commits when, and prove it.

let db: TestDatabase;
let server: TestServer;
let folder: string;
let workspaceId: string;
let kit: ScheduleKit;

// What counts as settled waits for every open transaction of the cluster, other tests' as well.
vi.setConfig({ testTimeout: 240_000 });

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_PART_CONVERSATIONS: '7' });
  folder = await mkdtemp(join(tmpdir(), 'convey-incremental-'));
});
afterAll(async () => {
  await server.stop();
  await db.drop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  workspaceId = await db.createWorkspace();
  await plantRecords(db, workspaceId, { conversations: 20, messagesEach: 3 });
  kit = await scheduleKit(server, workspaceId);
});

interface Increment {
  id: string;
  manifest: Manifest;
  sha256: string;
  path: string;
  /** Lines of its NDJSON by type, heads and ends left out. */
  records: Record<string, Record<string, unknown>[]>;
}

/**
 * Waits until all that was committed so far is settled. Other tests write in other databases of the same cluster, and
 * one open transaction there holds back what counts as settled here.
 */
async function horizonPassed(): Promise<void> {
  const [mark] = await db.asSuperuser<{ xid: string }>('select pg_current_xact_id()::text as xid');
  await vi.waitUntil(
    async () => {
      const [row] = await db.asSuperuser<{ is_past: boolean }>(
        'select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 as is_past',
        [mark!.xid],
      );
      return row!.is_past;
    },
    { timeout: 60_000, interval: 30 },
  );
}

/** Runs the schedule and fetches what it made. */
async function increment(scheduleId: string, { isSettled = true } = {}): Promise<Increment> {
  if (isSettled) await horizonPassed();
  const { status, export_id: id, reason } = await kit.run(scheduleId);
  expect({ status, reason }).toEqual({ status: 'done', reason: null });
  const bytesOf = async (path: string) => Buffer.from(await (await kit.get(path)).arrayBuffer());
  const path = join(folder, `${id}.zip`);
  await writeFile(path, await bytesOf(`/v1/exports/${id}/package.zip`));
  const manifestBytes = await bytesOf(`/v1/exports/${id}/files/manifest.json`);
  const manifest = JSON.parse(manifestBytes.toString()) as Manifest;
  const records: Increment['records'] = {};
  for (const { name } of manifest.parts) {
    const text = (await bytesOf(`/v1/exports/${id}/files/${name.slice('data/'.length)}`)).toString();
    for (const line of text.trimEnd().split('\n')) {
      const record = JSON.parse(line) as Record<string, unknown>;
      const type = String(record['type']);
      if (record['_end'] !== true && type !== 'head') (records[type] ??= []).push(record);
    }
  }
  const sha256 = createHash('sha256').update(manifestBytes).digest('hex');
  return { id: id!, manifest, sha256, path, records };
}

const idsOf = ({ records }: Increment, type = 'conversation') => (records[type] ?? []).map(({ id }) => id);
const touch = (table: string, id: string, set = '') =>
  db.asSuperuser(
    `update ${table} set ${set} changed_xid = pg_current_xact_id() where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
const verify = async (increments: readonly Increment[], options: ChainOptions = {}) =>
  verifyChain(
    increments.map(({ path }) => path),
    { keys: [increments[0]!.manifest.signer.fingerprint], ...options },
  );
const daily = (more: object = {}) =>
  kit.create({
    name: 'Daily',
    cron: '30 2 * * *',
    incremental: true,
    request: { kind: 'conversations', format: 'ndjson' },
    ...more,
  });

test('holds whole conversations of which anything changed, and nothing else; the packages are a chain', async () => {
  const fields = ['messages', 'customer', 'events', 'files'];
  const { id } = await daily({ request: { kind: 'conversations', format: 'ndjson', fields } });
  const first = await increment(id);
  expect(idsOf(first)).toHaveLength(20);
  expect(first.manifest.chain).toMatchObject({
    schedule: id,
    sequence: 1,
    from: null,
    prev_manifest_sha256: null,
    gaps: [],
  });

  const nothing = await increment(id);
  expect(idsOf(nothing)).toEqual([]);
  expect(nothing.manifest.counts).toMatchObject({ conversations: 0, messages: 0, deletions: 0 });
  expect(nothing.manifest.chain).toMatchObject({
    sequence: 2,
    from: first.manifest.chain!.to,
    prev_manifest_sha256: first.sha256,
  });

  await touch('conversations', 'v2', `status = 'archived',`);
  await touch('messages', 'm5-1');
  await touch('events', 'e9');
  await db.asSuperuser(
    `insert into files (workspace_id, id, ref, kind, conversation_id, created_at, written_at, changed_epoch, changed_xid)
     values ($1, 'f1', 'fil_1', 'upload', 'v13', now(), now(), 1, pg_current_xact_id())`,
    [workspaceId],
  );
  await touch('contacts', 'c17'); // has schedules of its own kind
  const third = await increment(id);
  expect(idsOf(third)).toEqual(['v2', 'v5', 'v9', 'v13']);
  // Whole: all of their messages, and Convey's own names, by which deletions are told.
  expect(third.records['conversation']!.map(({ messages }) => (messages as unknown[]).length)).toEqual([
    3, 3, 3, 3,
  ]);
  expect(third.records['conversation']![0]).toMatchObject({ ref: `cnv_${workspaceId}2`, status: 'archived' });
  expect(third.manifest.counts).toMatchObject({ conversations: 4, messages: 12 });
  expect(third.manifest.left_out).toContainEqual({
    what: 'records that did not change',
    why: 'they are in the packages before this one',
  });

  const all = [first, nothing, third];
  const proven = await verify(all, { head: third.sha256 });
  expect(proven).toMatchObject({ ok: true, first: 1, last: 3, gaps: [], head: third.sha256 });
  expect((await kit.look(id)).chain).toEqual({ sequence: 3, head: third.sha256 });
  expect(await verify([first, third])).toMatchObject({ ok: false });
});

test('what a transaction wrote that was still open at the snapshot comes in the next one, and is lost to nobody', async () => {
  const { id } = await daily();
  await increment(id);
  const late = new pg.Client({ connectionString: db.superuserUrl });
  await late.connect();
  try {
    // Stamped before the others, committed after the export: by time or by number it would be skipped (pain 11).
    await late.query('begin');
    await late.query(
      `update messages set body = 'late', changed_xid = pg_current_xact_id() where workspace_id = $1 and id = 'm3-1'`,
      [workspaceId],
    );
    await touch('messages', 'm4-1', `body = 'early',`);
    const during = await increment(id, { isSettled: false });
    // What came after an open transaction is not yet settled either: it comes once, with it.
    expect(idsOf(during)).toEqual([]);
    await late.query('commit');
    const after = await increment(id);
    expect(idsOf(after)).toEqual(['v3', 'v4']);
    expect(JSON.stringify(after.records)).toContain('"late"');
    expect(idsOf(await increment(id))).toEqual([]);
  } finally {
    await late.end();
  }
});

test('many writers that commit in any order, some of them never: in the end every change was told', async () => {
  const { id } = await daily();
  const told = new Set(idsOf(await increment(id)));
  const writers = await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const client = new pg.Client({ connectionString: db.superuserUrl });
      await client.connect();
      await client.query('begin');
      await client.query(
        `insert into conversations (workspace_id, id, ref, status, created_at, written_at, changed_epoch, changed_xid)
         values ($1, $2, $2, 'open', '2026-01-01', now(), 1, pg_current_xact_id())`,
        [workspaceId, `w${index}`],
      );
      return client;
    }),
  );
  const order = [5, 2, 7, 0, 3, 6, 1, 4];
  for (const [turn, index] of order.entries()) {
    await writers[index]!.query(index % 4 === 3 ? 'rollback' : 'commit');
    if (turn % 3 !== 1) continue;
    for (const one of idsOf(await increment(id, { isSettled: false }))) told.add(one);
  }
  for (const one of idsOf(await increment(id))) told.add(one);
  const stored = await db.asSuperuser<{ id: string }>(
    'select id from conversations where workspace_id = $1',
    [workspaceId],
  );
  expect([...told].map(String).sort()).toEqual(stored.map((row) => row.id).sort());
  expect(told).not.toContain('w3');
  await Promise.all(writers.map((client) => client.end()));
});

test('a change of what the export does not show brings nothing: events, where they were not chosen', async () => {
  const { id } = await daily();
  await increment(id);
  await touch('events', 'e9');
  await touch('messages', 'm4-1');
  expect(idsOf(await increment(id))).toEqual(['v4']);
});

test('what was deleted is told by ref alone', async () => {
  const key = await server.authorize(workspaceId, ['ingest']);
  const { id } = await daily();
  const first = await increment(id);
  const refOf = (record: string) =>
    (first.records['conversation']!.find((one) => one['id'] === record) as { ref: string }).ref;
  const reply = await fetch(`${server.url}/v1/ingest`, {
    method: 'POST',
    headers: { ...key, 'content-type': 'application/x-ndjson' },
    body: [
      { type: 'conversation', id: 'v6', op: 'delete' },
      { type: 'message', id: 'm7-2', op: 'delete' },
      { type: 'contact', id: 'c8', op: 'delete' },
    ]
      .map((line) => JSON.stringify(line))
      .join('\n'),
  });
  expect(reply.status, await reply.text()).toBe(200);
  const second = await increment(id);
  const told = second.records['deletion']!.map(({ ref, dataset }) => `${String(dataset)} ${String(ref)}`);
  expect(told.sort()).toEqual(
    [`conversations ${refOf('v6')}`, `conversations ${refOf('v8')}`, 'messages msg_7-2'].sort(),
  );
  expect(Object.keys(second.records['deletion']![0]!).sort()).toEqual([
    'dataset',
    'deleted_at',
    'reason',
    'ref',
    'type',
  ]);
  const part = second.manifest.parts.at(-1)!;
  expect(part).toMatchObject({ media_type: 'application/x-ndjson', counts: { deletions: 3 } });
  expect(part.name).toMatch(/-deletions\.ndjson$/);
  for (const personal of ['v6', 'c8', 'u8@example.com', 'Name 8'])
    expect(JSON.stringify(second.records['deletion'])).not.toContain(`"${personal}"`);
  expect((await increment(id)).manifest.counts['deletions']).toBe(0);
  expect(await verify([first, second])).toMatchObject({ ok: true });
});

test('contacts, tables and the whole workspace come in increments as well', async () => {
  const contacts = await daily({ request: { kind: 'contacts', format: 'ndjson' } });
  const table = await daily({ request: { kind: 'conversations', format: 'csv', mode: 'messages' } });
  const workspace = await daily({ request: { kind: 'workspace', format: 'ndjson' } });
  await horizonPassed();
  for (const { id } of [contacts, table, workspace]) expect((await kit.run(id)).status).toBe('done');
  await touch('contacts', 'c3');
  await touch('messages', 'm4-2');
  expect(idsOf(await increment(contacts.id), 'contact')).toEqual(['c3']);
  const whole = await increment(workspace.id);
  expect([idsOf(whole, 'contact'), idsOf(whole), idsOf(whole, 'message')]).toEqual([
    ['c3'],
    ['v4'],
    ['m4-1', 'm4-2', 'm4-3'],
  ]);
  expect(whole.records).not.toHaveProperty('audit_event');
  expect(whole.manifest.left_out.map(({ what }) => what)).toContain('audit_log');
  const { export_id: id } = await kit.run(table.id);
  const manifest = (await (await kit.get(`/v1/exports/${id}/files/manifest.json`)).json()) as Manifest;
  expect(manifest.counts).toEqual({ messages: 3, deletions: 0 });
});

test('a change of what is exported, or a restart, begins anew and says so in a signed gap', async () => {
  const { id } = await daily();
  const first = await increment(id);
  await kit.change(id, {
    request: { kind: 'conversations', format: 'ndjson', filter: { status: ['open'] } },
  });
  const second = await increment(id);
  expect(idsOf(second)).toHaveLength(10);
  expect(second.manifest.chain).toMatchObject({
    sequence: 2,
    from: null,
    prev_manifest_sha256: first.sha256,
  });
  await kit.change(id, { name: 'Nightly', cron: '30 3 * * *' }); // changes nothing of it
  const third = await increment(id);
  expect(third.manifest.chain).toMatchObject({ sequence: 3, from: second.manifest.chain!.to, gaps: [] });
  await kit.act(id, 'restart');
  const fourth = await increment(id);
  expect(idsOf(fourth)).toHaveLength(10);
  const all = [first, second, third, fourth];
  const { ok, gaps } = await verify(all);
  expect({ ok, gaps: gaps.map(({ reason, sequence }) => [reason, sequence]) }).toEqual({
    ok: true,
    gaps: [
      ['request_changed', 2],
      ['restarted', 4],
    ],
  });
  // A database that was restored or moved counts anew: what is known of changes is worth nothing there.
  await db.asSuperuser(`update schedules set reaches = jsonb_set(reaches, '{epoch}', '0') where id = $1`, [
    id,
  ]);
  const fifth = await increment(id);
  expect(fifth.manifest.chain).toMatchObject({ from: null, gaps: [{ reason: 'database_replaced' }] });
  expect(await verify([...all, fifth])).toMatchObject({ ok: true });
});

test('a package that was taken back for an erasure leaves a signed gap, and the next one holds everything', async () => {
  const { id } = await daily();
  const first = await increment(id);
  await touch('messages', 'm4-2');
  const second = await increment(id);
  await db.database.inScope({ workspaceId }, (transaction) =>
    noteErasedLink(transaction, workspaceId, second.id),
  );
  const third = await increment(id);
  expect(idsOf(third)).toHaveLength(20);
  const fourth = await increment(id);
  expect(await verify([first, third, fourth])).toMatchObject({
    ok: true,
    gaps: [{ reason: 'erasure', sequence: 2 }],
  });
  expect(await verify([first, second, third, fourth])).toMatchObject({ ok: true });
});

test('a failed occurrence loses nothing: the next one begins where the last good one ended', async () => {
  const { id } = await daily();
  const first = await increment(id);
  await touch('messages', 'm2-1');
  const blocker = new pg.Client({ connectionString: db.superuserUrl });
  await blocker.connect();
  await blocker.query('begin; lock table messages in access exclusive mode');
  const begun = await kit.begin(id);
  await kit.call('DELETE', `/v1/exports/${begun.export_id}`);
  await blocker.query('rollback');
  await blocker.end();
  expect(await kit.settled(id)).toMatchObject({ status: 'failed', reason: 'exports.cancelled' });
  const second = await increment(id);
  expect(idsOf(second)).toEqual(['v2']);
  expect(second.manifest.chain).toMatchObject({ sequence: 2, from: first.manifest.chain!.to });
  expect(await verify([first, second])).toMatchObject({ ok: true });
});
