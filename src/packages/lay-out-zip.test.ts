import { spawnSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { layOutZip, sliceLayout, type ZipEntry, type ZipLayout } from './lay-out-zip.ts';
import { inFolder } from './package.fixture.ts';

const time = new Date('2026-11-21T10:00:01.234Z');
const GB = 2 ** 30;

/** The bytes of a range, entries' contents being a pattern of their position. */
function bytesOf(layout: ZipLayout, start: number, end: number): Buffer {
  const pieces = [...sliceLayout(layout, start, end)];
  let at = start;
  return Buffer.concat(
    pieces.map((piece) => {
      expect(piece.offset).toBe(at);
      const bytes =
        'bytes' in piece
          ? piece.bytes
          : Buffer.from(
              Array.from({ length: piece.to - piece.from }, (_, i) => piece.entry * 7 + piece.from + i),
            );
      expect(bytes.length).toBeGreaterThan(0);
      at += bytes.length;
      return bytes;
    }),
  );
}

test('every range of a zip is the same bytes as in the whole', () => {
  const entries = [5, 0, 1, 40].map(
    (bytes, i): ZipEntry => ({ name: `data/${i}`, bytes, crc32: 0xfffffff0 + i }),
  );
  for (const some of [entries, [], entries.slice(0, 1)]) {
    const layout = layOutZip('bag', some, time);
    const whole = bytesOf(layout, 0, layout.totalBytes);
    expect(whole.length).toBe(layout.totalBytes);
    for (let start = 0; start <= whole.length; start += 3) {
      for (let end = start; end <= whole.length; end += 5)
        expect(bytesOf(layout, start, end).equals(whole.subarray(start, end))).toBe(true);
    }
    expect(bytesOf(layout, whole.length - 1, whole.length + 100).length).toBe(1);
  }
});

/** Writes the structure only; the contents stay holes of a sparse file, which reads as zeros. */
async function writeSparse(path: string, layout: ZipLayout): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await handle.truncate(layout.totalBytes);
    let start = 0;
    let run: Buffer[] = [];
    const write = async () => void (await handle.write(Buffer.concat(run), 0, undefined, start));
    for (const piece of sliceLayout(layout, 0, layout.totalBytes)) {
      if ('bytes' in piece) {
        if (run.length === 0) start = piece.offset;
        run.push(piece.bytes);
      } else {
        await write();
        run = [];
      }
    }
    await write();
  } finally {
    await handle.close();
  }
}

const LIST = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    for i in z.infolist(): z.open(i).close()
    print(json.dumps([[i.filename, i.file_size, i.compress_size, i.header_offset, i.extract_version, len(i.extra)] for i in z.infolist()]))
`;

/** What Python's zipfile reads of it, having opened every entry; undefined, and said aloud, without Python. */
function listWithPython(path: string): [string, number, number, number, number, number][] | undefined {
  const { error, stdout, stderr, status } = spawnSync('python3', ['-c', LIST, path], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  if (error !== undefined) return void process.stderr.write('NOT CHECKED: python3 is not installed here.\n');
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as [string, number, number, number, number, number][];
}

test('sizes and offsets beyond 4 GiB stand in ZIP64 fields, just where they must, and others read them', () =>
  inFolder(async (folder) => {
    const sizes = [3, 0xfffffffe, 0xffffffff, 5 * GB, 0, 12];
    const entries = sizes.map((bytes, i): ZipEntry => ({ name: `data/${i}`, bytes, crc32: 0 }));
    const layout = layOutZip('bag', entries, time);
    expect([...sliceLayout(layout, 0, layout.totalBytes)].length).toBeLessThan(30);
    const path = join(folder, 'big.zip');
    await writeSparse(path, layout);
    const listed = listWithPython(path);
    if (listed !== undefined) {
      expect(listed.map(([name, size, stored, offset]) => [name, size, stored, offset])).toEqual(
        entries.map(({ name, bytes }, i) => [`bag/${name}`, bytes, bytes, layout.localOffsets[i]]),
      );
      // 28 bytes: both sizes and the offset (4 + 24); 12: the offset alone.
      expect(listed.map(([, , , , version]) => version)).toEqual([20, 20, 45, 45, 45, 45]);
    }
    const unzip = spawnSync('unzip', ['-l', path], { encoding: 'utf8' });
    if (unzip.error !== undefined) process.stderr.write('NOT CHECKED: unzip is not installed here.\n');
    else expect(unzip.stdout + unzip.stderr).toMatch(new RegExp(`${5 * GB} +2026-11-21 10:00 +bag/data/3`));
  }));

test('65,534 entries need no ZIP64, 65,535 and more do, and others read them', () =>
  inFolder(async (folder) => {
    for (const [count, tail] of [
      [65_534, 22],
      [65_535, 98],
      [100_000, 98],
    ] as const) {
      const entries = Array.from(
        { length: count },
        (_, i): ZipEntry => ({ name: `data/${i}`, bytes: 0, crc32: 0 }),
      );
      const layout = layOutZip('bag', entries, time);
      expect(layout.totalBytes - layout.centralOffsets[count]!).toBe(tail);
      if (count === 65_534) continue;
      const path = join(folder, `${count}.zip`);
      await writeSparse(path, layout);
      expect(listWithPython(path)?.length ?? count).toBe(count);
    }
  }));

test('a layout of 100,000 entries takes little memory, and a small range of it no more', () => {
  const entries = Array.from(
    { length: 100_000 },
    (_, i): ZipEntry => ({ name: `data/files/${i}`, bytes: GB, crc32: i }),
  );
  const before = process.memoryUsage();
  const layout = layOutZip('bag', entries, time);
  const pieces = [...sliceLayout(layout, layout.totalBytes - 200, layout.totalBytes)];
  expect(pieces.length).toBeLessThan(5);
  const after = process.memoryUsage();
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(4 << 20);
  expect(layout.totalBytes).toBeGreaterThan(100_000 * GB);
});

test('times are the snapshot’s in UTC, in even seconds, from 1980 to 2107', () => {
  const stampOf = (at: string) => layOutZip('bag', [], new Date(at)).stamp;
  expect(stampOf('2026-11-21T10:00:01.234Z')).toBe(stampOf('2026-11-21T10:00:00.000Z'));
  expect(stampOf('1970-01-01T00:00:00.000Z')).toBe(0x00210000);
  expect(stampOf('2200-01-01T00:00:00.000Z')).toBe(0xff9fbf7d);
});
