import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { components } from '../../web/src/api/schema.d.ts';
import { verifyChain } from '../../src/audit/verify-chain.ts';
import { sweepImports } from '../../src/records/uploads/end-import.ts';
import { operator } from '../../src/cli/operator.ts';
import { exportToPackage } from '../../src/exports/keep/export-to-package.ts';
import { type Person, plantMember } from '../support/people.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// Files that people bring in, from the upload to the records; and the sample data.

type Import = components['schemas']['Import'];
type Preview = components['schemas']['ImportPreview'];

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let owner: Person;
let count = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
});
afterAll(async () => {
  await server?.stop();
  await db.drop();
});
beforeEach(async () => {
  workspaceId = await db.createWorkspace(`imports-${++count}`);
  owner = await plantMember(db, workspaceId, 'owner');
});

const uploads = () => join(server.installation.config.homeDir, 'uploads');

async function ask<Reply = Import>(method: string, path: string, body?: object, who = owner): Promise<Reply> {
  const reply = await fetch(server.url + path, {
    method,
    headers: { ...who.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return (text === '' ? { status: reply.status } : JSON.parse(text)) as Reply;
}

type Refused = components['schemas']['Problem'];
const refused = (method: string, path: string, body?: object, who = owner) =>
  ask<Refused>(method, path, body, who);

async function upload(id: string, name: string, content: string | Buffer): Promise<Response> {
  return fetch(`${server.url}/v1/imports/${id}/files/${encodeURIComponent(name)}`, {
    method: 'PUT',
    headers: { ...owner.headers, 'content-type': 'application/octet-stream' },
    body: content,
  });
}

async function ended(id: string): Promise<Import> {
  const read = () => ask('GET', `/v1/imports/${id}`);
  await expect.poll(async () => (await read()).status, { timeout: 30_000 }).not.toBe('running');
  return read();
}

const actions = async () => {
  const rows = await db.asSuperuser<{ action: string }>(
    `select action from audit_events where workspace_id = $1 order by seq`,
    [workspaceId],
  );
  return rows.map(({ action }) => action);
};

const CSV = 'no;name;mail;plan\n1;Ada Lovelace;ada@example.com;pro\n2;Bo;bo@example.com;nope\n;Nobody;;pro\n';
const MAP = {
  table: { delimiter: ';' },
  joins: { plans: { file: 'plans.csv', format: 'csv', key: 'code' } },
  emit: [
    {
      type: 'contact',
      id: 'crm-{no}',
      fields: {
        name: '{name}',
        email: { from: 'mail' },
        kind: { constant: 'customer' },
        'attributes.plan': { join: 'plans', on: 'plan', take: 'title' },
      },
    },
  ],
};

test('a CSV is uploaded, looked at, mapped with a side file, and taken', async () => {
  const { id, status } = await ask('POST', '/v1/imports', { source: 'files' });
  expect(status).toBe('preparing');
  expect((await ask('GET', `/v1/imports/${id}`)).upload).toMatchObject({ files: [], is_arriving: false });
  expect(await (await upload(id, 'customers.csv', CSV)).json()).toEqual({
    name: 'customers.csv',
    bytes: CSV.length,
  });
  const { upload: uploaded, created_at: createdAt } = await ask('GET', `/v1/imports/${id}`);
  expect(uploaded).toEqual({
    files: ['customers.csv'],
    is_arriving: false,
    kept_until: new Date(Date.parse(createdAt) + 6 * 3_600_000).toISOString(),
  });
  const raw = await ask<Preview>('POST', `/v1/imports/${id}/preview`, { file: 'customers.csv' });
  expect(raw).toMatchObject({
    format: 'csv',
    delimiter: ';',
    columns: ['no', 'name', 'mail', 'plan'],
    rows: [{ line: 2, cells: ['1', 'Ada Lovelace', 'ada@example.com', 'pro'] }, {}, {}],
    records: [],
  });

  const body = { file: 'customers.csv', format: 'csv', map: MAP };
  const lacking = await refused('POST', `/v1/imports/${id}/preview`, body);
  expect(lacking.code).toBe('import.bad_join');
  await upload(id, 'plans.csv', 'code,title\npro,Professional\n');
  const preview = await ask<Preview>('POST', `/v1/imports/${id}/preview`, body);
  expect(preview.records.map(({ record }) => record)).toEqual([
    {
      type: 'contact',
      id: 'crm-1',
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      kind: 'customer',
      attributes: { plan: 'Professional' },
    },
  ]);
  expect(preview.rejected.map(({ line, code }) => [line, code])).toEqual([
    [3, 'import.no_join'],
    [4, 'import.missing_value'],
  ]);
  expect(preview).toMatchObject({ taken_count: 1, rejected_count: 2, is_whole: true });
  expect(await db.asSuperuser('select 1 from contacts where workspace_id = $1', [workspaceId])).toEqual([]);

  const begun = await ask('POST', `/v1/imports/${id}/start`, body);
  expect(begun).toMatchObject({ status: 'running', file: 'customers.csv', format: 'csv', upload: null });
  const done = await ended(id);
  expect(done).toMatchObject({
    status: 'done',
    result: { accepted: { inserted: 1 }, rejected_count: 2, by_type: { contact: { inserted: 1 } } },
    failure: null,
  });
  expect(
    await db.asSuperuser(`select id, name from contacts where workspace_id = $1`, [workspaceId]),
  ).toEqual([{ id: 'crm-1', name: 'Ada Lovelace' }]);
  const csv = await fetch(`${server.url}/v1/imports/${id}/rejected`, { headers: owner.headers });
  expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="imp_\w+-not-taken\.csv"$/);
  const lines = (await csv.text())
    .replace(/^\ufeff/, '')
    .trim()
    .split('\r\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/^"customers\.csv","3","import\.no_join",/);
  expect(await actions()).toEqual(expect.arrayContaining(['import.requested', 'import.completed']));
  expect(await verifyChain(db.database, workspaceId)).toMatchObject({ valid: true });
  await expect.poll(() => readdir(uploads()).then((names) => names.includes(id))).toBe(false);
  expect((await refused('POST', `/v1/imports/${id}/start`, body)).code).toBe('imports.not_preparing');
});

test('NDJSON is recognised, and what the grammar refuses is told before anything is stored', async () => {
  const { id } = await ask('POST', '/v1/imports', { source: 'files' });
  const lines = [
    '{"type":"contact","id":"a","name":"Ada"}',
    '{"type":"contact","id":"b","name":5}',
    '{"type":"contcat","id":"c"}',
    'not JSON',
  ];
  await upload(id, 'records.ndjson', lines.join('\n'));
  const preview = await ask<Preview>('POST', `/v1/imports/${id}/preview`, { file: 'records.ndjson' });
  expect(preview).toMatchObject({ format: 'convey', taken_count: 1, rejected_count: 3 });
  expect(preview.rejected.map(({ line, code, field }) => [line, code, field])).toEqual([
    [2, 'ingest.bad_field', 'name'],
    [3, 'ingest.unknown_type', 'type'],
    [4, 'ingest.bad_json', null],
  ]);
  await ask('POST', `/v1/imports/${id}/start`, { file: 'records.ndjson', format: 'convey' });
  expect(await ended(id)).toMatchObject({
    status: 'done',
    result: { rejected_count: 3, accepted: { inserted: 1 } },
  });
});

test('a package goes from one workspace into another; a broken one brings nothing', async () => {
  await ask('POST', '/v1/imports', { source: 'sample', conversations: 5 }).then(({ id }) => ended(id));
  const folder = await mkdtemp(join(tmpdir(), 'convey-imports-'));
  const path = join(folder, 'package.zip');
  const keep = { files: true, partConversations: 100 };
  const request = { kind: 'workspace', format: 'ndjson', keep } as const;
  await exportToPackage(server.installation.exports, { workspaceId }, operator, request, path, {
    signal: AbortSignal.timeout(60_000),
  });
  const zip = await readFile(path);
  await rm(folder, { recursive: true });
  const first = await db.asSuperuser<{ n: number }>(
    'select count(*)::int as n from messages where workspace_id = $1',
    [workspaceId],
  );

  workspaceId = await db.createWorkspace('imports-package');
  owner = await plantMember(db, workspaceId, 'admin');
  const broken = Buffer.from(zip);
  broken[Math.floor(zip.length / 2)]! ^= 1;
  for (const [content, status] of [
    [broken, 'failed'],
    [zip, 'done'],
  ] as const) {
    const { id } = await ask('POST', '/v1/imports', { source: 'files' });
    await upload(id, 'package.zip', content);
    await ask('POST', `/v1/imports/${id}/start`, { file: 'package.zip', format: 'convey' });
    const after = await ended(id);
    expect(after.status).toBe(status);
    if (status === 'done') expect(after.result?.signed_by).toMatch(/^sha256:/);
    else expect(after.failure?.code).toMatch(/^import\.(bad_package|damaged_file)$/);
    const [stored] = await db.asSuperuser<{ n: number }>(
      'select count(*)::int as n from messages where workspace_id = $1',
      [workspaceId],
    );
    expect(stored!.n).toBe(status === 'done' ? first[0]!.n : 0);
  }
  expect(await actions()).toContain('import.failed');
});

test('the sample is for an empty workspace, and one import runs at a time', async () => {
  const body = { source: 'sample', conversations: 30 };
  const [one, two] = await Promise.all([
    ask('POST', '/v1/imports', body),
    refused('POST', '/v1/imports', body),
  ]);
  const [begun, second] = 'code' in one ? [two as unknown as Import, one as unknown as Refused] : [one, two];
  expect(second.code).toBe('imports.busy');
  expect(await ended(begun.id)).toMatchObject({
    source: 'sample',
    status: 'done',
    result: { rejected_count: 0 },
  });
  expect((await refused('POST', '/v1/imports', body)).code).toBe('imports.not_empty');
  const { imports } = await ask<{ imports: Import[] }>('GET', '/v1/imports');
  expect(imports.map(({ id }) => id)).toEqual([begun.id]);
});

test('an import can be stopped; one that nobody goes on with is given up, with its files', async () => {
  const { id } = await ask('POST', '/v1/imports', { source: 'files' });
  await upload(id, 'a.csv', 'x\n1\n');
  expect(await readdir(uploads())).toContain(id);
  expect(await ask('DELETE', `/v1/imports/${id}`)).toEqual({ status: 204 });
  expect(await readdir(uploads())).not.toContain(id);
  expect((await upload(id, 'a.csv', 'x')).status).toBe(409);

  const { id: running } = await ask('POST', '/v1/imports', { source: 'sample', conversations: 10_000 });
  await ask('DELETE', `/v1/imports/${running}`);
  expect(await ask('GET', `/v1/imports/${running}`)).toMatchObject({
    status: 'cancelled',
    failure: { code: 'imports.cancelled' },
  });
  await expect.poll(() => readdir(uploads()).then((names) => names.includes(running))).toBe(false);

  const { id: left } = await ask('POST', '/v1/imports', { source: 'files' });
  await upload(left, 'a.csv', 'x\n1\n');
  await sweepImports(db.database, uploads());
  expect(await readdir(uploads())).toContain(left);
  await db.asSuperuser(`update imports set created_at = now() - interval '7 hours' where id = $1`, [left]);
  await sweepImports(db.database, uploads());
  expect(await readdir(uploads())).not.toContain(left);
  // What never began is no import that one looks back at.
  const { imports } = await ask<{ imports: Import[] }>('GET', '/v1/imports');
  expect(imports.map((one) => one.id)).toEqual([running]);

  const { id: dead } = await ask('POST', '/v1/imports', { source: 'files' });
  await db.asSuperuser(
    `update imports set status = 'running', seen_at = now() - interval '5 minutes' where id = $1`,
    [dead],
  );
  expect(await sweepImports(db.database, uploads())).toBe(1);
  expect(await ask('GET', `/v1/imports/${dead}`)).toMatchObject({
    status: 'failed',
    failure: { code: 'imports.interrupted' },
  });
});

test('a file that is on its way is told, and is no file before it is whole', async () => {
  const { id } = await ask('POST', '/v1/imports', { source: 'files' });
  const abort = new AbortController();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('id,name\n')),
  });
  const sending = fetch(`${server.url}/v1/imports/${id}/files/slow.csv`, {
    method: 'PUT',
    headers: { ...owner.headers, 'content-type': 'text/csv' },
    body,
    duplex: 'half',
    signal: abort.signal,
  } as RequestInit);
  const read = async () => (await ask('GET', `/v1/imports/${id}`)).upload;
  await expect.poll(read, { timeout: 10_000 }).toMatchObject({ files: [], is_arriving: true });
  abort.abort();
  await expect(sending).rejects.toThrow();
  await expect.poll(read, { timeout: 10_000 }).toMatchObject({ files: [], is_arriving: false });
});

