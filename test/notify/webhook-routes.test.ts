import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { operator } from '../../src/cli/operator.ts';
import { ConveyError } from '../../src/errors.ts';
import { interrupted } from '../../src/exports/exports.errors.ts';
import { failExport } from '../../src/exports/finish/fail-export.ts';
import { expireExports } from '../../src/exports/keep/end-export.ts';
import type { ExportPlan } from '../../src/exports/plan-export.ts';
import { plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';

let db: TestDatabase;
let server: TestServer;
let receiver: Receiver;
let workspaceId: string;
let headers: Record<string, string>;

interface WebhookBody {
  id: string;
  secret: string;
  public_key: string;
  events: string[];
  disabled_at: string | null;
}
interface DeliveryBody {
  id: string;
  message_id: string;
  status: string;
  event: string;
  attempts: { status: number | null; error: string | null }[];
}

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_WEBHOOK_ALLOW: '127.0.0.0/8' });
  receiver = await startReceiver();
  workspaceId = await db.createWorkspace('hooks');
  headers = (await plantMember(db, workspaceId, 'admin')).headers;
  await plantRecords(db, workspaceId, { conversations: 3, messagesEach: 2 });
});
afterAll(async () => {
  await server.stop();
  await receiver.stop();
  await db.drop();
});

