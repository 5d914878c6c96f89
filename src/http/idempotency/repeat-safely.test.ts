import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { type AppForTests, buildAppForTests } from '../../access/app-for-tests.ts';
import { ConveyError } from '../../errors.ts';
import { badRequest } from '../http.errors.ts';
import type { App } from '../route-config.ts';
import { sweepKeys } from './idempotency-keys.ts';

// Contract §2: what a client may repeat without its being done twice.

let db: TestDatabase;
let web: AppForTests;
let authorization: string;
let workspaceId: string;
let made: { id: string; secret: string }[] = [];
let whileMaking: () => Promise<void>;

beforeAll(async () => {
  db = await createTestDatabase();
  web = await buildAppForTests(db, { routes: [sampleRoutes] });
  ({ authorization, workspaceId } = await web.newKey());
});
beforeEach(async () => {
  made = [];
  whileMaking = async () => {};
  await db.asSuperuser('delete from idempotency_keys');
});
afterAll(async () => {
  await web.close();
  await db.drop();
});

const thing = z.object({ id: z.string() });
const config = { permission: 'ingest' } as const;

/** Things that are made, with and without a way to be shown again. */
function sampleRoutes(app: App): void {
  const body = z.strictObject({ name: z.string(), size: z.int().default(1) });
  const make = async (name: string) => {
    await whileMaking();
    if (name === 'bad') throw new ConveyError(badRequest, 'no such name');
    if (name === 'broken') throw new Error('something went wrong');
    const one = { id: `thing_${made.length + 1}`, secret: `secret-${made.length + 1}` };
    made.push(one);
    return one;
  };
  app.post(
    '/v1/things',
    {
      config: { ...config, operation: 'makeThing', replay: { operation: 'getThing', id: 'id' } },
      schema: { summary: 'x', body, response: { 201: thing.extend({ now: z.number().optional() }) } },
    },
    async (request, reply) => reply.code(201).send({ id: (await make(request.body.name)).id }),
  );
  app.get(
    '/v1/things/:id',
    {
      config: { ...config, operation: 'getThing' },
      schema: {
        summary: 'x',
        params: z.object({ id: z.string() }),
        response: { 200: thing.extend({ now: z.number() }) },
      },
    },
    async ({ params }) => ({ id: params.id, now: made.length }),
  );
  app.post(
    '/v1/secret-things',
    {
      config: { ...config, operation: 'makeSecretThing' },
      schema: { summary: 'x', body, response: { 201: thing.extend({ secret: z.string() }) } },
    },
    async (request, reply) => reply.code(201).send(await make(request.body.name)),
  );
  app.post(
    '/v1/things/:id/touch',
    {
      config: { ...config, operation: 'touchThing' },
      schema: { summary: 'x', params: z.object({ id: z.string() }), response: { 204: z.null() } },
    },
    async (request, reply) => {
      await make(request.params.id);
      return reply.code(204).send(null);
    },
  );
}

async function post(
  url: string,
  key: string | undefined,
  payload: object = { name: 'a' },
  auth = authorization,
) {
  const reply = await web.app.inject({
    method: 'POST',
    url,
    payload,
    headers: { authorization: auth, ...(key === undefined ? {} : { 'idempotency-key': key }) },
  });
  const { statusCode: status, headers } = reply;
  const told = (reply.body === '' ? {} : reply.json()) as Record<string, unknown>;
  return { status, told, headers, replayed: headers['idempotency-replayed'] };
}

