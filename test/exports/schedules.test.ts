import { createWriteStream } from 'node:fs';
import { readdir, readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SchedulerDependencies } from '../../src/exports/schedules/scheduler.ts';
import { DiskStore } from '../../src/storage/disk-store.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import { hasServer, openTestStore } from '../../src/storage/s3-store.fixture.ts';
import { ConveyError } from '../../src/errors.ts';
import { unavailable } from '../../src/storage/storage.errors.ts';
import { verifyChain } from '../../src/verify/verify-chain.ts';
import { mailsTo } from '../support/browser.ts';
import { type Person, plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { type ScheduleKit, scheduleKit, schedulerAt, startTestWorker } from '../support/schedules.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// V-14, issue 5 (8): exports that come back. The server here only serves; schedulers run when a test says so, with the
// clock that it says.

let db: TestDatabase;
let server: TestServer;
let worker: { stop(): Promise<void> };
let folder: string;
let workspaceId: string;
let owner: Person;
let kit: ScheduleKit;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, {
    CONVEY_ROLE: 'server',
    CONVEY_S3_DESTINATIONS: 'backup=s3://bucket-of-the-operator/convey?region=eu-central-1',
  });
  worker = startTestWorker(server);
  folder = await mkdtemp(join(tmpdir(), 'convey-schedules-'));
});
afterAll(async () => {
  await worker.stop();
  await server.stop();
  await db.drop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await db.asSuperuser('delete from schedules'); // of the test before: the clock goes on for them too
  workspaceId = await db.createWorkspace();
  await plantRecords(db, workspaceId, { conversations: 4, messagesEach: 2 });
  owner = await plantMember(db, workspaceId, 'owner');
  kit = await scheduleKit(server, workspaceId, owner.headers);
});

const DAILY = { name: 'Daily', cron: '30 2 * * *', request: { kind: 'conversations', format: 'ndjson' } };
const MINUTE = 60_000;

/** A scheduler whose clock stands some time after the schedule is due. */
async function schedulerAfter(id: string, ms = MINUTE, change: Partial<SchedulerDependencies> = {}) {
  const { next_at: next } = await kit.look(id);
  const now = new Date(Date.parse(next!) + ms);
  return schedulerAt(server, () => now, change);
}

async function exportsEnded(): Promise<void> {
  await vi.waitUntil(
    async () => {
      const open = await db.asSuperuser(
        `select from exports where workspace_id = $1 and status in ('queued', 'running')`,
        [workspaceId],
      );
      return open.length === 0;
    },
    { timeout: 30_000, interval: 30 },
  );
}

/** Makes a schedule due, has its export made, and sees to its end. */
async function comesRound(
  id: string,
  ms = MINUTE,
  change: Partial<SchedulerDependencies> = {},
): Promise<void> {
  const scheduler = await schedulerAfter(id, ms, change);
  await scheduler.look();
  await exportsEnded();
  await scheduler.look();
}

const statusesOf = async (id: string) =>
  (await kit.occurrences(id)).map(({ status, reason }) => (reason === null ? status : `${status} ${reason}`));
const exportCount = async () =>
  (await db.asSuperuser('select from exports where workspace_id = $1', [workspaceId])).length;
const auditedActions = async () =>
  (
    await db.asSuperuser<{ action: string }>(
      `select action from audit_events where workspace_id = $1 and action like 'schedule.%' order by seq`,
      [workspaceId],
    )
  ).map(({ action }) => action);

