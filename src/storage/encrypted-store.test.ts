import { cp, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConveyError } from '../errors.ts';
import { MasterKeys } from '../keys/master-keys.ts';
import { DiskStore } from './disk-store.ts';
import { EncryptedStore } from './encrypted-store.ts';
import { FRAME_BYTES, HEADER_BYTES, SEALED_FRAME_BYTES } from './object-frames.ts';
import type { ObjectStore } from './object-store.ts';
import { notFound } from './storage.errors.ts';
import { describeObjectStore } from './store-contract.ts';
import { expectEmpty, listKeys, readAll } from './store-contract-probes.ts';

const CORRUPT = { code: 'storage.corrupt' };
const bytes = (content: string | Uint8Array) => Readable.from([Buffer.from(content)]);
const newKeys = () => new MasterKeys({ keys: [randomBytes(32)] });

describeObjectStore('EncryptedStore over DiskStore', async () => {
  const root = await mkdtemp(join(tmpdir(), 'convey-encrypted-'));
  return {
    store: new EncryptedStore(await DiskStore.open(join(root, 'objects')), newKeys()),
    remove: () => rm(root, { recursive: true, force: true }),
  };
});

describe('EncryptedStore', () => {
  let root: string;
  let inner: DiskStore;
  let store: EncryptedStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'convey-encrypted-'));
    inner = await DiskStore.open(root);
    store = new EncryptedStore(inner, newKeys());
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  /** Every file in the folder, keys apart from data. */
  async function files(kind: 'keys' | 'data'): Promise<string[]> {
    const found = await readdir(root, { recursive: true, withFileTypes: true });
    return found
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('.tmp'))
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => path.startsWith(join(root, 'keys/')) === (kind === 'keys'))
      .sort();
  }

  async function onlyFile(kind: 'keys' | 'data'): Promise<string> {
    const found = await files(kind);
    expect(found).toHaveLength(1);
    return found[0]!;
  }

  const read = async (key: string, options = {}) => readAll(await store.open(key, options));

  test('what was put occurs in no file, nor does the digest, and the folder tells sizes to 16 bytes a frame', async () => {
    const secret = 'a very private sentence, ';
    const { sha256 } = await store.put('files/fil_1', bytes(secret.repeat(10_000)));
    const [data, key] = [await onlyFile('data'), await onlyFile('keys')];
    for (const path of [data, key]) {
      const stored = await readFile(path);
      for (const needle of [secret.slice(0, 8), sha256]) expect(stored.includes(needle)).toBe(false);
    }
    expect(await inner.stat('files/fil_1')).toEqual({ sizeBytes: HEADER_BYTES + 250_000 + 4 * 16 });
  });

  test('the same bytes put twice look different, under different keys', async () => {
    await store.put('a', bytes('same'));
    const [data, key] = [await readFile(await onlyFile('data')), await onlyFile('keys')];
    await store.put('a', bytes('same'));
    expect((await readFile(await onlyFile('data'))).equals(data)).toBe(false);
    expect(await onlyFile('keys')).not.toBe(key);
  });

  test.each([0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 3 * FRAME_BYTES, 3 * FRAME_BYTES + 5])(
    'an object of %i bytes comes out as it went in, whatever the chunks, and its size is known without reading',
    async (size) => {
      const content = randomBytes(size);
      for (const chunk of [1000, FRAME_BYTES, FRAME_BYTES + 1, 1_000_000]) {
        const chunks = (function* () {
          for (let at = 0; at < size; at += chunk) yield content.subarray(at, at + chunk);
        })();
        await store.put('k', Readable.from(chunks));
        expect((await read('k')).equals(content)).toBe(true);
        expect(await store.stat('k')).toEqual({ sizeBytes: size });
      }
    },
  );

  test('any byte of an object or of its key that is changed is noticed, and nothing is given out', async () => {
    await store.put('k', bytes('private'));
    for (const path of [await onlyFile('data'), await onlyFile('keys')]) {
      const whole = await readFile(path);
      for (let at = 0; at < whole.length; at++) {
        for (const flip of [1, 0x20, 0x80]) {
          const changed = Buffer.from(whole);
          changed[at]! ^= flip;
          await writeFile(path, changed);
          // Not one byte: there is no stream at all.
          await expect(store.open('k')).rejects.toMatchObject({
            code: expect.stringMatching(
              /^(storage\.(corrupt|not_encrypted)|keys\.unknown_master_key)$/,
            ) as string,
          });
        }
      }
      await writeFile(path, whole);
    }
    expect(String(await read('k'))).toBe('private');
  });

  test('of an object that is changed in its middle only what is before is given out, never the changed frame', async () => {
    const content = randomBytes(5 * FRAME_BYTES);
    await store.put('k', bytes(content));
    const path = await onlyFile('data');
    const whole = await readFile(path);
    whole[HEADER_BYTES + 3 * SEALED_FRAME_BYTES + 100]! ^= 1;
    await writeFile(path, whole);
    const stream = await store.open('k');
    const given: Buffer[] = [];
    const reading = (async () => {
      for await (const chunk of stream) given.push(chunk as Buffer);
    })();
    await expect(reading).rejects.toMatchObject(CORRUPT);
    expect(stream.destroyed).toBe(true);
    const all = Buffer.concat(given);
    expect(all.length).toBeLessThanOrEqual(3 * FRAME_BYTES);
    expect(all.equals(content.subarray(0, all.length))).toBe(true);
    await expect(store.open('k', { start: 3 * FRAME_BYTES })).rejects.toMatchObject(CORRUPT);
    expect(await read('k', { start: 4 * FRAME_BYTES })).toHaveLength(FRAME_BYTES);
  });

  /** Changes the stored bytes of a three-frame object and expects that reading all of it fails. */
  test.each<[string, (frames: Buffer[], header: Buffer) => Buffer[]]>([
    ['cut at the border of a frame', (frames, header) => [header, ...frames.slice(0, 2)]],
    ['cut to its header', (_frames, header) => [header]],
    ['cut inside its header', (_frames, header) => [header.subarray(0, 20)]],
    ['cut inside a frame', (frames, header) => [header, ...frames.slice(0, 2), frames[2]!.subarray(0, 99)]],
    ['longer by a byte', (frames, header) => [header, ...frames, Buffer.alloc(1)]],
    ['longer by a frame of its own', (frames, header) => [header, ...frames, frames[2]!]],
    ['in another order', (frames, header) => [header, frames[1]!, frames[0]!, frames[2]!]],
    ['without its first frame', (frames, header) => [header, ...frames.slice(1)]],
    ['with a frame twice', (frames, header) => [header, frames[0]!, frames[0]!, frames[2]!]],
  ])('an object that is %s is noticed', async (_how, change) => {
    const content = randomBytes(3 * FRAME_BYTES);
    await store.put('k', bytes(content));
    const path = await onlyFile('data');
    const whole = await readFile(path);
    const frames = [0, 1, 2].map((i) =>
      whole.subarray(HEADER_BYTES + i * SEALED_FRAME_BYTES).subarray(0, SEALED_FRAME_BYTES),
    );
    await writeFile(path, Buffer.concat(change(frames, whole.subarray(0, HEADER_BYTES))));
    await expect(read('k')).rejects.toMatchObject(CORRUPT);
    // A range may still be there, then it is the true one.
    const range = await read('k', { start: 2 * FRAME_BYTES + 5 }).catch((error: unknown) => error);
    if (Buffer.isBuffer(range)) expect(range.equals(content.subarray(2 * FRAME_BYTES + 5))).toBe(true);
    else expect(range).toMatchObject(CORRUPT);
  });

  test('two objects whose data, keys or both were swapped are noticed', async () => {
    const [a, b] = [randomBytes(70_000), randomBytes(70_000)];
    await store.put('a', bytes(a));
    await store.put('b', bytes(b));
    const swap = async (one: string, other: string) => {
      const [first, second] = [await readFile(one), await readFile(other)];
      await writeFile(one, second);
      await writeFile(other, first);
    };
    const expectBoth = async () => {
      for (const key of ['a', 'b']) await expect(store.open(key)).rejects.toMatchObject(CORRUPT);
    };
    const [dataA, dataB] = (await files('data')) as [string, string];
    const [keyA, keyB] = (await files('keys')) as [string, string];
    await swap(keyA, keyB);
    await expectBoth();
    await swap(dataA, dataB);
    await expectBoth();
    await swap(keyA, keyB);
    await expectBoth();
    // Data and key of b in the place of a, under the right names: the name itself is sealed in.
    const idB = keyB.slice(-32);
    await inner.put(`keys/a/${idB}`, bytes(await readFile(keyB)));
    await expectBoth();
    await swap(dataA, dataB);
    expect((await read('a')).equals(a) && (await read('b')).equals(b)).toBe(true);
  });

  test('a deleted object stays unreadable, even if its data file is put back from a copy', async () => {
    await store.put('files/fil_1', bytes('erased'));
    const copy = join(root, '.tmp', 'copy');
    const path = await onlyFile('data');
    await cp(path, copy);
    expect(await store.delete('files/fil_1')).toBe(true);
    expect([await files('keys'), await files('data')]).toEqual([[], []]);
    await inner.put('files/fil_1', bytes(await readFile(copy)));
    await expect(store.open('files/fil_1')).rejects.toMatchObject({
      ...CORRUPT,
      detail: 'Its key has been destroyed.',
    });
    expect(await store.delete('files/fil_1')).toBe(true);
  });

  test('a replaced object’s key is gone, too', async () => {
    await store.put('k', bytes('first'));
    const first = await readFile(await onlyFile('data'));
    await store.put('k', bytes('second'));
    expect(await files('keys')).toHaveLength(1);
    await inner.put('k', bytes(first));
    await expect(store.open('k')).rejects.toMatchObject(CORRUPT);
  });

  test('the key is destroyed before the data: a crash between the two leaves nothing that can be read', async () => {
    await store.put('k', bytes('x'));
    const crashing = new EncryptedStore(
      { ...boundTo(inner), delete: (key) => (key === 'k' ? never() : inner.delete(key)) },
      newKeys(),
    );
    await expect(crashing.delete('k')).rejects.toThrow('crashed');
    expect(await files('data')).toHaveLength(1);
    expect(await files('keys')).toEqual([]);
    await expect(store.open('k')).rejects.toMatchObject(CORRUPT);
    expect(await store.delete('k')).toBe(true);
    await expectEmpty(store);
  });

  test('something that was not encrypted is refused with a code of its own, whatever its size', async () => {
    for (const content of ['', 'x', 'plain '.repeat(20_000)]) {
      await inner.put('k', bytes(content));
      for (const range of [{}, { end: 1 }, { start: FRAME_BYTES }]) {
        await expect(store.open('k', range)).rejects.toMatchObject({ code: 'storage.not_encrypted' });
      }
    }
    await store.put('k', bytes('now it is'));
    expect(String(await read('k'))).toBe('now it is');
  });

  test('the store’s own keys are in no list and can be neither read nor written nor deleted', async () => {
    await store.put('keys', bytes('an ordinary name'));
    expect(await listKeys(store)).toEqual(['keys']);
    const [own] = await listKeys(inner, 'keys/');
    const refused = { code: 'storage.bad_key' };
    await expect(store.open(own!)).rejects.toMatchObject(refused);
    await expect(store.put(own!, bytes('x'))).rejects.toMatchObject(refused);
    await expect(store.stat(own!)).rejects.toMatchObject(refused);
    await expect(store.delete(own!)).rejects.toMatchObject(refused);
    await expect(listKeys(store, 'keys/')).rejects.toMatchObject(refused);
    expect(String(await read('keys'))).toBe('an ordinary name');
  });

  test('a name of 474 characters works, a longer one is refused before anything is read or written', async () => {
    const longest = `${'x'.repeat(94)}/`.repeat(4) + 'y'.repeat(94);
    expect(longest).toHaveLength(474);
    await store.put(longest, bytes('x'));
    expect(String(await read(longest))).toBe('x');
    const source = bytes('x');
    await expect(store.put(`${longest}y`, source)).rejects.toMatchObject({ code: 'storage.bad_key' });
  });

  test('another master key opens nothing, and says which one is missing', async () => {
    await store.put('k', bytes('x'));
    const stranger = new EncryptedStore(inner, newKeys());
    await expect(stranger.open('k')).rejects.toMatchObject({
      code: 'keys.unknown_master_key',
      detail: expect.stringMatching(/^Its id is [0-9a-f]{16}\.$/) as string,
    });
  });

  test('what a crash between key and data left is swept once it is old, and nothing that is in use', async () => {
    await store.put('kept', bytes('kept'));
    await store.put('replaced', bytes('old'));
    const commitFails = new EncryptedStore(
      { ...boundTo(inner), put: crashAtCommit(inner) },
      new MasterKeys({ keys: [Buffer.alloc(32, 1)] }),
    );
    for (const key of ['new', 'replaced'])
      await expect(commitFails.put(key, bytes('lost'))).rejects.toThrow('crashed');
    expect(await files('keys')).toHaveLength(4);
    expect(await store.sweepTemporary({ olderThanMs: 60_000 })).toBe(0);
    expect(await store.sweepTemporary()).toBe(0);
    expect(await store.sweepTemporary({ olderThanMs: -1000 })).toBe(2);
    expect(await files('keys')).toHaveLength(2);
    expect(String(await read('kept'))).toBe('kept');
    expect(String(await read('replaced'))).toBe('old');
  });

  test('the server’s own sweep, which names no age, removes keys without an object after an hour', async () => {
    await store.put('k', bytes('x'));
    await cp(await onlyFile('keys'), join(root, '.tmp', 'copy'));
    await inner.put(`keys/gone/${'0'.repeat(32)}`, bytes(await readFile(join(root, '.tmp', 'copy'))));
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    for (const path of await files('keys')) await utimes(path, hoursAgo(0.9), hoursAgo(0.9));
    const withKeys = () => new EncryptedStore(inner, newKeys());
    expect(await withKeys().sweepTemporary()).toBe(0);
    for (const path of await files('keys')) await utimes(path, hoursAgo(1.1), hoursAgo(1.1));
    expect(await withKeys().sweepTemporary()).toBe(1);
    expect(String(await read('k'))).toBe('x');
  });

  test('a damaged header does not make the sweep destroy the key: mended, the object can be read', async () => {
    await store.put('k', bytes('x'));
    const path = await onlyFile('data');
    const whole = await readFile(path);
    for (const at of [0, 4, 10, 24]) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 1;
      await writeFile(path, changed);
      expect(await store.sweepTemporary({ olderThanMs: -1000 })).toBe(0);
    }
    await writeFile(path, whole);
    expect(String(await read('k'))).toBe('x');
  });

  test('readers beside replacements always get one whole object, from any place in it', async () => {
    const content = (i: number) => Buffer.alloc(4 * FRAME_BYTES, i);
    await store.put('k', bytes(content(0)));
    const state = { isDone: false };
    const replacing = (async () => {
      for (let i = 1; i <= 60; i++) await store.put('k', bytes(content(i)));
      state.isDone = true;
    })();
    while (!state.isDone) {
      for (const start of [0, 3 * FRAME_BYTES - 10]) {
        const all = await read('k', { start });
        expect(all.equals(content(all[0]!).subarray(start))).toBe(true);
      }
    }
    await replacing;
  });

  test('a range reads only the frames it needs: 1 MB at the end of 1 GB takes less than 1.2 MB', async () => {
    const size = 1_000_000_000;
    const counting = new CountingStore();
    const large = new EncryptedStore(counting, newKeys());
    const chunk = Buffer.alloc(4_000_000, 'x');
    await large.put(
      'k',
      (async function* () {
        for (let at = 0; at < size; at += chunk.length) yield chunk;
      })(),
      { digest: false },
    );
    expect(await large.stat('k')).toEqual({ sizeBytes: size });
    counting.readBytes = 0;
    const stream = await large.open('k', { start: size - 1_000_000 });
    expect((await readAll(stream)).equals(chunk.subarray(0, 1_000_000))).toBe(true);
    expect(counting.readBytes).toBeLessThan(1_200_000);
  });
});

