import { afterAll, beforeAll, expect, test } from 'vitest';
import { filterParts } from '../../src/catalog/filter/filter-parts.ts';
import { Random } from '../../samples/random.ts';
import { type Person, plantMember } from '../support/people.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import {
  conversationsOf,
  type FilterModel,
  makeFilter,
  makeWorkspace,
  type ModelFilter,
  modelParts,
  type Viewer,
} from './filter-model.fixture.ts';

// Pain 5, V-17, V-18: the filter of the screen is the filter of the export. Random filters over a made-up workspace:
// the list's count, the preview's, the records exported at once and those kept are the model's, for everybody who asks.

const SEED = Number(process.env['CONVEY_FILTER_SEED'] ?? 5);
const FILTERS_PER_PART = 3;
const CONVERSATIONS = 200;

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let model: FilterModel;
let key: Record<string, string>;
let editor: Person;
let viewer: Person;

const EDITOR: Viewer = { audiences: ['vip', 'internal'] };

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, {
    CONVEY_REQUESTS_PER_MINUTE: '0',
    CONVEY_PART_CONVERSATIONS: '25',
  });
  workspaceId = await db.createWorkspace('filtered');
  const foreign = await db.createWorkspace('foreign');
  model = makeWorkspace(new Random(SEED, 0, 0), CONVERSATIONS);
  await ingest(workspaceId, model);
  await ingest(foreign, makeWorkspace(new Random(SEED + 1, 0, 0), 50)); // which nobody here may find
  key = { ...(await server.authorize(workspaceId, ['conversations:read', 'export:create'])) };
  editor = await plantMember(db, workspaceId, 'editor', { audiences: [...EDITOR.audiences!] });
  viewer = await plantMember(db, workspaceId, 'viewer');
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

async function ingest(workspaceId: string, { contacts, conversations, messages, files }: FilterModel) {
  const lines = [...contacts, ...conversations, ...messages, ...files].map((line) => JSON.stringify(line));
  const reply = await fetch(`${server.url}/v1/ingest`, {
    method: 'POST',
    headers: { ...(await server.authorize(workspaceId, ['ingest'])), 'content-type': 'application/x-ndjson' },
    body: lines.join('\n'),
  });
  const text = await reply.text();
  expect(reply.status, text).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ rejected_count: 0, pending: 0 });
}

async function ask(path: string, headers: Record<string, string>, body?: object): Promise<string> {
  const reply = await fetch(server.url + path, {
    headers: { ...headers, ...(body && { 'content-type': 'application/json', prefer: 'wait=30' }) },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  expect([200, 202], text).toContain(reply.status);
  return text;
}

/** The filter as a query: a list as a parameter that is repeated. */
function queryOf(filter: ModelFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter))
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  return query.toString();
}

/** What lists and previews tell. */
interface Counted {
  count: number;
  conversations: number;
  messages: number;
  counts: Record<string, number>;
  parts: number;
}
interface Told {
  status: string;
  counts: Record<string, number>;
  files: unknown[];
}

const count = async (...asked: Parameters<typeof ask>) => JSON.parse(await ask(...asked)) as Counted;

/** Everything that tells how many there are, for one filter and one who asks. */
async function countEverywhere(filter: ModelFilter, headers: Record<string, string>) {
  const query = queryOf(filter);
  const list = await count(`/v1/conversations?limit=1&count=true&${query}`, headers);
  const shown = await count(`/v1/exports/preview?format=ndjson&${query}`, headers);
  const order = { kind: 'conversations', format: 'ndjson', filter };
  const posted = await count('/v1/exports/preview', headers, order);
  const exported = await ask(`/v1/conversations/export?format=ndjson&${query}`, headers);
  const records = exported
    .trimEnd()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { id: string });
  return { list: list.count, shown, posted, exported: records.map(({ id }) => id).sort() };
}

const cases = modelParts.flatMap((part) =>
  Array.from({ length: FILTERS_PER_PART }, (_, index) => ({ part, index })),
);

test('the model knows every part of the filter', () => {
  expect(modelParts.toSorted()).toEqual(Object.keys(filterParts).toSorted());
});

