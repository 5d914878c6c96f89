import { ConveyError } from '../errors.ts';
import { ScratchBuffer, viewOf } from './cells/scratch-buffer.ts';
import { badCopyRow } from './formats.errors.ts';

/** One row of a binary COPY: fields as offsets into a received buffer; valid only until the cursor moves. */
export interface RowView {
  readonly bytes: Buffer;
  /** Over the same bytes as `bytes`: codecs read whole words through it. */
  readonly view: DataView;
  /** Where each field starts in `bytes`. */
  readonly offsets: Int32Array;
  /** Bytes of each field; -1 = NULL. */
  readonly lengths: Int32Array;
}

/** The signature, flags and extension length that every binary COPY starts with (PostgreSQL manual, COPY). */
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const HEADER_BYTES = SIGNATURE.length + 8;
/** PostgreSQL's own limit for one value (1 GiB). */
const LONGEST_FIELD_BYTES = 0x3fffffff;
const NOTHING = Buffer.alloc(0);
const NO_VIEW = viewOf(NOTHING);

/**
 * Parses binary COPY bytes chunk by chunk: `while (!parser.next()) parser.push(await more())`.
 *
 * Rows that lie inside one chunk are viewed in place. A row that straddles chunks is copied, and only that
 * row, into a carry buffer that grows to the row's announced length: every byte is copied at most a constant
 * number of times whatever the chunk sizes, and no chunk is kept alive once it has been read.
 */
export class RowParser implements RowView {
  bytes: Buffer = NOTHING;
  view: DataView = NO_VIEW;
  readonly offsets: Int32Array;
  readonly lengths: Int32Array;
  /** The trailer was seen: every row was received. */
  ended = false;
  /** Rows shown so far. */
  rows = 0;

  #chunk: Buffer = NOTHING;
  #chunkView: DataView = NO_VIEW;
  #position = 0;
  /** Chunks pushed before the current one was read to its end. */
  #waiting: Buffer[] = [];
  /** The start of a row (or of the header) whose rest has not been received. */
  readonly #carry = new ScratchBuffer();
  #inHeader = true;
  /** Where the row that `#measure` found complete ends. */
  #end = 0;

  constructor(columnCount: number) {
    this.offsets = new Int32Array(columnCount);
    this.lengths = new Int32Array(columnCount);
  }

  /** Gives the next received chunk, cut anywhere. It must not be overwritten until `next()` answered false. */
  push(chunk: Buffer): void {
    if (chunk.length > 0) this.#waiting.push(chunk);
  }

  /**
   * True: the view shows the next row. False: more bytes are needed, or the trailer was seen (`ended`).
   * Throws `formats.bad_copy_row` on bytes that are no binary COPY of this many columns.
   */
  next(): boolean {
    if (this.#carry.position === 0 && this.#position < this.#chunk.length && !this.#inHeader && !this.ended) {
      // The hot path: a whole row inside the current chunk.
      if (this.#measure(this.#chunkView, this.#position, this.#chunk.length) === 0) {
        this.#position = this.#end;
        return this.#show(this.#chunk, this.#chunkView);
      }
    }
    return this.#nextAcrossChunks();
  }

