import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openObjectStore } from './open-store.ts';
import { freshLocation, hasServer } from './s3-store.fixture.ts';
import { S3Store } from './s3-store.ts';

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

test.skipIf(!hasServer)('s3: names a bucket', async () => {
  const store = await openObjectStore(freshLocation());
  expect(store).toBeInstanceOf(S3Store);
  await store.put('k', Readable.from([Buffer.from('x')]));
  expect(await store.delete('k')).toBe(true);
});

test('a store on disk does not load the SDK of S3', async () => {
  const program = `
    const { openObjectStore } = await import(${JSON.stringify(new URL('open-store.ts', import.meta.url).href)});
    await openObjectStore(${JSON.stringify(`file:${join(parent, 'plain')}`)});
    const { createRequire } = await import('node:module');
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    console.log(loaded.filter((path) => path.includes('@aws-sdk')).length);`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    program,
  ]);
  expect(stdout.trim()).toBe('0');
});

test('any other place is refused, and an address is not repeated', async () => {
  for (const location of ['', './data', 'file:', 's3://key:secret@bucket', 's3:bucket', 'file://host/data']) {
    const opening = openObjectStore(location);
    await expect(opening).rejects.toMatchObject({ code: 'storage.bad_location' });
    await expect(opening).rejects.not.toThrow('secret');
  }
});
