import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { ConveyError } from '../errors.ts';
import { readKeyFile } from './key-file.ts';
import { badKeyFile, unknownMasterKey } from './keys.errors.ts';

/** RFC 3394, section 2.2.3.1: the value that a right unwrap ends in. */
const WRAP_IV = Buffer.from('A6A6A6A6A6A6A6A6', 'hex');

/** Where master keys come from, as plain data that can be sent to a thread. */
export interface MasterKeySource {
  /** 32 bytes each. The first wraps, the others only unwrap. */
  keys: readonly Uint8Array[];
  /** The file that the keys were read from and are read from again; undefined: the environment gave them. */
  keyFile?: string | undefined;
}

/** A secret under a master key. */
export interface WrappedSecret {
  /** Id of the master key. */
  keyId: string;
  wrapped: Buffer;
}

/** Id of a master key: says which one it is and nothing about it. 16 hexadecimal digits. */
export function masterKeyId(key: Uint8Array): string {
  return createHash('sha256').update('convey.master-key.v1').update(key).digest('hex').slice(0, 16);
}

/**
 * The master keys of a process. Those of a key file follow the file: another process may rotate them at any
 * moment. A key once seen is kept until the process ends, for whoever read something just before a rotation.
 */
export class MasterKeys {
  readonly #keyFile: string | undefined;
  readonly #known = new Map<string, Uint8Array>();
  #currentId: string;

  constructor({ keys, keyFile }: MasterKeySource) {
    this.#keyFile = keyFile;
    this.#currentId = this.#learn(keys);
  }

  /**
   * Id of the key that wraps now, read from the file each time: to wrap under a key that a rotation is about
   * to throw away would lose data. A few dozen microseconds.
   * @throws keys.bad_key_file when the file is gone or spoilt: what is wrapped now could never be read again
   */
  async currentId(): Promise<string> {
    if (this.#keyFile !== undefined) this.#currentId = this.#learn(await readKeyFile(this.#keyFile));
    return this.#currentId;
  }

  /** 32 bytes for one purpose, which tell nothing about the key that wraps now (HKDF, RFC 5869). Another key, others. */
  async derive(purpose: string): Promise<Uint8Array> {
    const key = this.#known.get(await this.currentId())!;
    return new Uint8Array(hkdfSync('sha256', key, '', `convey ${purpose}`, 32));
  }

  /** Wraps a secret (16 bytes or more, in steps of 8) under a known key. AES-256-KW, RFC 3394. */
  wrap(secret: Uint8Array, keyId: string): WrappedSecret {
    const key = this.#known.get(keyId);
    if (key === undefined) throw new ConveyError(unknownMasterKey, `Its id is ${keyId}.`);
    const cipher = createCipheriv('id-aes256-wrap', key, WRAP_IV);
    return { keyId, wrapped: Buffer.concat([cipher.update(secret), cipher.final()]) };
  }

  /**
   * The secret, or undefined when its wrapping was tampered with.
   * @throws keys.unknown_master_key
   */
  async unwrap({ keyId, wrapped }: WrappedSecret): Promise<Buffer | undefined> {
    if (!this.#known.has(keyId)) await this.currentId();
    const key = this.#known.get(keyId);
    if (key === undefined) throw new ConveyError(unknownMasterKey, `Its id is ${keyId}.`);
    try {
      const decipher = createDecipheriv('id-aes256-wrap', key, WRAP_IV);
      return Buffer.concat([decipher.update(wrapped), decipher.final()]);
    } catch {
      return undefined;
    }
  }

  /** Which of these ids belong to keys that are not here; the key file is read again if there are any. */
  async unknownOf(keyIds: Iterable<string>): Promise<string[]> {
    const wanted = [...keyIds];
    if (wanted.some((id) => !this.#known.has(id))) await this.currentId();
    return wanted.filter((id) => !this.#known.has(id));
  }

  /** Takes keys in and gives the id of the first. */
  #learn(keys: readonly Uint8Array[]): string {
    const ids = keys.map((key) => {
      const id = masterKeyId(key);
      this.#known.set(id, key);
      return id;
    });
    if (ids[0] === undefined) throw new ConveyError(badKeyFile, 'It holds no key.');
    return ids[0];
  }
}
