import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { layOutPackage } from '../packages/lay-out-package.ts';
import { sliceLayout } from '../packages/lay-out-zip.ts';
import { filesOf, inFolder, manifestOf, newKey, writeFiles, zipOf } from '../packages/package.fixture.ts';
import { sealManifest } from '../packages/seal-manifest.ts';
import { tagFilesOf } from '../packages/tag-files.ts';
import { flipEach, seeded } from './mutants.fixture.ts';
import { verifyPackage } from './verify-package.ts';

const key = newKey();
const manifest = manifestOf(key);
const options = { keys: [manifest.signer.fingerprint] };
const files = filesOf(manifest, key);
const payload = [...manifest.parts, ...manifest.files].map(({ name, bytes }) => ({ name, bytes }));
const range = (length: number, from = 0) => Array.from({ length }, (_, index) => from + index);

function randomPlaces(count: number): { name: string; offset: number }[] {
  const random = seeded(7);
  const full = payload.filter(({ bytes }) => bytes > 0);
  return range(count).map(() => {
    const { name, bytes } = full[random(full.length)]!;
    return { name, offset: random(bytes) };
  });
}

test('a flipped bit in any byte of any tag file is caught in a folder', { timeout: 300_000 }, () =>
  inFolder(async (folder) => {
    await writeFiles(folder, files);
    let flips = 0;
    for (const [name, bytes] of files) {
      if (name.startsWith('data/')) continue;
      flips += await flipEach(join(folder, name), range(bytes.length), folder, options);
    }
    expect(flips).toBeGreaterThan(4400);
    expect((await verifyPackage(folder, options)).ok).toBe(true);
  }),
);

test('a flipped bit in 200 places of the payload is caught in a folder', () =>
  inFolder(async (folder) => {
    await writeFiles(folder, files);
    for (const { name, offset } of randomPlaces(200))
      await flipEach(join(folder, name), [offset], folder, options, 'file_changed');
  }));

test('a flipped bit in any byte of the zip outside its payload is caught', { timeout: 300_000 }, () =>
  inFolder(async (folder) => {
    const path = join(folder, 'package.zip');
    await writeFile(path, zipOf(manifest, key));
    const { manifestBytes, signature } = sealManifest(manifest, key);
    const tagFiles = tagFilesOf(manifest, manifestBytes, signature);
    const layout = layOutPackage(manifest, tagFiles);
    let flips = 0;
    const starts = new Map<string, number>();
    for (const piece of sliceLayout(layout, 0, layout.totalBytes)) {
      const isPayload = 'entry' in piece && piece.entry >= tagFiles.length;
      if (isPayload) starts.set(layout.entries[piece.entry]!.name, piece.offset);
      else {
        const length = 'bytes' in piece ? piece.bytes.length : piece.to;
        flips += await flipEach(path, range(length, piece.offset), path, options);
      }
    }
    expect(flips).toBeGreaterThan(6900);
    for (const { name, offset } of randomPlaces(200))
      await flipEach(path, [starts.get(name)! + offset], path, options, 'file_changed');
    expect((await verifyPackage(path, options)).ok).toBe(true);
  }),
);
