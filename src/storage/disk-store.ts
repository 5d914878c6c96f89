import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ConveyError } from '../errors.ts';
import { isMissing, removeEmptyDirs, syncDirs, translateDiskError } from './disk-files.ts';
import { listObjects } from './list-objects.ts';
import { MeasuredSource } from './measure-source.ts';
import {
  type ByteSource,
  ensureKey,
  ensurePrefix,
  type ObjectStore,
  type OpenOptions,
  type PutOptions,
  resolveRange,
  type StoredObject,
} from './object-store.ts';
import { notFound } from './storage.errors.ts';

/** Half-written objects, inside the root so that a rename never crosses volumes. No key has such a segment. */
const TEMPORARY_DIR = '.tmp';
const HOUR_MS = 3_600_000;
/** A delete may remove a folder, empty for a moment, before our file is in it; more often than this is a fault. */
const RENAME_ATTEMPTS = 10;

/**
 * Objects as plain files below a folder, which nothing else may write to: `exports/exp_1/part.json` lies in
 * `exports/exp_1/~5f/part.json`. The `~` level spreads a big folder over 256 small ones by a hash of the last
 * segment; as no key contains `~`, an object and a folder never want the same name.
 */
export class DiskStore implements ObjectStore {
  readonly #root: string;
  readonly #temporary: string;

  private constructor(root: string) {
    this.#root = root;
    this.#temporary = join(root, TEMPORARY_DIR);
  }

  /**
   * Opens a store in a folder, made (0700) if it is missing.
   * @throws storage.unavailable when files cannot be made there, so that a bad setting ends the start
   */
  static async open(root: string): Promise<DiskStore> {
    const store = new DiskStore(root);
    try {
      await mkdir(store.#temporary, { recursive: true, mode: 0o700 });
      const probe = join(store.#temporary, temporaryName());
      await (await open(probe, 'wx', 0o600)).close();
      await unlink(probe);
    } catch (cause) {
      throw translateDiskError(cause);
    }
    return store;
  }

  async put(
    key: string,
    source: ByteSource,
    options: PutOptions = {},
  ): Promise<{ sizeBytes: number; sha256: string }> {
    ensureKey(key);
    const measured = new MeasuredSource(source, options);
    const temporary = join(this.#temporary, temporaryName());
    try {
      await writeDurably(temporary, measured);
      options.signal?.throwIfAborted();
      await this.#place(temporary, key);
    } catch (error) {
      measured.close();
      await rm(temporary, { force: true }).catch(() => {}); // the sweep gets what cannot be removed now
      const isOurs = !measured.isSourceError(error) && error !== options.signal?.reason;
      throw isOurs ? translateDiskError(error) : error;
    }
    return measured.result();
  }

  /** Moves a finished file to its place, and makes the move and new folders on the way last. */
  async #place(temporary: string, key: string): Promise<void> {
    const { dir, path } = this.#locate(key);
    for (let attempt = 1; ; attempt++) {
      try {
        await mkdir(dir, { recursive: true, mode: 0o700 });
        await rename(temporary, path);
        break;
      } catch (error) {
        if (!isMissing(error) || attempt === RENAME_ATTEMPTS) throw error;
      }
    }
    await syncDirs(dir, this.#root);
  }

  async open(key: string, options: OpenOptions = {}): Promise<Readable> {
    ensureKey(key);
    const { signal } = options;
    signal?.throwIfAborted();
    const handle = await open(this.#locate(key).path, 'r').catch((error: unknown) => {
      throw isMissing(error) ? new ConveyError(notFound) : translateDiskError(error);
    });
    try {
      const range = resolveRange((await handle.stat()).size, options);
      const stream =
        range === undefined ? Readable.from([], { objectMode: false }) : handle.createReadStream(range);
      if (range === undefined) await handle.close();
      const onAbort = () => stream.destroy(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      stream.once('close', () => signal?.removeEventListener('abort', onAbort));
      if (signal?.aborted) onAbort();
      return stream;
    } catch (error) {
      await handle.close();
      throw translateDiskError(error);
    }
  }

  async stat(key: string): Promise<{ sizeBytes: number } | undefined> {
    ensureKey(key);
    try {
      return { sizeBytes: (await stat(this.#locate(key).path)).size };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw translateDiskError(error);
    }
  }

  async delete(key: string): Promise<boolean> {
    ensureKey(key);
    const { dir, path } = this.#locate(key);
    try {
      await unlink(path);
      await syncDirs(dir, dir); // erased means gone, also after the plug is pulled
      await removeEmptyDirs(dir, this.#root);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw translateDiskError(error);
    }
  }

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    ensurePrefix(prefix);
    yield* listObjects(join(this.#root, prefix), prefix);
  }

  async sweepTemporary({ olderThanMs = HOUR_MS }: { olderThanMs?: number } = {}): Promise<number> {
    const newest = Date.now() - olderThanMs;
    let removed = 0;
    try {
      for (const name of await readdir(this.#temporary)) {
        const path = join(this.#temporary, name);
        const found = await stat(path).catch(() => undefined); // finished or swept by another process
        if (found === undefined || found.mtimeMs > newest) continue;
        await rm(path, { force: true });
        removed++;
      }
    } catch (error) {
      throw translateDiskError(error);
    }
    return removed;
  }

  #locate(key: string): { dir: string; path: string } {
    const segments = key.split('/');
    const name = segments.pop()!;
    const spread = `~${createHash('sha256').update(name).digest('hex').slice(0, 2)}`;
    const dir = join(this.#root, ...segments, spread);
    return { dir, path: join(dir, name) };
  }
}

function temporaryName(): string {
  return randomBytes(12).toString('hex');
}

/** Writes as fast as the disk takes it, one chunk at a time, and waits until it is on the disk. */
async function writeDurably(path: string, source: MeasuredSource): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of source) {
      for (let written = 0; written < chunk.length; ) {
        written += (await handle.write(chunk, written)).bytesWritten;
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}
