import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { defaultLimits, type ImportLimits } from './limits.ts';
import { readBytes } from './read-bytes.ts';

const signal = AbortSignal.timeout(60_000);

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, size = 7, limits: Partial<ImportLimits> = {}): Promise<string> {
  const chunks: Buffer[] = [];
  const budget = { limits: { ...defaultLimits, ...limits }, signal, unpackedBytes: 0 };
  for await (const chunk of readBytes(cut(bytes, size), 'a.csv', budget)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}

const text = Buffer.from('name,city\nAna,Oslo\n'.repeat(50));
// Long enough when packed to be cut and bent in its middle.
const packed = gzipSync(Array.from({ length: 200 }, (_, i) => (i * 7919) % 1013).join(','));
const mark = Buffer.from([0xef, 0xbb, 0xbf]);

test.each([1, 2, 3, 7, 100_000])(
  'plain and gzip files give the same bytes, in chunks of %i',
  async (size) => {
    const expected = text.toString('latin1');
    expect(await read(text, size)).toBe(expected);
    expect(await read(gzipSync(text), size)).toBe(expected);
    expect(await read(Buffer.concat([mark, text]), size)).toBe(expected);
    expect(await read(gzipSync(Buffer.concat([mark, text])), size)).toBe(expected);
  },
);

test('only one byte order mark is taken off, and only at the start', async () => {
  expect(await read(Buffer.concat([mark, mark, text]))).toBe(Buffer.concat([mark, text]).toString('latin1'));
});

test('an empty file and a lone byte order mark give nothing', async () => {
  expect(await read(Buffer.alloc(0))).toBe('');
  expect(await read(mark)).toBe('');
});

test('gzip files of several members are read to their end, with zeros as padding', async () => {
  const two = Buffer.concat([gzipSync('one '), gzipSync('two'), Buffer.alloc(512)]);
  expect(await read(two)).toBe('one two');
});

test.each([
  ['cut inside its data', packed.subarray(0, 60)],
  ['cut inside its checksum', packed.subarray(0, -3)],
  ['cut inside its second member', Buffer.concat([gzipSync('one'), gzipSync('two').subarray(0, 5)])],
  ['followed by other bytes', Buffer.concat([gzipSync('one'), Buffer.from('garbage')])],
  ['followed by padding and a member', Buffer.concat([gzipSync('one'), Buffer.alloc(9), gzipSync('two')])],
  ['with a flipped bit', Buffer.from(packed).fill(packed[80]! ^ 4, 80, 81)],
])('a gzip file %s is an error, not a short read', async (_what, bytes) => {
  await expect(read(bytes)).rejects.toMatchObject({ code: 'import.damaged_file' });
  await expect(read(bytes, 100_000)).rejects.toMatchObject({ code: 'import.damaged_file' });
});

test('UTF-16 and zip files are refused by name', async () => {
  const utf16 = Buffer.from('\ufeffname,city\n', 'utf16le');
  await expect(read(utf16)).rejects.toThrow(/UTF-16/);
  await expect(read(gzipSync(utf16))).rejects.toMatchObject({ code: 'import.wrong_format' });
  await expect(read(Buffer.from('PK\u0003\u0004rest'))).rejects.toThrow(/zip/);
});

test('a gzip bomb is refused by its ratio, with the default limits and with small ones', async () => {
  const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
  await expect(read(bomb, 65_536)).rejects.toMatchObject({ code: 'import.too_large' });
  const small = gzipSync(Buffer.alloc(100_000));
  await expect(read(small, 100, { ratioFloorBytes: 1000, ratio: 50 })).rejects.toThrow(/50 times/);
  expect(await read(small, 100, { ratioFloorBytes: 1000, ratio: 5000 })).toHaveLength(100_000);
});

test('the total that may be unpacked is bounded, also for plain files', async () => {
  await expect(read(text, 10, { unpackedBytes: 100 })).rejects.toMatchObject({ code: 'import.too_large' });
  expect(await read(text, 10, { unpackedBytes: text.length })).toHaveLength(text.length);
});

test('a reader that stops early closes the file, plain or gzip', async () => {
  for (const bytes of [text, gzipSync(text)]) {
    let isClosed = false;
    async function* source(): AsyncGenerator<Buffer> {
      try {
        for (;;) yield bytes;
      } finally {
        isClosed = true;
      }
    }
    for await (const _ of readBytes(source(), 'a', { limits: defaultLimits, signal, unpackedBytes: 0 }))
      break;
    await new Promise((done) => setImmediate(done));
    expect(isClosed).toBe(true);
  }
});
