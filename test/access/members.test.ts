import { afterAll, beforeAll, expect, test } from 'vitest';
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
  // oxlint-disable-next-line typescript/no-explicit-any -- the answers are what the tests look into
  return { status: reply.status, headers: reply.headers, text, body: (text && JSON.parse(text)) as any };
}

interface Event {
  action: string;
  target_ref: string;
  details: Record<string, unknown>;
  body: { changes?: Record<string, unknown>; names?: object; email?: string } | null;
}

const eventsOf = (workspaceId: string, action: string) =>
  db.asSuperuser<Event>(
    `select e.action, e.target_ref, e.details, b.body from audit_events e
       left join audit_bodies b on b.workspace_id = e.workspace_id and b.seq = e.seq
      where e.workspace_id = $1 and e.action like $2 order by e.seq`,
    [workspaceId, action],
  );

test('the list shows every member once, page by page, to managers and to nobody else', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  const editor = await plantMember(db, workspaceId, 'editor', { audiences: ['vip'] });
  const agent = await plantMember(db, workspaceId, 'agent');
  const foreign = await plantMember(db, await db.createWorkspace(), 'owner');
  const seen: { user_id: string; role: string; audiences: string[] | null }[] = [];
  let path = '/v1/members?limit=2';
  for (;;) {
    const { body, headers } = await ask('GET', path, owner.headers);
    seen.push(...body.members);
    expect(headers.get('link') === null).toBe(body.next_cursor === null);
    if (body.next_cursor === null) break;
    path = /<(.*)>; rel="next"/.exec(headers.get('link')!)![1]!;
  }
  expect(seen.map(({ user_id }) => user_id)).toEqual([owner.userId, editor.userId, agent.userId]);
  expect(seen[1]).toMatchObject({ role: 'editor', audiences: ['vip'], email: editor.email });
  expect(JSON.stringify(seen)).not.toContain(foreign.userId);
  expect((await ask('GET', '/v1/members', agent.headers)).status).toBe(403);
});

test('a changed role holds at the member’s next request, and the event shows before and after', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  const member = await plantMember(db, workspaceId, 'admin');
  const path = `/v1/members/${member.userId}`;
  expect((await ask('GET', '/v1/members', member.headers)).status).toBe(200);
  const changed = await ask('PATCH', path, owner.headers, { role: 'editor', audiences: ['vip', 'vip'] });
  expect(changed).toMatchObject({ status: 200, body: { role: 'editor', audiences: ['vip'] } });
  expect((await ask('GET', '/v1/members', member.headers)).body.code).toBe('access.forbidden');
  expect((await ask('PATCH', path, owner.headers, { audiences: [] })).body.audiences).toEqual([]);
  expect((await ask('PATCH', path, owner.headers, { role: 'editor' })).status).toBe(200); // changes nothing
  const events = await eventsOf(workspaceId, 'member.changed');
  expect(events.map(({ body }) => body?.changes)).toEqual([
    { role: { before: 'admin', after: 'editor' }, audiences: { before: null, after: ['vip'] } },
    { audiences: { before: ['vip'], after: [] } },
  ]);
  expect(JSON.stringify(events.map(({ details }) => details))).not.toContain('vip');
});

test('editors need audiences and the others take none', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  const member = await plantMember(db, workspaceId, 'viewer');
  const path = `/v1/members/${member.userId}`;
  for (const body of [
    { role: 'editor' },
    { role: 'editor', audiences: null },
    { role: 'agent', audiences: ['vip'] },
    { audiences: [] },
  ]) {
    expect((await ask('PATCH', path, owner.headers, body)).body).toMatchObject({
      code: 'access.bad_audiences',
      status: 400,
      errors: [{ pointer: '/audiences' }],
    });
  }
  for (const audiences of [[''], ['x'.repeat(101)]]) {
    const { body } = await ask('PATCH', path, owner.headers, { role: 'editor', audiences });
    expect(body).toMatchObject({ code: 'http.bad_request', errors: [{ pointer: '/audiences/0' }] });
  }
  expect(await eventsOf(workspaceId, 'member.%')).toEqual([]);
});

