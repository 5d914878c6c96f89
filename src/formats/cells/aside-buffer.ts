import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteWriter } from '../byte-writer.ts';
import { ScratchBuffer } from './scratch-buffer.ts';

/** More than this of one record's list goes through a file without a name. */
const MEMORY_BYTES = 8 << 20;
const PIECE_BYTES = 1 << 20;

/**
 * Bytes that are rendered before their turn: items of a list whose rows come in between another list's. A few
 * kilobytes as a rule; a giant record's go through a file, so that memory stays bounded. That file is written
 * synchronously: it only ever holds up its own export.
 */
export class AsideBuffer extends ScratchBuffer {
  #fd: number | undefined;
  #fileBytes = 0;

  override reserve(bytes: number): void {
    if (this.position + bytes > MEMORY_BYTES) this.#spill();
    super.reserve(bytes);
  }

  /** Moves everything into `out` and starts over. A promise only where it went through a file. */
  moveInto(out: ByteWriter): void | Promise<void> {
    if (this.#fd !== undefined) return this.#moveFile(out, this.#fd);
    out.raw(this.buffer.subarray(0, this.position));
    this.clear();
  }

  /** Gives the file back if an export ends in the middle. */
  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    this.#fileBytes = 0;
    this.clear();
  }

  #spill(): void {
    if (this.position === 0) return;
    this.#fd ??= openNameless();
    const bytes = this.buffer.subarray(0, this.position);
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#fd, bytes, done, bytes.length - done, this.#fileBytes + done);
    }
    this.#fileBytes += bytes.length;
    this.clear();
  }

  async #moveFile(out: ByteWriter, fd: number): Promise<void> {
    this.#spill();
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    for (let position = 0; position < this.#fileBytes; ) {
      const count = readSync(fd, piece, 0, PIECE_BYTES, position);
      if (count === 0) throw new Error('a file of set-aside items is shorter than what was written to it');
      out.raw(piece.subarray(0, count));
      position += count;
      if (out.mustWait) await out.ready();
    }
    this.close();
  }
}

/** Without a name from the first moment on, so that a crash leaves nothing. */
function openNameless(): number {
  const path = join(tmpdir(), `convey-aside-${randomBytes(12).toString('hex')}`);
  const fd = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return fd;
}
