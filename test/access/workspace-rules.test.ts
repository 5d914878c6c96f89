import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkspace, listWorkspaces, planWorkspace } from '../../src/access/access.commands.ts';
import { permissionNames } from '../../src/access/permissions.ts';
import { plantMember } from '../support/people.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let db: TestDatabase;
let server: TestServer;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
});
afterAll(async () => {
  await server?.stop();
  await db.drop();
});

type Headers = Record<string, string>;

async function ask(method: string, path: string, headers: Headers, body?: object) {
  const reply = await fetch(server.url + path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  const isJson = reply.headers.get('content-type')?.includes('json') === true;
  // oxlint-disable-next-line typescript/no-explicit-any -- the answers are what the tests look into
  return { status: reply.status, body: (isJson ? JSON.parse(text) : undefined) as any };
}

const change = (headers: Headers, body: object) => ask('PATCH', '/v1/settings', headers, body);

const changesOf = (workspaceId: string) =>
  db
    .asSuperuser<{ changes: object }>(
      `select b.body->'changes' as changes from audit_events e
         join audit_bodies b on b.workspace_id = e.workspace_id and b.seq = e.seq
        where e.workspace_id = $1 and e.action = 'workspace.changed' order by e.seq`,
      [workspaceId],
    )
    .then((rows) => rows.map(({ changes }) => changes));

test('settings change together or not at all; the event shows before and after, and nothing changed leaves none', async () => {
  const workspaceId = await db.createWorkspace('before');
  const { headers } = await plantMember(db, workspaceId, 'owner');
  const tightening = { 'export.workspace': ['owner'] };
  const changed = await change(headers, { name: 'After', tightening });
  expect(changed).toMatchObject({ status: 200, body: { name: 'After', tightening } });
  expect((await change(headers, { name: 'After', tightening })).status).toBe(200);
  expect((await change(headers, { name: 'Never', tightening: { nothing: [] } })).status).toBe(400);
  expect((await ask('GET', '/v1/settings', headers)).body).toEqual(changed.body);
  expect(await changesOf(workspaceId)).toEqual([
    {
      name: { before: 'before', after: 'After' },
      tightening: { before: {}, after: tightening },
    },
  ]);
});

test('“exports by owners only” holds from the next request, and is taken back by an owner', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  const admin = await plantMember(db, workspaceId, 'admin');
  const attempt = async (headers: Headers) => (await ask('GET', '/v1/contacts/export', headers)).status;
  expect(await attempt(admin.headers)).toBe(200);
  await change(owner.headers, { tightening: { 'export.contacts': ['owner'] } });
  expect([await attempt(admin.headers), await attempt(owner.headers)]).toEqual([403, 200]);
  const listed = (await ask('GET', '/v1/permissions', admin.headers)).body.permissions;
  expect(listed.map(({ permission }: { permission: string }) => permission)).toEqual(permissionNames);
  expect(
    listed.find(({ permission }: { permission: string }) => permission === 'export.contacts'),
  ).toMatchObject({ roles: ['owner'], default_roles: ['owner', 'admin'], kept_roles: [], feature: null });

  // An admin cannot give it back to themselves, but may change what they have.
  expect((await change(admin.headers, { tightening: {} })).body).toMatchObject({
    code: 'access.forbidden',
    detail: expect.stringContaining('export.contacts'),
  });
  const more = { 'export.contacts': ['owner'], 'contacts.read': ['owner', 'admin'] };
  expect((await change(admin.headers, { tightening: more })).status).toBe(200);
  const key = { ...(await server.authorize(workspaceId, ['admin'])) };
  expect((await change(key, { tightening: {} })).body.detail).toContain('an owner can');
  expect(await attempt(admin.headers)).toBe(403);
  expect((await change(owner.headers, { tightening: {} })).body.tightening).toEqual({});
  expect(await attempt(admin.headers)).toBe(200);
});

