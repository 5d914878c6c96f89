import { expect, test } from 'vitest';
import { splitLines } from './split-lines.ts';

interface Seen {
  lines: [line: number, text: string][];
  bytes: Buffer;
  largestBatch: number;
}

async function split(input: Buffer | string, size: number, maxBytes = 1000): Promise<Seen> {
  const all = Buffer.from(input);
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
  }
  const seen: Seen = { lines: [], bytes: Buffer.alloc(0), largestBatch: 0 };
  for await (const { bytes, lines } of splitLines(chunks(), maxBytes)) {
    seen.bytes = Buffer.concat([seen.bytes, bytes]);
    seen.largestBatch = Math.max(seen.largestBatch, bytes.length);
    for (const { line, start, end, isTooLong } of lines) {
      seen.lines.push([line, isTooLong ? 'TOO LONG' : bytes.toString('latin1', start, end)]);
    }
  }
  return seen;
}

test.each([1, 2, 3, 5, 64, 10_000])(
  'lines come out whole and every byte once, in chunks of %i',
  async (size) => {
    const input = 'one\r\n\ntwo\r three\n\r\nlonger than a chunk of five\nno end';
    const seen = await split(input, size);
    expect(seen.lines).toEqual([
      [1, 'one'],
      [2, ''],
      [3, 'two\r three'],
      [4, ''],
      [5, 'longer than a chunk of five'],
      [6, 'no end'],
    ]);
    expect(seen.bytes.toString()).toBe(input);
  },
);

test.each([1, 3, 7, 1000])('a last line end adds no empty line, in chunks of %i', async (size) => {
  expect((await split('a\nb\n', size)).lines).toEqual([
    [1, 'a'],
    [2, 'b'],
  ]);
  expect((await split('', size)).lines).toEqual([]);
});

test.each([1, 4, 9, 10, 11, 12, 13, 1000])(
  'a line over the limit is passed by and named, the next ones are read, in chunks of %i',
  async (size) => {
    const input = `${'x'.repeat(10)}\r\n${'y'.repeat(11)}\r\nok\n${'z'.repeat(500)}\nok\n${'w'.repeat(200)}`;
    const seen = await split(input, size, 10);
    expect(seen.lines).toEqual([
      [1, 'x'.repeat(10)],
      [2, 'TOO LONG'],
      [3, 'ok'],
      [4, 'TOO LONG'],
      [5, 'ok'],
      [6, 'TOO LONG'],
    ]);
    expect(seen.bytes.toString()).toBe(input);
  },
);

test('a line over the limit is not collected', async () => {
  const seen = await split(Buffer.alloc(1_000_000, 'x'), 1000, 5000);
  expect(seen.lines).toEqual([[1, 'TOO LONG']]);
  expect(seen.largestBatch).toBeLessThan(8000);
});
