import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { exportFieldNames } from '../../src/exports/order/export-fields.ts';
import type { Manifest } from '../../src/packages/manifest.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const run = promisify(execFile);

let db: TestDatabase;
let server: TestServer;
let folder: string;
let workspaceId: string;
let headers: Record<string, string>;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_PART_CONVERSATIONS: '7' });
  folder = await mkdtemp(join(tmpdir(), 'convey-kept-'));
  workspaceId = await db.createWorkspace('acme');
  await plantRecords(db, workspaceId, { conversations: 30, messagesEach: 20 });
  headers = await server.authorize(workspaceId);
});
afterAll(async () => {
  await server.stop();
  await db.drop();
  await rm(folder, { recursive: true });
});

/** An export as the API tells of it. */
interface Told {
  job_id: string;
  status: string;
  counts: Record<string, number>;
  files: { url: string; name: string; records: number; bytes: number; sha256: string }[];
  package: string;
  error: { code: string } | null;
}

const call = (method: string, path: string, more: Record<string, string> = {}, body?: object) =>
  fetch(server.url + path, {
    method,
    headers: { ...headers, ...more, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
const get = (path: string, more?: Record<string, string>) => call('GET', path, more);

async function order(body: object): Promise<Told> {
  const reply = await call('POST', '/v1/exports', { prefer: 'wait=30' }, body);
  const text = await reply.text();
  expect(reply.status, text).toBe(202);
  return JSON.parse(text) as Told;
}
const bytesOf = async (path: string) => Buffer.from(await (await get(path)).arrayBuffer());
const manifestOf = async ({ job_id: id }: Told) =>
  JSON.parse((await bytesOf(`/v1/exports/${id}/files/manifest.json`)).toString()) as Manifest;
const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

async function storedObjects(): Promise<number> {
  let count = 0;
  for await (const _ of server.installation.store.list('exports/')) count++;
  return count;
}

describe('a kept export', () => {
  test('of conversations comes in parts that touch, hold everything once, and are what the manifest says', async () => {
    const told = await order({ kind: 'conversations', format: 'ndjson', fields: exportFieldNames });
    expect(told).toMatchObject({ status: 'ready', error: null });
    expect(told.counts).toMatchObject({
      conversations: 30,
      messages: 480,
      replies: 120,
      citations: 120,
      events: 30,
    });
    expect(told.files.map(({ name }) => name.slice(-14))).toEqual(
      [1, 2, 3, 4, 5].map((part) => `part00${part}.ndjson`),
    );
    const manifest = await manifestOf(told);
    expect(manifest.counts).toEqual(told.counts);
    const ids: string[] = [];
    for (const [index, { url, sha256, bytes }] of told.files.entries()) {
      const content = await bytesOf(url);
      expect([content.length, sha256Of(content)]).toEqual([bytes, sha256]);
      expect(manifest.parts[index]).toMatchObject({ bytes, sha256, part: index + 1 });
      const records = content
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { id?: string });
      ids.push(...records.flatMap(({ id }) => id ?? []));
    }
    expect(ids).toEqual(Array.from({ length: 30 }, (_, index) => `v${index + 1}`));
  });

  test.each([
    [{ kind: 'workspace', format: 'ndjson' }, 7],
    [{ kind: 'workspace', format: 'json' }, 1],
    [{ kind: 'workspace', format: 'csv' }, 2],
    [{ kind: 'contacts', format: 'csv' }, 1],
    [{ kind: 'conversations', format: 'json' }, 5],
    [{ kind: 'conversations', format: 'csv' }, 5],
    [{ kind: 'conversations', format: 'csv', mode: 'messages', profile: 'spreadsheet' }, 5],
    [{ kind: 'conversation', format: 'json', id: 'v3' }, 1],
    [{ kind: 'contact', format: 'json', id: 'c3', for: 'subject' }, 1],
  ])('%j has %i parts and passes stock tools', async (body, parts) => {
    const told = await order(body);
    expect(told).toMatchObject({ status: 'ready', error: null });
    expect(told.files).toHaveLength(parts);
    const zip = join(folder, `${told.job_id}.zip`);
    await run('curl', [
      '-sSf',
      '-o',
      zip,
      '-H',
      `authorization: ${headers['authorization']}`,
      server.url + told.package,
    ]);
    await run('unzip', ['-q', '-t', zip]);
    await run('unzip', ['-q', zip, '-d', join(folder, told.job_id)]);
    const [base] = await readdir(join(folder, told.job_id));
    const bag = join(folder, told.job_id, base!);
    await run('sha256sum', ['-c', '--quiet', '--strict', 'manifest-sha256.txt'], { cwd: bag });
    await run('sha256sum', ['-c', '--quiet', '--strict', 'tagmanifest-sha256.txt'], { cwd: bag });
    await run(
      'openssl',
      'pkeyutl -verify -pubin -inkey convey-key.pem -rawin -in manifest.json -sigfile manifest.json.sig'.split(
        ' ',
      ),
      { cwd: bag },
    );
    expect((await readdir(bag)).sort()).toEqual([
      'bag-info.txt',
      'bagit.txt',
      'convey-key.pem',
      'data',
      'manifest-sha256.txt',
      'manifest.json',
      'manifest.json.sig',
      'tagmanifest-sha256.txt',
    ]);
  });

  test('was last downloaded when all of it was: the package, or the last of its parts, never a range or a file', async () => {
    const told = await order({ kind: 'conversations', format: 'ndjson' });
    const last = async () =>
      (
        (await (await get(`/v1/exports/${told.job_id}`)).json()) as {
          last_download: { at: string; bytes: number } | null;
        }
      ).last_download;
    const noted = async (files: number) =>
      vi.waitFor(async () => {
        const [row] = await db.asSuperuser<{ n: number }>(
          `select count(*)::int as n from audit_events where action = 'export.downloaded' and details ->> 'export_id' = $1`,
          [told.job_id],
        );
        expect(row!.n).toBe(files);
      });
    const total = told.files.reduce((sum, { bytes }) => sum + bytes, 0);
    await (await get(told.package, { range: 'bytes=0-99' })).arrayBuffer();
    await bytesOf(`/v1/exports/${told.job_id}/files/manifest.json`);
    for (const { url } of told.files.slice(1)) await bytesOf(url);
    await (await get(told.files[0]!.url, { range: 'bytes=1-' })).arrayBuffer();
    await noted(told.files.length + 2);
    expect(await last()).toBeNull();
    await bytesOf(told.files[0]!.url);
    await noted(told.files.length + 3);
    expect(await last()).toMatchObject({ bytes: total });
    const zip = await bytesOf(told.package);
    await noted(told.files.length + 4);
    expect(await last()).toMatchObject({ bytes: zip.length });
  });

  test('a package that broke off is resumed by curl -C - and equals the whole', async () => {
    const told = await order({ kind: 'workspace', format: 'ndjson' });
    const whole = await bytesOf(told.package);
    const path = join(folder, 'resumed.zip');
    const curl = (...args: string[]) =>
      run('curl', [
        '-sSf',
        '-o',
        path,
        '-H',
        `authorization: ${headers['authorization']}`,
        ...args,
        server.url + told.package,
      ]);
    await curl('--range', `0-${Math.floor(whole.length / 3)}`);
    await curl('-C', '-');
    expect(sha256Of(await readFile(path))).toBe(sha256Of(whole));
  });

  test('every range of a part and of the package gives those bytes of the whole', async () => {
    const told = await order({ kind: 'conversations', format: 'ndjson' });
    for (const path of [told.files[1]!.url, told.package]) {
      const whole = await bytesOf(path);
      const size = whole.length;
      for (const [from, to] of [
        [0, 0],
        [1, 40],
        [size - 5, size - 1],
        [Math.floor(size / 2), size - 1],
        [3, size + 99],
      ] as const) {
        const reply = await get(path, { range: `bytes=${from}-${to}` });
        expect(reply.status).toBe(206);
        expect(reply.headers.get('content-range')).toBe(`bytes ${from}-${Math.min(to, size - 1)}/${size}`);
        expect(Buffer.from(await reply.arrayBuffer()).equals(whole.subarray(from, to + 1))).toBe(true);
      }
      const tail = await get(path, { range: 'bytes=-10' });
      expect(Buffer.from(await tail.arrayBuffer()).equals(whole.subarray(-10))).toBe(true);
      const beyond = await get(path, { range: `bytes=${size}-` });
      expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${size}`]);
      const etag = (await get(path)).headers.get('etag')!;
      expect((await get(path, { 'if-none-match': etag })).status).toBe(304);
      expect((await get(path, { range: 'bytes=1-2', 'if-range': etag })).status).toBe(206);
      expect((await get(path, { range: 'bytes=1-2', 'if-range': '"another"' })).status).toBe(200);
      const head = await call('HEAD', path);
      expect([head.status, head.headers.get('content-length'), head.headers.get('accept-ranges')]).toEqual([
        200,
        String(size),
        'bytes',
      ]);
    }
    const [part] = told.files;
    const digest = Buffer.from(part!.sha256, 'hex').toString('base64');
    expect((await get(part!.url)).headers.get('repr-digest')).toBe(`sha-256=:${digest}:`);
  });

  test('holds only what its filter names, and says the filter', async () => {
    const told = await order({ kind: 'conversations', format: 'csv', filter: { status: ['open'] } });
    expect(told.counts).toEqual({ conversations: 15 });
    expect((await manifestOf(told)).filter).toEqual({ status: ['open'] });
  });

  test('withdrawn, is gone at once: 410, and no object of it is left', async () => {
    const before = await storedObjects();
    const told = await order({ kind: 'contacts', format: 'json' });
    expect(await storedObjects()).toBe(before + 1);
    expect(((await (await call('DELETE', `/v1/exports/${told.job_id}`)).json()) as Told).status).toBe(
      'expired',
    );
    expect(await storedObjects()).toBe(before);
    const reply = await get(told.files[0]!.url);
    expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([410, 'exports.expired']);
    expect((await get(told.package)).status).toBe(410);
  });

  test('whose time is over is 410 even before the sweep has run', async () => {
    const told = await order({ kind: 'contacts', format: 'json' });
    await db.asSuperuser('update exports set expires_at = now() where id = $1', [told.job_id]);
    expect((await get(told.package)).status).toBe(410);
    expect(((await (await get(`/v1/exports/${told.job_id}`)).json()) as Told).status).toBe('expired');
  });

  test('of another workspace is not found, exactly like one that never was', async () => {
    const told = await order({ kind: 'contacts', format: 'json' });
    const other = await server.authorize(await db.createWorkspace());
    for (const path of ['', '/package.zip', '/receipt', '/files/manifest.json']) {
      const [foreign, unknown] = await Promise.all(
        [told.job_id, 'exp_none'].map(async (id) => {
          const reply = await fetch(`${server.url}/v1/exports/${id}${path}`, { headers: other });
          const problem = (await reply.json()) as Record<string, unknown>;
          return { ...problem, request_id: '', instance: '' };
        }),
      );
      expect(foreign).toEqual(unknown);
      expect(foreign).toMatchObject({ status: 404, code: 'exports.unknown' });
    }
  });

  test('with a key that may only read is fetched but not ordered or withdrawn', async () => {
    const told = await order({ kind: 'contacts', format: 'json' });
    const reader = await server.authorize(workspaceId, ['export:read']);
    const ask = (method: string, path: string) =>
      fetch(server.url + path, { method, headers: reader }).then(({ status }) => status);
    expect(await ask('GET', `/v1/exports/${told.job_id}`)).toBe(200);
    expect(await ask('DELETE', `/v1/exports/${told.job_id}`)).toBe(403);
    expect(await ask('POST', '/v1/exports')).not.toBe(202);
  });

  test.each([
    [{ kind: 'conversation' }, 'id is missing'],
    [{ kind: 'contacts', id: 'x' }, 'id is for one'],
    [{ kind: 'contact', id: 'c1', format: 'ndjson' }, 'format takes one of'],
    [{ kind: 'workspace', filter: {} }, 'filter is for'],
    [{ kind: 'contacts', format: 'json', profile: 'machine' }, 'profile is for'],
  ])('asked for as %j is refused: %s', async (body, told) => {
    const reply = await call('POST', '/v1/exports', {}, body);
    expect(reply.status).toBe(400);
    expect(((await reply.json()) as { detail: string }).detail).toContain(told);
  });

  test('names the files that it could not have, and why', async () => {
    const before = await storedObjects();
    await db.asSuperuser(
      `insert into files (workspace_id, id, ref, kind, name, content_key, content_sha256, content_size, created_at, written_at, changed_epoch, changed_xid)
      values ($1, 'gone', 'fil_gone', 'attachment', 'a', 'files/none/none', repeat('0', 64), 1, now(), now(), 1, pg_current_xact_id())`,
      [workspaceId],
    );
    const told = await order({ kind: 'workspace', format: 'json', files: true });
    expect(told.status).toBe('ready');
    const manifest = await manifestOf(told);
    expect(manifest.missing_files).toEqual([
      {
        ref: 'fil_gone',
        id: 'gone',
        path: `data/files/${'0'.repeat(64)}`,
        reason: 'its stored bytes are gone',
      },
    ]);
    expect(manifest.files).toEqual([]);
    await db.asSuperuser(`delete from files where id = 'gone'`);
    expect(await storedObjects()).toBe(before + 1);
  });
});
