import { createHash, randomBytes } from 'node:crypto';
import { write } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Spool } from './spool.ts';

const writeFile = promisify(write);
const MEGABYTE = 1024 * 1024;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convey-spool-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes so many pieces of random bytes of odd sizes. @returns their digest */
async function fill(spool: Spool, pieces: number): Promise<string> {
  const hash = createHash('sha256');
  let size = 0;
  for (let piece = 0; piece < pieces; piece++) {
    const bytes = randomBytes(300_001 + ((piece * 77_777) % 500_000));
    hash.update(bytes);
    await writeFile(spool.fd, bytes, 0, bytes.length, size);
    size += bytes.length;
    spool.advance(size);
  }
  spool.complete(size);
  return hash.digest('hex');
}

test('a client that begins to read late and goes on in fits gets every byte as it was written', async () => {
  const spool = await Spool.create(folder);
  const server = http.createServer((_, reply) => void spool.read(new AbortController().signal).pipe(reply));
  try {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const filling = fill(spool, 40);
    const reply = await new Promise<http.IncomingMessage>((resolve) => {
      http.get({ port, host: '127.0.0.1', agent: false }, resolve);
    });
    // Sockets are full long before: what was read last waits in the stream.
    const digest = await filling;
    const hash = createHash('sha256');
    let chunks = 0;
    for await (const chunk of reply) {
      hash.update(chunk as Buffer);
      if (++chunks % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(hash.digest('hex')).toBe(digest);
  } finally {
    server.close();
    await spool.close();
  }
});

test('a long reply takes its turns in a few pieces of memory', async () => {
  const spool = await Spool.create(folder);
  try {
    await fill(spool, 60);
    const memories = new Set<ArrayBufferLike>();
    let size = 0;
    for await (const chunk of spool.read(new AbortController().signal)) {
      memories.add((chunk as Buffer).buffer);
      size += (chunk as Buffer).length;
    }
    expect(size).toBeGreaterThan(25 * MEGABYTE);
    // Four, and that of the shorter read at the end.
    expect(memories.size).toBeLessThanOrEqual(5);
  } finally {
    await spool.close();
  }
});
