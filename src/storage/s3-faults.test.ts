import dns from 'node:dns';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseS3Location } from './s3-location.ts';
import { type S3Proxy, startProxy } from './s3-proxy.fixture.ts';
import { freshLocation, hasServer, openTestStore } from './s3-store.fixture.ts';
import { S3Store } from './s3-store.ts';
import { listKeys, readAll } from './store-contract-probes.ts';

const MIB = 1024 * 1024;
const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * i) % 251));
const bytes = (value: Buffer | string) => Readable.from([Buffer.from(value)]);

describe.skipIf(!hasServer)('S3Store behind a bad network', () => {
  let proxy: S3Proxy;
  let store: S3Store;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    proxy = await startProxy(parseS3Location(process.env['CONVEY_TEST_S3']!).endpoint!);
    const tuning = { partBytes: 5 * MIB, idleMs: 1000 };
    ({ store, remove } = await openTestStore({ parameters: { endpoint: proxy.endpoint }, tuning }));
    proxy.seen.length = 0;
  });
  afterEach(async () => {
    Object.assign(proxy.faults, { busy: 0, lostReplyTo: undefined, staysLost: false, cuts: 0 });
    if (proxy.isRunning()) await remove();
    await proxy.stop();
    vi.restoreAllMocks();
  });

  const gets = () => proxy.seen.filter(({ method }) => method === 'GET').length;

  test.each([{}, { start: 10_000, end: 2_900_000 }])(
    'a read whose connection breaks goes on where it stopped: %o',
    async (range) => {
      await store.put('k', bytes(content));
      Object.assign(proxy.faults, { cuts: 4, cutAtBytes: 600_000 });
      const read = await readAll(await store.open('k', range));
      expect(read.equals(content.subarray(range.start, (range.end ?? content.length) + 1))).toBe(true);
      expect(gets()).toBe(5);
    },
  );

  test.each(['replaced', 'deleted'])('an object that is %s while it is read is never mixed', async (how) => {
    await store.put('k', bytes(content));
    Object.assign(proxy.faults, { cuts: 1, cutAtBytes: 600_000 });
    const stream = await store.open('k');
    if (how === 'replaced') await store.put('k', bytes(Buffer.alloc(content.length)));
    else await store.delete('k');
    await expect(readAll(stream)).rejects.toMatchObject({ code: 'storage.changed' });
  });

  test('a read that breaks again and again without a byte gives up', async () => {
    await store.put('k', bytes(content));
    Object.assign(proxy.faults, { cuts: 1000, cutAtBytes: 0 });
    await expect(store.open('k').then(readAll)).rejects.toMatchObject({ code: 'storage.unavailable' });
    expect(gets()).toBeLessThan(30);
  });

  test('a reader that pauses until the connection is given up goes on without a gap', async () => {
    const large = Buffer.concat(Array.from({ length: 8 }, () => content));
    await store.put('k', bytes(large));
    const chunks: Buffer[] = [];
    for await (const chunk of await store.open('k')) {
      if (chunks.push(chunk as Buffer) === 3) await delay(1500); // longer than idleMs
    }
    expect(Buffer.concat(chunks).equals(large)).toBe(true);
    expect(gets()).toBeGreaterThan(1);
  });

  test('a stream that nobody reads can be closed, and one whose connection breaks unread harms nobody', async () => {
    await store.put('k', bytes(content));
    Object.assign(proxy.faults, { cuts: 1, cutAtBytes: 10 });
    const [unread, closed] = [await store.open('k'), await store.open('k')];
    closed.destroy();
    await vi.waitUntil(() => closed.closed);
    await delay(50); // the break arrives
    expect((await readAll(unread)).equals(content)).toBe(true);
  });

  test('a busy store is asked again, and after a few times said to be unavailable', async () => {
    proxy.faults.busy = 2;
    await store.put('k', bytes('x'));
    expect(proxy.seen.map(({ method }) => method)).toEqual(['PUT', 'PUT', 'PUT']);
    proxy.faults.busy = 100;
    const put = store.put('k', bytes('y'));
    await expect(put).rejects.toMatchObject({
      code: 'storage.unavailable',
      detail: 'It answered 503 (SlowDown), 4 times.',
    });
    proxy.faults.busy = 0;
    expect(String(await readAll(await store.open('k')))).toBe('x');
  });

  test('a store that is gone is said so in plain words, with no address in them', async () => {
    await store.put('k', bytes('x'));
    await proxy.stop();
    for (const act of [() => store.stat('k'), () => store.put('k', bytes('y')), () => store.open('k')]) {
      await expect(act()).rejects.toMatchObject({
        code: 'storage.unavailable',
        detail: 'It cannot be reached (ECONNREFUSED), 4 times.',
      });
    }
    await expect(listKeys(store)).rejects.toMatchObject({ code: 'storage.unavailable' });
    await expect(store.sweepTemporary()).rejects.toMatchObject({ code: 'storage.unavailable' });
  });

  test.each([
    ['small', 1, /^PUT /],
    ['large', 6 * MIB, /^POST .*uploadId=/],
  ])('a %s put whose last reply is lost is done all the same', async (_, size, last) => {
    proxy.faults.lostReplyTo = last;
    await store.put('k', bytes(Buffer.alloc(size, 'x')));
    expect(proxy.faults.lostReplyTo).toBeUndefined();
    expect(await store.stat('k')).toEqual({ sizeBytes: size });
  });

  test('a large put whose completion stays unanswered fails, and what the store may have completed is whole', async () => {
    const content = Buffer.alloc(6 * MIB, 'x');
    proxy.faults.lostReplyTo = /^POST .*uploadId=/;
    proxy.faults.staysLost = true;
    await expect(store.put('k', bytes(content))).rejects.toMatchObject({ code: 'storage.unavailable' });
    expect(proxy.seen.some(({ method }) => method === 'DELETE')).toBe(false);
    expect((await readAll(await store.open('k'))).equals(content)).toBe(true);
  });

  test('the bucket is in the path or in the host name, and the region in the signature, as the location says', async () => {
    await store.stat('k');
    expect(proxy.seen.at(-1)).toMatchObject({ url: expect.stringMatching(/^\/convey-test\/test-.*\/k$/) });
    expect(proxy.seen.at(-1)?.authorization).toContain('/us-east-1/s3/aws4_request');

    const { lookup } = dns;
    vi.spyOn(dns, 'lookup').mockImplementation(((name: string, ...rest: [never, never]) =>
      lookup(name.endsWith('.s3.test') ? '127.0.0.1' : name, ...rest)) as typeof lookup);
    const endpoint = proxy.endpoint.replace('127.0.0.1', 's3.test');
    const other = await S3Store.open(freshLocation({ endpoint, 'path-style': 'false' }));
    await other.put('k', bytes('x'));
    expect(proxy.seen.at(-1)).toMatchObject({
      host: expect.stringMatching(/^convey-test\.s3\.test:/),
      url: expect.stringMatching(/^\/test-/),
    });
    await other.delete('k');
  });

  test.each([
    ['another region', { region: 'eu-west-9' }, {}, 'The bucket lies in another region.'],
    ['a wrong password', {}, { AWS_SECRET_ACCESS_KEY: 'wrong' }, 'It does not accept the credentials.'],
    ['an unknown user', {}, { AWS_ACCESS_KEY_ID: 'nobody' }, 'It does not accept the credentials.'],
  ])('%s ends the start, with the reason', async (_, parameters, env, detail) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const opening = S3Store.open(freshLocation(parameters));
    await expect(opening).rejects.toMatchObject({ code: 'storage.unavailable', detail });
    vi.unstubAllEnvs();
  });

  test('a bucket that is not there ends the start, with the reason', async () => {
    const opening = S3Store.open(freshLocation().replace('convey-test', 'convey-other'));
    await expect(opening).rejects.toMatchObject({ detail: 'There is no such bucket.' });
  });
});
