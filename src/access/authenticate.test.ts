import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { Database } from '../database/connect.ts';
import { ConveyError } from '../errors.ts';
import type { RegisterRoutes } from '../http/route-config.ts';
import { createKey, revokeKey } from './access.commands.ts';
import { unknownKey } from './access.errors.ts';
import { type AppForTests, buildAppForTests } from './app-for-tests.ts';
import { newApiKeyText } from './api-keys/api-key-text.ts';
import { permissionNames, permissions } from './permissions.ts';
import { authorize } from './principal.ts';

const ok = { 200: z.object({ name: z.string() }) };

/** Reads one thing of the workspace; and a route that decides only when it has read the body. */
const routes: RegisterRoutes = (app) => {
  app.get(
    '/v1/things/:id',
    {
      config: { operation: 'getThing', permission: 'contacts.read' },
      schema: { summary: 'x', params: z.object({ id: z.string() }), response: ok },
    },
    async (request) => {
      const found = await test.database.inScope(request.scope, (transaction) =>
        transaction.query<{ name: string }>('select name from contacts where id = $1', [request.params.id]),
      );
      if (found[0] === undefined) throw new ConveyError(unknownKey);
      return found[0];
    },
  );
  app.post(
    '/v1/things',
    {
      config: { operation: 'createThing', permission: 'export.read' },
      schema: { summary: 'x', body: z.object({ kind: z.string() }), response: ok },
    },
    async (request) => {
      authorize(request.principal, 'export.contacts');
      return { name: 'made' };
    },
  );
};

let test: TestDatabase;
let web: AppForTests;
beforeAll(async () => {
  test = await createTestDatabase();
  web = await buildAppForTests(test, { routes: [routes] });
});
afterAll(async () => {
  await web?.close();
  await test.drop();
});

const whoami = (headers: Record<string, string>) =>
  web.app.inject({ url: '/v1/whoami', headers }).then((reply) => ({ reply, body: reply.json() }));

describe('a request without a valid key', () => {
  it.each([
    ['no header', {}],
    ['another scheme', { authorization: 'Basic abc' }],
    ['no key', { authorization: 'Bearer' }],
    ['a key cut short', { authorization: `Bearer ${newApiKeyText().slice(0, -1)}` }],
    ['an unknown key', { authorization: `Bearer ${newApiKeyText()}` }],
    ['two keys', { authorization: `Bearer ${newApiKeyText()} ${newApiKeyText()}` }],
    ['something endless', { authorization: `Bearer ${'x'.repeat(8000)}` }],
  ])('is refused with 401: %s', async (_what, headers) => {
    const { reply, body } = await whoami(headers);
    expect(reply.statusCode).toBe(401);
    expect(reply.headers['www-authenticate']).toBe('Bearer realm="convey"');
    expect(reply.headers['content-type']).toBe('application/problem+json');
    expect(body).toMatchObject({ code: 'access.unauthenticated', status: 401 });
  });

  it('never reaches the database when its checksum is wrong', async () => {
    const { body } = await whoami({ authorization: 'Bearer ak_convey_0000' });
    expect(body.detail).toContain('copied in full');
  });
});

describe('a valid key', () => {
  it('says who it is and what it may do', async () => {
    const { authorization, workspaceId, id } = await web.newKey(['export:read', 'ingest']);
    const { reply, body } = await whoami({ authorization });
    expect(reply.statusCode).toBe(200);
    expect(body).toEqual({
      principal: { type: 'api_key', id, name: 'Test key' },
      workspace: { id: workspaceId, slug: expect.any(String), name: expect.any(String) },
      scopes: ['export:read', 'ingest'],
      role: null,
      audiences: null,
      needs_second_factor: false,
      permissions: [
        'self.read',
        'ingest',
        'files.write',
        'records.import',
        'notes.read',
        'export.read',
        'export.read_others',
      ],
    });
  });

  it('is refused with 401 at once when it is revoked', async () => {
    const { authorization, workspaceId, id } = await web.newKey();
    expect((await whoami({ authorization })).reply.statusCode).toBe(200);
    await revokeKey(test.database, { workspace: workspaceId, id });
    const { reply, body } = await whoami({ authorization });
    expect(reply.statusCode).toBe(401);
    expect(body.detail).toBe('The API key is revoked.');
  });

  it('is refused with 401 when its time is over', async () => {
    const { authorization, id } = await web.newKey();
    await test.asSuperuser(`update api_keys set expires_at = now() where id = $1`, [id]);
    const { reply, body } = await whoami({ authorization });
    expect(reply.statusCode).toBe(401);
    expect(body.detail).toBe('The API key is expired.');
  });

  it('with the scope admin has every permission but those that are for people', async () => {
    const { authorization } = await web.newKey(['admin']);
    const forPeople = ['members.manage', 'workspace.own', 'self.manage'];
    expect((await whoami({ authorization })).body.permissions).toEqual(
      permissionNames.filter((name) => !forPeople.includes(name)),
    );
    for (const { scopes, roles } of Object.values(permissions))
      expect(scopes.length + roles.length).toBeGreaterThan(0);
  });

  it('answers for a foreign id byte for byte as for an unknown one, but for the request id', async () => {
    const mine = await web.newKey(['contacts:read']);
    const theirs = await web.newKey(['contacts:read']);
    await test.asSuperuser(
      `insert into contacts (workspace_id, id, ref, kind, name, created_at, written_at, changed_epoch, changed_xid)
       values ($1, 'them', 'con_1', 'contact', 'Them', now(), now(), 1, '1')`,
      [theirs.workspaceId],
    );
    const ask = (id: string, { authorization }: { authorization: string }) =>
      web.app.inject({
        url: `/v1/things/${id}`,
        headers: { authorization, 'x-request-id': 'req_fixed_for_test' },
      });
    expect((await ask('them', theirs)).json()).toEqual({ name: 'Them' });
    const foreign = await ask('them', mine);
    const unknown = await ask('nobody', mine);
    expect(foreign.statusCode).toBe(404);
    expect(foreign.body).toBe(unknown.body);
    const { date: _a, ratelimit: _c, ...foreignHeaders } = foreign.headers;
    const { date: _b, ratelimit: _d, ...unknownHeaders } = unknown.headers;
    expect(foreignHeaders).toEqual(unknownHeaders);
  });
});