test('an API key neither changes who may do what nor switches the second factor off; people do', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  const key = { ...(await server.authorize(workspaceId, ['admin'])) };
  await db.asSuperuser('update users set totp_confirmed_at = now() where id = $1', [owner.userId]);
  await change(owner.headers, { requires_second_factor: true });
  for (const body of [
    { requires_second_factor: false },
    { tightening: { 'contacts.read': ['owner'] } },
    { name: 'Other', tightening: { 'contacts.read': ['owner'] } },
  ])
    expect(await change(key, body)).toMatchObject({ status: 403, body: { code: 'access.for_people' } });
  expect((await ask('GET', '/v1/settings', key)).body).toMatchObject({
    requires_second_factor: true,
    tightening: {},
  });
  expect((await ask('GET', '/v1/settings', key)).body.name).not.toBe('Other');
  expect((await change(key, { name: 'By key', requires_second_factor: true })).status).toBe(200);
  expect((await change(owner.headers, { requires_second_factor: false })).status).toBe(200);
});

test('tightening only takes away: what it would give, or take from whom it is kept, is named', async () => {
  const workspaceId = await db.createWorkspace();
  const { headers } = await plantMember(db, workspaceId, 'owner');
  for (const [tightening, names] of [
    [{ 'export.everything': [] }, 'no such permission'],
    [{ 'export.workspace': ['owner', 'viewer'] }, '“viewer” cannot be given it; takes some of owner, admin'],
    [{ 'export.workspace': ['boss'] }, '“boss”'],
    [{ ingest: ['owner'] }, 'no role has it'],
    [{ 'settings.manage': [] }, 'cannot be taken from owner'],
    [{ 'members.manage': ['admin'] }, 'cannot be taken from owner'],
    [{ 'self.manage': ['owner', 'admin', 'editor', 'agent'] }, 'cannot be taken from viewer'],
    [{ toString: ['owner'] }, 'no such permission'],
  ] as const) {
    const { body } = await change(headers, { tightening });
    expect(body).toMatchObject({
      status: 400,
      code: 'access.bad_tightening',
      errors: [
        { pointer: `/tightening/${Object.keys(tightening)[0]}`, detail: expect.stringContaining(names) },
      ],
    });
  }
  expect((await ask('GET', '/v1/settings', headers)).body.tightening).toEqual({});
});

test('who may no longer read something may no longer export it, and the answer says what goes with it; keys keep their scopes', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  const admin = await plantMember(db, workspaceId, 'admin');
  const editor = await plantMember(db, workspaceId, 'editor');
  const exporting = await server.authorize(workspaceId, ['export:create']);
  const status = async (headers: Headers, path: string) => (await ask('GET', path, headers)).status;
  expect(await status(admin.headers, '/v1/audit-log/export')).toBe(200);
  const tightening = { 'audit.read': ['owner'], 'conversations.read': ['owner', 'admin'] };
  const changed = await change(owner.headers, { tightening });
  expect(changed.body.tightening).toEqual(tightening);
  expect(changed.body.also_taken).toEqual([
    { permission: 'export.conversations', roles: ['editor'], needs: ['conversations.read'] },
    { permission: 'export.conversation', roles: ['editor', 'agent'], needs: ['conversations.read'] },
    { permission: 'export.contact', roles: ['agent'], needs: ['conversations.read'] },
    { permission: 'audit.export', roles: ['admin'], needs: ['audit.read'] },
  ]);
  expect(await status(admin.headers, '/v1/audit-log/export')).toBe(403);
  expect(await status(admin.headers, '/v1/audit-log/verify')).toBe(403);
  expect(await status(owner.headers, '/v1/audit-log/export')).toBe(200);
  expect(await status(editor.headers, '/v1/conversations/export')).toBe(403);
  expect(await status(admin.headers, '/v1/conversations/export')).toBe(200);
  expect(await status({ ...exporting }, '/v1/conversations/export')).toBe(200);
  const order = await ask('POST', '/v1/exports', editor.headers, { kind: 'conversations' });
  expect(order).toMatchObject({ status: 403, body: { code: 'access.forbidden' } });
  expect((await ask('GET', '/v1/whoami', editor.headers)).body.permissions).not.toContain(
    'export.conversations',
  );
  const listed = (await ask('GET', '/v1/permissions', editor.headers)).body.permissions;
  expect(
    listed.find(({ permission }: { permission: string }) => permission === 'export.conversations'),
  ).toMatchObject({ needs: ['conversations.read'], roles: ['owner', 'admin'] });
});

