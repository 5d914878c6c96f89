import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { type ByteSink, ByteWriter } from './byte-writer.ts';
import { memorySink, seededRandom } from './rows.fixture.ts';

const tick = () => new Promise((resolve) => setImmediate(resolve));

/** A sink whose writes wait until told. */
function heldSink(): ByteSink & { chunks: string[]; release(): void } {
  const waiting: (() => void)[] = [];
  const chunks: string[] = [];
  return {
    chunks,
    write(chunk) {
      chunks.push(chunk.toString());
      return new Promise((resolve) => waiting.push(resolve));
    },
    release: () => waiting.shift()?.(),
  };
}

describe('ByteWriter', () => {
  it('hands over exactly the bytes written, in order, with their count and digest', async () => {
    const random = seededRandom(3);
    const sink = memorySink();
    const out = new ByteWriter(sink, { chunkBytes: 64 });
    const expected: Buffer[] = [];
    for (let i = 0; i < 500; i++) {
      const bytes = Buffer.from(Array.from({ length: Math.floor(random() * 200) }, () => random() * 256));
      expected.push(bytes);
      out.raw(bytes);
      if (out.mustWait) await out.ready();
    }
    out.byte(0x41);
    out.ascii('BC');
    out.jsonString('"ü"\n');
    const all = Buffer.concat([...expected, Buffer.from('ABC"\\"ü\\"\\n"')]);
    expect(out.bytes).toBe(all.length);
    const sha256 = createHash('sha256').update(all).digest('hex');
    expect(out.digestSoFar()).toBe(sha256);
    expect(await out.end()).toMatchObject({ bytes: all.length, sha256 });
    expect(sink.bytes().equals(all)).toBe(true);
  });

  it('gives the sink one chunk at a time and asks the caller to wait at the mark', async () => {
    const sink = heldSink();
    const out = new ByteWriter(sink, { chunkBytes: 4, maxPendingChunks: 2 });
    out.ascii('aaaa');
    out.ascii('bbbb');
    expect(out.mustWait).toBe(false);
    out.ascii('cccc');
    expect(out.mustWait).toBe(true);
    const ready = vi.fn();
    const waiting = out.ready().then(ready);
    await tick();
    expect(ready).not.toHaveBeenCalled();
    expect(sink.chunks).toEqual(['aaaa']);
    sink.release();
    await waiting;
    expect(out.mustWait).toBe(false);
    expect(sink.chunks).toEqual(['aaaa', 'bbbb']);
    const ended = out.end();
    for (let i = 0; i < 3; i++) {
      await tick();
      sink.release();
    }
    expect(await ended).toMatchObject({ bytes: 12 });
    expect(sink.chunks).toEqual(['aaaa', 'bbbb', 'cccc']);
  });

  it('bounds memory when the sink never answers and the caller heeds mustWait', () => {
    const out = new ByteWriter({ write: () => new Promise(() => {}) }, { chunkBytes: 1000 });
    let written = 0;
    while (!out.mustWait && written < 1e6) {
      out.raw(Buffer.alloc(100));
      written += 100;
    }
    expect(written).toBeLessThanOrEqual(4000);
  });

  it('recycles chunks instead of allocating, and does not keep a huge one', async () => {
    const seen = new Set<ArrayBufferLike>();
    const lengths: number[] = [];
    const out = new ByteWriter(
      {
        async write(chunk) {
          seen.add(chunk.buffer);
          lengths.push(chunk.buffer.byteLength);
        },
      },
      { chunkBytes: 1000 },
    );
    for (let i = 0; i < 1000; i++) {
      out.raw(Buffer.alloc(300));
      if (i === 500) out.raw(Buffer.alloc(50_000));
      if (out.mustWait) await out.ready();
    }
    await out.end();
    expect(lengths.filter((length) => length !== 1000)).toEqual([50_000]);
    expect(seen.size).toBeLessThanOrEqual(6);
  });

  it('keeps what was written while the sink holds earlier chunks', async () => {
    const seen: Buffer[] = [];
    const slow: ByteSink = {
      async write(chunk) {
        await tick();
        // Read late: a chunk overwritten before it was taken would show here.
        seen.push(Buffer.from(chunk));
      },
    };
    const out = new ByteWriter(slow, { chunkBytes: 10, maxPendingChunks: 2 });
    let expected = '';
    for (let i = 0; i < 200; i++) {
      const text = String(i).padStart(7, '.');
      expected += text;
      out.ascii(text);
      if (out.mustWait && i % 5 === 0) await out.ready();
    }
    await out.end();
    expect(Buffer.concat(seen).toString()).toBe(expected);
  });

  it('surfaces a failing sink at ready() and end(), and never as an unhandled rejection', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const failing: ByteSink[] = [
      { write: () => Promise.reject(new Error('disk full')) },
      {
        write() {
          throw new Error('disk full');
        },
      },
    ];
    for (const sink of failing) {
      const out = new ByteWriter(sink, { chunkBytes: 8 });
      out.ascii('0123456789');
      out.ascii('0123456789');
      await tick();
      await tick();
      expect(out.mustWait).toBe(true);
      // A caller that does not look goes on without harm and without memory.
      for (let i = 0; i < 100; i++) out.ascii('0123456789');
      await expect(out.ready()).rejects.toThrow('disk full');
      await expect(out.end()).rejects.toThrow('disk full');
    }
    const waiting = new ByteWriter(
      {
        async write() {
          await tick();
          throw new Error('late');
        },
      },
      { chunkBytes: 2, maxPendingChunks: 1 },
    );
    waiting.ascii('ab');
    waiting.ascii('cd');
    await expect(waiting.ready()).rejects.toThrow('late');
    await tick();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('answers an empty file, and refuses a digest it did not keep', async () => {
    const sink = memorySink();
    const empty = await new ByteWriter(sink).end();
    expect(empty).toMatchObject({ bytes: 0, sha256: createHash('sha256').digest('hex') });
    const unhashed = new ByteWriter(sink, { hash: false });
    unhashed.ascii('x');
    expect(() => unhashed.digestSoFar()).toThrow('without a hash');
    expect(await unhashed.end()).toMatchObject({ bytes: 1, sha256: '' });
  });
});