describe('a key without the permission', () => {
  const denials = (workspaceId: string) =>
    test.asSuperuser<{ details: Record<string, unknown>; outcome: string; actor_ref: string }>(
      `select details, outcome, actor_ref from audit_events
        where workspace_id = $1 and action = 'access.denied' order by seq`,
      [workspaceId],
    );

  it('is refused with 403 that names it, before the body is read', async () => {
    const { authorization } = await web.newKey(['ingest']);
    const reply = await web.app.inject({
      method: 'POST',
      url: '/v1/things',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"broken',
    });
    expect(reply.statusCode).toBe(403);
    expect(reply.json()).toMatchObject({
      code: 'access.forbidden',
      detail: 'It needs the permission “export.read”.',
    });
  });

  it('leaves one audit event at once, and one more with the number of those like it', async () => {
    const own = await buildAppForTests(test, { routes: [routes] });
    const { authorization, workspaceId, id } = await own.newKey(['ingest']);
    for (let i = 0; i < 7; i++)
      await own.app.inject({ url: '/v1/things/1', headers: { authorization, 'user-agent': 'probe/1' } });
    const first = await denials(workspaceId);
    expect(first).toEqual([
      {
        outcome: 'denied',
        actor_ref: id,
        details: {
          permission: 'contacts.read',
          operation: 'getThing',
          times: 1,
          request_id: expect.stringMatching(/^req_/),
        },
      },
    ]);
    await own.close(); // what the minute still holds back is written before the server is gone
    const all = await denials(workspaceId);
    expect(all.map(({ details }) => details['times'])).toEqual([1, 6]);
  });

  it('leaves an audit event as well when the handler is the one who refuses', async () => {
    const { authorization, workspaceId } = await web.newKey(['export:read']);
    const reply = await web.app.inject({
      method: 'POST',
      url: '/v1/things',
      headers: { authorization },
      payload: { kind: 'contacts' },
    });
    expect(reply.statusCode).toBe(403);
    expect(reply.json().detail).toContain('export.contacts');
    expect((await denials(workspaceId))[0]).toMatchObject({ details: { permission: 'export.contacts' } });
  });

  it('leaves no audit event when no valid key came', async () => {
    const count = async () =>
      (await test.asSuperuser<{ n: string }>('select count(*) as n from audit_events'))[0]!.n;
    const before = await count();
    await whoami({ authorization: `Bearer ${newApiKeyText()}` });
    expect(await count()).toBe(before);
  });
});

describe('the start is refused', () => {
  const build = (route: RegisterRoutes) => buildAppForTests(test, { routes: [route] });
  const handler = async () => ({ name: '' });

  it('for a route that declares no permission and is not on the public list', async () => {
    await expect(
      build((app) => {
        app.get(
          '/v1/open',
          { config: { operation: 'open' }, schema: { summary: 'x', response: ok } },
          handler,
        );
      }),
    ).rejects.toThrow('GET /v1/open declares no permission');
  });

  it('for a permission that does not exist', async () => {
    await expect(
      build((app) => {
        app.get(
          '/v1/odd',
          {
            config: { operation: 'odd', permission: 'toString' as 'ingest' },
            schema: { summary: 'x', response: ok },
          },
          handler,
        );
      }),
    ).rejects.toThrow('there is no permission toString');
  });
});

it('without a database nobody is told that their key is wrong', async () => {
  const database = new Database('postgres://convey@127.0.0.1:1/none');
  const own = await buildAppForTests({ database, createWorkspace: async () => '' });
  const reply = await own.app.inject({
    url: '/v1/whoami',
    headers: { authorization: `Bearer ${newApiKeyText()}` },
  });
  expect(reply.json()).toMatchObject({ status: 503, code: 'database.unreachable' });
  expect(reply.headers['retry-after']).toBe('5');
  expect(reply.headers).not.toHaveProperty('www-authenticate');
  await own.close();
  await database.close();
});

it('a key made for one workspace sees no other, whatever it asks for', async () => {
  const a = await web.newKey(['contacts:read']);
  const b = await test.createWorkspace();
  await createKey(test.database, { workspace: b, name: 'other', scopes: ['admin'] });
  const { body } = await whoami({ authorization: a.authorization, 'x-workspace-id': b });
  expect(body.workspace.id).toBe(a.workspaceId);
});
