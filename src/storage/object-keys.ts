import { randomBytes } from 'node:crypto';
import { ConveyError } from '../errors.ts';
import type { MasterKeys, WrappedSecret } from '../keys/master-keys.ts';
import type { RewrapCounts } from '../keys/rotate-master-key.ts';
import { ByteReader } from './byte-reader.ts';
import type { ObjectStore } from './object-store.ts';
import { corrupt, notFound } from './storage.errors.ts';

/** Where wrapped keys lie, beside the objects: `keys/<name of the object>/<id of its key>`. */
export const KEYS_PREFIX = 'keys/';
const KEY_BYTES = 32;
const SIZE_BYTES = 8;
const ID_CHARACTERS = 32;
/** Longest name that still has room for its key's name within what a store takes (512). */
export const MAX_NAME_CHARACTERS = 512 - KEYS_PREFIX.length - 1 - ID_CHARACTERS;

const LINE = /^convey\.object-key\.v1 ([0-9a-f]{16}) ([0-9a-f]{96})\n$/;
const LINE_BYTES = 135;

/** What is wrapped: an object's key, and its size, so that a shortened object shows before it is read. */
export interface ObjectSecret {
  key: Uint8Array;
  sizeBytes: number;
}

/** Names one wrapped key. */
export interface ObjectKeyName {
  /** The object's key in the store. */
  name: string;
  /** Id in the object's header. */
  id: string;
}

export interface StoredObjectKey extends ObjectKeyName {
  modifiedAt: Date;
}

/** A new key for one object. */
export function makeObjectKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/** The keys of all objects of a store, each wrapped under a master key in a small object of its own. */
export class ObjectKeys {
  readonly #inner: ObjectStore;
  readonly #masterKeys: MasterKeys;

  constructor(inner: ObjectStore, masterKeys: MasterKeys) {
    this.#inner = inner;
    this.#masterKeys = masterKeys;
  }

  /**
   * Wraps a key under the current master key and stores it. That a rotation cannot miss it needs no lock:
   * either the master key is still the current one afterwards, then this was stored before the rotation began
   * to look; or it is not, then it is wrapped again.
   */
  async write(object: ObjectKeyName, { key, sizeBytes }: ObjectSecret, signal?: AbortSignal): Promise<void> {
    const size = Buffer.alloc(SIZE_BYTES);
    size.writeBigUInt64BE(BigInt(sizeBytes));
    const secret = Buffer.concat([key, size]);
    let keyId = await this.#masterKeys.currentId();
    for (;;) {
      const { wrapped } = this.#masterKeys.wrap(secret, keyId);
      const line = Buffer.from(`convey.object-key.v1 ${keyId} ${wrapped.toString('hex')}\n`);
      const options = { digest: false, ...(signal === undefined ? {} : { signal }) };
      await this.#inner.put(pathOf(object), piecesOf(line), options);
      const laterId = await this.#masterKeys.currentId();
      if (laterId === keyId) return;
      keyId = laterId;
    }
  }

  /**
   * The key of an object, or undefined when there is none.
   * @throws storage.corrupt when it was tampered with, keys.unknown_master_key
   */
  async find(object: ObjectKeyName): Promise<ObjectSecret | undefined> {
    return (await this.#read(object))?.secret;
  }

  async has(object: ObjectKeyName): Promise<boolean> {
    return (await this.#inner.stat(pathOf(object))) !== undefined;
  }

  /** Destroys a key for good; false when there was none. */
  remove(object: ObjectKeyName): Promise<boolean> {
    return this.#inner.delete(pathOf(object));
  }

  /** Every stored key, in no promised order. */
  async *list(): AsyncGenerator<StoredObjectKey> {
    for await (const { key, modifiedAt } of this.#inner.list(KEYS_PREFIX)) {
      const idAt = key.lastIndexOf('/') + 1;
      const id = key.slice(idAt);
      if (idAt <= KEYS_PREFIX.length || !/^[0-9a-f]{32}$/.test(id)) continue; // nothing of ours
      yield { name: key.slice(KEYS_PREFIX.length, idAt - 1), id, modifiedAt };
    }
  }

  /** One pass over all keys that wraps those under the current master key that are not. */
  async rewrap(signal?: AbortSignal): Promise<RewrapCounts> {
    const counts = { rewrapped: 0, current: 0, failed: 0 };
    const currentId = await this.#masterKeys.currentId();
    for await (const object of this.list()) {
      signal?.throwIfAborted();
      try {
        const found = await this.#read(object);
        if (found === undefined) continue; // its object was deleted meanwhile
        if (found.keyId === currentId) counts.current++;
        else {
          await this.write(object, found.secret, signal);
          counts.rewrapped++;
        }
      } catch (error) {
        if (!isLost(error)) throw error;
        counts.failed++;
      }
    }
    return counts;
  }

  /** Ids of the master keys that some stored keys are under, damaged ones left out. */
  async sampleKeyIds(most: number): Promise<string[]> {
    const ids: string[] = [];
    for await (const object of this.list()) {
      if (most-- === 0) break;
      const line = await this.#readLine(object).catch((error: unknown) => {
        if (isLost(error)) return undefined;
        throw error;
      });
      if (line !== undefined) ids.push(line.keyId);
    }
    return ids;
  }

  async #read(object: ObjectKeyName): Promise<{ keyId: string; secret: ObjectSecret } | undefined> {
    const line = await this.#readLine(object);
    if (line === undefined) return undefined;
    const secret = await this.#masterKeys.unwrap(line);
    if (secret === undefined) throw new ConveyError(corrupt, 'Its key is damaged.');
    const sizeBytes = Number(secret.readBigUInt64BE(KEY_BYTES));
    return { keyId: line.keyId, secret: { key: secret.subarray(0, KEY_BYTES), sizeBytes } };
  }

  async #readLine(object: ObjectKeyName): Promise<WrappedSecret | undefined> {
    const stream = await this.#inner.open(pathOf(object)).catch((error: unknown) => {
      if (error instanceof ConveyError && error.kind === notFound) return undefined;
      throw error;
    });
    if (stream === undefined) return undefined;
    const reader = new ByteReader(stream);
    const text = String(await reader.read(LINE_BYTES + 1));
    reader.close();
    const [, keyId, wrapped] = LINE.exec(text) ?? [];
    if (keyId === undefined || wrapped === undefined) throw new ConveyError(corrupt, 'Its key is damaged.');
    return { keyId, wrapped: Buffer.from(wrapped, 'hex') };
  }
}

function isLost(error: unknown): boolean {
  return error instanceof ConveyError && (error.kind === corrupt || error.code === 'keys.unknown_master_key');
}

function pathOf({ name, id }: ObjectKeyName): string {
  return `${KEYS_PREFIX}${name}/${id}`;
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