test('who tightens does not shut themselves out', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  const admin = await plantMember(db, workspaceId, 'admin');
  const tightening = { 'settings.manage': ['owner'] };
  expect((await change(admin.headers, { tightening })).body).toMatchObject({
    code: 'access.bad_tightening',
    errors: [{ detail: expect.stringContaining('from yourself') }],
  });
  expect((await change(owner.headers, { tightening })).status).toBe(200);
  expect((await change(admin.headers, { name: 'x' })).status).toBe(403);
  expect((await change(owner.headers, { tightening: {} })).status).toBe(200);
});

test('who asks everybody for a second factor has one themselves', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  const viewer = await plantMember(db, workspaceId, 'viewer');
  const body = { requires_second_factor: true };
  expect((await change(owner.headers, body)).body).toMatchObject({
    code: 'access.second_factor_first',
    status: 409,
  });
  expect((await ask('GET', '/v1/contacts', viewer.headers)).status).toBe(200);
  await db.asSuperuser('update users set totp_confirmed_at = now() where id = $1', [owner.userId]);
  expect((await change(owner.headers, body)).status).toBe(200);
  expect((await ask('GET', '/v1/contacts', viewer.headers)).body.code).toBe('access.second_factor_required');
  expect((await ask('GET', '/v1/whoami', viewer.headers)).status).toBe(200);
});

test('a plan is the operator’s to set: features, none, or all; an unknown one is refused', async () => {
  const made = await createWorkspace(db.database, { slug: 'planned' });
  const owner = await plantMember(db, made.id, 'owner');
  const plan = async (features: string) => {
    await planWorkspace(db.database, { workspace: 'planned', features });
    return (await ask('GET', '/v1/settings', owner.headers)).body.plan_features;
  };
  expect((await ask('GET', '/v1/settings', owner.headers)).body.plan_features).toEqual(['audit_export.use']);
  expect(await plan('none')).toEqual([]);
  const listed = (await ask('GET', '/v1/permissions', owner.headers)).body.permissions;
  expect(
    listed.find(({ permission }: { permission: string }) => permission === 'audit.export'),
  ).toMatchObject({ feature: 'audit_export.use', is_in_plan: false });
  expect(await plan('audit_export.use')).toEqual(['audit_export.use']);
  expect(await plan('all')).toEqual(['audit_export.use']);
  await expect(plan('audit_export.use,teleport')).rejects.toMatchObject({ code: 'access.bad_features' });
  await expect(plan('')).rejects.toMatchObject({ code: 'access.bad_features' });
  // No member can: settings do not take it.
  expect((await change(owner.headers, { plan_features: [] })).status).toBe(400);
  const events = await db.asSuperuser<{ details: object; actor_type: string; body: object }>(
    `select details, actor_type, body from audit_events join audit_bodies using (workspace_id, seq)
      where workspace_id = $1 and action = 'workspace.plan_changed' order by seq`,
    [made.id],
  );
  expect(events.map(({ details }) => details)).toEqual([
    { before: 'all', after: [] },
    { before: [], after: ['audit_export.use'] },
    { before: ['audit_export.use'], after: 'all' },
  ]);
  expect(events[0]).toMatchObject({
    actor_type: 'operator',
    body: { changes: { plan_features: { before: 'all', after: [] } } },
  });
  expect((await listWorkspaces(db.database)).map(({ slug }) => slug)).toContain('planned');
});
