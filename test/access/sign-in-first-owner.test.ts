import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFirstOwnerLink } from '../../src/access/sign-in/joining/first-owner.ts';
import { sweepSignIns } from '../../src/access/sign-in/sweep-sign-ins.ts';
import { Browser, tokenOf } from '../support/browser.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const PASSWORD = 'seven zebras quilt at dawn';
let db: TestDatabase;
let server: TestServer;

beforeEach(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
});
afterEach(async () => {
  await server.stop();
  await db.drop();
});

const newLink = () => makeFirstOwnerLink(db.database, 'https://convey.example');
const person = { email: 'first@example.com', name: 'First Owner', password: PASSWORD };

test('the first start’s link makes the owner and the workspace, and is the last of its kind', async () => {
  const links = [await newLink(), await newLink()];
  expect(links[0]).toMatch(/^https:\/\/convey\.example\/first-owner#[\w-]{43}$/);
  const [token, other] = links.map((link) => tokenOf(link!));
  const browser = new Browser(server);
  const become = (body: object, by = token) => browser.ask('POST', '/v1/first-owner', { token: by, ...body });
  expect((await browser.ask('POST', '/v1/first-owner/lookup', { token })).json).toEqual({ workspace: null });
  expect(await become(person)).toMatchObject({
    json: {
      code: 'access.workspace_needed',
      errors: [{ pointer: '/workspace_name' }, { pointer: '/workspace_slug' }],
    },
  });
  const workspace = { workspace_name: 'Northwind', workspace_slug: 'northwind' };
  for (const wrong of [
    { email: 'no address' },
    { name: ' ' },
    { password: 'northwind1' },
    { workspace_slug: 'A B' },
  ])
    expect((await become({ ...person, ...workspace, ...wrong })).status).toBe(400);
  expect(await db.asSuperuser(`select from workspaces where kind = 'team'`)).toEqual([]);
  expect((await become({ ...person, ...workspace })).json).toMatchObject({
    user: { email: person.email },
    workspaces: [{ slug: 'northwind', name: 'Northwind', role: 'owner' }],
  });
  expect((await browser.ask('GET', '/v1/whoami')).json).toMatchObject({
    role: 'owner',
    workspace: { slug: 'northwind' },
  });
  for (const by of [token, other])
    expect((await become({ ...person, ...workspace, email: 'second@example.com' }, by)).status).toBe(404);
  expect(await newLink()).toBeUndefined();
  const events = await db.asSuperuser<{ action: string }>(
    `select action from audit_events e join workspaces w on w.id = e.workspace_id where slug = 'northwind' order by seq`,
  );
  expect(events.map(({ action }) => action)).toEqual([
    'workspace.created',
    'user.created',
    'member.joined',
    'user.signed_in',
  ]);
});

test('where there is a workspace, its first owner joins it; of ten at once one does', async () => {
  await db.createWorkspace('demo');
  const tokens: string[] = [];
  for (let i = 0; i < 10; i++) tokens.push(tokenOf((await newLink())!));
  const answers = await Promise.all(
    tokens.map((token, i) =>
      new Browser(server).ask('POST', '/v1/first-owner', {
        token,
        ...person,
        email: `first${i}@example.com`,
      }),
    ),
  );
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
    200,
    ...Array.from({ length: 9 }, () => 404),
  ]);
  expect(await db.asSuperuser('select role from members')).toEqual([{ role: 'owner' }]);
  expect(await db.asSuperuser('select email from users')).toHaveLength(1);
});

test('where there is none, of ten at once one makes it; the others are told that the link was used, not about its name', async () => {
  const token = tokenOf((await newLink())!);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      new Browser(server).ask('POST', '/v1/first-owner', {
        token,
        ...person,
        email: `first${i}@example.com`,
        workspace_name: 'Northwind',
        workspace_slug: 'northwind',
      }),
    ),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const losers = answers.filter(({ status }) => status !== 200);
  expect(losers.map(({ json }) => json.code)).toEqual(losers.map(() => 'access.unknown_link'));
  expect(await db.asSuperuser(`select slug from workspaces where kind = 'team'`)).toEqual([
    { slug: 'northwind' },
  ]);
  expect(await db.asSuperuser('select role from members')).toEqual([{ role: 'owner' }]);
});

test('a first owner’s link ends after 24 hours', async () => {
  const token = tokenOf((await newLink())!);
  await db.asSuperuser(`update one_time_links set expires_at = expires_at - interval '24 hours'`);
  expect((await new Browser(server).ask('POST', '/v1/first-owner/lookup', { token })).status).toBe(404);
});

test('the sweep deletes what ended more than 30 days ago, and nothing younger', async () => {
  await db.createWorkspace('demo');
  for (let i = 0; i < 3; i++) await newLink();
  await new Browser(server).ask('POST', '/v1/first-owner', { token: tokenOf((await newLink())!), ...person });
  const count = async () =>
    (
      await db.asSuperuser(
        'select (select count(*)::int from sessions) as s, (select count(*)::int from one_time_links) as l',
      )
    )[0];
  await sweepSignIns(db.database);
  expect(await count()).toEqual({ s: 1, l: 4 });
  await db.asSuperuser(
    `update one_time_links set used_at = now() - interval '31 days', expires_at = now() - interval '31 days'`,
  );
  await db.asSuperuser(`update sessions set ended_at = now() - interval '29 days'`);
  await sweepSignIns(db.database);
  expect(await count()).toEqual({ s: 1, l: 0 });
  await db.asSuperuser(`update sessions set ended_at = now() - interval '31 days'`);
  await sweepSignIns(db.database);
  expect(await count()).toEqual({ s: 0, l: 0 });
});
