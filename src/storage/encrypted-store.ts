import type { Readable } from 'node:stream';
import { ConveyError } from '../errors.ts';
import type { MasterKeys } from '../keys/master-keys.ts';
import type { RewrapCounts } from '../keys/rotate-master-key.ts';
import { ByteReader } from './byte-reader.ts';
import { MeasuredSource } from './measure-source.ts';
import {
  FRAME_BYTES,
  FrameCipher,
  HEADER_BYTES,
  makeHeader,
  type ObjectHeader,
  parseHeader,
  plainSizeOf,
  SEALED_FRAME_BYTES,
  sealFrames,
} from './object-frames.ts';
import { KEYS_PREFIX, makeObjectKey, MAX_NAME_CHARACTERS, ObjectKeys } from './object-keys.ts';
import {
  type ByteSource,
  type ObjectStore,
  type OpenOptions,
  type PutOptions,
  resolveRange,
  type StoredObject,
} from './object-store.ts';
import { openFrames, streamOf } from './open-frames.ts';
import { badKey, badRange, corrupt, notEncrypted, notFound } from './storage.errors.ts';
import { OrphanKeys } from './sweep-orphan-keys.ts';

/** A reader meets a replacement at most this often before it is taken for damage. */
const OPEN_ATTEMPTS = 20;

/**
 * Encrypts what another store holds. Each object has a key of its own, which lies wrapped under the master key
 * in a second object (`object-keys.ts`), so that a rotation touches no data and a deletion destroys the key
 * first. The format is in `object-frames.ts`. Names and (nearly) sizes of objects stay visible in the inner store.
 *
 * Names may have 474 characters. Beyond what every store throws: storage.corrupt for anything that is not as it
 * was put, storage.not_encrypted, and `keys.…` when the master key is not there.
 */
export class EncryptedStore implements ObjectStore {
  readonly #inner: ObjectStore;
  readonly #keys: ObjectKeys;
  readonly #orphans: OrphanKeys;

  constructor(inner: ObjectStore, masterKeys: MasterKeys) {
    this.#inner = inner;
    this.#keys = new ObjectKeys(inner, masterKeys);
    this.#orphans = new OrphanKeys(this.#keys, (name) => this.#findHeader(name));
  }

  async put(
    key: string,
    source: ByteSource,
    options: PutOptions = {},
  ): Promise<{ sizeBytes: number; sha256: string }> {
    ensureName(key);
    const { signal } = options;
    const measured = new MeasuredSource(source, options);
    const header = makeHeader();
    const secret = makeObjectKey();
    const keys = this.#keys;
    const findHeader = () => this.#findHeader(key);
    let replaced: ObjectHeader | 'unreadable' | undefined;
    let isOver = false;
    let publishing: Promise<void> | undefined;
    let isPublished = false;
    // The key is stored when the data is and before the data gets its name: earlier, a long put could be
    // taken for an orphan, and one that fails half-way would leave its key.
    async function* sealed(): AsyncGenerator<Buffer> {
      yield* sealFrames(measured, header, new FrameCipher(secret, header, key));
      replaced = await findHeader();
      signal?.throwIfAborted();
      if (isOver) return;
      const { sizeBytes } = measured;
      publishing = keys.write({ name: key, id: header.id }, { key: secret, sizeBytes }, signal);
      await publishing;
      isPublished = true;
    }
    try {
      await this.#inner.put(key, sealed(), { digest: false, ...(signal === undefined ? {} : { signal }) });
    } catch (error) {
      isOver = true;
      measured.close();
      // Once the inner store had everything the object may stand in spite of the error: then the key stays,
      // and if it is nobody's the sweep gets it.
      if (publishing !== undefined && !isPublished) {
        await publishing.catch(() => {});
        await keys.remove({ name: key, id: header.id }).catch(() => {});
      }
      throw error;
    }
    if (typeof replaced === 'object') {
      // The object is stored: to call that a failure would be wrong. The sweep removes what stays behind.
      await keys.remove({ name: key, id: replaced.id }).catch(() => {});
    }
    return measured.result();
  }

  async open(key: string, options: OpenOptions = {}): Promise<Readable> {
    ensureName(key);
    for (let attempt = 1; ; attempt++) {
      const seen: { id?: string } = {};
      try {
        return await this.#openOnce(key, options, seen);
      } catch (error) {
        const isDamaged = error instanceof ConveyError && error.kind === corrupt;
        if (!isDamaged || seen.id === undefined || attempt === OPEN_ATTEMPTS) throw error;
        const header = await this.#findHeader(key);
        const isAsSeen = header === 'unreadable' || header?.id === seen.id;
        if (isAsSeen) throw error; // else it was replaced or deleted between two of our reads
      }
    }
  }