test('names, numbers of files and bodies are bounded, and each mistake has its name', async () => {
  const { id } = await ask('POST', '/v1/imports', { source: 'files' });
  for (const name of ['.hidden', 'a/b', 'a\\b', 'x'.repeat(201), 'a\u0000b'])
    expect([400, 404], name).toContain((await upload(id, name, 'x')).status);
  for (let i = 0; i < 10; i++) expect((await upload(id, `f${i}`, 'x')).status).toBe(200);
  expect((await upload(id, 'f9', 'again')).status).toBe(200);
  expect((await upload(id, 'f10', 'x')).status).toBe(409);
  expect((await refused('POST', `/v1/imports/${id}/preview`, { file: 'nope' })).code).toBe(
    'imports.no_such_file',
  );
  const start = (body: object) => refused('POST', `/v1/imports/${id}/start`, body);
  expect((await start({ file: 'f1', format: 'csv' })).code).toBe('import.map_needed');
  const bad = await start({
    file: 'f1',
    format: 'csv',
    map: { emit: [{ type: 'nope', id: 'x', fields: {} }] },
  });
  expect(bad).toMatchObject({ code: 'import.bad_map', errors: [{ pointer: '/emit/0/type' }] });
  for (let i = 0; i < 4; i++) await ask('POST', '/v1/imports', { source: 'files' });
  expect((await refused('POST', '/v1/imports', { source: 'files' })).code).toBe('imports.too_many');
});

test('who is no manager is refused; what a map can fill comes from the catalogue', async () => {
  for (const role of ['editor', 'agent', 'viewer'] as const) {
    const person = await plantMember(db, workspaceId, role);
    for (const path of ['/v1/imports', '/v1/record-types'])
      expect((await refused('GET', path, undefined, person)).code).toBe('access.forbidden');
    expect((await refused('POST', '/v1/imports', { source: 'sample' }, person)).code).toBe(
      'access.forbidden',
    );
  }
  const { record_types: types } = await ask<components['schemas']['RecordTypes']>('GET', '/v1/record-types');
  const message = types.find(({ type }) => type === 'message');
  expect(message?.fields.find(({ name }) => name === 'conversation_id')).toMatchObject({ required: true });
  expect(message?.fields.map(({ name }) => name)).toContain('author.id');
});
