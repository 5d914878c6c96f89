import { S3 } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestStore, hasServer } from './s3-store.fixture.ts';
import type { S3Location } from './s3-location.ts';
import type { S3Store } from './s3-store.ts';
import { partBytes } from './s3-upload.ts';
import { expectEmpty, listKeys, readAll, sha256 } from './store-contract-probes.ts';

const MIB = 1024 * 1024;
const TIB = MIB * MIB;

/** The least that S3 takes for a part that is not the last. */
const SMALL = { partBytes: 5 * MIB };

test('whatever its size, an object needs at most 10,000 parts, and an announced one equal ones', () => {
  let sent = 0;
  for (let part = 0; part < 10_000; part++) sent += partBytes(8 * MIB, sent);
  expect(sent).toBeGreaterThan(5 * TIB);
  for (const size of [0, 1, 80_000 * MIB, 80_000 * MIB + 1, 5 * TIB - 1, 5 * TIB]) {
    expect(Math.ceil(size / partBytes(8 * MIB, 0, size))).toBeLessThanOrEqual(10_000);
    expect(partBytes(8 * MIB, size / 2, size)).toBe(partBytes(8 * MIB, 0, size));
  }
  expect(partBytes(8 * MIB, 2000 * MIB)).toBe(8 * MIB);
});