describe('a request that comes again', () => {
  test('is done once, and the repetition is shown the thing as it is now', async () => {
    const first = await post('/v1/things', 'key-1');
    expect(first).toMatchObject({ status: 201, told: { id: 'thing_1' }, replayed: undefined });
    await post('/v1/things', undefined);
    const again = await post('/v1/things', 'key-1');
    expect(again).toMatchObject({ status: 201, told: { id: 'thing_1', now: 2 }, replayed: 'true' });
    expect(made).toHaveLength(2);
  });

  test('without a key is done each time', async () => {
    await post('/v1/things', undefined);
    await post('/v1/things', undefined);
    expect(made).toHaveLength(2);
    expect(await db.asSuperuser('select from idempotency_keys')).toEqual([]);
  });

  test('whose answer held a secret is 409 and names what was made; the secret is nowhere', async () => {
    const first = await post('/v1/secret-things', 'key-2');
    expect(first.told).toEqual({ id: 'thing_1', secret: 'secret-1' });
    const again = await post('/v1/secret-things', 'key-2');
    expect(again).toMatchObject({
      status: 409,
      told: { code: 'http.already_created', detail: 'It is thing_1.' },
    });
    expect(made).toHaveLength(1);
    const rows = await db.asSuperuser('select * from idempotency_keys');
    expect(rows).toMatchObject([
      { route: 'POST /v1/secret-things', status: '201', resource: 'thing_1', workspace_id: workspaceId },
    ]);
    const kept = JSON.stringify(rows);
    for (const absent of ['secret-1', 'key-2', '"a"']) expect(kept).not.toContain(absent);
  });

  test('that made nothing to name is 409 as well, and not done again', async () => {
    expect((await post('/v1/things/x/touch', 'key-3', undefined)).status).toBe(204);
    expect(await post('/v1/things/x/touch', 'key-3', undefined)).toMatchObject({
      status: 409,
      told: { code: 'http.already_created' },
    });
    expect(made).toHaveLength(1);
  });

  test('counts as the same however its body was written, and as another with other contents or another target', async () => {
    await post('/v1/things', 'key-4', { name: 'a', size: 1 });
    expect((await post('/v1/things', 'key-4', { size: 1, name: 'a' })).status).toBe(201);
    expect((await post('/v1/things', 'key-4', { name: 'a' })).status).toBe(201);
    for (const body of [{ name: 'b' }, { name: 'a', size: 2 }])
      expect(await post('/v1/things', 'key-4', body)).toMatchObject({
        status: 422,
        told: { code: 'http.key_reused' },
      });
    await post('/v1/things/x/touch', 'key-4', undefined);
    expect((await post('/v1/things/y/touch', 'key-4', undefined)).status).toBe(422);
    expect(made).toHaveLength(2);
  });

  test('while the first still runs is 409 with Retry-After', async () => {
    let go: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const began = new Promise<void>((resolve) => {
      whileMaking = async () => {
        resolve();
        await gate;
      };
    });
    const first = post('/v1/things', 'key-5');
    await began;
    const meanwhile = await post('/v1/things', 'key-5');
    expect(meanwhile).toMatchObject({ status: 409, told: { code: 'http.still_running' } });
    expect(meanwhile.headers['retry-after']).toBe('1');
    go();
    expect((await first).status).toBe(201);
    expect(await post('/v1/things', 'key-5')).toMatchObject({ status: 201, told: { id: 'thing_1' } });
    expect(made).toHaveLength(1);
  });

  test('of twenty at once one is done', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => post('/v1/things', 'key-6')));
    expect(made).toHaveLength(1);
    for (const { status, told } of replies)
      expect([
        [201, 'thing_1', undefined],
        [409, undefined, 'http.still_running'],
      ]).toContainEqual([status, told['id'], told['code']]);
  });

  test.each(['bad', 'broken'])('that failed (%s) is done anew', async (name) => {
    const first = await post('/v1/things', 'key-7', { name });
    expect(first.status).toBeGreaterThanOrEqual(400);
    expect(await db.asSuperuser('select from idempotency_keys')).toEqual([]);
    expect((await post('/v1/things', 'key-7', { name: 'now good' })).status).toBe(201);
  });

  test('of somebody else with the same key is their own', async () => {
    const other = await web.newKey();
    await post('/v1/things', 'key-8');
    const theirs = await post('/v1/things', 'key-8', { name: 'b' }, other.authorization);
    expect(theirs).toMatchObject({ status: 201, told: { id: 'thing_2' }, replayed: undefined });
  });

  test('after a day is a new one; the sweep deletes what is older', async () => {
    await post('/v1/things', 'key-9');
    const age = (by: string) =>
      db.asSuperuser(`update idempotency_keys set created_at = now() - interval '${by}'`);
    await age('23 hours 59 minutes');
    await sweepKeys(db.database);
    expect((await post('/v1/things', 'key-9')).told).toMatchObject({ id: 'thing_1' });
    await age('24 hours 1 minute');
    expect(await post('/v1/things', 'key-9', { name: 'another' })).toMatchObject({
      status: 201,
      told: { id: 'thing_2' },
    });
    await age('24 hours 1 minute');
    await sweepKeys(db.database);
    expect(await db.asSuperuser('select from idempotency_keys')).toEqual([]);
  });

  test('whose first died with its server is taken as the first after a while, unless the thing was made', async () => {
    await post('/v1/things', 'key-10');
    const died = (resource: string) =>
      db.asSuperuser(
        `update idempotency_keys set status = null, resource = ${resource}, created_at = now() - interval '11 minutes'`,
      );
    await died(`'thing_1'`);
    expect(await post('/v1/things', 'key-10')).toMatchObject({ status: 202, told: { id: 'thing_1' } });
    expect(made).toHaveLength(1);
    await died('null');
    expect(await post('/v1/things', 'key-10')).toMatchObject({ status: 201, told: { id: 'thing_2' } });
  });

  test.each(['', 'a b', 'ä', 'x'.repeat(256)])('with %j for a key is refused', async (key) => {
    const reply = await post('/v1/things', key);
    expect(reply).toMatchObject({ status: 400, told: { errors: [{ pointer: 'idempotency-key' }] } });
    expect(made).toEqual([]);
  });
});
