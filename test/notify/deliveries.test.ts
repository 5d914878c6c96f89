import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { MasterKeys } from '../../src/keys/master-keys.ts';
import { SealedTexts } from '../../src/keys/sealed-texts.ts';
import { silentLog } from '../../src/log.ts';
import { sweepOutbox } from '../../src/notify/outbox/sweep-outbox.ts';
import type { ResolveHost } from '../../src/notify/webhooks/check-target.ts';
import { DELIVERY_DELAYS, deliveryLoop } from '../../src/notify/webhooks/deliver-messages.ts';
import type { Attempt } from '../../src/notify/webhooks/deliveries.ts';
import { publishEvent } from '../../src/notify/webhooks/publish-event.ts';
import { changeWebhook, createWebhook, rotateSecret } from '../../src/notify/webhooks/webhooks.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';

let db: TestDatabase;
let receiver: Receiver;
let workspaceId: string;
/** The clock of the loops, in ms after the start. */
let passedMs = 0;
let resolve: ResolveHost;
const startedAt = Date.now();
const now = () => new Date(startedAt + 60_000 + passedMs);
const sealedTexts = new SealedTexts(new MasterKeys({ keys: [randomBytes(32)] }));
const by = { actor: { type: 'operator', ref: 'operator' }, interface: 'cli' } as const;
const HOUR = 3_600_000;

const dependencies = () => ({
  database: db.database,
  sealedTexts,
  log: silentLog,
  now,
  timeoutMs: 3000,
  targets: { allow: ['127.0.0.1'], resolve: (name: string) => resolve(name) },
});
const loop = () => deliveryLoop(dependencies());

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  passedMs = 0;
  resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  receiver = await startReceiver();
  workspaceId = await db.createWorkspace();
});
afterEach(async () => {
  await receiver.stop();
  await db.asSuperuser('delete from webhooks');
});
afterAll(() => db.drop());

const create = (path: string, url = receiver.url) =>
  createWebhook(
    dependencies(),
    workspaceId,
    { url: url + path, description: '', events: ['export.ready'] },
    by,
  );

const publish = (of = workspaceId) =>
  db.database.inScope({ workspaceId: of }, (transaction) =>
    publishEvent(transaction, of, 'export.ready', { export_id: 'exp_1' }),
  );

interface Row {
  status: string;
  attempts: Attempt[];
  next_attempt_at: Date;
}
const rowsOf = (webhookId: string) =>
  db.asSuperuser<Row>('select * from webhook_deliveries where webhook_id = $1 order by created_at, id', [
    webhookId,
  ]);
const webhookRow = async (id: string) =>
  (await db.asSuperuser('select * from webhooks where id = $1', [id]))[0]!;

