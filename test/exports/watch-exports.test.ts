import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createKey, revokeKey } from '../../src/access/access.commands.ts';
import { JobEvents } from '../../src/jobs/job-events.ts';
import { silentLog } from '../../src/log.ts';
import { createApp } from '../../src/server.ts';
import { type Person, plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// Server-sent events of exports (issue 5, 1): what a page shows without asking again and again.

const PATIENCE = { timeout: 20_000, interval: 50 };

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let owner: Person;
let holder: pg.Client | undefined;
const streams: Stream[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace('watched');
  await plantRecords(db, workspaceId, { conversations: 20, messagesEach: 5 });
  owner = await plantMember(db, workspaceId, 'owner');
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  await holder?.end();
  holder = undefined;
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

type Headers = Record<string, string>;

/** Holds every export of conversations in the middle of its run, until `go()`. */
async function hold(): Promise<() => Promise<unknown>> {
  const client = new pg.Client({ connectionString: db.superuserUrl });
  await client.connect();
  await client.query('begin; lock table messages in access exclusive mode');
  holder = client;
  return () => client.query('rollback');
}

async function order(kind = 'conversations', headers: Headers = owner.headers): Promise<string> {
  const reply = await fetch(`${server.url}/v1/exports`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ kind, format: 'ndjson' }),
  });
  return ((await reply.json()) as { job_id: string }).job_id;
}

interface Told {
  job_id: string;
  status: string;
  progress: { stage: string; records: { done: number; planned: number | null }; bytes: number };
  error: string | null;
  code?: string;
}

interface Event {
  event: string;
  id: string | undefined;
  data: Told;
}

class Stream {
  readonly events: Event[] = [];
  status = 0;
  type: string | null = null;
  text = '';
  isOver = false;
  readonly #abort = new AbortController();
  readonly done: Promise<void>;

  constructor(path: string, headers: Headers) {
    this.done = this.#read(path, headers).catch(() => {
      this.isOver = true;
    });
    streams.push(this);
  }

  close(): void {
    this.#abort.abort();
  }

  ofExport(id: string): Told[] {
    return this.events
      .filter(({ event, data }) => event === 'export' && data.job_id === id)
      .map(({ data }) => data);
  }

  async #read(path: string, headers: Headers): Promise<void> {
    const reply = await fetch(server.url + path, { headers, signal: this.#abort.signal });
    this.status = reply.status;
    this.type = reply.headers.get('content-type');
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of reply.body ?? []) {
      const text = decoder.decode(chunk as Uint8Array, { stream: true });
      this.text += text;
      rest += text;
      const frames = rest.split('\n\n');
      rest = frames.pop()!;
      for (const frame of frames) {
        const field = (name: string) =>
          frame
            .split('\n')
            .find((line) => line.startsWith(`${name}: `))
            ?.slice(name.length + 2);
        const event = field('event');
        if (event !== undefined)
          this.events.push({ event, id: field('id'), data: JSON.parse(field('data')!) as Told });
      }
    }
    this.isOver = true;
  }
}

const watch = (path: string, headers: Headers = owner.headers) => new Stream(path, headers);

test('one export is told from its beginning to its end, and then the stream ends', async () => {
  const go = await hold();
  const id = await order();
  const stream = watch(`/v1/exports/${id}/events`);
  await vi.waitUntil(() => stream.ofExport(id).some(({ status }) => status === 'running'), PATIENCE);
  expect(stream.type).toBe('text/event-stream; charset=utf-8');
  expect(stream.text.startsWith('retry: 3000\n\n')).toBe(true);
  expect(stream.isOver).toBe(false);
  await go();
  await stream.done;
  const last = stream.ofExport(id).at(-1)!;
  expect(last).toMatchObject({ status: 'ready', error: null, progress: { stage: 'ready' } });
  expect(last.progress.records.done).toBe(last.progress.records.planned);
  expect(last.progress.records.done).toBeGreaterThan(20);
  expect(last.progress.bytes).toBeGreaterThan(0);
  expect(stream.events.at(-1)).toMatchObject({ event: 'end', id: 'ended' });
  const told = stream.ofExport(id).map((one) => JSON.stringify(one));
  expect(new Set(told).size).toBe(told.length);
});

test('a failure is told with its code; of one that has ended already there is one word and the end', async () => {
  const go = await hold();
  const id = await order();
  await vi.waitUntil(
    async () =>
      (await db.asSuperuser(`select from exports where id = $1 and status = 'running'`, [id])).length > 0,
    PATIENCE,
  );
  const stream = watch(`/v1/exports/${id}/events`);
  await fetch(`${server.url}/v1/exports/${id}`, { method: 'DELETE', headers: owner.headers });
  await stream.done;
  await go();
  expect(stream.ofExport(id).at(-1)).toMatchObject({ status: 'cancelled', error: 'exports.cancelled' });
  const again = watch(`/v1/exports/${id}/events`);
  await again.done;
  expect(again.events.map(({ event }) => event)).toEqual(['export', 'end']);
});

test('Last-Event-ID does no harm: whoever saw the end is told not to come again, anything else begins anew', async () => {
  const id = await order('contacts');
  await watch(`/v1/exports/${id}/events`).done;
  const known = watch(`/v1/exports/${id}/events`, { ...owner.headers, 'last-event-id': 'ended' });
  await known.done;
  expect([known.status, known.text]).toEqual([204, '']);
  const junk = watch(`/v1/exports/${id}/events`, { ...owner.headers, 'last-event-id': '42; drop' });
  await junk.done;
  expect(junk.events.map(({ event }) => event)).toEqual(['export', 'end']);
});

