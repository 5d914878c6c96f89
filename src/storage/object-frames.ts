import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ConveyError } from '../errors.ts';
import { corrupt, notEncrypted } from './storage.errors.ts';

/*
 * A stored object: a header, then frames.
 *
 *   header  "CVYE" | version 1 (1 byte) | object key id (16 bytes, random) | frame size 65536 (u32)
 *   frame   ciphertext of 65536 bytes, in the last frame of 0 to 65536 | tag (16 bytes)
 *
 * AES-256-GCM under a key that only this object has ever had. Nonce: 3 zero bytes, 1 in the last frame and
 * else 0, number of the frame (u64). Additional data: header, number of the frame (u64), the object's name.
 * So a frame opens only where it was sealed, and a shortened object lacks a frame that is sealed as the last
 * (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). Numbers are big-endian.
 */

const MAGIC = Buffer.from('CVYE');
const VERSION = 1;
const ID_BYTES = 16;
const TAG_BYTES = 16;
const NUMBER_AT_IN_NONCE = 4;
const NUMBER_AT_IN_DATA = 25;
/** Frames that go to the storage in one piece. */
const FRAMES_A_WRITE = 16;

export const HEADER_BYTES = 25;
export const FRAME_BYTES = 65_536;
export const SEALED_FRAME_BYTES = FRAME_BYTES + TAG_BYTES;

/** What stands before the frames of an object. */
export interface ObjectHeader {
  /** Id of the object's key, 32 hexadecimal digits: new with every put. */
  id: string;
  bytes: Buffer;
}

/** A header with a new id. */
export function makeHeader(): ObjectHeader {
  const bytes = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(bytes);
  bytes.writeUInt8(VERSION, MAGIC.length);
  const id = randomBytes(ID_BYTES);
  id.copy(bytes, MAGIC.length + 1);
  bytes.writeUInt32BE(FRAME_BYTES, HEADER_BYTES - 4);
  return { id: id.toString('hex'), bytes };
}

/**
 * Reads a header.
 * @throws storage.not_encrypted when it is none, storage.corrupt when it is none of this version
 */
export function parseHeader(bytes: Buffer): ObjectHeader {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new ConveyError(notEncrypted);
  const isOurs =
    bytes.length === HEADER_BYTES &&
    bytes.readUInt8(MAGIC.length) === VERSION &&
    bytes.readUInt32BE(HEADER_BYTES - 4) === FRAME_BYTES;
  if (!isOurs) throw new ConveyError(corrupt, 'Its header is not one that this version writes.');
  const id = bytes.toString('hex', MAGIC.length + 1, MAGIC.length + 1 + ID_BYTES);
  return { id, bytes: Buffer.from(bytes) };
}

/** Number of the last frame of an object of this size, from 0. */
export function lastFrameOf(sizeBytes: number): number {
  return Math.max(0, Math.ceil(sizeBytes / FRAME_BYTES) - 1);
}

/** Size of what is in a stored object of this size; undefined when no object has it. */
export function plainSizeOf(storedBytes: number): number | undefined {
  const framesBytes = storedBytes - HEADER_BYTES;
  const frames = Math.max(1, Math.ceil(framesBytes / SEALED_FRAME_BYTES));
  const sizeBytes = framesBytes - frames * TAG_BYTES;
  return sizeBytes >= 0 && lastFrameOf(sizeBytes) === frames - 1 ? sizeBytes : undefined;
}

/** Seals and opens the frames of one object. */
export class FrameCipher {
  readonly #key: Uint8Array;
  readonly #nonce = Buffer.alloc(12);
  readonly #data: Buffer;

  /**
   * @param key 32 bytes
   * @param name the object's key in the store
   */
  constructor(key: Uint8Array, header: ObjectHeader, name: string) {
    this.#key = key;
    this.#data = Buffer.concat([header.bytes, Buffer.alloc(8), Buffer.from(name)]);
  }

  /** Ciphertext and tag. Seal each number once. */
  seal(frame: number, isLast: boolean, plain: Uint8Array): [ciphertext: Buffer, tag: Buffer] {
    this.#setFrame(frame, isLast);
    const cipher = createCipheriv('aes-256-gcm', this.#key, this.#nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(this.#data);
    const ciphertext = cipher.update(plain);
    cipher.final();
    return [ciphertext, cipher.getAuthTag()];
  }

  /** What was sealed, or undefined when this is not it. */
  open(frame: number, isLast: boolean, sealed: Buffer): Buffer | undefined {
    this.#setFrame(frame, isLast);
    const tagAt = sealed.length - TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, this.#nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(this.#data);
    decipher.setAuthTag(sealed.subarray(tagAt));
    const plain = decipher.update(sealed.subarray(0, tagAt));
    try {
      decipher.final();
      return plain;
    } catch {
      return undefined;
    }
  }

  #setFrame(frame: number, isLast: boolean): void {
    this.#nonce.writeUInt8(isLast ? 1 : 0, NUMBER_AT_IN_NONCE - 1);
    this.#nonce.writeBigUInt64BE(BigInt(frame), NUMBER_AT_IN_NONCE);
    this.#data.writeBigUInt64BE(BigInt(frame), NUMBER_AT_IN_DATA);
  }
}

/**
 * The stored object, header first, in pieces of up to 1 MiB; takes chunks of any size. A piece is overwritten once the
 * next one is asked for: memory outside of the heap makes the collector run, and new memory for each piece was what two
 * of five full collections of an export came from.
 */
export async function* sealFrames(
  source: AsyncIterable<Uint8Array>,
  header: ObjectHeader,
  cipher: FrameCipher,
): AsyncGenerator<Buffer, void, undefined> {
  // The last frame is marked, so a full one waits here until a byte beyond it has come.
  const held = Buffer.allocUnsafeSlow(FRAME_BYTES);
  let heldBytes = 0;
  let frame = 0;
  let sealed: Buffer[] = [header.bytes];
  let piece: Buffer | undefined;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      if (heldBytes === FRAME_BYTES) {
        sealed.push(...cipher.seal(frame++, false, held));
        heldBytes = 0;
      } else if (heldBytes === 0 && chunk.length - at > FRAME_BYTES) {
        sealed.push(...cipher.seal(frame++, false, chunk.subarray(at, at + FRAME_BYTES)));
        at += FRAME_BYTES;
      } else {
        const taken = chunk.subarray(at, at + FRAME_BYTES - heldBytes);
        held.set(taken, heldBytes);
        heldBytes += taken.length;
        at += taken.length;
        continue;
      }
      if (frame % FRAMES_A_WRITE === 0) {
        piece ??= Buffer.allocUnsafeSlow(HEADER_BYTES + FRAMES_A_WRITE * SEALED_FRAME_BYTES);
        yield joinInto(piece, sealed);
        sealed = [];
      }
    }
  }
  sealed.push(...cipher.seal(frame, true, held.subarray(0, heldBytes)));
  yield Buffer.concat(sealed);
}

function joinInto(piece: Buffer, parts: readonly Buffer[]): Buffer {
  let bytes = 0;
  for (const part of parts) bytes += part.copy(piece, bytes);
  return piece.subarray(0, bytes);
}