test('an admin makes no owner and touches none; an owner does both', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  const admin = await plantMember(db, workspaceId, 'admin');
  const other = await plantMember(db, workspaceId, 'owner');
  const attempts = [
    ['PATCH', `/v1/members/${admin.userId}`, { role: 'owner' }],
    ['PATCH', `/v1/members/${other.userId}`, { role: 'viewer' }],
    ['DELETE', `/v1/members/${other.userId}`, undefined],
    ['POST', '/v1/members/invitations', { email: 'o@example.com', role: 'owner' }],
  ] as const;
  for (const [method, path, body] of attempts) {
    expect((await ask(method, path, admin.headers, body)).body).toMatchObject({
      code: 'access.forbidden',
      detail: expect.stringContaining('workspace.own'),
    });
  }
  const denied = await eventsOf(workspaceId, 'access.denied');
  expect(new Set(denied.map(({ details }) => details['permission']))).toEqual(new Set(['workspace.own']));
  for (const [method, path, body] of attempts.slice(1))
    expect((await ask(method, path, owner.headers, body)).status).toBeLessThan(300);
  // Nobody's key does, whatever its scopes.
  const key = { ...(await server.authorize(workspaceId, ['admin'])) };
  expect((await ask('DELETE', `/v1/members/${admin.userId}`, key)).body.detail).toContain('members.manage');
});

test('the last owner neither leaves nor becomes less', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  await plantMember(db, workspaceId, 'admin');
  const path = `/v1/members/${owner.userId}`;
  expect((await ask('DELETE', path, owner.headers)).body).toMatchObject({
    code: 'access.last_owner',
    status: 409,
  });
  expect((await ask('PATCH', path, owner.headers, { role: 'admin' })).body.code).toBe('access.last_owner');
  expect((await ask('GET', '/v1/members', owner.headers)).status).toBe(200);
});

test('of two owners who leave, or unmake each other, at the same time one stays', async () => {
  for (let round = 0; round < 5; round++) {
    const workspaceId = await db.createWorkspace();
    const [one, two] = [
      await plantMember(db, workspaceId, 'owner'),
      await plantMember(db, workspaceId, 'owner'),
    ] as const;
    const isLeaving = round % 2 === 0;
    const acts = isLeaving
      ? [
          ask('DELETE', `/v1/members/${one.userId}`, one.headers),
          ask('DELETE', `/v1/members/${two.userId}`, two.headers),
        ]
      : [
          ask('PATCH', `/v1/members/${two.userId}`, one.headers, { role: 'viewer' }),
          ask('PATCH', `/v1/members/${one.userId}`, two.headers, { role: 'viewer' }),
        ];
    const statuses = (await Promise.all(acts)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(isLeaving ? [204, 409] : [200, 403]));
    const owners = await db.asSuperuser(`select from members where workspace_id = $1 and role = 'owner'`, [
      workspaceId,
    ]);
    expect(owners.length).toBe(1);
  }
});

test('who leaves or is removed loses the workspace at once, keeps their session, and cannot come back by it', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  const leaving = await plantMember(db, workspaceId, 'viewer');
  const removed = await plantMember(db, workspaceId, 'agent');
  const bystander = await plantMember(db, workspaceId, 'viewer');
  expect((await ask('DELETE', `/v1/members/${removed.userId}`, bystander.headers)).status).toBe(403);
  expect((await ask('DELETE', `/v1/members/${leaving.userId}`, leaving.headers)).status).toBe(204);
  expect((await ask('DELETE', `/v1/members/${removed.userId}`, owner.headers)).status).toBe(204);
  expect((await ask('DELETE', `/v1/members/${removed.userId}`, owner.headers)).body.code).toBe(
    'access.unknown_member',
  );
  for (const { headers } of [leaving, removed]) {
    expect((await ask('GET', '/v1/contacts', headers)).body.code).toBe('access.unknown_workspace');
    const { 'convey-workspace': _named, ...unnamed } = headers;
    expect((await ask('GET', '/v1/contacts', unnamed)).body.code).toBe('access.no_workspace');
    expect((await ask('GET', '/v1/whoami', unnamed)).body).toMatchObject({ workspace: null, role: null });
  }
  expect((await ask('GET', '/v1/contacts', bystander.headers)).status).toBe(200);
  const events = await eventsOf(workspaceId, 'member.removed');
  expect(events.map(({ target_ref, details }) => [target_ref, details['left']])).toEqual([
    [leaving.userId, true],
    [removed.userId, false],
  ]);
});

