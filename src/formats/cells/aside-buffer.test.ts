import { readdirSync, readlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ByteWriter } from '../byte-writer.ts';
import { memorySink, seededRandom, viewRow } from '../rows.fixture.ts';
import { AsideBuffer } from './aside-buffer.ts';
import { AsideLists } from './aside-lists.ts';
import { compileRecord } from './json-record.ts';

const MEMORY_BYTES = 8 << 20;

/** Expects this process to hold so many set-aside files. Only Linux tells. */
function expectOpenFiles(count: number): void {
  if (process.platform !== 'linux') return;
  const targets = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // the descriptor of this very listing
    }
  });
  expect(targets.filter((target) => target.includes('convey-aside-'))).toHaveLength(count);
}

/** Bytes that differ from place to place. */
function noise(bytes: number, seed: number): Buffer {
  const random = seededRandom(seed);
  const buffer = Buffer.alloc(bytes);
  for (let at = 0; at + 4 <= bytes; at += 4) buffer.writeUInt32LE(Math.floor(random() * 2 ** 32), at);
  return buffer;
}

function write(target: AsideBuffer, bytes: Buffer): void {
  target.reserve(bytes.length);
  bytes.copy(target.buffer, target.position);
  target.position += bytes.length;
}

let sink: ReturnType<typeof memorySink>;
let out: ByteWriter;
beforeEach(() => {
  sink = memorySink();
  out = new ByteWriter(sink, { hash: false });
});

/** What came out since the last look. */
async function written(): Promise<Buffer> {
  await out.end();
  const bytes = sink.bytes();
  sink = memorySink();
  out = new ByteWriter(sink, { hash: false });
  return bytes;
}

describe('bytes set aside', () => {
  let target: AsideBuffer;
  beforeEach(() => {
    target = new AsideBuffer();
  });
  afterEach(() => target.close());

  test('that are few come out without a file or a promise', async () => {
    write(target, Buffer.from('one'));
    write(target, Buffer.from(', two'));
    expectOpenFiles(0);
    expect(target.moveInto(out)).toBeUndefined();
    expect(String(await written())).toBe('one, two');
    expect(target.moveInto(out)).toBeUndefined();
    expect(await written()).toHaveLength(0);
  });

  test('exactly as many as memory holds need no file; one more does', async () => {
    const full = noise(MEMORY_BYTES, 1);
    write(target, full);
    expectOpenFiles(0);
    write(target, Buffer.from('!'));
    expectOpenFiles(1);
    await target.moveInto(out);
    expect((await written()).equals(Buffer.concat([full, Buffer.from('!')]))).toBe(true);
  });

  test.each([
    [
      'many pieces, together more than memory holds',
      Array.from({ length: 30 }, (_, i) => noise(700_001 + i, i)),
    ],
    ['one piece larger than memory', [noise(MEMORY_BYTES + 12_345, 3)]],
    ['small, then larger than memory, then small', [noise(10, 4), noise(MEMORY_BYTES + 8, 5), noise(100, 6)]],
  ])('come out as they went in, in order: %s', async (_, pieces) => {
    for (const piece of pieces) write(target, piece);
    await target.moveInto(out);
    expect((await written()).equals(Buffer.concat(pieces))).toBe(true);
    expectOpenFiles(0);
  });

  test('start over after each move: nothing of an earlier list comes again, through the file or not', async () => {
    const sizes = [MEMORY_BYTES * 2 + 7, 5, MEMORY_BYTES + 1, 0, 3];
    for (const [seed, size] of sizes.entries()) {
      const pieces = [noise(size >> 1, seed), noise(size - (size >> 1), seed + 50)];
      for (const piece of pieces) write(target, piece);
      await target.moveInto(out);
      expect((await written()).equals(Buffer.concat(pieces)), `${size} bytes`).toBe(true);
    }
    expectOpenFiles(0);
  });

  test('larger than memory wait for a slow sink instead of piling up', async () => {
    let pending = 0;
    let most = 0;
    const slow = new ByteWriter(
      {
        write: async (chunk) => {
          pending += chunk.length;
          await new Promise((resolve) => setImmediate(resolve));
          pending -= chunk.length;
        },
      },
      { hash: false },
    );
    const { ready } = slow;
    slow.ready = () => {
      most++;
      return ready.call(slow);
    };
    for (let seed = 0; seed < 3; seed++) write(target, noise(MEMORY_BYTES, seed));
    await target.moveInto(slow);
    expect(most).toBeGreaterThan(0);
    expect((await slow.end()).bytes).toBe(3 * MEMORY_BYTES);
    expect(pending).toBe(0);
  });

  test('whose sink fails reject, and `close` still gives the descriptor back', async () => {
    const failing = new ByteWriter({ write: () => Promise.reject(new Error('full')) }, { hash: false });
    for (let seed = 0; seed < 3; seed++) write(target, noise(MEMORY_BYTES, seed));
    await expect(target.moveInto(failing)).rejects.toThrow('full');
    target.close();
    expectOpenFiles(0);
  });

  test('are forgotten by `close`, which gives the descriptor back and may be called again', async () => {
    for (let seed = 0; seed < 2; seed++) write(target, noise(MEMORY_BYTES, seed));
    expectOpenFiles(1);
    target.close();
    target.close();
    expectOpenFiles(0);
    write(target, Buffer.from('new'));
    expect(target.moveInto(out)).toBeUndefined();
    expect(String(await written())).toBe('new');
  });
});

