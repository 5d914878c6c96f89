import { inflateRawSync } from 'node:zlib';
import { expect } from 'vitest';

const BOM = '\uFEFF';

/** Header and number of rows of a CSV for spreadsheets: with a BOM, every cell quoted. */
export function readCsv(bytes: Buffer): { header: string[]; rows: number } {
  const text = bytes.toString('utf8');
  expect(text.startsWith(BOM)).toBe(true);
  const lines = text.slice(BOM.length).split('\r\n');
  expect(lines.pop()).toBe('');
  const cells = lines[0]!.split(',').map((cell) => cell.replace(/^"(.*)"$/, '$1'));
  // A cell may hold line breaks: whole rows are those that end with an even number of quotes before.
  let quotes = 0;
  let rows = 0;
  for (const line of lines) {
    quotes += line.split('"').length - 1;
    if (quotes % 2 === 0) rows += 1;
  }
  return { header: cells, rows: rows - 1 };
}

/** How many records NDJSON holds, and its last line. */
export function readNdjson(bytes: Buffer): { records: number; end: { _end: boolean; records: number } } {
  const lines = bytes.toString('utf8').trimEnd().split('\n');
  return { records: lines.length - 1, end: JSON.parse(lines.at(-1)!) as { _end: boolean; records: number } };
}

/** The files of a zip with their contents. */
export function readZip(bytes: Buffer): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  let at = bytes.lastIndexOf('PK\u0005\u0006');
  let left = bytes.readUInt16LE(at + 10);
  at = bytes.readUInt32LE(at + 16);
  for (; left > 0; left -= 1) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const lengths = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [number, number, number];
    const name = bytes.toString('utf8', at + 46, at + 46 + lengths[0]);
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(start, start + size);
    files[name] = method === 0 ? data : inflateRawSync(data);
    at += 46 + lengths[0] + lengths[1] + lengths[2];
  }
  return files;
}
