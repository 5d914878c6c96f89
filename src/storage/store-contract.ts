import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ObjectStore } from './object-store.ts';
import { expectEmpty, listKeys, readAll, sha256 } from './store-contract-probes.ts';
import { checkSizes } from './store-contract-sizes.ts';

/** A store of its own for one test, and how to take it away. */
export interface StoreUnderTest {
  store: ObjectStore;
  remove(): Promise<void>;
}

async function* silentAfter(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
  await new Promise(() => {});
}

async function* failingAfter(text: string, error: Error): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
  throw error;
}

const bytes = (text: string) => Readable.from([Buffer.from(text)]);

/** In what drivers may differ: see `ObjectStore.open`. */
export interface DriverLimits {
  /** A read of an object that is replaced or deleted meanwhile may end with `storage.changed`. */
  mayBreakOffReads?: boolean;
}

/** What every `ObjectStore` promises. Each driver and each wrapper runs through it in a test of its own. */
export function describeObjectStore(
  name: string,
  makeStore: () => Promise<StoreUnderTest>,
  { mayBreakOffReads = false }: DriverLimits = {},
): void {
  describe(`${name} as an object store`, () => {
    let under: StoreUnderTest;
    let store: ObjectStore;
    beforeEach(async () => {
      under = await makeStore();
      store = under.store;
    });
    afterEach(() => under.remove());

    test('gives back what was put, with its size and digest', async () => {
      expect(await store.put('exports/exp_1/part-001.ndjson', bytes('Grüße'))).toEqual({
        sizeBytes: 7,
        sha256: sha256('Grüße'),
      });
      expect(await store.stat('exports/exp_1/part-001.ndjson')).toEqual({ sizeBytes: 7 });
      expect(String(await readAll(await store.open('exports/exp_1/part-001.ndjson')))).toBe('Grüße');
    });

    test('a put that needs no digest gets none, and stores the same', async () => {
      expect(await store.put('k', bytes('x'), { digest: false })).toEqual({ sizeBytes: 1, sha256: '' });
      expect(String(await readAll(await store.open('k')))).toBe('x');
    });

    test('a missing object is missing everywhere: stat, open, delete', async () => {
      await store.put('a/b', bytes('x'));
      for (const key of ['a', 'a/b/c', 'a/c', 'z']) {
        expect(await store.stat(key)).toBeUndefined();
        expect(await store.delete(key)).toBe(false);
        await expect(store.open(key)).rejects.toMatchObject({ code: 'storage.not_found' });
      }
      expect(await listKeys(store)).toEqual(['a/b']);
    });

    test('an object and objects below its name live side by side', async () => {
      for (const key of ['a', 'a/b', 'a/b/c', 'a/b.c', '5f/a', 'a/5f']) await store.put(key, bytes(key));
      for (const key of await listKeys(store)) expect(String(await readAll(await store.open(key)))).toBe(key);
      expect(await listKeys(store)).toEqual(['5f/a', 'a', 'a/5f', 'a/b', 'a/b.c', 'a/b/c']);
    });

    const orBreaksOff = mayBreakOffReads ? ', or is told that it changed' : '';
    test(`a second put replaces; who was reading goes on reading the first${orBreaksOff}`, async () => {
      const first = 'one '.repeat(300_000);
      await store.put('k', bytes(first));
      const reading = await store.open('k');
      await store.put('k', bytes('two'));
      expect(String(await readAll(await store.open('k')))).toBe('two');
      const outcome = await readAll(reading).then(sha256, (error: { code?: string }) => error.code);
      expect([sha256(first), ...(mayBreakOffReads ? ['storage.changed'] : [])]).toContain(outcome);
      expect(await listKeys(store)).toEqual(['k']);
    });

    test('delete removes one object, once', async () => {
      await store.put('files/a', bytes('a'));
      await store.put('files/b', bytes('b'));
      expect(await store.delete('files/a')).toBe(true);
      expect(await store.delete('files/a')).toBe(false);
      await expect(store.open('files/a')).rejects.toMatchObject({ code: 'storage.not_found' });
      expect(await listKeys(store)).toEqual(['files/b']);
    });

    test('list tells key, size and time of everything below a prefix of whole segments', async () => {
      const before = Date.now() - 2000;
      for (const key of ['files/a', 'files/x/b', 'filesystem', 'other/c']) await store.put(key, bytes(key));
      expect(await listKeys(store, 'files/')).toEqual(['files/a', 'files/x/b']);
      expect(await listKeys(store, 'nothing/here/')).toEqual([]);
      for await (const { key, sizeBytes, modifiedAt } of store.list('')) {
        expect(sizeBytes).toBe(key.length);
        expect(modifiedAt.getTime()).toBeGreaterThan(before);
      }
      await expect(listKeys(store, 'fil')).rejects.toMatchObject({ code: 'storage.bad_key' });
    });

    test('an aborted put rejects with the reason at once and leaves nothing, however silent its source', async () => {
      for (const source of [silentAfter('half'), new PassThrough(), Readable.from(silentAfter('half'))]) {
        const abort = new AbortController();
        const reason = new Error('the client went away');
        const put = store.put('k', source, { signal: abort.signal });
        setTimeout(() => abort.abort(reason), 20);
        await expect(put).rejects.toBe(reason);
        expect('destroy' in source ? source.destroyed : true).toBe(true);
      }
      await expect(store.put('k', bytes('x'), { signal: AbortSignal.abort('early') })).rejects.toBe('early');
      await expectEmpty(store);
    });

    test('an error of the source comes out as it is, and nothing is kept', async () => {
      const broken = Object.assign(new Error('read failed'), { code: 'ENOSPC', syscall: 'read' });
      await expect(store.put('k', failingAfter('half', broken))).rejects.toBe(broken);
      const early = new PassThrough();
      const put = store.put('k', early);
      early.destroy(broken);
      await expect(put).rejects.toBe(broken);
      await expectEmpty(store);
    });

    test('a put that fails leaves the older object as it was', async () => {
      await store.put('k', bytes('old'));
      await expect(store.put('k', failingAfter('new', new Error('broken')))).rejects.toThrow('broken');
      expect(String(await readAll(await store.open('k')))).toBe('old');
    });

    test('an aborted read breaks off with the reason', async () => {
      await store.put('k', bytes('x'.repeat(1_000_000)));
      const abort = new AbortController();
      const stream = await store.open('k', { signal: abort.signal });
      const read = (async () => {
        for await (const _ of stream) abort.abort(new Error('enough'));
      })();
      await expect(read).rejects.toThrow('enough');
    });

    test('puts and deletes at once, of one key and of many, end with whole objects', async () => {
      const text = (i: number) => `${i} `.repeat(20_000);
      await Promise.all(
        Array.from({ length: 40 }, async (_, i) => {
          await store.put('same', bytes(text(i)));
          await store.put(`many/${i}`, bytes(text(i)));
          if (i % 2 === 1) await store.delete(`many/${i}`);
        }),
      );
      const winner = String(await readAll(await store.open('same')));
      expect(winner).toBe(text(Number.parseInt(winner, 10)));
      expect(await listKeys(store, 'many/')).toHaveLength(20);
      expect(String(await readAll(await store.open('many/38')))).toBe(text(38));
    });

    test('keys that could leave the store or that some store would mix up are refused everywhere', async () => {
      const bad = ['', '/', '/a', 'a/', 'a//b', '.', '..', 'a/../b', 'a/.', '.tmp/a', 'a.', 'a..b', 'A', 'ä'];
      bad.push('a b', 'a\\b', 'a\0', 'a\n', '~5f/a', 'a%2f', 'a:b', 'x'.repeat(129), 'x/'.repeat(256) + 'xx');
      for (const key of bad) {
        const refused = { code: 'storage.bad_key' };
        await expect(store.put(key, bytes('x'))).rejects.toMatchObject(refused);
        await expect(store.open(key)).rejects.toMatchObject(refused);
        await expect(store.stat(key)).rejects.toMatchObject(refused);
        await expect(store.delete(key)).rejects.toMatchObject(refused);
        await expect(listKeys(store, `${key}/`)).rejects.toMatchObject(refused);
      }
      await expectEmpty(store);
    });

    checkSizes(() => store);
  });
}