describe('lists set aside', () => {
  const shape = {
    type: 'record',
    section: 'records',
    columns: [{ name: 'id', type: 'text', field: 0 }],
    lists: ['a', 'b', 'c'].map((name) => ({
      name,
      type: name,
      columns: [{ name: 'body', type: 'text', field: 0 }] as const,
    })),
  } as const;
  const templates = compileRecord(shape).lists;
  let lists: AsideLists;
  beforeEach(() => {
    lists = new AsideLists();
  });
  afterEach(() => lists.close());
  const add = (index: number, body: string) => lists.add(index, templates[index]!, viewRow(['text'], [body]));
  const read = async (index: number) => {
    await lists.write(index, templates[index]!, out);
    return String(await written());
  };

  test('come out each with its own items, in the order they came, whatever came between', async () => {
    add(1, 'b1');
    add(2, 'c1');
    add(1, 'b2');
    expect(await read(1)).toBe(',"b":[{"body":"b1"},{"body":"b2"}]');
    expect(await read(2)).toBe(',"c":[{"body":"c1"}]');
  });

  test('to which nothing was set aside are empty, also after one that was not', async () => {
    expect(await read(1)).toBe(',"b":[]');
    add(1, 'x');
    await read(1);
    expect(await read(1)).toBe(',"b":[]');
  });

  test('larger than memory, or with one item larger than memory, are JSON of the same items', async () => {
    const bodies = [
      ...Array.from({ length: 40 }, (_, i) => `${i} ${'"ü'.repeat(100_000)}`),
      'n'.repeat(MEMORY_BYTES + 1),
      '\n'.repeat(MEMORY_BYTES),
      'last',
    ];
    for (const body of bodies) add(1, body);
    add(2, 'small');
    expectOpenFiles(1);
    const text = await read(1);
    const items = (JSON.parse(`{${text.slice(1)}}`) as { b: { body: string }[] }).b;
    expect(items.length).toBe(bodies.length);
    expect(items.every(({ body }, i) => body === bodies[i])).toBe(true);
    expectOpenFiles(0);
    expect(await read(2)).toBe(',"c":[{"body":"small"}]');
    add(1, 'after');
    expect(await read(1)).toBe(',"b":[{"body":"after"}]');
  });

  test('of an export that ends in the middle give every descriptor back', () => {
    for (const index of [0, 2]) for (let i = 0; i < 2; i++) add(index, 'x'.repeat(MEMORY_BYTES));
    expectOpenFiles(2);
    lists.close();
    expectOpenFiles(0);
  });
});
