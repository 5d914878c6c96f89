import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { expect } from 'vitest';
import type { ObjectStore } from './object-store.ts';

/** Digest in hexadecimal. */
export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Everything a stream has. */
export async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Every key below a prefix, sorted. */
export async function listKeys(store: ObjectStore, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys.sort();
}

/** Nothing under any key, and nothing half-written that a sweep would find. */
export async function expectEmpty(store: ObjectStore): Promise<void> {
  expect(await listKeys(store)).toEqual([]);
  expect(await store.sweepTemporary({ olderThanMs: -1000 })).toBe(0);
}
