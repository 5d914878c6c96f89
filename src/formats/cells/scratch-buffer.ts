import type { ByteTarget } from '../byte-writer.ts';

const USUAL_BYTES = 1 << 16;
/** Memory that one huge value made larger than this is dropped at the next `clear()`. */
const KEPT_BYTES = 1 << 20;

/** Growing memory for bytes that are looked at again before they leave: captured cells, straddling rows. */
export class ScratchBuffer implements ByteTarget {
  buffer: Buffer = Buffer.allocUnsafeSlow(USUAL_BYTES);
  view: DataView = viewOf(this.buffer);
  position = 0;

  reserve(bytes: number): void {
    const needed = this.position + bytes;
    if (needed <= this.buffer.length) return;
    // At least double, so that many small reserves copy each byte a constant number of times; and an eighth
    // more than needed, so that the small fields after a huge one do not move it again.
    const grown = Buffer.allocUnsafeSlow(Math.max(needed + (needed >> 3), this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.position);
    this.#use(grown);
  }

  /** Starts over. Views given out before may be overwritten from now on. */
  clear(): void {
    this.position = 0;
    if (this.buffer.length > KEPT_BYTES) this.#use(Buffer.allocUnsafeSlow(USUAL_BYTES));
  }

  /** Hands over what was written; `next`, if given, is the memory to go on with. */
  take(next?: Buffer): Buffer {
    const taken = this.buffer.subarray(0, this.position);
    this.position = 0;
    this.#use(next ?? Buffer.allocUnsafeSlow(USUAL_BYTES));
    return taken;
  }

  #use(buffer: Buffer): void {
    this.buffer = buffer;
    this.view = viewOf(buffer);
  }
}

/** A DataView over exactly these bytes. */
export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
