/** A file of the zip. */
export interface ZipEntry {
  /** Path inside the zip's folder, ASCII, with `/`. */
  name: string;
  bytes: number;
  /** Unsigned 32-bit value, as `zlib.crc32` gives. */
  crc32: number;
}

/**
 * Where every byte of a zip lies. Headers are made when they are asked for: of an entry this keeps two numbers,
 * so that a zip of 100,000 files costs some MB at most.
 */
export interface ZipLayout {
  totalBytes: number;
  folder: string;
  entries: readonly ZipEntry[];
  /** DOS date and time. */
  stamp: number;
  /** Where the entry's local header begins; one more at the end: the central directory. */
  localOffsets: Float64Array;
  /** Where the entry's record in the central directory begins; one more at the end: the directory's end. */
  centralOffsets: Float64Array;
}

/** A run of bytes at `offset` in the zip: bytes of its structure, or those of an entry from `from` up to `to`. */
export type ZipPiece =
  | { offset: number; bytes: Buffer }
  | { offset: number; entry: number; from: number; to: number };

const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
/** Reserved to say “see the ZIP64 field” (APPNOTE 4.4.1.4): a value must be less to stand for itself. */
const MAX_32 = 0xffffffff;
const MAX_16 = 0xffff;
const VERSION = 20;
const VERSION_ZIP64 = 45;
const UTF8_NAMES = 1 << 11;
/** “Made by”: Unix (APPNOTE 4.4.2). */
const UNIX = 3 << 8;
const REGULAR_FILE_0644 = (0o100644 << 16) >>> 0;

/**
 * Lays out a package's zip as docs/package.md says (PKWARE APPNOTE 6.3): stored entries in the given order in one
 * folder, then the central directory; ZIP64 fields exactly where a value does not fit. Pure: equal arguments give
 * equal zips, which is what lets a download be resumed and a verifier compare every byte.
 * @param time of every entry: UTC, even seconds, 1980 to 2107
 */
export function layOutZip(folder: string, entries: readonly ZipEntry[], time: Date): ZipLayout {
  const localOffsets = new Float64Array(entries.length + 1);
  const centralOffsets = new Float64Array(entries.length + 1);
  let offset = 0;
  for (const [index, entry] of entries.entries()) {
    localOffsets[index] = offset;
    offset += LOCAL_BYTES + nameBytes(folder, entry) + (entry.bytes < MAX_32 ? 0 : 20) + entry.bytes;
  }
  localOffsets[entries.length] = offset;
  for (const [index, entry] of entries.entries()) {
    centralOffsets[index] = offset;
    offset += CENTRAL_BYTES + nameBytes(folder, entry);
    const wide = (entry.bytes < MAX_32 ? 0 : 16) + ((localOffsets[index] as number) < MAX_32 ? 0 : 8);
    if (wide > 0) offset += 4 + wide;
  }
  centralOffsets[entries.length] = offset;
  const layout = { totalBytes: 0, folder, entries, stamp: stampOf(time), localOffsets, centralOffsets };
  layout.totalBytes = offset + endOf(layout).length;
  return layout;
}

/**
 * What lies in the byte range from `start` up to, but without, `end`, in order and without gaps. Pieces of the
 * structure are cut to the range; memory does not grow with the range. For all of it: 0, `layout.totalBytes`.
 */
export function* sliceLayout(layout: ZipLayout, start: number, end: number): Generator<ZipPiece> {
  const { entries, localOffsets, centralOffsets } = layout;
  const count = entries.length;
  for (let i = lastAtOrBefore(localOffsets, start); i < count && (localOffsets[i] as number) < end; i++) {
    const offset = localOffsets[i] as number;
    const header = localHeader(layout, i);
    yield* cut(header, offset, start, end);
    const contents = offset + header.length;
    const from = Math.max(0, start - contents);
    const to = Math.min((entries[i] as ZipEntry).bytes, end - contents);
    if (from < to) yield { offset: contents + from, entry: i, from, to };
  }
  for (let i = lastAtOrBefore(centralOffsets, start); i < count && (centralOffsets[i] as number) < end; i++) {
    yield* cut(centralRecord(layout, i), centralOffsets[i] as number, start, end);
  }
  const directoryEnd = centralOffsets[count] as number;
  if (end > directoryEnd) yield* cut(endOf(layout), directoryEnd, start, end);
}

function* cut(bytes: Buffer, offset: number, start: number, end: number): Generator<ZipPiece> {
  const from = Math.max(0, start - offset);
  const to = Math.min(bytes.length, end - offset);
  if (from < to) yield { offset: offset + from, bytes: bytes.subarray(from, to) };
}