describe('a schedule', () => {
  test('is made, shown, changed, paused, resumed and deleted; each act is in the audit log without personal data', async () => {
    const request = { ...DAILY.request, filter: { email: 'somebody@example.com' } };
    const made = await kit.create({ ...DAILY, request, time_zone: 'Europe/Berlin' });
    expect(made).toMatchObject({
      name: 'Daily',
      time_zone: 'Europe/Berlin',
      incremental: false,
      overlap: 'skip',
      catch_up: 'last',
      destination: { type: 'link' },
      created_by: { type: 'user', id: owner.userId },
      paused_at: null,
      failures: 0,
      chain: null,
    });
    const next = new Date(made.next_at!).toLocaleTimeString('de', { timeZone: 'Europe/Berlin' });
    expect(next).toBe('02:30:00');
    const list = (await (await kit.get('/v1/schedules')).json()) as {
      schedules: object[];
      s3_destinations: string[];
    };
    expect(list).toMatchObject({ schedules: [{ id: made.id }], s3_destinations: ['backup'] });
    expect(JSON.stringify(list)).not.toContain('bucket-of-the-operator');
    expect(await kit.change(made.id, { cron: '0 6 * * 1' })).toMatchObject({
      cron: '0 6 * * 1',
      name: 'Daily',
    });
    expect(await kit.act(made.id, 'pause')).toMatchObject({ paused_reason: 'by_hand', next_at: null });
    expect(await kit.act(made.id, 'resume')).toMatchObject({ paused_at: null, paused_reason: null });
    expect((await kit.call('DELETE', `/v1/schedules/${made.id}`)).status).toBe(204);
    expect((await kit.get(`/v1/schedules/${made.id}`)).status).toBe(404);
    expect(await auditedActions()).toEqual(
      ['created', 'changed', 'paused', 'resumed', 'deleted'].map((act) => `schedule.${act}`),
    );
    const [{ details }] = (await db.asSuperuser(
      `select jsonb_agg(details) as details from audit_events where workspace_id = $1`,
      [workspaceId],
    )) as [{ details: object }];
    expect(JSON.stringify(details)).not.toContain('somebody@example.com');
  });

  test.each([
    [{ cron: 'every day' }, '/cron'],
    [{ cron: '* * * * *' }, '/cron'],
    [{ time_zone: 'Mars/Olympus' }, '/time_zone'],
    [{ incremental: true, request: { kind: 'conversations', format: 'pdf' } }, '/request/format'],
    [{ incremental: true, request: { kind: 'audit' } }, '/incremental'],
    [{ incremental: true, request: { ...DAILY.request, anonymize: true } }, '/request/anonymize'],
    [{ destination: { type: 's3', destination: 'elsewhere' } }, '/destination/destination'],
    [{ destination: { type: 'mail', to: ['stranger@example.com'] } }, '/notify'],
    [{ notify: ['stranger@example.com'] }, '/notify'],
    [{ request: { kind: 'contacts', format: 'pdf' } }, '/format'],
  ])('that could not run is refused, naming what is wrong: %j', async (change, pointer) => {
    const reply = await kit.call('POST', '/v1/schedules', { ...DAILY, ...change });
    const problem = (await reply.json()) as { errors?: { pointer: string }[] };
    expect([reply.status, problem.errors?.map((error) => error.pointer)], JSON.stringify(problem)).toEqual([
      400,
      [pointer],
    ]);
    const list = (await (await kit.get('/v1/schedules')).json()) as { schedules: object[] };
    expect(list.schedules).toEqual([]);
  });

  test.each([
    { kind: 'conversation', id: 'nobody-knows' },
    { kind: 'contact', id: 'nobody-knows' },
  ])(
    'of one record that is not there is refused as an export of it is, also as a change: %j',
    async (request) => {
      const ordered = await kit.call('POST', '/v1/exports', request);
      const refused = await kit.call('POST', '/v1/schedules', { ...DAILY, request });
      const { id } = await kit.create(DAILY);
      const changed = await kit.call('PATCH', `/v1/schedules/${id}`, { request });
      for (const reply of [ordered, refused, changed])
        expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([
          404,
          'exports.not_found',
        ]);
      // One of another workspace is as unknown, and one that is here is taken.
      const elsewhere = await scheduleKit(server, await db.createWorkspace());
      const [own] = request.kind === 'contact' ? ['c1'] : ['v1'];
      const here = { ...DAILY, request: { ...request, id: own } };
      expect((await elsewhere.call('POST', '/v1/schedules', here)).status).toBe(404);
      expect((await kit.call('POST', '/v1/schedules', here)).status).toBe(201);
    },
  );

  test.each([
    { destination: { type: 's3', destination: 'backup', prefix: '../other' } },
    { destination: { type: 's3', location: 's3://mine/own' } },
    { destination: { type: 'ftp' } },
    { name: 'two\nlines' },
    { more: 1 },
  ])('whose form is wrong is refused: %j', async (change) => {
    expect((await kit.call('POST', '/v1/schedules', { ...DAILY, ...change })).status).toBe(400);
  });

  test('is previewed: the next times of a cron line in a zone', async () => {
    const reply = await kit.get('/v1/schedules/preview?cron=30+2+*+*+*&time_zone=Europe/Berlin&count=3');
    const { next_runs: runs } = (await reply.json()) as { next_runs: string[] };
    expect(runs).toHaveLength(3);
    for (const run of runs) expect(new Date(run).getUTCMinutes()).toBe(30);
    expect((await kit.get('/v1/schedules/preview?cron=x')).status).toBe(400);
  });

  test('of another workspace is not there, whatever is asked of it', async () => {
    const { id } = await kit.create(DAILY);
    const elsewhere = await scheduleKit(server, await db.createWorkspace());
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/pause'],
      ['POST', '/run'],
      ['GET', '/occurrences'],
    ] as const)
      expect((await elsewhere.call(method, `/v1/schedules/${id}${path}`)).status, path).toBe(404);
  });
});

