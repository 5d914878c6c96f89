import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// `GET /v1/exports/options`: what forms offer is what orders take, and how long an order says it is kept.

const DAY_MS = 24 * 3_600_000;

let db: TestDatabase;
let server: TestServer;
let owner: Person;
let agent: Person;
let viewer: Person;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_LINKS: '5d', CONVEY_LINKS_MOST: '30d' });
  const workspaceId = await db.createWorkspace('choosing');
  await plantRecords(db, workspaceId, { conversations: 3, messagesEach: 2 });
  owner = await plantMember(db, workspaceId, 'owner');
  agent = await plantMember(db, workspaceId, 'agent');
  viewer = await plantMember(db, workspaceId, 'viewer');
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

interface Kind {
  kind: string;
  permission: string;
  allowed: boolean;
  formats: {
    format: string;
    profiles: string[];
    rows: { mode: string | null; default_fields: string[] | null; needed_fields: string[] }[];
  }[];
  direct_formats: string[];
  can_anonymize: boolean;
}
interface Options {
  kinds: Kind[];
  fields: { field: string; doc: string; permission: string | null; allowed: boolean }[];
  most_ids: number;
  keep_days: { usual: number; most: number };
}

async function ask(who: Person, path: string, body?: object) {
  const reply = await fetch(`${server.url}/v1${path}`, {
    headers: { ...who.headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into whatever came
  return { status: reply.status, json: (await reply.json()) as any };
}
const optionsFor = async (who: Person) => (await ask(who, '/exports/options')).json as Options;

const ONE: Record<string, string> = { conversation: 'v1', contact: 'c1' };

test('every format, row and CSV profile that is offered is taken, with the fields that are said to be usual', async () => {
  const { kinds } = await optionsFor(owner);
  const orders = kinds.flatMap(({ kind, formats, can_anonymize: canAnonymize }) =>
    formats.flatMap(({ format, profiles, rows }) =>
      rows.map((row) => ({
        row,
        order: {
          kind,
          format,
          ...(row.mode && { mode: row.mode }),
          ...(profiles.length > 0 && { profile: profiles.at(-1) }),
          ...(ONE[kind] && { id: ONE[kind] }),
          ...(canAnonymize && { anonymize: true }),
        },
      })),
    ),
  );
  expect(orders.length).toBeGreaterThan(25);
  for (const { order, row } of orders) {
    const { status, json } = await ask(owner, '/exports/preview', order);
    expect([status, json.detail], JSON.stringify(order)).toEqual([200, undefined]);
    if (order.kind === 'conversations') expect(new Set(json.fields)).toEqual(new Set(row.default_fields!));
    for (const needed of row.needed_fields) {
      const without = ['tags', 'channel'].filter((field) => field !== needed);
      const refused = await ask(owner, '/exports/preview', { ...order, fields: without });
      expect(refused.json.errors).toEqual([expect.objectContaining({ pointer: '/fields' })]);
    }
  }
});

test('what cannot be anonymised says so', async () => {
  const { kinds } = await optionsFor(owner);
  for (const { kind, can_anonymize: canAnonymize, formats } of kinds) {
    const order = { kind, format: formats[0]!.format, anonymize: true, ...(ONE[kind] && { id: ONE[kind] }) };
    expect((await ask(owner, '/exports/preview', order)).status).toBe(canAnonymize ? 200 : 400);
  }
});

test('each format that is said to be sent at once is', async () => {
  const { kinds } = await optionsFor(owner);
  const paths: Record<string, string> = {
    workspace: '/workspace/export',
    contacts: '/contacts/export',
    conversations: '/conversations/export',
  };
  for (const [kind, path] of Object.entries(paths))
    for (const format of kinds.find((one) => one.kind === kind)!.direct_formats) {
      const reply = await fetch(`${server.url}/v1${path}?format=${format}`, { headers: owner.headers });
      expect(reply.status, `${path} ${format}`).toBe(200);
      await reply.arrayBuffer();
    }
});

test('it is told what one may have, and everybody may know what there is', async () => {
  const allowed = ({ kinds }: Options) => kinds.filter((kind) => kind.allowed).map(({ kind }) => kind);
  expect(allowed(await optionsFor(owner))).toHaveLength(6);
  const forAgent = await optionsFor(agent);
  expect(allowed(forAgent)).toEqual(['conversation', 'contact']);
  expect(forAgent.fields.filter((one) => !one.allowed)).toEqual([
    expect.objectContaining({ field: 'notes', permission: 'notes.read' }),
    expect.objectContaining({ field: 'events', permission: 'notes.read' }),
  ]);
  expect(allowed(await optionsFor(viewer))).toEqual([]);
});

test('an order says for how many days it is kept, up to what the server allows', async () => {
  const { keep_days: days, most_ids: mostIds } = await optionsFor(owner);
  expect([days, mostIds]).toEqual([{ usual: 5, most: 30 }, 200]);
  const kept = await ask(owner, '/exports', { kind: 'contacts', keep_days: 12 });
  expect(kept.status).toBe(202);
  const lasts = Date.parse(kept.json.expires_at) - Date.parse(kept.json.requested_at);
  expect(Math.round(lasts / DAY_MS)).toBe(12);
  const usual = await ask(owner, '/exports', { kind: 'contacts' });
  expect(Math.round((Date.parse(usual.json.expires_at) - Date.parse(usual.json.requested_at)) / DAY_MS)).toBe(
    5,
  );
  const tooLong = await ask(owner, '/exports', { kind: 'contacts', keep_days: 31 });
  expect(tooLong.json).toMatchObject({
    status: 400,
    code: 'exports.kept_too_long',
    errors: [{ pointer: '/keep_days', detail: 'takes at most 30' }],
  });
});
