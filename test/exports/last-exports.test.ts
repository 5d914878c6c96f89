import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Person, plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// H-11 and V-10: who made the last export of each kind, who had all of it, and when.

const PATIENCE = { timeout: 10_000, interval: 30 };

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let owner: Person;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_PART_CONVERSATIONS: '4' });
  workspaceId = await db.createWorkspace('lasting');
  await plantRecords(db, workspaceId, { conversations: 6, messagesEach: 2 });
  owner = await plantMember(db, workspaceId, 'owner');
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

type Headers = Record<string, string>;
interface Export {
  job_id: string;
  package: string;
  files: { url: string; name: string; bytes: number }[];
  downloads: { at: string; actor: { id: string }; file: string; bytes: number; complete: boolean }[];
}
interface Last {
  kind: string;
  made: { job_id: string; by: { id: string }; bytes: number; at: string } | null;
  downloaded: { job_id: string; by: { id: string }; bytes: number; at: string } | null;
}

const get = (path: string, headers: Headers = owner.headers) => fetch(server.url + path, { headers });
const last = async (headers: Headers = owner.headers) => {
  const { exports } = (await (await get('/v1/exports/last', headers)).json()) as { exports: Last[] };
  return Object.fromEntries(exports.map((one) => [one.kind, one]));
};
async function order(body: object, headers: Headers = owner.headers): Promise<Export> {
  const reply = await fetch(`${server.url}/v1/exports`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', prefer: 'wait=30' },
    body: JSON.stringify(body),
  });
  return (await reply.json()) as Export;
}
const look = async (id: string) => (await (await get(`/v1/exports/${id}`)).json()) as Export;
const size = async (path: string, headers: Headers = owner.headers) =>
  (await (await get(path, headers)).arrayBuffer()).byteLength;

test('at first there is nothing of any kind', async () => {
  expect(await last()).toEqual(
    Object.fromEntries(
      ['workspace', 'contacts', 'conversations', 'audit'].map((kind) => [
        kind,
        { kind, made: null, downloaded: null },
      ]),
    ),
  );
});

test('the last of each kind is told with who made it and who had all of it, whether kept or sent at once', async () => {
  const admin = await plantMember(db, workspaceId, 'admin');
  const { job_id: id, package: zip } = await order({ kind: 'workspace', format: 'json' });
  expect((await last())['workspace']).toMatchObject({
    made: { job_id: id, by: { id: owner.userId } },
    downloaded: null,
  });
  const bytes = await size(zip, admin.headers);
  await vi.waitUntil(async () => (await last())['workspace']!.downloaded !== null, PATIENCE);
  expect((await last())['workspace']!.downloaded).toMatchObject({
    job_id: id,
    by: { id: admin.userId },
    bytes,
  });
  const direct = await size('/v1/contacts/export', admin.headers);
  await vi.waitUntil(async () => (await last())['contacts']!.downloaded !== null, PATIENCE);
  expect((await last())['contacts']).toMatchObject({
    made: { by: { id: admin.userId }, bytes: direct },
    downloaded: { by: { id: admin.userId }, bytes: direct },
  });
});

test('one conversation or one person leaves these times alone', async () => {
  const before = await last();
  await size('/v1/contacts/c1/export');
  await order({ kind: 'conversation', format: 'json', id: 'v1' });
  await vi.waitUntil(
    async () =>
      (
        await db.asSuperuser(
          `select from audit_events where details ->> 'kind' = 'contact' and action = 'export.downloaded'`,
        )
      ).length > 0,
    PATIENCE,
  );
  expect(await last()).toEqual(before);
});

test('an editor is told of what their audiences reach, an agent of no bulk kind, another workspace of nothing of this one', async () => {
  const editor = await plantMember(db, workspaceId, 'editor', { audiences: ['public'] });
  const agent = await plantMember(db, workspaceId, 'agent');
  const other = await plantMember(db, await db.createWorkspace(), 'owner');
  await order({ kind: 'conversations', format: 'ndjson' });
  expect(await last(editor.headers)).toEqual({
    conversations: { kind: 'conversations', made: null, downloaded: null },
  });
  const mine = await order({ kind: 'conversations', format: 'ndjson' }, editor.headers);
  expect((await last(editor.headers))['conversations']).toMatchObject({ made: { job_id: mine.job_id } });
  expect(await last(agent.headers)).toEqual({});
  expect(Object.values(await last(other.headers)).filter(({ made }) => made !== null)).toEqual([]);
});

test('an export lists every completed transfer of it, the newest first, with who, how much and whether it was all', async () => {
  const told = await order({ kind: 'conversations', format: 'ndjson' });
  expect(told.downloads).toEqual([]);
  const reader = await plantMember(db, workspaceId, 'admin');
  const [first, second] = told.files;
  const noted = (count: number) =>
    vi.waitFor(async () => expect((await look(told.job_id)).downloads).toHaveLength(count), PATIENCE);
  await size(first!.url);
  await noted(1);
  await size(second!.url, { ...reader.headers, range: 'bytes=0-9' });
  await noted(2);
  await fetch(server.url + told.package, { headers: owner.headers, method: 'HEAD' });
  const { downloads } = await look(told.job_id);
  expect(downloads).toMatchObject([
    { actor: { id: reader.userId }, bytes: 10, complete: false },
    { actor: { id: owner.userId }, bytes: first!.bytes, complete: true },
  ]);
  expect(downloads.map(({ file }) => `data/${file}`)).toEqual([second!.name, first!.name]);
  for (const { at } of downloads) expect(Date.now() - Date.parse(at)).toBeLessThan(60_000);
});