test('the stream of a workspace tells of every export within reach as it comes and ends, and of no other', async () => {
  const editor = await plantMember(db, workspaceId, 'editor', { audiences: ['public'] });
  const agent = await plantMember(db, workspaceId, 'agent');
  const foreign = await plantMember(db, await db.createWorkspace(), 'owner');
  const [all, some, few, none] = [owner, editor, agent, foreign].map(({ headers }) =>
    watch('/v1/exports/events', headers),
  );
  await vi.waitUntil(() => [all, some, few, none].every((stream) => stream!.text !== ''), PATIENCE);
  const theirs = await order('conversations', editor.headers);
  const whole = await order('workspace');
  const ready = (stream: Stream, id: string) => stream.ofExport(id).at(-1)?.status === 'ready';
  await vi.waitUntil(() => ready(all!, theirs) && ready(all!, whole) && ready(some!, theirs), PATIENCE);
  expect(some!.ofExport(whole)).toEqual([]);
  expect(few!.events).toEqual([]);
  expect(none!.events).toEqual([]);
  expect([all, some, few, none].map((stream) => stream!.isOver)).toEqual([false, false, false, false]);
});

test('a session or a key that ends, and a permission that is taken away, end the stream with the reason', async () => {
  const go = await hold();
  const id = await order();
  const path = `/v1/exports/${id}/events`;
  const signedOut = await plantMember(db, workspaceId, 'admin');
  const removed = await plantMember(db, workspaceId, 'admin');
  const lowered = await plantMember(db, workspaceId, 'admin');
  const { key, text } = await createKey(db.database, {
    workspace: workspaceId,
    name: 'k',
    scopes: ['export:read'],
  });
  const watching = [
    watch(path, signedOut.headers),
    watch(path, removed.headers),
    watch(path, lowered.headers),
    watch(path, { authorization: `Bearer ${text}` }),
    watch('/v1/exports/events', signedOut.headers),
  ];
  const stays = watch(path);
  await vi.waitUntil(() => [...watching, stays].every(({ events }) => events.length > 0), PATIENCE);
  await db.asSuperuser('update sessions set ended_at = now() where id = $1', [signedOut.sessionId]);
  await db.asSuperuser('delete from members where user_id = $1', [removed.userId]);
  await db.asSuperuser(`update members set role = 'viewer' where user_id = $1`, [lowered.userId]);
  await revokeKey(db.database, { workspace: workspaceId, id: key.id });
  await Promise.all(watching.map(({ done }) => done));
  expect(watching.map(({ events }) => events.at(-1))).toMatchObject(
    ['unauthenticated', 'no_longer_allowed', 'forbidden', 'no_longer_allowed', 'unauthenticated'].map(
      (code) => ({
        event: 'end',
        data: { code: `access.${code}` },
      }),
    ),
  );
  expect(stays.isOver).toBe(false);
  await go();
  await stays.done;
  expect(stays.ofExport(id).at(-1)!.status).toBe('ready');
});

test('an unknown export is 404 as on every route, and a foreign one the same', async () => {
  const id = await order('contacts');
  const other = await plantMember(db, await db.createWorkspace(), 'owner');
  const codes = await Promise.all(
    [`/v1/exports/${id}/events`, '/v1/exports/exp_none/events'].map(async (path) => {
      const reply = await fetch(server.url + path, { headers: other.headers });
      return [reply.status, ((await reply.json()) as Told).code];
    }),
  );
  expect(codes).toEqual([
    [404, 'exports.unknown'],
    [404, 'exports.unknown'],
  ]);
});

test('streams hold no connection to the database, are bounded for each user, and give their place back', async () => {
  const many = await plantMember(db, workspaceId, 'owner');
  const open = Array.from({ length: 10 }, () => watch('/v1/exports/events', many.headers));
  await vi.waitUntil(() => open.every(({ text }) => text !== ''), PATIENCE);
  const held = await db.asSuperuser(
    `select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'
        and state_change < now() - interval '1 second'`,
  );
  expect(held).toEqual([]);
  const eleventh = watch('/v1/exports/events', many.headers);
  await eleventh.done;
  expect(eleventh.status).toBe(429);
  open[0]!.close();
  await vi.waitUntil(async () => {
    const next = watch('/v1/exports/events?seconds=0', many.headers);
    await next.done;
    return next.status === 200 && next.isOver;
  }, PATIENCE);
});

test('a stream can be asked to end after so many seconds', async () => {
  const go = await hold();
  const id = await order();
  const stream = watch(`/v1/exports/${id}/events?seconds=0`);
  await stream.done;
  expect(stream.events.map(({ event }) => event)).toEqual(['export']);
  await go();
});

test('a server that stops ends its streams, and does not wait for them', async () => {
  const events = new JobEvents(db.url, silentLog);
  const app = await createApp(server.installation, events);
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const reply = await fetch(`${address}/v1/exports/events`, {
    headers: { ...owner.headers, connection: 'close' },
  });
  const text = reply.text();
  await app.close();
  expect(await text).toContain('retry: 3000');
  await events.close();
});
