import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { ObjectStore } from './object-store.ts';
import { expectEmpty, readAll, sha256 } from './store-contract-probes.ts';

const MIB = 1024 * 1024;

/** The half of the contract that is about amounts: ranges, limits, tiny chunks, much data, slow readers. */
export function checkSizes(current: () => ObjectStore): void {
  test('an object may be empty', async () => {
    const store = current();
    for (const source of [Readable.from([]), Readable.from([Buffer.alloc(0)])]) {
      expect(await store.put('empty', source)).toEqual({ sizeBytes: 0, sha256: sha256('') });
      expect(await store.stat('empty')).toEqual({ sizeBytes: 0 });
      expect(await readAll(await store.open('empty'))).toHaveLength(0);
    }
    await expect(store.open('empty', { start: 0 })).rejects.toMatchObject({ code: 'storage.bad_range' });
  });

  test('ranges count as in HTTP: both ends included, a last byte beyond the end means the end', async () => {
    const store = current();
    const all = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
    await store.put('k', Readable.from([all]));
    const size = all.length;
    for (const [start, end] of [
      [0, 0],
      [0, size - 1],
      [size - 1, size - 1],
      [65_535, 65_536],
      [1, 131_072],
      [100_000, size * 2],
      [199_990, undefined],
      [undefined, 9],
    ]) {
      const stream = await store.open('k', {
        ...(start !== undefined && { start }),
        ...(end !== undefined && { end }),
      });
      expect((await readAll(stream)).equals(all.subarray(start, (end ?? size) + 1))).toBe(true);
    }
    for (const range of [{ start: size }, { start: 5, end: 4 }, { start: -1 }, { end: -1 }, { start: 0.5 }]) {
      await expect(store.open('k', range)).rejects.toMatchObject({ code: 'storage.bad_range' });
    }
  });

  test('an announced size and an allowed size hold to the byte', async () => {
    const store = current();
    const put = (key: string, options: { expectedSizeBytes?: number; maxSizeBytes?: number }) =>
      store.put(key, Readable.from([Buffer.from('1234'), Buffer.from('5')]), options);
    await expect(put('k', { expectedSizeBytes: 4 })).rejects.toMatchObject({ code: 'storage.size_mismatch' });
    await expect(put('k', { expectedSizeBytes: 6 })).rejects.toMatchObject({ code: 'storage.size_mismatch' });
    await expect(put('k', { maxSizeBytes: 4 })).rejects.toMatchObject({ code: 'storage.too_large' });
    await expectEmpty(store);
    expect(await put('k', { expectedSizeBytes: 5, maxSizeBytes: 5 })).toMatchObject({ sizeBytes: 5 });
  });

  test('chunks of one byte arrive whole and in order', async () => {
    const store = current();
    const all = Buffer.from(Array.from({ length: 20_000 }, (_, i) => i % 253));
    const singly = (function* () {
      for (let i = 0; i < all.length; i++) yield all.subarray(i, i + 1);
    })();
    expect(await store.put('k', Readable.from(singly))).toEqual({ sizeBytes: 20_000, sha256: sha256(all) });
    expect((await readAll(await store.open('k'))).equals(all)).toBe(true);
  });

  test('a source may overwrite a chunk once it is asked for the next one', async () => {
    const chunk = Buffer.alloc(MIB);
    async function* overwriting() {
      for (let number = 0; number < 12; number++) yield chunk.fill(number);
    }
    const { sizeBytes } = await current().put('overwritten', overwriting());
    expect(sizeBytes).toBe(12 * MIB);
    const bytes = await readAll(await current().open('overwritten'));
    for (let number = 0; number < 12; number++)
      expect(bytes.subarray(number * MIB, (number + 1) * MIB).every((byte) => byte === number)).toBe(true);
  });

  test('64 MiB go in and come out in little memory', async () => {
    const store = current();
    const collectGarbage = garbageCollector();
    const before = heldBytes(collectGarbage);
    let mostHeld = 0;
    const hash = createHash('sha256');
    const source = (async function* () {
      for (let i = 0; i < 1024; i++) {
        const chunk = Buffer.alloc(MIB / 16, i);
        hash.update(chunk);
        yield chunk;
        if (i % 128 === 127) mostHeld = Math.max(mostHeld, heldBytes(collectGarbage));
      }
    })();
    const { sizeBytes, sha256: stored } = await store.put('large', source);
    expect(sizeBytes).toBe(64 * MIB);
    expect(stored).toBe(hash.digest('hex'));

    const readHash = createHash('sha256');
    let read = 0;
    let nextLook = 0;
    for await (const chunk of await store.open('large')) {
      readHash.update(chunk as Buffer);
      read += (chunk as Buffer).length;
      if (read < nextLook) continue;
      nextLook += 8 * MIB;
      mostHeld = Math.max(mostHeld, heldBytes(collectGarbage));
    }
    expect(readHash.digest('hex')).toBe(stored);
    expect(mostHeld - before).toBeLessThan(16 * MIB);
  });

  test('a slow reader is waited for: nothing piles up, nothing is lost', async () => {
    const store = current();
    const all = Buffer.alloc(4 * MIB, 'slowly ');
    await store.put('k', Readable.from([all]));
    const stream = await store.open('k');
    const hash = createHash('sha256');
    for await (const chunk of stream) {
      hash.update(chunk as Buffer);
      await new Promise((resolve) => setTimeout(resolve, 2));
      expect(stream.readableLength).toBeLessThanOrEqual(MIB);
    }
    expect(hash.digest('hex')).toBe(sha256(all));
  });
}

/** V8's collector, so that a measure shows what is held and not what merely was not collected yet. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function heldBytes(collectGarbage: () => void): number {
  collectGarbage();
  collectGarbage(); // the first frees buffers in the background; the second begins when that is done
  return process.memoryUsage().arrayBuffers;
}