/** APPNOTE 4.3.7. */
function localHeader({ folder, entries, stamp }: ZipLayout, index: number): Buffer {
  const { name, bytes, crc32 } = entries[index] as ZipEntry;
  const isWide = bytes >= MAX_32;
  // 4.5.3: in a local header the field holds both sizes.
  const extra = isWide ? zip64Field([bytes, bytes]) : Buffer.alloc(0);
  const path = Buffer.from(`${folder}/${name}`);
  const header = Buffer.alloc(LOCAL_BYTES);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(isWide ? VERSION_ZIP64 : VERSION, 4);
  header.writeUInt16LE(UTF8_NAMES, 6);
  header.writeUInt32LE(stamp, 10); // at 8: method 0, stored
  header.writeUInt32LE(crc32, 14);
  header.writeUInt32LE(Math.min(bytes, MAX_32), 18);
  header.writeUInt32LE(Math.min(bytes, MAX_32), 22);
  header.writeUInt16LE(path.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, path, extra]);
}

/** APPNOTE 4.3.12. */
function centralRecord({ folder, entries, stamp, localOffsets }: ZipLayout, index: number): Buffer {
  const { name, bytes, crc32 } = entries[index] as ZipEntry;
  const offset = localOffsets[index] as number;
  const wide = [...(bytes < MAX_32 ? [] : [bytes, bytes]), ...(offset < MAX_32 ? [] : [offset])];
  const version = wide.length > 0 ? VERSION_ZIP64 : VERSION;
  const extra = wide.length > 0 ? zip64Field(wide) : Buffer.alloc(0);
  const path = Buffer.from(`${folder}/${name}`);
  const record = Buffer.alloc(CENTRAL_BYTES);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(UNIX | version, 4);
  record.writeUInt16LE(version, 6);
  record.writeUInt16LE(UTF8_NAMES, 8);
  record.writeUInt32LE(stamp, 12); // at 10: method 0, stored
  record.writeUInt32LE(crc32, 16);
  record.writeUInt32LE(Math.min(bytes, MAX_32), 20);
  record.writeUInt32LE(Math.min(bytes, MAX_32), 24);
  record.writeUInt16LE(path.length, 28);
  record.writeUInt16LE(extra.length, 30);
  record.writeUInt32LE(REGULAR_FILE_0644, 38);
  record.writeUInt32LE(Math.min(offset, MAX_32), 42);
  return Buffer.concat([record, path, extra]);
}

/** What comes after the directory's records: APPNOTE 4.3.14 and 4.3.15 where needed, and 4.3.16. */
function endOf({ entries, localOffsets, centralOffsets }: ZipLayout): Buffer {
  const count = entries.length;
  const offset = localOffsets[count] as number;
  const sizeBytes = (centralOffsets[count] as number) - offset;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, MAX_16), 8);
  end.writeUInt16LE(Math.min(count, MAX_16), 10);
  end.writeUInt32LE(Math.min(sizeBytes, MAX_32), 12);
  end.writeUInt32LE(Math.min(offset, MAX_32), 16);
  if (count < MAX_16 && sizeBytes < MAX_32 && offset < MAX_32) return end;
  const wide = Buffer.alloc(56 + 20);
  wide.writeUInt32LE(0x06064b50, 0);
  wide.writeBigUInt64LE(44n, 4); // of this record, without these first 12 bytes
  wide.writeUInt16LE(UNIX | VERSION_ZIP64, 12);
  wide.writeUInt16LE(VERSION_ZIP64, 14);
  wide.writeBigUInt64LE(BigInt(count), 24);
  wide.writeBigUInt64LE(BigInt(count), 32);
  wide.writeBigUInt64LE(BigInt(sizeBytes), 40);
  wide.writeBigUInt64LE(BigInt(offset), 48);
  wide.writeUInt32LE(0x07064b50, 56);
  wide.writeBigUInt64LE(BigInt(centralOffsets[count] as number), 64);
  wide.writeUInt32LE(1, 72); // disks
  return Buffer.concat([wide, end]);
}

/** APPNOTE 4.5.3. */
function zip64Field(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, index) => field.writeBigUInt64LE(BigInt(value), 4 + 8 * index));
  return field;
}

/** DOS time in the lower 16 bits, date in the upper ones (APPNOTE 4.4.6). */
function stampOf(time: Date): number {
  const at = new Date(Math.min(Math.max(time.getTime(), Date.UTC(1980)), Date.UTC(2108) - 1));
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const clock = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  return date * 0x10000 + clock;
}

/** Names are ASCII: a character is a byte. */
function nameBytes(folder: string, { name }: ZipEntry): number {
  return folder.length + 1 + name.length;
}

/** Index of the last offset that is not behind `position`; 0 if all are. */
function lastAtOrBefore(offsets: Float64Array, position: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((offsets[middle] as number) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
