import { closeSync, openSync, readSync } from 'node:fs';

/** First and last code point, both included. */
export type CodePointRange = readonly [first: number, last: number];

const CMAP = 0x636d6170;
/** Platform and encoding of a subtable with Unicode code points, the fuller first. */
const UNICODE_TABLES = [
  [3, 10],
  [0, 6],
  [0, 4],
  [3, 1],
  [0, 3],
] as const;

/**
 * Which characters a TrueType font has glyphs for: its `cmap` table (OpenType specification, “cmap”), subtables of
 * format 4 and 12. Reads that table alone, as an emoji font has 25 MB.
 * @throws when the file is no such font
 */
export function readCmap(path: string): CodePointRange[] {
  const table = readTable(path, CMAP);
  const at = findSubtable(table);
  const format = table.readUInt16BE(at);
  if (format === 12) return readGroups(table, at);
  if (format === 4) return readSegments(table, at);
  throw new Error(`the cmap of ${path} has format ${format}`);
}

function readTable(path: string, tag: number): Buffer {
  const fd = openSync(path, 'r');
  try {
    const read = (position: number, length: number) => {
      const bytes = Buffer.alloc(length);
      if (readSync(fd, bytes, 0, length, position) !== length) throw new Error(`${path} ends too early`);
      return bytes;
    };
    const tables = read(0, 12).readUInt16BE(4);
    const directory = read(12, tables * 16);
    for (let at = 0; at < directory.length; at += 16) {
      if (directory.readUInt32BE(at) === tag)
        return read(directory.readUInt32BE(at + 8), directory.readUInt32BE(at + 12));
    }
    throw new Error(`${path} has no cmap`);
  } finally {
    closeSync(fd);
  }
}

function findSubtable(cmap: Buffer): number {
  const count = cmap.readUInt16BE(2);
  for (const [platform, encoding] of UNICODE_TABLES) {
    for (let at = 4; at < 4 + count * 8; at += 8) {
      if (cmap.readUInt16BE(at) === platform && cmap.readUInt16BE(at + 2) === encoding)
        return cmap.readUInt32BE(at + 4);
    }
  }
  throw new Error('a font has no cmap of Unicode');
}

/** Format 12: groups of (first, last, glyph of the first). */
function readGroups(cmap: Buffer, at: number): CodePointRange[] {
  const ranges: CodePointRange[] = [];
  const end = at + 16 + cmap.readUInt32BE(at + 12) * 12;
  for (let group = at + 16; group < end; group += 12) {
    const first = cmap.readUInt32BE(group);
    const isNotdef = cmap.readUInt32BE(group + 8) === 0;
    const last = cmap.readUInt32BE(group + 4);
    if (!isNotdef) ranges.push([first, last]);
    else if (last > first) ranges.push([first + 1, last]);
  }
  return ranges;
}

/** Format 4: four arrays side by side (ends, starts, deltas, offsets); an offset points into glyph ids behind them. */
function readSegments(cmap: Buffer, at: number): CodePointRange[] {
  const ranges: CodePointRange[] = [];
  const size = cmap.readUInt16BE(at + 6);
  const [ends, starts, deltas, offsets] = [at + 14, at + 16 + size, at + 16 + 2 * size, at + 16 + 3 * size];
  for (let i = 0; i < size; i += 2) {
    const first = cmap.readUInt16BE(starts + i);
    const last = Math.min(cmap.readUInt16BE(ends + i), 0xfffe);
    const delta = cmap.readUInt16BE(deltas + i);
    const offset = cmap.readUInt16BE(offsets + i);
    for (let point = first; point <= last; point++) {
      let glyph = point;
      if (offset !== 0) {
        glyph = cmap.readUInt16BE(offsets + i + offset + 2 * (point - first));
        if (glyph === 0) continue;
      }
      if (((glyph + delta) & 0xffff) !== 0) ranges.push([point, point]);
    }
  }
  return ranges;
}
