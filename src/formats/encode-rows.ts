import { encodeValue } from './cells/encode-value.ts';
import { ScratchBuffer } from './cells/scratch-buffer.ts';
import type { ColumnType } from './codecs.ts';

/** Signature, no flags, no extension (PostgreSQL manual, COPY, binary format). */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
/** Memory larger than this is left to the collector: one huge row made it. */
const KEPT_BYTES = 1 << 20;

/**
 * Encodes rows as binary COPY: what `COPY … FROM STDIN (FORMAT binary)` takes and `RowParser` reads.
 *
 * `row()` per row, `take()` whenever `sizeBytes` is worth sending, `end()` and a last `take()`.
 *
 * Values by column type; null and undefined are NULL for all:
 * - text: a string, or a Buffer of UTF-8 as it is. PostgreSQL refuses 0x00 and invalid UTF-8; a lone surrogate
 *   in a string becomes U+FFFD, so whoever takes text from outside checks it before.
 * - jsonb: JSON text, string or Buffer · boolean: true or false
 * - bigint, xid8: a safe integer, or a bigint of 64 bits
 * - timestamptz: a Date, or ms since 1970 (fractions are kept to the µs)
 * - text[]: an array of strings, Buffers and nulls
 */
export class RowEncoder {
  /** Rows encoded so far. */
  rows = 0;
  readonly #types: readonly ColumnType[];
  readonly #out = new ScratchBuffer();
  #spare: Buffer | undefined;

  constructor(types: readonly ColumnType[]) {
    this.#types = types;
    this.#out.position = HEADER.copy(this.#out.buffer);
  }

  /** Bytes that the next `take()` gives. */
  get sizeBytes(): number {
    return this.#out.position;
  }

  /**
   * Encodes one row, a value per column. Throws a TypeError that names the column when a value is not of its
   * type; the row is then left out as a whole and what was encoded before stays intact.
   */
  row(values: readonly unknown[]): void {
    const types = this.#types;
    if (values.length !== types.length) {
      throw new TypeError(`A row has ${values.length} values instead of ${types.length}.`);
    }
    const start = this.#out.position;
    this.#int16(types.length);
    let column = 0;
    try {
      for (; column < types.length; column++) {
        encodeValue(this.#out, types[column] as ColumnType, values[column]);
      }
    } catch (error) {
      this.#out.position = start;
      const reason = error instanceof Error ? error.message : String(error);
      throw new TypeError(`Column ${column} (${types[column]}): ${reason}.`, { cause: error });
    }
    this.rows++;
  }

  /** Writes the trailer; no row may follow. */
  end(): void {
    this.#int16(-1);
  }

  /** Hands over everything encoded since the last `take()`; the bytes are the caller's from now on. */
  take(): Buffer {
    const next = this.#spare;
    this.#spare = undefined;
    return this.#out.take(next);
  }

  /** Gives back what `take()` gave, once nobody reads it any more; optional, saves allocations. */
  recycle(taken: Buffer): void {
    if (taken.buffer.byteLength <= KEPT_BYTES) this.#spare = Buffer.from(taken.buffer);
  }

  #int16(value: number): void {
    this.#out.reserve(2);
    this.#out.view.setInt16(this.#out.position, value);
    this.#out.position += 2;
  }
}