describe.skipIf(!hasServer)('large objects on a real S3 server', () => {
  let store: S3Store;
  let at: S3Location;
  let remove: () => Promise<void>;
  let s3: S3;
  beforeEach(async () => {
    ({ store, at, remove } = await openTestStore({ tuning: SMALL }));
    s3 = new S3({ region: at.region!, endpoint: at.endpoint!, forcePathStyle: true });
  });
  afterEach(async () => {
    await remove();
    s3.destroy();
  });

  const target = (key: string) => ({ Bucket: at.bucket, Key: at.prefix + key });
  const uploads = async () =>
    (await s3.listMultipartUploads({ Bucket: at.bucket, Prefix: at.prefix })).Uploads ?? [];
  const begin = async (key: string) => (await s3.createMultipartUpload(target(key))).UploadId!;

  test.each([
    ['one byte less than a part', 5 * MIB - 1, 1],
    ['one part', 5 * MIB, 1],
    ['one byte more than a part', 5 * MIB + 1, 2],
    ['20 MiB', 20 * MIB, 4],
  ])('%s comes out as it went in, by ranges too, and is listed with its size', async (_, size, parts) => {
    const content = Buffer.alloc(size);
    for (let i = 0; i < size; i += 997) content[i] = i;
    const chunks = Array.from({ length: Math.ceil(size / 70_000) }, (_, i) =>
      content.subarray(i * 70_000, (i + 1) * 70_000),
    );
    const put = await store.put('k', Readable.from(chunks), { expectedSizeBytes: size });
    expect(put).toEqual({ sizeBytes: size, sha256: sha256(content) });
    const { ETag } = await s3.headObject(target('k'));
    expect(/-(\d+)"$/.exec(ETag!)?.[1] ?? '1').toBe(String(parts));
    expect(sha256(await readAll(await store.open('k')))).toBe(put.sha256);
    const middle = { start: 5 * MIB - 10, end: 5 * MIB + 9 };
    expect(
      (await readAll(await store.open('k', middle))).equals(content.subarray(5 * MIB - 10, 5 * MIB + 10)),
    ).toBe(true);
    for await (const object of store.list('')) expect(object).toMatchObject({ key: 'k', sizeBytes: size });
    expect(await uploads()).toEqual([]);
  });

  test.each(['abort', 'failing source', 'too large'])(
    'a put that ends half-way (%s) leaves no upload',
    async (how) => {
      await store.put('k', Readable.from([Buffer.from('old')]));
      const abort = new AbortController();
      const reason = new Error('enough');
      const source = (async function* () {
        for (let i = 0; i < 12; i++) yield Buffer.alloc(MIB);
        expect(await uploads()).toHaveLength(1);
        if (how === 'failing source') throw reason;
        if (how === 'abort') abort.abort(reason);
        yield Buffer.alloc(MIB);
      })();
      const put = store.put('k', source, {
        signal: abort.signal,
        ...(how === 'too large' && { maxSizeBytes: 12 * MIB }),
      });
      if (how === 'too large') await expect(put).rejects.toMatchObject({ code: 'storage.too_large' });
      else await expect(put).rejects.toBe(reason);
      expect(await uploads()).toEqual([]);
      expect(String(await readAll(await store.open('k')))).toBe('old');
    },
  );

  test('an abort in the middle of sending a part rejects with its reason and leaves nothing', async () => {
    const abort = new AbortController();
    const source = (async function* () {
      for (let i = 0; i < 6; i++) yield Buffer.alloc(MIB);
      setImmediate(() => abort.abort('the client went away'));
      for (let i = 0; i < 20; i++) yield Buffer.alloc(MIB);
    })();
    await expect(store.put('k', source, { signal: abort.signal })).rejects.toBe('the client went away');
    await expectEmpty(store);
  });

  test('the sweep aborts uploads that a crash left, of which there may be pages, and no one else’s', async () => {
    for (let i = 0; i < 30; i++) await begin(`left/${i}`);
    const foreign = await begin('Not/Ours');
    expect(await store.sweepTemporary()).toBe(0);
    expect(await store.sweepTemporary({ olderThanMs: -2000 })).toBe(30);
    expect((await uploads()).map(({ UploadId }) => UploadId)).toEqual([foreign]);
    await s3.abortMultipartUpload({ ...target('Not/Ours'), UploadId: foreign });
  });

  test('the sweep never takes parts from an object that stands', async () => {
    const content = Buffer.alloc(6 * MIB, 'x');
    await store.put('k', Readable.from([content]));
    const UploadId = await begin('k'); // with the very parts of the object, as after a crash while completing
    for (const [i, Body] of [content.subarray(0, 5 * MIB), content.subarray(5 * MIB)].entries()) {
      await s3.uploadPart({ ...target('k'), UploadId, PartNumber: i + 1, Body });
    }
    expect(await store.sweepTemporary({ olderThanMs: -2000 })).toBe(0);
    await store.delete('k');
    expect(await store.sweepTemporary({ olderThanMs: -2000 })).toBe(1);
  });

  test('the sweep lets an old upload be whose newest part is young', async () => {
    const UploadId = await begin('slow');
    const [{ Initiated }] = (await uploads()) as [{ Initiated: Date }];
    let newest = Initiated;
    for (let PartNumber = 1; newest.getTime() < Initiated.getTime() + 2000; PartNumber++) {
      await s3.uploadPart({ ...target('slow'), UploadId, PartNumber, Body: 'x' });
      const PartNumberMarker = String(PartNumber - 1);
      const { Parts } = await s3.listParts({ ...target('slow'), UploadId, PartNumberMarker });
      newest = Parts![0]!.LastModified!;
    }
    expect(await store.sweepTemporary({ olderThanMs: Date.now() - newest.getTime() + 1000 })).toBe(0);
    expect(await store.sweepTemporary({ olderThanMs: -2000 })).toBe(1);
  });

  test('a list of several pages has every object once, and nothing that is no object', async () => {
    const keys = Array.from({ length: 60 }, (_, i) => `many/${100 + i}`);
    await Promise.all(keys.map((key) => store.put(key, Readable.from([Buffer.from('x')]))));
    for (const name of ['many/', 'many/Upper', '.convey-probe'])
      await s3.putObject({ ...target(name), Body: 'x' });
    expect(await listKeys(store)).toEqual(keys);
    for (const name of ['many/', 'many/Upper', '.convey-probe']) await s3.deleteObject(target(name));
  });

  test('200 MiB go in within the memory of two small parts', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const heldBytes = () => {
      collectGarbage();
      collectGarbage(); // the first frees buffers in the background
      return process.memoryUsage().arrayBuffers;
    };
    const before = heldBytes();
    let mostHeld = 0;
    const hash = createHash('sha256');
    const source = (async function* () {
      for (let i = 0; i < 800; i++) {
        const chunk = Buffer.alloc(MIB / 4, i);
        hash.update(chunk);
        yield chunk;
        if (i % 25 === 24) mostHeld = Math.max(mostHeld, heldBytes());
      }
    })();
    expect(await store.put('large', source)).toEqual({ sizeBytes: 200 * MIB, sha256: hash.digest('hex') });
    expect(mostHeld - before).toBeLessThan(2 * SMALL.partBytes);
    expect(await store.stat('large')).toEqual({ sizeBytes: 200 * MIB });
  });
});