function boundTo(store: ObjectStore): ObjectStore {
  return {
    put: (...given) => store.put(...given),
    open: (...given) => store.open(...given),
    stat: (...given) => store.stat(...given),
    delete: (...given) => store.delete(...given),
    list: (...given) => store.list(...given),
    sweepTemporary: (...given) => store.sweepTemporary(...given),
  };
}

function never(): never {
  throw new Error('crashed');
}

/** Takes all of an object and dies before it gets its name; keys are stored as usual. */
function crashAtCommit(store: ObjectStore): ObjectStore['put'] {
  return async (key, source, options) => {
    if (key.startsWith('keys/')) return store.put(key, source, options);
    for await (const _ of source);
    return never();
  };
}

/** Keeps in memory only the beginning and the end of an object, so that 1 GB costs little, and counts reads. */
class CountingStore implements ObjectStore {
  static readonly #KEPT = 2_000_000;
  readonly #objects = new Map<string, { head: Buffer; tail: Buffer; sizeBytes: number }>();
  readBytes = 0;

  async put(key: string, source: AsyncIterable<Uint8Array>): Promise<{ sizeBytes: number; sha256: string }> {
    let head = Buffer.alloc(0);
    let tail = Buffer.alloc(0);
    let sizeBytes = 0;
    for await (const chunk of source) {
      sizeBytes += chunk.length;
      if (head.length < CountingStore.#KEPT) head = Buffer.concat([head, chunk]);
      tail = Buffer.concat([tail, chunk]).subarray(-CountingStore.#KEPT);
    }
    this.#objects.set(key, { head, tail, sizeBytes });
    return { sizeBytes, sha256: '' };
  }

  async open(key: string, { start = 0, end }: { start?: number; end?: number } = {}): Promise<Readable> {
    const found = this.#objects.get(key);
    if (found === undefined) throw new ConveyError(notFound);
    const { head, tail, sizeBytes } = found;
    const tailAt = sizeBytes - tail.length;
    const last = Math.min(end ?? sizeBytes - 1, sizeBytes - 1);
    const part =
      start >= tailAt ? tail.subarray(start - tailAt, last + 1 - tailAt) : head.subarray(start, last + 1);
    expect(part).toHaveLength(last + 1 - start);
    this.readBytes += part.length;
    return Readable.from([part]);
  }

  async stat(key: string): Promise<{ sizeBytes: number } | undefined> {
    return this.#objects.get(key);
  }

  delete = async () => false;
  async *list(): AsyncGenerator<never> {}
  sweepTemporary = async () => 0;
}