test(`list, preview, export at once and the model agree, whatever the filter (seed ${SEED})`, async () => {
  const sizes: number[] = [];
  for (const { part, index } of cases) {
    const filter = makeFilter(new Random(SEED, 1 + index, modelParts.indexOf(part)), part);
    for (const [who, headers, asks] of [
      ['an API key', key, {}],
      ['an editor', editor.headers as Record<string, string>, EDITOR],
    ] as const) {
      const expected = conversationsOf(model, filter, asks).map(({ id }) => id);
      const notes = model.messages.filter(({ conversation_id: id }) => expected.includes(id));
      const found = await countEverywhere(filter, headers);
      const told = `${who}: ${JSON.stringify(filter)}`;
      expect(found.exported, told).toEqual(expected.toSorted());
      expect(found.list, told).toBe(expected.length);
      for (const preview of [found.shown, found.posted]) {
        expect(preview.conversations, told).toBe(expected.length);
        expect(preview.counts['conversations'], told).toBe(expected.length);
        // Notes were not chosen.
        expect(preview.messages, told).toBe(notes.filter(({ is_internal }) => !is_internal).length);
      }
      sizes.push(expected.length);
    }
  }
  // Not all of them empty, and not all of everything.
  expect(sizes.filter((size) => size > 0 && size < CONVERSATIONS).length).toBeGreaterThan(sizes.length / 3);
}, 240_000);

test('who sees no notes finds nothing by them, in lists as in the model', async () => {
  for (const { part, index } of cases.filter(({ part }) => part === 'q')) {
    const filter = makeFilter(new Random(SEED, 10 + index, 0), part);
    const expected = conversationsOf(model, filter, { hidesInternal: true }).length;
    const path = `/v1/conversations?limit=1&count=true&${queryOf(filter)}`;
    const list = await count(path, viewer.headers as Record<string, string>);
    expect(list.count, JSON.stringify(filter)).toBe(expected);
  }
});

test('a kept export holds what its preview said, in as many parts; with notes found by their words and not shown', async () => {
  const filters: ModelFilter[] = [
    {},
    { q: 'refund' },
    { any_tag: ['vip', 'billing'], has_files: true },
    { q: '退款' },
  ];
  for (const filter of filters) {
    for (const more of [{}, { fields: ['messages', 'notes'] }]) {
      for (const headers of [key, editor.headers as Record<string, string>]) {
        const order = { kind: 'conversations', format: 'ndjson', filter, ...more };
        const preview = await count('/v1/exports/preview', headers, order);
        const kept = JSON.parse(await ask('/v1/exports', headers, order)) as Told;
        expect(kept.status).toBe('ready');
        expect(kept.counts).toEqual(preview.counts);
        expect(kept.files).toHaveLength(preview.parts);
        const { messages = 0, replies = 0 } = kept.counts;
        expect(messages + replies).toBe(preview.messages);
        expect(preview.conversations).toBe(
          conversationsOf(model, filter, headers === key ? {} : EDITOR).length,
        );
      }
    }
  }
}, 120_000);

test('an export that looked through notes is for who may see them, even where it shows none', async () => {
  const owner = await plantMember(db, workspaceId, 'owner');
  const headers = editor.headers as Record<string, string>;
  const order = async (filter: ModelFilter) => {
    const body = { kind: 'conversations', format: 'ndjson', filter };
    return (JSON.parse(await ask('/v1/exports', headers, body)) as { job_id: string }).job_id;
  };
  const searched = await order({ q: 'refund' });
  const plain = await order({ has_files: true });
  const statusOf = async (id: string) => (await fetch(`${server.url}/v1/exports/${id}`, { headers })).status;
  expect([await statusOf(searched), await statusOf(plain)]).toEqual([200, 200]);
  const tighten = (tightening: object) =>
    fetch(`${server.url}/v1/settings`, {
      method: 'PATCH',
      headers: { ...owner.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ tightening }),
    });
  try {
    expect((await tighten({ 'notes.read': ['owner', 'admin'] })).status).toBe(200);
    expect([await statusOf(searched), await statusOf(plain)]).toEqual([403, 200]);
  } finally {
    await tighten({});
  }
});