  async #openOnce(key: string, options: OpenOptions, seen: { id?: string }): Promise<Readable> {
    const { signal } = options;
    signal?.throwIfAborted();
    const startFrame = frameOf(options.start ?? 0) ?? 0;
    const endFrame = options.end === undefined ? undefined : frameOf(options.end);
    const lastByte = endFrame === undefined ? {} : { end: frameAt(endFrame + 1) - 1 };
    // From the first frame on, header and frames come in one stream; else the header has a read of its own.
    let reader = await this.#read(
      key,
      startFrame === 0 ? lastByte : { start: 0, end: HEADER_BYTES - 1 },
      signal,
      notEncrypted,
    );
    try {
      const header = parseHeader(await reader.read(HEADER_BYTES));
      seen.id = header.id;
      const secret = await this.#keys.find({ name: key, id: header.id });
      if (secret === undefined) throw new ConveyError(corrupt, 'Its key has been destroyed.');
      const range = resolveRange(secret.sizeBytes, options);
      if (startFrame > 0) {
        reader.close();
        reader = await this.#read(key, { start: frameAt(startFrame), ...lastByte }, signal, corrupt);
      }
      const cipher = new FrameCipher(secret.key, header, key);
      const pieces = openFrames({ reader, cipher, sizeBytes: secret.sizeBytes, range });
      // Opened before it is promised: it shows whether header and frames are of one object.
      const first = await pieces.next();
      const stream = streamOf(startingWith(first, pieces), () => reader.close());
      const onAbort = () => stream.destroy(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      stream.once('close', () => signal?.removeEventListener('abort', onAbort));
      if (signal?.aborted) onAbort();
      return stream;
    } catch (error) {
      reader.close();
      throw error;
    }
  }

  async #read(
    key: string,
    range: OpenOptions,
    signal: AbortSignal | undefined,
    ifShort: typeof corrupt,
  ): Promise<ByteReader> {
    try {
      return new ByteReader(
        await this.#inner.open(key, { ...range, ...(signal === undefined ? {} : { signal }) }),
      );
    } catch (error) {
      throw isKind(error, badRange) ? new ConveyError(ifShort) : error;
    }
  }

  /** The size is worked out from the inner store's, which nothing proves; `open` proves it. */
  async stat(key: string): Promise<{ sizeBytes: number } | undefined> {
    ensureName(key);
    const found = await this.#inner.stat(key);
    if (found === undefined) return undefined;
    const sizeBytes = plainSizeOf(found.sizeBytes);
    if (sizeBytes === undefined) throw new ConveyError(corrupt, 'No stored file has its size.');
    return { sizeBytes };
  }

  /** Destroys the key, then removes the data: a copy of the data is worth nothing from then on. */
  async delete(key: string): Promise<boolean> {
    ensureName(key);
    const header = await this.#findHeader(key);
    if (typeof header === 'object') await this.#keys.remove({ name: key, id: header.id });
    return this.#inner.delete(key);
  }

  /** As every store; something that is no stored object at all appears with 0 bytes. */
  async *list(prefix: string): AsyncGenerator<StoredObject> {
    if (prefix.startsWith(KEYS_PREFIX)) throw new ConveyError(badKey);
    for await (const object of this.#inner.list(prefix)) {
      if (object.key.startsWith(KEYS_PREFIX)) continue;
      yield { ...object, sizeBytes: plainSizeOf(object.sizeBytes) ?? 0 };
    }
  }

  async sweepTemporary(options: { olderThanMs?: number } = {}): Promise<number> {
    const removed = await this.#inner.sweepTemporary(options);
    return removed + (await this.#orphans.sweep(options.olderThanMs));
  }

  /** One pass that wraps every object's key under the current master key; see `rotateMasterKey`. */
  rewrapKeys(signal?: AbortSignal): Promise<RewrapCounts> {
    return this.#keys.rewrap(signal);
  }

  /** Ids of the master keys that some of the objects' keys are under; empty for an empty store. */
  sampleKeyIds(most: number): Promise<string[]> {
    return this.#keys.sampleKeyIds(most);
  }

  async #findHeader(key: string): Promise<ObjectHeader | 'unreadable' | undefined> {
    try {
      const reader = new ByteReader(await this.#inner.open(key, { start: 0, end: HEADER_BYTES - 1 }));
      try {
        return parseHeader(await reader.read(HEADER_BYTES));
      } finally {
        reader.close();
      }
    } catch (error) {
      if (isKind(error, notFound)) return undefined;
      if (isKind(error, notEncrypted) || isKind(error, corrupt) || isKind(error, badRange))
        return 'unreadable';
      throw error;
    }
  }
}

/** @throws storage.bad_key for names that are the store's own or too long to have a key beside them */
function ensureName(key: string): void {
  if (key.startsWith(KEYS_PREFIX)) throw new ConveyError(badKey, 'Names below keys/ are the store’s own.');
  if (key.length > MAX_NAME_CHARACTERS) throw new ConveyError(badKey, 'It is too long.');
}

function isKind(error: unknown, kind: typeof corrupt): boolean {
  return error instanceof ConveyError && error.kind === kind;
}

/** The frame that holds a byte; undefined when it is no byte's number. */
function frameOf(byte: number): number | undefined {
  return Number.isSafeInteger(byte) && byte >= 0 ? Math.floor(byte / FRAME_BYTES) : undefined;
}

function frameAt(frame: number): number {
  return HEADER_BYTES + frame * SEALED_FRAME_BYTES;
}

async function* startingWith(
  first: IteratorResult<Buffer, void>,
  rest: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