async function ask(method: string, path: string, body?: unknown, as: Record<string, string> = headers) {
  const reply = await fetch(server.url + path, {
    method,
    headers: { ...as, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  // oxlint-disable-next-line typescript/no-explicit-any -- parsed JSON is what the tests look into
  const parsed: any = text === '' ? undefined : JSON.parse(text);
  return { status: reply.status, text, body: parsed };
}

const create = async (path: string, events = ['export.ready']): Promise<WebhookBody> =>
  (await ask('POST', '/v1/webhooks', { url: receiver.url + path, events })).body;

const deliveriesOf = async (id: string, query = ''): Promise<DeliveryBody[]> =>
  (await ask('GET', `/v1/webhooks/${id}/deliveries${query}`)).body.deliveries;

async function settled(id: string, status: string): Promise<DeliveryBody> {
  return vi.waitFor(
    async () => {
      const [delivery] = await deliveriesOf(id);
      expect(delivery).toMatchObject({ status });
      return delivery!;
    },
    { timeout: 20_000, interval: 50 },
  );
}

test('the secret is shown at creation and rotation and nowhere else, and lies sealed in the database', async () => {
  const made = await ask('POST', '/v1/webhooks', {
    url: `${receiver.url}/secret`,
    events: ['export.failed', 'export.ready', 'export.ready'],
  });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    secret: expect.stringMatching(/^whsec_/),
    events: ['export.ready', 'export.failed'],
  });
  const { id, secret, public_key: publicKey } = made.body;
  for (const reply of [await ask('GET', `/v1/webhooks/${id}`), await ask('GET', '/v1/webhooks')]) {
    expect(reply.text).toContain(publicKey);
    expect(reply.text).not.toContain('whsec_');
  }
  const rotated = await ask('POST', `/v1/webhooks/${id}/rotate`);
  expect(rotated.body.secret).not.toBe(secret);
  expect(rotated.body.public_key).toBe(publicKey);
  const [row] = await db.asSuperuser('select * from webhooks where id = $1', [id]);
  for (const text of [secret, rotated.body.secret, 'whsk_']) expect(JSON.stringify(row)).not.toContain(text);
  const audit = await db.asSuperuser<{ action: string }>(
    'select * from audit_events where target_ref = $1 order by seq',
    [id],
  );
  expect(audit.map(({ action }) => action)).toEqual(['webhook.created', 'webhook.changed']);
  expect(JSON.stringify(audit)).not.toContain('whsec_');
});

test('the log shows a webhook’s address, events and state before and after, and no secret that the address holds', async () => {
  const changesOf = async (id: string) => {
    const { body } = await ask('GET', `/v1/audit-log?target=${id}`, undefined, owner);
    return body.events.map((event: { action: string; changes: unknown }) => [event.action, event.changes]);
  };
  const owner = (await plantMember(db, workspaceId, 'owner')).headers;
  const first = `${receiver.url}/hook?token=tell-nobody`;
  const second = `${receiver.url}/other`;
  const { body: made } = await ask('POST', '/v1/webhooks', { url: first, events: ['export.ready'] });
  await ask('PATCH', `/v1/webhooks/${made.id}`, { url: second, events: ['export.failed'], disabled: true });
  await ask('DELETE', `/v1/webhooks/${made.id}`);
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const [deleted, changed, created] = await changesOf(made.id);
  expect(created).toEqual([
    'webhook.created',
    {
      url: { before: null, after: `${receiver.url}/hook` },
      url_sha256: { before: null, after: sha256(first) },
      description: { before: null, after: '' },
      events: { before: null, after: ['export.ready'] },
      disabled: { before: null, after: false },
    },
  ]);
  expect(changed).toEqual([
    'webhook.changed',
    {
      url: { before: `${receiver.url}/hook`, after: second },
      url_sha256: { before: sha256(first), after: sha256(second) },
      events: { before: ['export.ready'], after: ['export.failed'] },
      disabled: { before: false, after: true },
    },
  ]);
  expect(deleted).toMatchObject(['webhook.deleted', { url: { before: second, after: null } }]);
  const bodies = await db.asSuperuser('select body from audit_bodies where workspace_id = $1', [workspaceId]);
  expect(JSON.stringify(bodies)).not.toContain('tell-nobody');
});

test('a kept export that is ready is told, in a body without names, and the public library verifies it', async () => {
  const { id, secret } = await create('/ready', ['export.ready', 'export.downloaded', 'export.expired']);
  const { body: order } = await ask('POST', '/v1/exports', {
    kind: 'contacts',
  });
  await settled(id, 'delivered');
  const [got] = receiver.at('/ready');
  expect(new Webhook(secret).verify(got!.body, got!.headers)).toMatchObject({
    type: 'export.ready',
    data: {
      export_id: order.job_id ?? order.id,
      kind: 'contacts',
      format: expect.any(String),
      bytes: expect.any(Number),
    },
  });
  expect(got!.body).not.toMatch(/@|Test admin/);
  const exportId = order.job_id ?? order.id;
  const zip = await fetch(`${server.url}/v1/exports/${exportId}/package.zip`, { headers });
  await zip.arrayBuffer();
  await vi.waitFor(() => expect(receiver.at('/ready')).toHaveLength(2), { timeout: 20_000 });
  expect(JSON.parse(receiver.at('/ready')[1]!.body)).toMatchObject({
    type: 'export.downloaded',
    data: { export_id: exportId },
  });
  await db.asSuperuser('update exports set expires_at = now() where id = $1', [exportId]);
  await expireExports(server.installation.exports);
  await vi.waitFor(() => expect(receiver.at('/ready')).toHaveLength(3), { timeout: 20_000 });
  expect(JSON.parse(receiver.at('/ready')[2]!.body)).toMatchObject({
    type: 'export.expired',
    data: { export_id: exportId },
  });
});

test('a kept export that failed is told, with the code and without a sentence', async () => {
  const { id } = await create('/failed', ['export.failed']);
  const { body: order } = await ask('POST', '/v1/exports', { kind: 'contacts' });
  const exportId = order.job_id ?? order.id;
  const getStatus = async () => (await ask('GET', `/v1/exports/${exportId}`)).body.status;
  await vi.waitFor(async () => expect(await getStatus()).toBe('ready'), { timeout: 20_000 });
  const [row] = await db.asSuperuser<{ plan: ExportPlan; created_at: Date }>(
    `update exports set status = 'running' where id = $1 returning plan, created_at`,
    [exportId],
  );
  const accepted = {
    id: exportId as string,
    scope: { workspaceId },
    plan: row!.plan,
    asker: operator,
    requestedAt: row!.created_at,
    target: { type: 'workspace', ref: workspaceId },
  };
  await failExport(server.installation.exports, accepted, new ConveyError(interrupted), 'running');
  await settled(id, 'delivered');
  expect(JSON.parse(receiver.at('/failed')[0]!.body)).toMatchObject({
    type: 'export.failed',
    data: { export_id: exportId, kind: 'contacts', code: 'exports.interrupted' },
  });
});

test('a test message, its delivery in the list, and a replay with the same webhook-id', async () => {
  const { id, secret } = await create('/test');
  expect((await ask('POST', `/v1/webhooks/${id}/test`)).status).toBe(202);
  const delivery = await settled(id, 'delivered');
  expect(delivery).toMatchObject({ event: 'webhook.test', attempts: [{ status: 200, error: null }] });
  expect((await ask('POST', `/v1/webhooks/${id}/deliveries/${delivery.id}/replay`)).status).toBe(202);
  await vi.waitFor(() => expect(receiver.at('/test')).toHaveLength(2), { timeout: 20_000 });
  const [first, second] = receiver.at('/test');
  expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
  expect(first!.headers['webhook-id']).toBe(delivery.message_id);
  expect(() => new Webhook(secret).verify(second!.body, second!.headers)).not.toThrow();
  expect(await deliveriesOf(id, '?status=failed')).toEqual([]);
});

test('everything that failed since a time is sent once more, and what was delivered is not', async () => {
  const { id } = await create('/refusing');
  receiver.answer('/refusing', () => ({ status: 500 }));
  for (let count = 0; count < 3; count++) await ask('POST', `/v1/webhooks/${id}/test`);
  await vi.waitFor(
    async () => {
      expect((await deliveriesOf(id)).every(({ attempts }) => attempts.length >= 1)).toBe(true);
    },
    { timeout: 20_000 },
  );
  await db.asSuperuser(
    `update webhook_deliveries set status = 'failed',
            created_at = case when id = (select min(id) from webhook_deliveries where webhook_id = $1)
              then now() - interval '2 days' else created_at end
      where webhook_id = $1`,
    [id],
  );
  receiver.answer('/refusing', () => ({ status: 204 }));
  const since = new Date(Date.now() - 24 * 3_600_000).toISOString();
  expect((await ask('POST', `/v1/webhooks/${id}/replay`, { since })).body).toEqual({ deliveries: 2 });
  await vi.waitFor(async () => expect(await deliveriesOf(id, '?status=delivered')).toHaveLength(2), {
    timeout: 20_000,
  });
  expect(await deliveriesOf(id, '?status=failed')).toHaveLength(1);
  expect((await ask('POST', `/v1/webhooks/${id}/replay`, { since })).body).toEqual({ deliveries: 0 });
});

test('what waits after a failed try is sent at once too, what waits for its first is not counted, and no time to come is taken', async () => {
  const { id } = await create('/waiting');
  receiver.answer('/waiting', () => ({ status: 500 }));
  await ask('POST', `/v1/webhooks/${id}/test`);
  await vi.waitFor(async () => expect((await deliveriesOf(id))[0]!.attempts).toHaveLength(1), {
    timeout: 20_000,
  });
  const [row] = await db.asSuperuser<{ n: number }>(
    `insert into webhook_deliveries (workspace_id, id, webhook_id, message_id, event, payload, status, next_attempt_at)
     select workspace_id, 'dlv_first', webhook_id, 'msg_first', event, payload, 'queued', now() + interval '1 hour'
       from webhook_deliveries where webhook_id = $1 returning 1 as n`,
    [id],
  );
  expect(row).toBeDefined();
  expect((await deliveriesOf(id)).map(({ status }) => status)).toEqual(['queued', 'queued']);
  receiver.answer('/waiting', () => ({ status: 204 }));
  const replay = (since: string) => ask('POST', `/v1/webhooks/${id}/replay`, { since });
  expect((await replay(new Date(Date.now() + 60_000).toISOString())).body).toMatchObject({
    status: 400,
    code: 'http.bad_request',
    errors: [{ pointer: '/since', detail: expect.stringContaining('takes a time that has been') }],
  });
  const since = new Date(Date.now() - 3_600_000).toISOString();
  expect((await replay(since)).body).toEqual({ deliveries: 1 });
  await vi.waitFor(async () => expect(await deliveriesOf(id, '?status=delivered')).toHaveLength(1), {
    timeout: 20_000,
  });
  expect((await deliveriesOf(id, '?status=queued'))[0]).toMatchObject({ id: 'dlv_first', attempts: [] });
});

test('a webhook that is switched off is sent nothing; switched on, it is again', async () => {
  const { id } = await create('/off');
  await ask('PATCH', `/v1/webhooks/${id}`, { disabled: true });
  expect((await ask('POST', `/v1/webhooks/${id}/test`)).body).toMatchObject({ code: 'webhooks.disabled' });
  const on = await ask('PATCH', `/v1/webhooks/${id}`, { disabled: false, description: 'again' });
  expect(on.body).toMatchObject({ disabled_at: null, description: 'again' });
  await ask('POST', `/v1/webhooks/${id}/test`);
  await settled(id, 'delivered');
});

test('an address in a private network, or without https, is refused when it is typed in', async () => {
  for (const url of [
    'https://10.0.0.1/',
    'https://169.254.169.254/latest',
    'http://93.184.216.34/',
    'https://[::1]/',
    'x',
  ]) {
    const reply = await ask('POST', '/v1/webhooks', { url, events: ['export.ready'] });
    expect(reply.body, url).toMatchObject({
      status: 400,
      code: 'webhooks.bad_url',
      errors: [{ pointer: '/url' }],
    });
  }
  const { id } = await create('/moved');
  expect((await ask('PATCH', `/v1/webhooks/${id}`, { url: 'https://10.0.0.1/' })).status).toBe(400);
  const unknown = await ask('POST', '/v1/webhooks', {
    url: `${receiver.url}/x`,
    events: ['contact.created'],
  });
  expect(unknown.status).toBe(400);
});

test('another workspace’s webhook answers like one that is not there, on every route', async () => {
  const mine = await create('/mine');
  const foreign = (await plantMember(db, await db.createWorkspace(), 'owner')).headers;
  const since = { since: '2026-01-01T00:00:00Z' };
  for (const [method, rest, body] of [
    ['GET', ''],
    ['PATCH', '', { disabled: true }],
    ['DELETE', ''],
    ['POST', '/rotate'],
    ['POST', '/test'],
    ['GET', '/deliveries'],
    ['POST', '/replay', since],
    ['POST', '/deliveries/dlv_x/replay'],
  ] as const) {
    const [theirs, none] = [mine.id, 'whk_00000000000000000000'].map((id) =>
      ask(method, `/v1/webhooks/${id}${rest}`, body, foreign),
    );
    const plain = ({ text }: { text: string }, id: string) =>
      text.replaceAll(/req_\w+/g, '').replaceAll(id, '');
    expect((await theirs!).status).toBe(404);
    expect(plain(await theirs!, mine.id)).toBe(plain(await none!, 'whk_00000000000000000000'));
  }
  expect((await ask('GET', `/v1/webhooks/${mine.id}`)).status).toBe(200);
});

test('only owners and admins see webhooks', async () => {
  for (const role of ['editor', 'agent', 'viewer'] as const) {
    const { headers: theirs } = await plantMember(db, workspaceId, role);
    for (const path of ['/v1/webhooks', '/v1/webhook-events', '/v1/mails'])
      expect((await ask('GET', path, undefined, theirs)).status).toBe(403);
  }
  const { body } = await ask('GET', '/v1/webhook-events');
  const types = (body.events as { type: string }[]).map(({ type }) => type);
  expect(types).toContain('export.ready');
  expect(types).not.toContain('webhook.test');
});

test('lists go on where the page ended, each entry once', async () => {
  const pages: string[] = [];
  let path: string | undefined = '/v1/webhooks?limit=2';
  while (path !== undefined) {
    const { body }: { body: { webhooks: { id: string }[]; next_cursor: string | null } } = await ask(
      'GET',
      path,
    );
    pages.push(...body.webhooks.map(({ id }) => id));
    path = body.next_cursor === null ? undefined : `/v1/webhooks?limit=2&cursor=${body.next_cursor}`;
  }
  const all = await db.asSuperuser<{ id: string }>(
    'select id from webhooks where workspace_id = $1 order by created_at desc, id desc',
    [workspaceId],
  );
  expect(pages).toEqual(all.map(({ id }) => id));
});

test('a deleted webhook is gone with its deliveries', async () => {
  const { id } = await create('/deleted');
  await ask('POST', `/v1/webhooks/${id}/test`);
  expect((await ask('DELETE', `/v1/webhooks/${id}`)).status).toBe(204);
  expect((await ask('GET', `/v1/webhooks/${id}`)).status).toBe(404);
  expect(await db.asSuperuser('select 1 from webhook_deliveries where webhook_id = $1', [id])).toEqual([]);
});