  /**
   * Shows the one whole row that lies exactly between two places of a received buffer, in place and without
   * `push`. False, and nothing has happened, when there is no such row or `push`ed bytes are not read to their end.
   */
  viewAt(bytes: Buffer, view: DataView, start: number, end: number): boolean {
    const isBetweenRows =
      this.#position >= this.#chunk.length && this.#carry.position === 0 && this.#waiting.length === 0;
    if (!isBetweenRows || this.#inHeader || this.ended || end - start < 2) return false;
    if (view.getInt16(start) !== this.offsets.length) return false; // the trailer, or an error
    if (this.#measure(view, start, end) !== 0 || this.#end !== end) return false;
    return this.#show(bytes, view);
  }

  /** Throws unless the trailer was seen: a COPY that merely stops is short, however well its rows parse. */
  ensureEnded(): void {
    if (!this.ended) throw new ConveyError(badCopyRow, `It ended without a trailer after row ${this.rows}.`);
  }

  #nextAcrossChunks(): boolean {
    const carry = this.#carry;
    for (;;) {
      if (this.#position >= this.#chunk.length && !this.#openNextChunk()) return false;
      if (this.ended) return this.#show(this.#chunk, this.#chunkView);
      if (carry.position === 0) {
        if (this.#measure(this.#chunkView, this.#position, this.#chunk.length) > 0) {
          this.#take(this.#chunk.length - this.#position);
          continue;
        }
        this.#position = this.#end;
        if (this.#accept(this.#chunk, this.#chunkView)) return true;
        continue;
      }
      const missing = this.#measure(carry.view, 0, carry.position);
      // Room for all that is known to come, so that a huge row is copied once and not while it grows.
      carry.reserve(missing);
      this.#take(Math.min(missing, this.#chunk.length - this.#position));
      if (this.#measure(carry.view, 0, carry.position) > 0) continue;
      const { buffer, view } = carry;
      carry.clear();
      if (this.#accept(buffer, view)) return true;
    }
  }

  /** Header, trailer or row: true only for a row. */
  #accept(bytes: Buffer, view: DataView): boolean {
    if (!this.#inHeader) return this.#show(bytes, view);
    this.#inHeader = false;
    return false;
  }

  /** Shows the row that `#measure` found, if it was not the trailer. */
  #show(bytes: Buffer, view: DataView): boolean {
    if (this.ended) {
      // Released, unless bytes follow: those are an error.
      if (this.#position >= this.#chunk.length && !this.#openNextChunk()) return false;
      throw new ConveyError(badCopyRow, 'Bytes follow the trailer.');
    }
    this.bytes = bytes;
    this.view = view;
    this.rows++;
    return true;
  }

  #openNextChunk(): boolean {
    const chunk = this.#waiting.shift();
    this.#chunk = chunk ?? NOTHING;
    this.#chunkView = chunk === undefined ? NO_VIEW : viewOf(chunk);
    this.#position = 0;
    if (chunk !== undefined) return true;
    // Nothing of what was read stays reachable while we wait.
    this.bytes = NOTHING;
    this.view = NO_VIEW;
    return false;
  }

  /** Moves `count` bytes of the chunk to the end of the carry buffer. */
  #take(count: number): void {
    const carry = this.#carry;
    carry.reserve(count);
    this.#chunk.copy(carry.buffer, carry.position, this.#position, this.#position + count);
    carry.position += count;
    this.#position += count;
  }

  /**
   * Finds the fields of the row (or the header) that starts at `start`. Answers 0 when it ends at or before
   * `limit` (`#end` is set), else how many bytes beyond `limit` are needed before it is worth looking again.
   */
  #measure(view: DataView, start: number, limit: number): number {
    if (this.#inHeader) return this.#measureHeader(view, start, limit);
    let at = start + 2;
    if (at > limit) return at - limit;
    const { offsets, lengths } = this;
    const count = view.getInt16(start);
    if (count !== offsets.length) {
      if (count !== -1) {
        const detail = `Row ${this.rows + 1} has ${count} fields instead of ${offsets.length}.`;
        throw new ConveyError(badCopyRow, detail);
      }
      this.ended = true;
      this.#end = at;
      return 0;
    }
    for (let i = 0; i < count; i++) {
      if (at + 4 > limit) return at + 4 - limit;
      const length = view.getInt32(at);
      at += 4;
      offsets[i] = at;
      lengths[i] = length;
      if (length > 0) at += length;
      // Checked before memory is reserved for the rest of the row.
      if (length < -1 || length > LONGEST_FIELD_BYTES) {
        throw new ConveyError(badCopyRow, `Row ${this.rows + 1}, field ${i}: length ${length}.`);
      }
    }
    this.#end = at;
    return at > limit ? at - limit : 0;
  }

  #measureHeader(view: DataView, start: number, limit: number): number {
    const known = Math.min(SIGNATURE.length, limit - start);
    for (let i = 0; i < known; i++) {
      if (view.getUint8(start + i) !== SIGNATURE[i]) throw new ConveyError(badCopyRow, 'No COPY signature.');
    }
    if (limit - start < HEADER_BYTES) return start + HEADER_BYTES - limit;
    // Bits 16–31 are critical: a reader that does not know one of them must refuse (16 = row has an oid).
    const flags = view.getInt32(start + SIGNATURE.length);
    const extension = view.getInt32(start + SIGNATURE.length + 4);
    if (flags >>> 16 !== 0 || extension < 0) throw new ConveyError(badCopyRow, 'Unknown COPY header.');
    this.#end = start + HEADER_BYTES + extension;
    return Math.max(0, this.#end - limit);
  }
}