describe('an occurrence', () => {
  test('that two servers see at once is one export, and one mail', async () => {
    const reader = await plantMember(db, workspaceId, 'admin');
    const { id } = await kit.create({ ...DAILY, destination: { type: 'mail', to: [reader.email] } });
    const schedulers = await Promise.all(Array.from({ length: 4 }, () => schedulerAfter(id)));
    for (let look = 0; look < 3; look++) {
      await Promise.all(schedulers.map((scheduler) => scheduler.look()));
      await exportsEnded();
    }
    expect(await statusesOf(id)).toEqual(['done']);
    expect(await exportCount()).toBe(1);
    const mails = await mailsTo(db, server, reader.email);
    expect(mails.map(({ template }) => template)).toEqual(['export_ready']);
    // A link that opens after sign-in; nothing of what the export holds.
    expect(mails[0]!.values['link']).toMatch(/\/exports\/exp_\w+$/);
    expect(JSON.stringify(mails)).not.toMatch(/Subject|Name \d|u\d@example/);
    const made = (await kit.occurrences(id))[0]!.export_id;
    expect(await kit.look(id)).toMatchObject({ last_export: made, failures: 0 });
    expect(Date.parse((await kit.look(id)).next_at!)).toBeGreaterThan(Date.now());
  });

  test('runs as whoever made the schedule: the export is theirs, and says so', async () => {
    const { id } = await kit.create(DAILY);
    await comesRound(id);
    const made = (await kit.occurrences(id))[0]!.export_id;
    const told = (await (await kit.get(`/v1/exports/${made}`)).json()) as object;
    expect(told).toMatchObject({
      status: 'ready',
      requested_by: { id: owner.userId },
      counts: { conversations: 4 },
    });
  });

  test('is due while the one before still runs: it is skipped, or waits its turn', async () => {
    const DAY = 24 * 60 * MINUTE;
    const skipping = await kit.create(DAILY);
    const waiting = await kit.create({ ...DAILY, overlap: 'wait' });
    const due = Date.parse((await kit.look(waiting.id)).next_at!);
    await worker.stop(); // so that exports stay where they are
    try {
      for (const days of [0, 1, 2])
        await schedulerAt(server, () => new Date(due + days * DAY + MINUTE)).look();
      expect(await statusesOf(skipping.id)).toEqual(['skipped overlap', 'skipped overlap', 'queued']);
      expect(await statusesOf(waiting.id)).toEqual(['skipped overlap', 'waiting', 'queued']);
    } finally {
      worker = startTestWorker(server);
    }
    await exportsEnded();
    const scheduler = await schedulerAfter(waiting.id, -MINUTE);
    await scheduler.look();
    await exportsEnded();
    await scheduler.look();
    expect(await statusesOf(skipping.id)).toEqual(['skipped overlap', 'skipped overlap', 'done']);
    expect(await statusesOf(waiting.id)).toEqual(['skipped overlap', 'done', 'done']);
  });

  test.each([
    ['none', ['skipped missed', 'skipped missed', 'skipped missed'], 0],
    ['last', ['done', 'skipped missed', 'skipped missed'], 1],
    ['all', ['done', 'done', 'done'], 3],
  ] as const)('that was missed while no server ran: catch-up “%s”', async (catchUp, expected, exports) => {
    const { id } = await kit.create({ ...DAILY, catch_up: catchUp });
    const scheduler = await schedulerAfter(id, 2 * 24 * 60 * MINUTE + 60 * MINUTE);
    for (let look = 0; look < 4; look++) {
      await scheduler.look();
      await exportsEnded();
    }
    expect(await statusesOf(id)).toEqual(expected);
    expect(await exportCount()).toBe(exports);
  });

  test('by hand runs beside the times, one at a time, and when the schedule is paused as well', async () => {
    const { id } = await kit.create(DAILY);
    await kit.act(id, 'pause');
    expect((await kit.call('POST', `/v1/schedules/${id}/run`)).status).toBe(202);
    const again = await kit.call('POST', `/v1/schedules/${id}/run`);
    expect([again.status, ((await again.json()) as { code: string }).code]).toEqual([409, 'schedules.busy']);
    const scheduler = schedulerAt(server, () => new Date());
    await scheduler.look();
    await exportsEnded();
    await scheduler.look();
    expect(await statusesOf(id)).toEqual(['done']);
    expect(await kit.look(id)).toMatchObject({ paused_reason: 'by_hand' });
  });

  test('of a paused schedule does not come; what was missed meanwhile is not made up', async () => {
    const { id } = await kit.create({ ...DAILY, catch_up: 'all' });
    const scheduler = await schedulerAfter(id, 3 * 24 * 60 * MINUTE);
    await kit.act(id, 'pause');
    await scheduler.look();
    expect(await statusesOf(id)).toEqual([]);
    await kit.act(id, 'resume');
    await schedulerAt(server, () => new Date()).look();
    expect(await statusesOf(id)).toEqual([]);
  });
});

