import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createKey, revokeKey } from '../../src/access/access.commands.ts';
import { expireExports } from '../../src/exports/keep/end-export.ts';
import { sweepLinks } from '../../src/exports/links/export-links.ts';
import { type Person, plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// Pains 23–27, V-10, V-11, contract §2 and §7: links that live as long as said, and say what to do when they do not.

const PATIENCE = { timeout: 10_000, interval: 30 };

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let owner: Person;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_LINK_DOWNLOADS: '3', CONVEY_LINKS_MOST: '30d' });
  workspaceId = await db.createWorkspace('linked');
  await plantRecords(db, workspaceId, { conversations: 6, messagesEach: 3 });
  owner = await plantMember(db, workspaceId, 'owner');
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

type Headers = Record<string, string>;
interface Answer {
  status: number;
  body: Record<string, unknown>;
}
interface Link {
  id: string;
  url: string;
  expires_at: string;
  downloads: number;
  state: string;
}
interface Opened {
  url: string;
  bytes: number;
  manifest_sha256: string;
  file_name: string;
  expires_at: string;
  downloads_left: number;
}

async function call(
  method: string,
  path: string,
  body?: object,
  headers: Headers = owner.headers,
): Promise<Answer> {
  const reply = await fetch(server.url + path, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

async function order(kind = 'conversations', headers: Headers = owner.headers): Promise<string> {
  const more = { ...headers, prefer: 'wait=30' };
  const { body } = await call('POST', '/v1/exports', { kind, format: 'ndjson' }, more);
  expect(body['status']).toBe('ready');
  return body['job_id'] as string;
}

async function makeLink(id: string, headers: Headers = owner.headers, body: object = {}): Promise<Link> {
  const made = await call('POST', `/v1/exports/${id}/links`, body, headers);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body as unknown as Link;
}

const tokenOf = ({ url }: Link) => url.split('#')[1]!;
/** As somebody without any credentials. */
const open = (link: Link) => call('POST', '/v1/links/open', { token: tokenOf(link) }, {});
const opened = async (link: Link) => {
  const { status, body } = await open(link);
  expect(status, JSON.stringify(body)).toBe(200);
  return body as unknown as Opened;
};
const fetchBytes = async (path: string, headers: Headers = {}) => {
  const reply = await fetch(server.url + path, { headers });
  return { status: reply.status, headers: reply.headers, bytes: Buffer.from(await reply.arrayBuffer()) };
};
const linksOf = async (id: string) => (await call('GET', `/v1/exports/${id}/links`)).body['links'] as Link[];
const counted = (id: string, downloads: number) =>
  vi.waitFor(async () => expect((await linksOf(id))[0]!.downloads).toBe(downloads), PATIENCE);
const eventsOf = (action: string, id: string) =>
  db.asSuperuser<{ actor_type: string; actor_ref: string; details: Record<string, unknown> }>(
    `select actor_type, actor_ref, details from audit_events where action = $1 and details ->> 'export_id' = $2`,
    [action, id],
  );

describe('a link to an export', () => {
  test('opens the whole package without a sign-in; its token is shown once, lies behind #, and only its hash is kept', async () => {
    const id = await order();
    const link = await makeLink(id);
    expect(link.url).toMatch(/^http:\/\/localhost:\d+\/link#[\w-]{43}$/);
    const hours = (Date.parse(link.expires_at) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThanOrEqual(24);
    const token = tokenOf(link);
    expect(JSON.stringify(await linksOf(id))).not.toContain(token);
    expect(JSON.stringify(await db.asSuperuser('select * from export_links'))).not.toContain(token);
    const told = await opened(link);
    const own = await fetchBytes(`/v1/exports/${id}/package.zip`, owner.headers);
    const { status, bytes, headers } = await fetchBytes(told.url);
    expect(status).toBe(200);
    expect(bytes.equals(own.bytes)).toBe(true);
    expect(told.bytes).toBe(bytes.length);
    expect(headers.get('content-disposition')).toContain(told.file_name);
    const manifest = await fetchBytes(`/v1/exports/${id}/files/manifest.json`, owner.headers);
    expect(told.manifest_sha256).toBe(createHash('sha256').update(manifest.bytes).digest('hex'));
    expect(told.url).not.toContain(token);
    expect(JSON.stringify(server.logged)).not.toContain(token);
    expect(await eventsOf('export.link_created', id)).toMatchObject([
      { actor_type: 'user', actor_ref: owner.userId, details: { link_id: link.id } },
    ]);
  });

  test('is not used up by mail scanners: the page, HEAD and looking count nothing, a completed transfer does (pain 25)', async () => {
    const id = await order();
    const link = await makeLink(id);
    for (const method of ['GET', 'HEAD']) {
      const page = await fetch(`${server.url}/link`, { method });
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toContain('text/html');
      const csp = page.headers.get('content-security-policy')!;
      expect(csp).toContain("script-src 'self'");
      if (method === 'GET') expect(await page.text()).not.toMatch(/<script>|<style| style=| on\w+=/);
    }
    for (const path of ['/link/open.js', '/link/page.css'])
      expect((await fetch(server.url + path)).headers.get('content-type')).toMatch(/text\/(javascript|css)/);
    const { url } = await opened(link);
    await opened(link);
    const head = await fetch(server.url + url, { method: 'HEAD' });
    expect([head.status, Number(head.headers.get('content-length'))]).toEqual([
      200,
      (await opened(link)).bytes,
    ]);
    expect((await linksOf(id))[0]!.downloads).toBe(0);
    await fetchBytes(url);
    await counted(id, 1);
    expect((await opened(link)).downloads_left).toBe(2);
  });

  test('resumes a broken download, and counts it when the last byte was taken, not before (pain 26)', async () => {
    const id = await order();
    const link = await makeLink(id);
    const { url, bytes } = await opened(link);
    const whole = await fetchBytes(`/v1/exports/${id}/package.zip`, owner.headers);
    const first = await fetchBytes(url, { range: 'bytes=0-99' });
    expect(first.status).toBe(206);
    await vi.waitFor(
      async () => expect((await eventsOf('export.downloaded', id)).length).toBeGreaterThanOrEqual(2),
      PATIENCE,
    );
    expect((await linksOf(id))[0]!.downloads).toBe(0);
    const etag = first.headers.get('etag')!;
    const rest = await fetchBytes(url, { range: `bytes=100-${bytes - 1}`, 'if-range': etag });
    expect(Buffer.concat([first.bytes, rest.bytes]).equals(whole.bytes)).toBe(true);
    await counted(id, 1);
  });

  test('tells in the export and in the audit log when it was used, and never as if its maker had', async () => {
    const id = await order();
    const link = await makeLink(id);
    const { url, bytes } = await opened(link);
    await fetchBytes(url);
    await counted(id, 1);
    const { body } = await call('GET', `/v1/exports/${id}`);
    expect(body['downloads']).toMatchObject([
      { actor: { type: 'link', id: link.id }, bytes, complete: true, at: expect.stringMatching(/Z$/) },
    ]);
    expect(await eventsOf('export.downloaded', id)).toMatchObject([
      { actor_type: 'system', actor_ref: link.id, details: { link_id: link.id, bytes, is_whole: true } },
    ]);
  });

  const rerun = (id: string) => ({ title: 'Run it again', method: 'POST', href: `/v1/exports/${id}/rerun` });
  const isOver = async (link: Link, id: string, why: string, url?: string) => {
    for (const reply of [
      await open(link),
      ...(url === undefined ? [] : [await call('GET', url, undefined, {})]),
    ])
      expect(reply).toMatchObject({
        status: 410,
        body: { code: 'exports.link_ended', detail: expect.stringContaining(why), action: rerun(id) },
      });
  };

  test('that is withdrawn, over, or used up is 410 with “run again”, also for a download that was opened before', async () => {
    const id = await order();
    const [revoked, late, used] = [await makeLink(id), await makeLink(id), await makeLink(id)];
    const urls = [await opened(revoked), await opened(late), await opened(used)].map(({ url }) => url);
    expect((await call('DELETE', `/v1/exports/${id}/links/${revoked.id}`)).body['state']).toBe('revoked');
    await call('DELETE', `/v1/exports/${id}/links/${revoked.id}`);
    expect(await eventsOf('export.link_revoked', id)).toHaveLength(1);
    await db.asSuperuser('update export_links set expires_at = now() where id = $1', [late.id]);
    for (let n = 0; n < 3; n++) await fetchBytes(urls[2]!);
    await vi.waitFor(
      async () => expect((await linksOf(id)).find(({ id }) => id === used.id)!.downloads).toBe(3),
      PATIENCE,
    );
    await isOver(revoked, id, 'It was withdrawn.', urls[0]);
    await isOver(late, id, 'Its time is over.', urls[1]);
    await isOver(used, id, 'It was used 3 times', urls[2]);
    const again = await call('POST', `/v1/exports/${id}/rerun`, {});
    expect(again.status).toBe(202);
  });

  test('ends with its export, however that ends, and lives no longer than it', async () => {
    const id = await order();
    await db.asSuperuser(`update exports set expires_at = now() + interval '1 hour' where id = $1`, [id]);
    const link = await makeLink(id, owner.headers, { hours: 100 });
    expect(Date.parse(link.expires_at)).toBeLessThanOrEqual(Date.now() + 3_600_000);
    const { url } = await opened(link);
    await call('DELETE', `/v1/exports/${id}`);
    await isOver(link, id, 'The files of its export were deleted.', url);
  });

  test('asks for its maker’s permission each time: member gone, audience lost, key revoked, or links forbidden in the workspace', async () => {
    const editor = () => plantMember(db, workspaceId, 'editor', { audiences: ['public'] });
    const [gone, narrowed] = [await editor(), await editor()];
    const { key, text } = await createKey(db.database, {
      workspace: workspaceId,
      name: 'k',
      scopes: ['export:create'],
    });
    const byKey = { authorization: `Bearer ${text}` };
    const byOtherKey = await server.authorize(workspaceId);
    const links: { link: Link; id: string; url: string }[] = [];
    for (const headers of [gone.headers, narrowed.headers, byKey, owner.headers, byOtherKey]) {
      const id = await order('conversations', headers);
      const link = await makeLink(id, headers);
      links.push({ link, id, url: (await opened(link)).url });
    }
    await db.asSuperuser('delete from members where user_id = $1', [gone.userId]);
    await db.asSuperuser(`update members set audiences = '{vip}' where user_id = $1`, [narrowed.userId]);
    await revokeKey(db.database, { workspace: workspaceId, id: key.id });
    const why = 'Whoever made it may not give this export away any more.';
    for (const { link, id, url } of links.slice(0, 3)) await isOver(link, id, why, url);
    for (const { link } of links.slice(3)) await opened(link);
    const tightened = await call('PATCH', '/v1/settings', { tightening: { 'export.share': [] } });
    expect(tightened.status).toBe(200);
    for (const { link, id, url } of links.slice(3)) await isOver(link, id, why, url);
    for (const headers of [owner.headers, byOtherKey])
      expect((await call('POST', `/v1/exports/${links[3]!.id}/links`, {}, headers)).status).toBe(403);
    await db.asSuperuser(`update workspaces set tightening = '{}' where id = $1`, [workspaceId]);
  });

  test('that was never made, and a ticket that is not ours, are 404', async () => {
    const id = await order();
    const link = await makeLink(id);
    const { url } = await opened(link);
    expect(await open({ ...link, url: '#nonsense' })).toMatchObject({
      status: 404,
      body: { code: 'exports.unknown_link' },
    });
    for (const wrong of [
      url.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      url.replace(link.id, 'lnk_other'),
    ])
      expect(await call('GET', wrong, undefined, {})).toMatchObject({ status: 404 });
    expect((await call('GET', url.split('?')[0]!, undefined, {})).status).toBe(400);
  });

  test('is not made for an export that was sent at once, which has no files here', async () => {
    const reply = await fetch(`${server.url}/v1/contacts/export`, { headers: owner.headers });
    const id = reply.headers.get('convey-export-id')!;
    await reply.arrayBuffer();
    for (const reply of [
      await call('POST', `/v1/exports/${id}/links`, {}),
      await call('POST', `/v1/exports/${id}/extend`, { days: 1 }),
      await call('GET', `/v1/exports/${id}/package.zip`),
    ])
      expect(reply).toMatchObject({ status: 404, body: { code: 'exports.no_package' } });
  });

  test('of another workspace cannot be seen or withdrawn; at most twenty of an export are open', async () => {
    const id = await order();
    const link = await makeLink(id);
    const other = await plantMember(db, await db.createWorkspace(), 'owner');
    for (const [method, path] of [
      ['GET', `/v1/exports/${id}/links`],
      ['DELETE', `/v1/exports/${id}/links/${link.id}`],
    ] as const)
      expect((await call(method, path, undefined, other.headers)).status).toBe(404);
    const own = await order();
    expect((await call('DELETE', `/v1/exports/${own}/links/${link.id}`)).status).toBe(404);
    const more = await Promise.all(
      Array.from({ length: 22 }, () => call('POST', `/v1/exports/${id}/links`, {})),
    );
    expect(more.filter(({ status }) => status === 201)).toHaveLength(19);
    expect(more.filter(({ body }) => body['code'] === 'exports.too_many_links')).toHaveLength(3);
  });

  test('is deleted from the books a month after its end, and not before', async () => {
    const id = await order();
    const link = await makeLink(id);
    const age = (days: number) =>
      db.asSuperuser(`update export_links set expires_at = now() - $2 * interval '1 day' where id = $1`, [
        link.id,
        days,
      ]);
    await age(29);
    await sweepLinks(db.database);
    expect(await linksOf(id)).toHaveLength(1);
    await age(31);
    await sweepLinks(db.database);
    expect(await linksOf(id)).toEqual([]);
  });
});

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));

test.skipIf(chromium === undefined)(
  'a browser shows what a link opens and a button for it, and of a dead one why: no script or style of the page is refused',
  async () => {
    const id = await order();
    const link = await makeLink(id);
    const dom = async (token: string) => {
      const profile = await mkdtemp(join(tmpdir(), 'convey-browser-'));
      const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-sync'];
      const args = [...flags, '--disable-background-networking', `--user-data-dir=${profile}`, '--dump-dom'];
      const { stdout, stderr } = await promisify(execFile)(chromium!, [
        ...args,
        '--virtual-time-budget=20000',
        '--enable-logging=stderr',
        `${server.url}/link#${token}`,
      ]);
      await rm(profile, { recursive: true, force: true });
      expect(stderr).not.toContain('Content Security Policy');
      return stdout;
    };
    const { file_name: name, bytes } = await opened(link);
    const page = await dom(tokenOf(link));
    expect(page).toContain('Everything is ready.');
    expect(page).toContain(name);
    expect(page).toContain(`${bytes} bytes`);
    expect(page).toMatch(new RegExp(`href="/v1/links/${link.id}/package.zip\\?ticket=`));
    expect((await linksOf(id))[0]!.downloads).toBe(0);
    await call('DELETE', `/v1/exports/${id}/links/${link.id}`);
    expect(await dom(tokenOf(link))).toContain('It was withdrawn.');
  },
  120_000,
);

describe('the time of an export', () => {
  test('is extended by days, up to the bound that the settings say, and the audit log has it (pain 23)', async () => {
    const id = await order();
    const before = (await call('GET', `/v1/exports/${id}`)).body['expires_at'] as string;
    const extended = await call('POST', `/v1/exports/${id}/extend`, { days: 5 });
    expect(extended.status).toBe(200);
    const days = (Date.parse(extended.body['expires_at'] as string) - Date.parse(before)) / 86_400_000;
    expect(days).toBeCloseTo(5, 5);
    expect(await eventsOf('export.extended', id)).toMatchObject([
      { details: { days: 5, expires_at: extended.body['expires_at'] } },
    ]);
    const tooLong = await call('POST', `/v1/exports/${id}/extend`, { days: 30 });
    expect(tooLong).toMatchObject({ status: 400, body: { code: 'exports.kept_too_long' } });
    expect(tooLong.body['detail']).toContain('At most until ');
    for (const days of [0, -1, 1.5, 'x'])
      expect((await call('POST', `/v1/exports/${id}/extend`, { days })).status).toBe(400);
  });

  test('that is over is 410 with “run again”, is not extended, and running it again gives a new export', async () => {
    const id = await order('contacts');
    await db.asSuperuser('update exports set expires_at = now() where id = $1', [id]);
    for (const reply of [
      await call('GET', `/v1/exports/${id}/package.zip`),
      await call('POST', `/v1/exports/${id}/extend`, { days: 1 }),
      await call('POST', `/v1/exports/${id}/links`, {}),
    ])
      expect(reply).toMatchObject({
        status: 410,
        body: { code: 'exports.expired', action: { method: 'POST', href: `/v1/exports/${id}/rerun` } },
      });
    const { action } = (await call('GET', `/v1/exports/${id}/package.zip`)).body as {
      action: { method: string; href: string };
    };
    const again = await call(action.method, action.href, {}, { ...owner.headers, prefer: 'wait=30' });
    expect(again).toMatchObject({ status: 202, body: { status: 'ready' } });
    expect(again.body['job_id']).not.toBe(id);
  });

  test('ends with an empty store: files go before the row says so, and a sweep takes what nobody vouches for (pain 27)', async () => {
    const { installation } = server;
    const { store } = installation;
    const objects = async () => {
      const keys: string[] = [];
      for await (const { key } of store.list('exports/')) keys.push(key);
      return keys;
    };
    const id = await order('workspace');
    expect((await objects()).some((key) => key.includes(id))).toBe(true);
    await db.asSuperuser(`update exports set expires_at = now() where status = 'ready' and is_kept`);
    // While the store refuses, the row does not say that the files are gone.
    const away = {
      list: store.list.bind(store),
      delete: async () => {
        throw new Error('the store is away');
      },
    } as unknown as typeof store;
    expect(await expireExports({ ...installation.exports, store: away })).toBe(0);
    const statusOf = async () =>
      (await db.asSuperuser<{ status: string }>('select status from exports where id = $1', [id]))[0]!.status;
    expect(await statusOf()).toBe('ready');
    expect((await call('GET', `/v1/exports/${id}/package.zip`)).status).toBe(410);
    const orphan = `exports/${workspaceId}/exp_gone/1/obj_x`;
    await store.put(
      orphan,
      (async function* () {
        yield Buffer.from('left behind');
      })(),
    );
    expect(await expireExports(installation.exports)).toBeGreaterThanOrEqual(1);
    expect(await statusOf()).toBe('expired');
    expect(await objects()).toEqual([]);
  });
});
