import { EntryInflater } from './inflate-entry.ts';
import { MalformedError } from './scan-json.ts';

/** Who looks into the entries of a zip, one after the other. */
export interface ZipVisitor {
  /** An entry begins. @throws MalformedError */
  open(name: string): void;
  /** Unpacked bytes of it; valid during the call only. @throws MalformedError */
  data(bytes: Buffer): void;
  /** It has ended. @throws MalformedError */
  close(): void;
}

interface Entry {
  name: string;
  offset: number;
  crc: number;
  sizeBytes: number;
  packedBytes: number;
}

const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
/** Bytes of each record, without names and other parts of changing length. */
const FIXED_BYTES: Readonly<Record<number, number>> = {
  [LOCAL]: 30,
  [CENTRAL]: 46,
  [END]: 22,
  [END64]: 56,
  [LOCATOR64]: 20,
};
/** From here on ZIP64 has the value. */
const LARGE = 0xffffffff;
/** Deflated, sizes behind the data, name in UTF-8: how a zip is written that is streamed (formats/zip.ts). */
const STREAMED_FLAGS = 0x0808;
const DEFLATED = 8;

/**
 * Reads a zip from its first byte to its last, in one go and without a seek, as we write it: every entry deflated
 * and followed by its sizes, then a directory that lists exactly these. Anything else is malformed.
 */
export class ZipScanner {
  readonly #visitor: ZipVisitor;
  readonly #entries: Entry[] = [];
  #inflater: EntryInflater | undefined;
  #open: { name: string; offset: number } | undefined;
  /** Bytes of a record that is not whole yet, and how many it needs. */
  #held: Buffer = Buffer.alloc(0);
  #needed = 4;
  #position = 0;
  /** Entries that the directory listed so far. */
  #listed = 0;
  #hasEnded = false;

  constructor(visitor: ZipVisitor) {
    this.#visitor = visitor;
  }

  /** @throws MalformedError; the scanner is of no use afterwards */
  async push(chunk: Buffer): Promise<void> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#hasEnded) this.#fail('something follows the archive’s end');
      const rest = chunk.subarray(at);
      const used = this.#inflater === undefined ? this.#hold(rest) : await this.#feed(rest, this.#inflater);
      at += used;
      this.#position += used;
      if (this.#inflater === undefined && this.#held.length === this.#needed) this.#read();
    }
  }

  /** @throws MalformedError if the archive is not whole */
  end(): void {
    if (!this.#hasEnded) this.#fail('the archive ends too early');
  }

  async #feed(rest: Buffer, inflater: EntryInflater): Promise<number> {
    const used = await inflater.feed(rest);
    if (!inflater.hasEnded) return used;
    this.#visitor.close();
    this.#entries.push({ ...this.#open!, ...sumsOf(inflater) });
    this.#inflater = undefined;
    this.#needed = isLarge(this.#entries.at(-1)!) ? 24 : 16;
    return used;
  }

  #hold(rest: Buffer): number {
    const taken = rest.subarray(0, this.#needed - this.#held.length);
    this.#held = Buffer.concat([this.#held, taken]);
    return taken.length;
  }

  /** Looks at a record as soon as more of it is known, until it is whole. */
  #read(): void {
    const record = this.#held;
    if (this.#open !== undefined) {
      this.#checkDescriptor(record);
      this.#open = undefined;
      return this.#next();
    }
    const signature = record.readUInt32LE(0);
    const fixed = FIXED_BYTES[signature];
    if (fixed === undefined) this.#fail('it is no archive of ours');
    if (record.length < fixed) return this.#need(fixed);
    const whole = fixed + moreBytes(record, signature);
    if (record.length < whole) return this.#need(whole);
    if (signature === LOCAL) this.#begin(record);
    else if (signature === CENTRAL) this.#list(record);
    else if (signature === END) this.#finish(record);
    this.#next();
  }

  #begin(record: Buffer): void {
    if (this.#listed > 0) this.#fail('an entry stands behind the directory');
    const isOurs = record.readUInt16LE(6) === STREAMED_FLAGS && record.readUInt16LE(8) === DEFLATED;
    if (!isOurs) this.#fail('an entry is packed in another way than ours');
    const name = record.toString('utf8', 30, 30 + record.readUInt16LE(26));
    this.#open = { name, offset: this.#position - record.length };
    this.#visitor.open(name);
    this.#inflater = new EntryInflater((bytes) => this.#visitor.data(bytes));
  }

  #checkDescriptor(record: Buffer): void {
    const entry = this.#entries.at(-1)!;
    const sizes =
      record.length === 24
        ? [Number(record.readBigUInt64LE(8)), Number(record.readBigUInt64LE(16))]
        : [record.readUInt32LE(8), record.readUInt32LE(12)];
    const isRight =
      record.readUInt32LE(0) === DESCRIPTOR &&
      record.readUInt32LE(4) === entry.crc &&
      sizes[0] === entry.packedBytes &&
      sizes[1] === entry.sizeBytes;
    if (!isRight) this.#fail(`what ${entry.name} states about itself is not so`);
  }

  #list(record: Buffer): void {
    const entry = this.#entries[this.#listed++];
    const name = record.toString('utf8', 46, 46 + record.readUInt16LE(28));
    const says = (at: number, value: number) => [LARGE, value].includes(record.readUInt32LE(at));
    const isRight =
      entry !== undefined &&
      entry.name === name &&
      record.readUInt32LE(16) === entry.crc &&
      says(20, entry.packedBytes) &&
      says(24, entry.sizeBytes) &&
      says(42, entry.offset);
    if (!isRight) this.#fail('the archive’s directory does not list what is in it');
  }

  #finish(record: Buffer): void {
    const count = record.readUInt16LE(10);
    const isRight = this.#listed === this.#entries.length && [0xffff, this.#listed].includes(count);
    if (!isRight) this.#fail('the archive’s directory does not list what is in it');
    this.#hasEnded = true;
  }

  #need(bytes: number): void {
    this.#needed = bytes;
  }

  #next(): void {
    this.#held = Buffer.alloc(0);
    this.#needed = 4;
  }

  #fail(what: string): never {
    throw new MalformedError(`${what} (at byte ${this.#position})`);
  }
}

/** Bytes of a record behind its fixed ones. */
function moreBytes(record: Buffer, signature: number): number {
  const lengthsAt = { [LOCAL]: [26, 28], [CENTRAL]: [28, 30, 32], [END]: [20] }[signature] ?? [];
  return lengthsAt.reduce((sum, at) => sum + record.readUInt16LE(at), 0);
}

function sumsOf({
  crc,
  sizeBytes,
  packedBytes,
}: EntryInflater): Pick<Entry, 'crc' | 'sizeBytes' | 'packedBytes'> {
  return { crc, sizeBytes, packedBytes };
}

/** Whether an entry's sizes, or its place, need ZIP64. */
function isLarge({ sizeBytes, packedBytes, offset }: Entry): boolean {
  return [sizeBytes, packedBytes, offset].some((value) => value >= LARGE);
}
