import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openObjectStore } from './open-store.ts';

let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'convey open store ü '));
});
afterAll(() => rm(parent, { recursive: true, force: true }));

test('file: names a folder, relative, absolute or as a URL, and makes it', async () => {
  const folder = join(parent, 'data', 'objects');
  for (const location of [
    `file:${relative(process.cwd(), folder)}`,
    `file:${folder}`,
    pathToFileURL(folder).href,
  ]) {
    const store = await openObjectStore(location);
    await store.put('k', Readable.from([Buffer.from('x')]));
    expect(await store.stat('k')).toEqual({ sizeBytes: 1 });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await rm(folder, { recursive: true });
  }
});

test('any other place is refused, and an address is not repeated', async () => {
  for (const location of ['', './data', 'file:', 's3://key:secret@bucket', 'file://host/data']) {
    const opening = openObjectStore(location);
    await expect(opening).rejects.toMatchObject({ code: 'storage.bad_location' });
    await expect(opening).rejects.not.toThrow('secret');
  }
});
