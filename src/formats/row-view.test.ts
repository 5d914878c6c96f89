import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { RowParser } from './row-view.ts';
import { encodeCopy, randomText, seededRandom } from './rows.fixture.ts';

type Fields = (string | null)[];

/** Feeds the pieces and copies every row out, as text. */
function readAll(columnCount: number, pieces: Buffer[]): { rows: Fields[]; parser: RowParser } {
  const parser = new RowParser(columnCount);
  const rows: Fields[] = [];
  const waiting = [...pieces];
  for (;;) {
    while (parser.next()) {
      expect(parser.view.byteLength).toBe(parser.bytes.length);
      rows.push(
        Array.from(parser.lengths, (length, i) => {
          const start = parser.offsets[i] ?? Number.NaN;
          return length < 0 ? null : parser.bytes.toString('utf8', start, start + length);
        }),
      );
    }
    const piece = waiting.shift();
    if (piece === undefined) return { rows, parser };
    parser.push(piece);
  }
}

/** Straightforward and slow: the whole COPY at once. */
function readReference(bytes: Buffer): Fields[] {
  const rows: Fields[] = [];
  let at = 19;
  for (;;) {
    const count = bytes.readInt16BE(at);
    at += 2;
    if (count === -1) return rows;
    const row: Fields = [];
    for (let i = 0; i < count; i++) {
      const length = bytes.readInt32BE(at);
      at += 4;
      row.push(length < 0 ? null : bytes.toString('utf8', at, at + length));
      at += Math.max(length, 0);
    }
    rows.push(row);
  }
}

function cut(bytes: Buffer, random: () => number, longest: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Math.floor(random() * longest);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

const TWO_ROWS = encodeCopy(
  ['text', 'text'],
  [
    ['a', null],
    ['', 'ü'],
  ],
);

describe('RowParser', () => {
  it('shows rows, NULL and empty text apart, and knows the trailer', () => {
    const { rows, parser } = readAll(2, [TWO_ROWS]);
    expect(rows).toEqual([
      ['a', null],
      ['', 'ü'],
    ]);
    expect(parser.ended).toBe(true);
    expect(parser.rows).toBe(2);
    parser.ensureEnded();
  });

  it('reads the same rows whatever the chunk boundaries', () => {
    const random = seededRandom(1);
    for (let round = 0; round < 60; round++) {
      const values = Array.from({ length: Math.floor(random() * 30) }, () =>
        Array.from({ length: 5 }, () =>
          random() < 0.2 ? null : randomText(random, random() < 0.1 ? 5000 : 60),
        ),
      );
      const bytes = encodeCopy(['text', 'text', 'text', 'text', 'text'], values);
      const pieces = cut(bytes, random, 1 + Math.floor(random() * (round % 2 ? 8000 : 30)) + 1);
      const { rows, parser } = readAll(5, pieces);
      expect(rows).toEqual(readReference(bytes));
      expect(rows).toEqual(values);
      expect(parser.ended).toBe(true);
    }
  });

  it('reads chunks of one byte, and chunks pushed ahead of reading', () => {
    const bytes = [...TWO_ROWS].map((byte) => Buffer.from([byte]));
    expect(readAll(2, bytes).rows).toHaveLength(2);
    const parser = new RowParser(2);
    for (const byte of bytes) parser.push(byte);
    let rows = 0;
    while (parser.next()) rows++;
    expect(rows).toBe(2);
    expect(parser.ended).toBe(true);
  });

  it('skips a header extension and reads rows without columns', () => {
    const extended = Buffer.concat([
      TWO_ROWS.subarray(0, 15),
      Buffer.from([0, 0, 0, 3, 9, 9, 9]),
      TWO_ROWS.subarray(19),
    ]);
    expect(readAll(2, cut(extended, seededRandom(2), 4)).rows).toHaveLength(2);
    expect(readAll(0, [encodeCopy([], [[], []])]).rows).toEqual([[], []]);
  });

  it('takes a 16 MB row in 64 kB pieces and copies each byte once, not once per piece', () => {
    const body = 'x'.repeat(16 << 20);
    const bytes = encodeCopy(
      ['text', 'text', 'text'],
      [
        ['id', body, 'end'],
        ['id2', 'small', null],
      ],
    );
    const parser = new RowParser(3);
    const rows: [number, string][] = [];
    const copy = vi.spyOn(Buffer.prototype, 'copy');
    const concat = vi.spyOn(Buffer, 'concat');
    for (let at = 0; at < bytes.length; at += 65536) {
      // A copy, so that what the parser keeps alive is the parser's doing.
      parser.push(Buffer.from(bytes.subarray(at, at + 65536)));
      while (parser.next()) {
        const at2 = parser.offsets[2] ?? 0;
        rows.push([
          parser.lengths[1] ?? 0,
          parser.bytes.toString('utf8', at2, at2 + (parser.lengths[2] ?? 0)),
        ]);
      }
    }
    expect(rows).toEqual([
      [body.length, 'end'],
      [5, ''],
    ]);
    const copiedBytes = copy.mock.results.reduce((sum, result) => sum + Number(result.value), 0);
    expect(concat).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    expect(copiedBytes).toBeLessThan(bytes.length * 1.1);
  });

  it('keeps no chunk alive once it was read', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const parser = new RowParser(1);
    const bytes = encodeCopy(
      ['text'],
      Array.from({ length: 100 }, () => ['y'.repeat(3000)]),
    );
    const references: WeakRef<Buffer>[] = [];
    // A function of its own, so that no variable of this one holds the last chunk.
    const feed = (chunk: Buffer) => {
      references.push(new WeakRef(chunk));
      parser.push(chunk);
      while (parser.next());
    };
    for (let at = 0; at < bytes.length; at += 5000) feed(Buffer.from(bytes.subarray(at, at + 5000)));
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(references.filter((reference) => reference.deref() !== undefined)).toEqual([]);
    expect(parser.rows).toBe(100);
  });

  it.each([
    ['a wrong signature', Buffer.concat([Buffer.from('PGCOPX'), TWO_ROWS.subarray(6)]), /signature/],
    ['text instead of binary', Buffer.from('1\ta\n2\tb\n'), /signature/],
    ['unknown critical flags', patched(TWO_ROWS, 12, 1), /header/],
    ['another number of fields', patched(TWO_ROWS, 20, 3), /Row 1 has 3 fields instead of 2/],
    ['a negative length', patched(TWO_ROWS, 21, 0xff), /field 0: length/],
    ['an impossible length', patched(TWO_ROWS, 21, 0x7f), /field 0: length/],
    ['bytes after the trailer', Buffer.concat([TWO_ROWS, Buffer.from('x')]), /follow the trailer/],
  ])('refuses %s, in any pieces', (_name, bytes, message) => {
    for (const pieces of [[bytes], [...bytes].map((byte) => Buffer.from([byte]))]) {
      let caught: unknown;
      try {
        readAll(2, pieces);
      } catch (error) {
        caught = error;
      }
      expect(caught).toMatchObject({ code: 'formats.bad_copy_row', message: expect.stringMatching(message) });
    }
  });

  it('tells a COPY that stops without its trailer from a complete one', () => {
    for (const length of [0, 5, 19, 24, TWO_ROWS.length - 2, TWO_ROWS.length - 1]) {
      const { parser } = readAll(2, [TWO_ROWS.subarray(0, length)]);
      expect(parser.ended).toBe(false);
      expect(() => parser.ensureEnded()).toThrow(/without a trailer/);
    }
  });
});

function patched(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}