test('a message that is refused comes again after the waits of the table, with one id, and has failed after the tenth try', async () => {
  const { webhook } = await create('/down');
  receiver.answer('/down', () => ({ status: 500 }));
  await publish();
  const waits: number[] = [];
  for (const delay of [...DELIVERY_DELAYS, undefined]) {
    await loop().drain();
    const [row] = await rowsOf(webhook.id);
    if (delay === undefined) {
      expect(row).toMatchObject({ status: 'failed' });
      break;
    }
    expect(row).toMatchObject({ status: 'queued' });
    const waitMs = row!.next_attempt_at.getTime() - now().getTime();
    waits.push(waitMs / delay);
    passedMs += waitMs - 1;
    await loop().drain(); // a moment too early: nothing is sent
    expect(receiver.at('/down')).toHaveLength(waits.length);
    passedMs += 1;
  }
  expect(receiver.at('/down')).toHaveLength(10);
  expect(new Set(receiver.at('/down').map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(receiver.at('/down').map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10);
  for (const share of waits) expect(Math.abs(share - 1)).toBeLessThanOrEqual(0.1001);
  passedMs += 30 * 24 * HOUR;
  await loop().drain();
  expect(receiver.at('/down')).toHaveLength(10);
});

test('what was rolled back is told to nobody', async () => {
  const { webhook } = await create('/rolled-back');
  await expect(
    db.database.inScope({ workspaceId }, async (transaction) => {
      await publishEvent(transaction, workspaceId, 'export.ready', {});
      throw new Error('undone');
    }),
  ).rejects.toThrow('undone');
  expect(await rowsOf(webhook.id)).toEqual([]);
});

test('only webhooks of the workspace that want the event are told', async () => {
  const other = await db.createWorkspace();
  const { webhook } = await create('/wanted');
  await changeWebhook(dependencies(), workspaceId, webhook.id, { events: ['export.failed'] }, by);
  await publish();
  await publish(other);
  expect(await rowsOf(webhook.id)).toEqual([]);
});

test('410 Gone switches a webhook off at once, with an audit event, and what is queued for it fails unsent', async () => {
  const { webhook } = await create('/gone');
  await publish();
  receiver.answer('/gone', () => ({ status: 410 }));
  await loop().drain();
  await publish(); // disabled: not even queued
  expect(await webhookRow(webhook.id)).toMatchObject({ disabled_reason: 'gone', disabled_at: now() });
  expect(await rowsOf(webhook.id)).toMatchObject([{ status: 'failed', attempts: [{ status: 410 }] }]);
  await db.asSuperuser(
    `update webhook_deliveries set status = 'queued', next_attempt_at = now() where webhook_id = $1`,
    [webhook.id],
  );
  await loop().drain();
  expect(receiver.at('/gone')).toHaveLength(1);
  expect((await rowsOf(webhook.id))[0]!.attempts.at(-1)).toMatchObject({ error: 'webhook_disabled' });
  expect(
    await db.asSuperuser('select action, details from audit_events where target_ref = $1 order by seq', [
      webhook.id,
    ]),
  ).toMatchObject([
    { action: 'webhook.created' },
    { action: 'webhook.disabled', details: { reason: 'gone' } },
  ]);
});

test('a webhook that nothing arrives at for five days is switched off; one success in between begins anew', async () => {
  const { webhook } = await create('/flaky');
  let status = 500;
  receiver.answer('/flaky', () => ({ status }));
  const tryOne = async () => {
    await db.asSuperuser('delete from webhook_deliveries where webhook_id = $1', [webhook.id]);
    await publish();
    await loop().drain();
    return webhookRow(webhook.id);
  };
  expect(await tryOne()).toMatchObject({ failing_since: now() });
  passedMs += 119 * HOUR;
  expect(await tryOne()).toMatchObject({ disabled_at: null });
  status = 204;
  expect(await tryOne()).toMatchObject({ failing_since: null });
  status = 500;
  passedMs += HOUR;
  expect(await tryOne()).toMatchObject({ failing_since: now(), disabled_at: null });
  passedMs += 120 * HOUR;
  expect(await tryOne()).toMatchObject({ disabled_reason: 'nothing_arrived' });
});

test('Retry-After of 429 and 503 is honoured, in seconds and as a time, but no longer than a day', async () => {
  for (const [path, answer, waitMs] of [
    ['/busy', { status: 429, headers: { 'retry-after': '3600' } }, HOUR],
    [
      '/later',
      { status: 503, headers: { 'retry-after': new Date(now().getTime() + 2 * HOUR).toUTCString() } },
      2 * HOUR,
    ],
    ['/never', { status: 503, headers: { 'retry-after': '999999999' } }, 24 * HOUR],
    ['/other', { status: 500, headers: { 'retry-after': '3600' } }, 5000],
  ] as const) {
    const { webhook } = await create(path);
    receiver.answer(path, () => answer);
    await publish();
    await loop().drain();
    const [row] = await rowsOf(webhook.id);
    expect(Math.abs(row!.next_attempt_at.getTime() - now().getTime() - waitMs), path).toBeLessThan(1500);
    await db.asSuperuser('delete from webhooks where id = $1', [webhook.id]);
  }
});

test('a name that leads elsewhere when the message is sent (DNS rebinding) is not connected to', async () => {
  const secretService = createServer();
  const connections = vi.fn();
  secretService.on('connection', connections);
  await new Promise<void>((done) => {
    secretService.listen(receiver.port, '127.0.0.2', done);
  });
  const { webhook } = await create('/rebound', `http://hooks.example:${receiver.port}`);
  resolve = async () => [{ address: '127.0.0.2', family: 4 }]; // outside of what is allowed
  await publish();
  await loop().drain();
  await new Promise((done) => {
    secretService.close(done);
  });
  expect(connections).not.toHaveBeenCalled();
  expect((await rowsOf(webhook.id))[0]!.attempts).toMatchObject([{ status: null, error: 'address_refused' }]);
});

test('a name is looked up once for each try, and the connection goes to the address that was checked', async () => {
  const lookups = vi.fn(async () => [{ address: '127.0.0.1', family: 4 }]);
  resolve = lookups;
  // “.invalid” never resolves (RFC 6761): that the message arrives shows that nothing else asks the system.
  const { webhook } = await create('/pinned', `http://hooks.invalid:${receiver.port}`);
  lookups.mockClear();
  await publish();
  await loop().drain();
  expect(await rowsOf(webhook.id)).toMatchObject([{ status: 'delivered' }]);
  expect(lookups).toHaveBeenCalledTimes(1);
  expect(receiver.at('/pinned')[0]!.headers['host']).toBe(`hooks.invalid:${receiver.port}`);
});

test('a redirect is not followed', async () => {
  const { webhook } = await create('/from');
  receiver.answer('/from', () => ({ status: 307, headers: { location: `${receiver.url}/to` } }));
  await publish();
  await loop().drain();
  expect(receiver.at('/to')).toEqual([]);
  expect(await rowsOf(webhook.id)).toMatchObject([
    { status: 'queued', attempts: [{ status: 307, error: null }] },
  ]);
});

test('a receiver that never answers is given up after the time limit and holds up no other', async () => {
  const slow = await create('/slow');
  receiver.answer('/slow', () => undefined);
  for (let count = 0; count < 100; count++) await publish();
  const quick = await create('/quick');
  await publish();
  const running = loop();
  running.start();
  await vi.waitFor(() => expect(receiver.at('/quick')).toHaveLength(1), { timeout: 2900, interval: 20 });
  await running.stop();
  expect(receiver.at('/slow')).toHaveLength(4); // and no more than that at the same time
  const rows = await rowsOf(slow.webhook.id);
  expect(rows.filter(({ attempts }) => attempts[0]?.error === 'timeout')).toHaveLength(4);
  expect(await rowsOf(quick.webhook.id)).toMatchObject([{ status: 'delivered' }]);
});

test('several servers send each message once', async () => {
  const { webhook } = await create('/shared');
  for (let count = 0; count < 40; count++) await publish();
  await Promise.all([loop(), loop(), loop(), loop()].map((one) => one.drain()));
  expect(receiver.at('/shared')).toHaveLength(40);
  expect(new Set(receiver.at('/shared').map(({ headers }) => headers['webhook-id'])).size).toBe(40);
  expect((await rowsOf(webhook.id)).every(({ status }) => status === 'delivered')).toBe(true);
});

test('what a server that died had claimed is sent when its lease is over', async () => {
  const { webhook } = await create('/lease');
  await publish();
  await db.asSuperuser('update webhook_deliveries set next_attempt_at = $2 where webhook_id = $1', [
    webhook.id,
    new Date(now().getTime() + 60_000),
  ]);
  await loop().drain();
  expect(receiver.at('/lease')).toEqual([]);
  passedMs += 60_001;
  await loop().drain();
  expect(receiver.at('/lease')).toHaveLength(1);
});

test('for 24 hours after a rotation both secrets verify, then only the new one', async () => {
  const { webhook, secret: old } = await create('/rotated');
  const { secret } = await rotateSecret(dependencies(), workspaceId, webhook.id, by);
  const send = async () => {
    await publish();
    await loop().drain();
    const { body, headers } = receiver.at('/rotated').at(-1)!;
    const at = new Date(Number(headers['webhook-timestamp']) * 1000);
    vi.useFakeTimers({ now: at, toFake: ['Date'] }); // the library refuses times that are not the present
    const verdicts = [secret, old].map((one) => {
      try {
        new Webhook(one).verify(body, headers);
        return true;
      } catch {
        return false;
      }
    });
    vi.useRealTimers();
    return verdicts;
  };
  expect(await send()).toEqual([true, true]);
  passedMs += 24 * HOUR;
  expect(await send()).toEqual([true, false]);
});

test('deliveries and mails are deleted 30 days after they were made', async () => {
  const { webhook } = await create('/old');
  await publish();
  await publish();
  const [old] = await db.asSuperuser<{ id: string }>(
    'select id from webhook_deliveries where webhook_id = $1',
    [webhook.id],
  );
  await db.asSuperuser(
    `update webhook_deliveries set created_at = now() - interval '31 days' where id = $1`,
    [old!.id],
  );
  await db.asSuperuser(
    `insert into mails (id, recipient, template, sealed_content, status, created_at)
     values ('mail_old', 'a@example.com', 'reset', '', 'kept', now() - interval '31 days'),
            ('mail_new', 'a@example.com', 'reset', '', 'kept', now() - interval '29 days')`,
  );
  expect(await sweepOutbox(db.database)).toBe(2);
  expect(await rowsOf(webhook.id)).toHaveLength(1);
  expect(await db.asSuperuser('select id from mails')).toEqual([{ id: 'mail_new' }]);
});
