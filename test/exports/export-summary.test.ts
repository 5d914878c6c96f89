import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// The overview's numbers: what was exported a day, by whom, and what ends soon; nobody counts what they do not see.

let db: TestDatabase;
let server: TestServer;
let owner: Person;
let agent: Person;
let workspaceId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
  workspaceId = await db.createWorkspace('summed');
  const foreign = await db.createWorkspace('foreign');
  await plantRecords(db, workspaceId, { conversations: 3, messagesEach: 2 });
  owner = await plantMember(db, workspaceId, 'owner');
  agent = await plantMember(db, workspaceId, 'agent');
  const stranger = await plantMember(db, foreign, 'owner');
  const get = (path: string, { headers }: Person) => fetch(server.url + path, { headers });
  for (const person of [owner, owner, stranger]) await (await get('/v1/contacts/export', person)).text();
  await (await get('/v1/contacts/c1/export', agent)).text();
  for (const kind of ['contacts', 'workspace'])
    await fetch(`${server.url}/v1/exports`, {
      method: 'POST',
      headers: { ...owner.headers, 'content-type': 'application/json', prefer: 'wait=30' },
      body: JSON.stringify({ kind }),
    });
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

interface Summary {
  days: { day: string; made: number; failed: number; bytes: number }[];
  people: { by: { id: string }; made: number; bytes: number }[];
  expiring: { job_id: string; kind: string; expires_at: string }[];
}

const ask = async (query: string, { headers }: Person = owner) => {
  const reply = await fetch(`${server.url}/v1/exports/summary?${query}`, { headers });
  return { status: reply.status, json: (await reply.json()) as Summary };
};
const sum = ({ days }: Summary, part: 'made' | 'failed' | 'bytes') =>
  days.reduce((all, day) => all + day[part], 0);

test('counts the workspace’s exports a day, with their bytes and those who had them made', async () => {
  const { json } = await ask('days=7');
  expect(json.days).toHaveLength(7);
  expect(json.days.at(-1)).toMatchObject({ day: new Date().toISOString().slice(0, 10) });
  const [books] = await db.asSuperuser<{ n: number; bytes: number }>(
    `select count(*)::int as n, sum(bytes)::int as bytes from exports where workspace_id = $1`,
    [workspaceId],
  );
  expect(books!.n).toBe(5);
  expect([sum(json, 'made'), sum(json, 'failed'), sum(json, 'bytes')]).toEqual([5, 0, books!.bytes]);
  expect(json.people.map(({ by, made }) => [by.id, made])).toEqual([
    [owner.userId, 4],
    [agent.userId, 1],
  ]);
});

test('whoever sees only their own exports counts only those', async () => {
  const { json } = await ask('days=7', agent);
  expect([sum(json, 'made'), json.people.length, json.expiring.length]).toEqual([1, 1, 0]);
});

test('a day is a day of the asked zone, over changes of its clock, and no other than those asked for', async () => {
  const planted = async (id: string, at: string, status: string) =>
    db.asSuperuser(
      `insert into exports (workspace_id, id, kind, format, plan, status, stage, bytes, requested_by, interface, created_at, beat_at, finished_at)
       select workspace_id, $2, kind, format, plan, $4, stage, 100, requested_by, interface, $3, $3, $3
         from exports where workspace_id = $1 and kind = 'contacts' and not is_kept limit 1`,
      [workspaceId, id, at, status],
    );
  const now = new Date();
  const daysAgo = (n: number, time: string) =>
    `${new Date(now.getTime() - n * 86_400_000).toISOString().slice(0, 10)}T${time}Z`;
  // Auckland is half a day ahead: late there it is the next day already, and early still the same.
  await planted('exp_late', daysAgo(5, '23:30:00'), 'failed');
  const inZone = async (zone: string) =>
    (await ask(`days=12&time_zone=${encodeURIComponent(zone)}`)).json.days.find(({ failed }) => failed === 1);
  expect((await inZone('UTC'))!.day).toBe(daysAgo(5, '').slice(0, 10));
  expect((await inZone('Pacific/Auckland'))!.day).toBe(daysAgo(4, '').slice(0, 10));
  expect((await inZone('Asia/Kathmandu'))!.day).toBe(daysAgo(4, '').slice(0, 10));
  expect((await ask('days=3')).json.days.every(({ failed }) => failed === 0)).toBe(true);
  for (const query of ['time_zone=Nowhere%2FTown', 'days=0', 'days=91', 'time_zone='])
    expect((await ask(query)).status, query).toBe(400);
});

test('of kept ones those come first that end first; what has ended is not there', async () => {
  const kept = await db.asSuperuser<{ id: string; kind: string }>(
    `select id, kind from exports where is_kept and workspace_id = $1`,
    [workspaceId],
  );
  const idOf = (wanted: string) => kept.find(({ kind }) => kind === wanted)!.id;
  await db.asSuperuser(`update exports set expires_at = now() + interval '1 hour' where id = $1`, [
    idOf('workspace'),
  ]);
  expect((await ask('')).json.expiring.map(({ job_id: id }) => id)).toEqual([
    idOf('workspace'),
    idOf('contacts'),
  ]);
  await db.asSuperuser(`update exports set expires_at = now() - interval '1 hour' where id = $1`, [
    idOf('workspace'),
  ]);
  expect((await ask('')).json.expiring.map(({ job_id: id }) => id)).toEqual([idOf('contacts')]);
});

test('who may not see exports sees no numbers of them', async () => {
  const viewer = await plantMember(db, workspaceId, 'viewer');
  expect(await ask('', viewer)).toMatchObject({ status: 403, json: { code: 'access.forbidden' } });
});