describe('a schedule pauses itself', () => {
  const webhookEvents = async () =>
    (
      await db.asSuperuser<{ payload: string }>(
        `select payload from webhook_deliveries where workspace_id = $1 and event = 'schedule.paused'`,
        [workspaceId],
      )
    ).map(({ payload }) => (JSON.parse(payload) as { data: object }).data);
  const noticesOf = (userId: string) =>
    db.asSuperuser<{ kind: string; details: object }>(
      `select kind, details from notices where workspace_id = $1 and user_id = $2 and kind = 'schedule.paused'`,
      [workspaceId, userId],
    );

  test('when whoever made it has left; owners are told inside the app, by mail and by webhook', async () => {
    const maker = await plantMember(db, workspaceId, 'admin');
    const theirs = await scheduleKit(server, workspaceId, maker.headers);
    const { id } = await theirs.create({ ...DAILY, incremental: true });
    await db.asSuperuser(
      `insert into webhooks (workspace_id, id, url, description, events, sealed_secret, sealed_private_key, public_key, created_by)
       values ($1, 'whk_1', 'https://example.com', '', '{schedule.paused}', 'x', 'x', 'x', 'x')`,
      [workspaceId],
    );
    await db.asSuperuser('delete from members where user_id = $1', [maker.userId]);
    const scheduler = await schedulerAfter(id);
    await scheduler.look();
    await scheduler.look();
    const reason = { reason: 'not_allowed', code: 'access.no_longer_allowed' };
    expect(await statusesOf(id)).toEqual(['failed access.no_longer_allowed']);
    expect(await kit.look(id)).toMatchObject({ paused_reason: 'not_allowed', next_at: null });
    expect(await exportCount()).toBe(0);
    expect(await webhookEvents()).toEqual([{ schedule_id: id, ...reason }]);
    expect(await noticesOf(owner.userId)).toEqual([{ kind: 'schedule.paused', details: reason }]);
    const mails = await mailsTo(db, server, owner.email);
    expect(mails).toMatchObject([
      { template: 'schedule_paused', values: { schedule: 'Daily', code: 'access.no_longer_allowed' } },
    ]);
    expect(await mailsTo(db, server, maker.email)).toEqual([]);
    expect((await auditedActions()).at(-1)).toBe('schedule.paused');
  });

  test('when whoever made it may not make schedules any more, or not that export', async () => {
    const maker = await plantMember(db, workspaceId, 'admin');
    const theirs = await scheduleKit(server, workspaceId, maker.headers);
    const { id } = await theirs.create(DAILY);
    await db.asSuperuser(`update members set role = 'editor', audiences = '{public}' where user_id = $1`, [
      maker.userId,
    ]);
    await (await schedulerAfter(id)).look();
    expect(await kit.look(id)).toMatchObject({ paused_reason: 'not_allowed' });
    expect(await statusesOf(id)).toEqual(['failed access.forbidden']);
    expect(await noticesOf(maker.userId)).toHaveLength(1);
    expect(await noticesOf(owner.userId)).toEqual([]);
  });

  test('after three failures in a row, not after two and a good one; resumed it goes on', async () => {
    const { id } = await kit.create({ ...DAILY, destination: { type: 's3', destination: 'backup' } });
    let isBroken = true;
    const openDestination = async () => {
      if (isBroken) throw new ConveyError(unavailable);
      return DiskStore.open(join(folder, 'third'));
    };
    const round = () => comesRound(id, MINUTE, { openDestination });
    await round();
    await round();
    expect(await kit.look(id)).toMatchObject({ failures: 2, paused_at: null });
    isBroken = false;
    await round();
    expect(await kit.look(id)).toMatchObject({ failures: 0 });
    isBroken = true;
    for (let failed = 0; failed < 3; failed++) await round();
    expect(await kit.look(id)).toMatchObject({ failures: 3, paused_reason: 'failures' });
    expect(await noticesOf(owner.userId)).toEqual([
      { kind: 'schedule.paused', details: { reason: 'failures', code: 'storage.unavailable' } },
    ]);
    expect(await statusesOf(id)).toEqual([
      ...Array.from({ length: 3 }, () => 'failed storage.unavailable'),
      'done',
      ...Array.from({ length: 2 }, () => 'failed storage.unavailable'),
    ]);
    isBroken = false;
    await kit.act(id, 'resume');
    // The rounds before went far into the future.
    await db.asSuperuser(`update schedules set next_at = next_at + interval '1 year' where id = $1`, [id]);
    await round();
    expect((await statusesOf(id))[0]).toBe('done');
  });
});

