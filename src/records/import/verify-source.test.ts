import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  attachments,
  contents,
  filesOf,
  inFolder,
  manifestOf,
  newKey,
  payloadOf,
  writeFiles,
  zipOf,
} from '../../packages/package.fixture.ts';
import { openImportSource } from './open-source.ts';

const key = newKey();
const manifest = manifestOf(key);
const signal = new AbortController().signal;

/** Opens as an import does; the fingerprint, or the refusal. */
async function openOne(path: string): Promise<string | undefined> {
  try {
    const source = await openImportSource(path, { format: 'convey', signal });
    await source.close();
    return source.signedBy;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code} ${message}`;
  }
}

test('a whole package, as folder, zip or zip packed again, opens and tells who signed it', () =>
  inFolder(async (folder) => {
    const bag = join(folder, manifest.name);
    await mkdir(bag);
    await writeFiles(bag, filesOf(manifest, key));
    const zip = join(folder, 'p.zip');
    await writeFile(zip, zipOf(manifest, key));
    const again = join(folder, 'again.zip');
    const pack = 'import shutil,sys; shutil.make_archive(sys.argv[1][:-4], "zip", sys.argv[2], sys.argv[3])';
    execFileSync('python3', ['-c', pack, again, folder, manifest.name]);
    for (const path of [bag, zip, again]) expect(await openOne(path)).toBe(manifest.signer.fingerprint);
  }));

test('a byte changed, a part missing or added, another manifest or none is refused before a record is read', () =>
  inFolder(async (folder) => {
    const part = join(folder, 'data', contents[1]!.name);
    const changes: [() => Promise<unknown>, string][] = [
      [async () => flip(part), 'was changed'],
      [async () => flip(join(folder, 'data/files', attachments[0]!.name)), 'was changed'],
      [async () => rm(part), 'is missing'],
      [async () => rm(join(folder, 'data/files', attachments[0]!.name)), 'is missing'],
      [async () => writeFile(join(folder, 'data/more.ndjson'), '{}\n'), 'not in the manifest'],
      [async () => writeFile(join(folder, 'records.ndjson'), '{}\n'), 'not in the manifest'],
      [async () => flip(join(folder, 'manifest.json')), ''],
      [async () => flip(join(folder, 'manifest.json.sig')), 'signature'],
      [async () => rm(join(folder, 'manifest.json')), 'is missing'],
      [async () => rm(join(folder, 'manifest.json.sig')), 'is missing'],
    ];
    for (const [change, why] of changes) {
      await rm(folder, { recursive: true });
      await mkdir(folder);
      await writeFiles(folder, filesOf(manifest, key));
      await change();
      expect(await openOne(folder)).toMatch(new RegExp(`^import\\.bad_package.*${why}`));
    }
  }));

test('a changed zip whose own checksums were made to fit is refused; a folder that is no package is not', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'p.zip');
    const payload = payloadOf().map((bytes, index) => (index === 0 ? Buffer.from(bytes) : bytes));
    payload[0]![40]! ^= 1;
    const crc = crc32(payload[0]!).toString(16).padStart(8, '0');
    const parts = manifest.parts.map((one, index) => (index === 0 ? { ...one, crc32: crc } : one));
    await writeFile(path, zipOf({ ...manifest, parts }, key, payload));
    expect(await openOne(path)).toContain('import.bad_package');
    const plain = join(folder, 'plain');
    await mkdir(plain);
    await writeFile(join(plain, 'records.ndjson'), '{}\n');
    await writeFile(join(plain, 'manifest.json'), '{"name":"something else"}');
    expect(await openOne(plain)).toBeUndefined();
  }));

async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[Math.floor(bytes.length / 2)]! ^= 1;
  await writeFile(path, bytes);
}