test('an invitation is a mail with a link that is nowhere else; it can be seen and withdrawn', async () => {
  const workspaceId = await db.createWorkspace();
  const admin = await plantMember(db, workspaceId, 'admin');
  const wanted = { email: 'New@Example.com', role: 'editor', audiences: ['vip'] };
  const made = await ask('POST', '/v1/members/invitations', admin.headers, wanted);
  expect(made).toMatchObject({ status: 201, body: { role: 'editor', audiences: ['vip'] } });
  const path = `/v1/members/invitations/${made.body.id}`;
  expect(made.headers.get('location')).toBe(path);
  expect((await ask('GET', path, admin.headers)).body).toEqual(made.body);
  const days = (Date.parse(made.body.expires_at) - Date.parse(made.body.created_at)) / 86_400_000;
  expect(days).toBeCloseTo(7, 3);
  expect(made.text).not.toMatch(/token|#/);
  const mails = await db.asSuperuser<{ template: string; recipient: string; sealed_content: string }>(
    'select * from mails where workspace_id = $1',
    [workspaceId],
  );
  expect(mails).toMatchObject([{ template: 'invite', recipient: 'New@Example.com' }]);
  expect(mails[0]!.sealed_content).not.toContain('#');

  // Once more, spelt otherwise: the older link ends.
  const again = await ask('POST', '/v1/members/invitations', admin.headers, {
    email: 'new@example.com',
    role: 'viewer',
  });
  expect((await ask('GET', path, admin.headers)).body.code).toBe('access.unknown_invitation');
  expect((await ask('GET', '/v1/members/invitations', admin.headers)).body.invitations).toEqual([again.body]);
  const there = `/v1/members/invitations/${again.body.id}`;
  expect((await ask('DELETE', there, admin.headers)).status).toBe(204);
  expect((await ask('DELETE', there, admin.headers)).status).toBe(404);
  const events = await eventsOf(workspaceId, 'member.%');
  expect(events.map(({ action }) => action)).toEqual([
    'member.invited',
    'member.invited',
    'member.invitation_withdrawn',
  ]);
  expect(JSON.stringify(events.map(({ details }) => details))).not.toMatch(/example\.com/i);
  expect(events[0]!.body?.email).toBe('New@Example.com');
});

test('a member is not invited again, and what is no address is refused', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  const invite = (email: string) =>
    ask('POST', '/v1/members/invitations', owner.headers, { email, role: 'viewer' });
  expect((await invite(owner.email.toUpperCase())).body.code).toBe('access.member_exists');
  for (const email of ['', 'nobody', 'a@b@c', 'a\nb@example.com'])
    expect((await invite(email)).body.code, email).toBe('access.bad_email');
  expect(await db.asSuperuser('select from mails where workspace_id = $1', [workspaceId])).toEqual([]);
});

test('who may no longer invite leaves no open invitation behind', async () => {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  const other = await plantMember(db, workspaceId, 'owner');
  const invite = (email: string, role: string) =>
    ask('POST', '/v1/members/invitations', other.headers, { email, role });
  await invite('owner@example.com', 'owner');
  const viewer = await invite('viewer@example.com', 'viewer');
  const open = async () => (await ask('GET', '/v1/members/invitations', owner.headers)).body.invitations;
  await ask('PATCH', `/v1/members/${other.userId}`, owner.headers, { role: 'admin' });
  expect(await open()).toEqual([viewer.body]);
  await ask('DELETE', `/v1/members/${other.userId}`, owner.headers);
  expect(await open()).toEqual([]);
});