describe('a copy to a store that the operator named', () => {
  const filesIn = async (place: string) =>
    (await readdir(place, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));

  const places: [string, () => Promise<ObjectStore>][] = [
    ['a folder', () => DiskStore.open(join(folder, 'copies'))],
  ];
  if (hasServer) places.push(['a real S3 server', async () => (await openTestStore()).store]);
  test.each(places)(
    '%s: the whole package, below the workspace’s own folder; the copies of a chain verify',
    async (_, open) => {
      const place = await open();
      const locations: string[] = [];
      const openDestination = async (location: string) => {
        locations.push(location);
        return place;
      };
      const destination = { type: 's3', destination: 'backup', prefix: 'nightly/acme' };
      const { id } = await kit.create({ ...DAILY, incremental: true, destination });
      await comesRound(id, MINUTE, { openDestination });
      await comesRound(id, MINUTE, { openDestination });
      expect(await statusesOf(id)).toEqual(['done', 'done']);
      expect(new Set(locations)).toEqual(new Set(['s3://bucket-of-the-operator/convey?region=eu-central-1']));
      const keys: string[] = [];
      for await (const { key } of place.list('')) keys.push(key);
      const day = new Date().toISOString().slice(0, 10);
      const exports = (await kit.occurrences(id)).map((occurrence) => occurrence.export_id);
      expect(keys.sort()).toEqual([
        `nightly/acme/${workspaceId}/${id}/000001-${day}-${exports[1]}.zip`,
        `nightly/acme/${workspaceId}/${id}/000002-${day}-${exports[0]}.zip`,
      ]);
      const taken = await mkdtemp(join(folder, 'taken-'));
      const files = keys.map((_key, index) => join(taken, `${index}.zip`));
      for (const [index, key] of keys.entries())
        await pipeline(await place.open(key), createWriteStream(files[index]!));
      const { chain } = await kit.look(id);
      const { fingerprint } = await server.installation.signingKeys.current();
      const proven = await verifyChain(files, { keys: [fingerprint], head: chain!.head });
      expect(proven).toMatchObject({ ok: true, schedule: id, first: 1, last: 2 });
      for (const key of keys) await place.delete(key);
    },
  );

  test('that is not what was sent fails the occurrence; its export is withdrawn and the chain stays whole', async () => {
    const place = join(folder, 'broken');
    let isBroken = true;
    const openDestination = async () => {
      const store = await DiskStore.open(place);
      const open = store.open.bind(store);
      store.open = async (key, options) => {
        if (isBroken)
          for (const path of await filesIn(place)) await writeFile(path, (await readFile(path)).subarray(1));
        return open(key, options);
      };
      return store;
    };
    const { id } = await kit.create({
      ...DAILY,
      incremental: true,
      destination: { type: 's3', destination: 'backup' },
    });
    await comesRound(id, MINUTE, { openDestination });
    expect(await statusesOf(id)).toEqual(['failed schedules.bad_copy']);
    const [failed] = await kit.occurrences(id);
    const told = (await (await kit.get(`/v1/exports/${failed!.export_id}`)).json()) as { status: string };
    expect([told.status, (await kit.look(id)).chain]).toEqual(['expired', null]);
    isBroken = false;
    await comesRound(id, MINUTE, { openDestination });
    expect((await kit.look(id)).chain).toMatchObject({ sequence: 1 });
  });

  test('is made once, whoever sees it, and taken over from a server that died', async () => {
    let opened = 0;
    const openDestination = async () => {
      opened++;
      return DiskStore.open(join(folder, 'once'));
    };
    const { id } = await kit.create({ ...DAILY, destination: { type: 's3', destination: 'backup' } });
    const schedulers = await Promise.all(
      Array.from({ length: 3 }, () => schedulerAfter(id, MINUTE, { openDestination })),
    );
    await Promise.all(schedulers.map((scheduler) => scheduler.look()));
    await exportsEnded();
    // One that died just now still has it; a minute later it is anybody’s.
    await db.asSuperuser('update schedule_occurrences set attempted_at = now() where schedule_id = $1', [id]);
    await Promise.all(schedulers.map((scheduler) => scheduler.look()));
    expect([opened, await statusesOf(id)]).toEqual([0, ['queued']]);
    await db.asSuperuser(
      `update schedule_occurrences set attempted_at = now() - interval '2 minutes' where schedule_id = $1`,
      [id],
    );
    await Promise.all(schedulers.map((scheduler) => scheduler.look()));
    expect([opened, await statusesOf(id)]).toEqual([1, ['done']]);
  });
});
