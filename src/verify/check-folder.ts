import { createHash } from 'node:crypto';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackagedFile, Part } from '../packages/manifest.ts';
import { type TagFile, tagFilesOf } from '../packages/tag-files.ts';
import { PayloadCheck } from './check-payload.ts';
import { openRegularFile, readAt, readBlocks } from './read-file.ts';
import { type Checks, MAX_MANIFEST_BYTES, readManifest, type SignedManifest } from './read-manifest.ts';

/** What lies in a folder, measured against what should. */
interface Listing {
  /** Listed files that are there, as regular files. */
  present: Set<string>;
  /** Listed names at which something else lies; reported already. */
  refused: Set<string>;
  /** Regular files that are not listed. */
  extra: string[];
}

/** Checks a package that lies as a folder: its manifest, then that exactly its files are there, then each of them. */
export async function checkFolder(root: string, checks: Checks): Promise<SignedManifest | undefined> {
  const manifestBytes = await readTagFile(root, 'manifest.json', MAX_MANIFEST_BYTES, checks);
  if (manifestBytes === undefined) {
    const what = 'It has no manifest.json that could be read: it is no package, or not a whole one.';
    checks.problems.add('not_a_package', 'manifest.json', what);
    return undefined;
  }
  const signature = (await readTagFile(root, 'manifest.json.sig', 64, checks)) ?? Buffer.alloc(0);
  const signed = await readManifest(manifestBytes, signature, 'convey.package.v1', checks);
  if (signed === undefined) return undefined;
  const tagFiles = tagFilesOf(signed.manifest, manifestBytes, signature);
  const payload = [...signed.manifest.parts, ...signed.manifest.files];
  checks.onTotal(payload.reduce((sum, { bytes }) => sum + bytes, 0));
  const listing = await listFolder(root, [...tagFiles, ...payload], checks);
  await reportMissing(root, tagFiles, payload, listing, checks);
  for (const tagFile of tagFiles)
    if (listing.present.has(tagFile.name)) await checkTagFile(root, tagFile, checks);
  for (const file of payload) if (listing.present.has(file.name)) await checkPayloadFile(root, file, checks);
  return signed;
}

/** Looks at everything that lies there, without following links or entering folders that should not be. */
async function listFolder(
  root: string,
  files: readonly { name: string }[],
  { problems }: Checks,
): Promise<Listing> {
  const listed = new Set(files.map(({ name }) => name));
  const folders = new Set(['data', ...files.flatMap(({ name }) => foldersOf(name))]);
  const listing: Listing = { present: new Set(), refused: new Set(), extra: [] };
  const open = [''];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && folders.has(name)) open.push(name);
      else if (entry.isFile() && listed.has(name)) listing.present.add(name);
      else if (entry.isFile()) listing.extra.push(name);
      else {
        listing.refused.add(name);
        if (entry.isDirectory())
          problems.add('file_extra', name, `The folder ${name} does not belong to the package.`);
        else
          problems.add(
            'file_kind',
            name,
            `${name} is no regular file (a link, pipe or device); it was not read.`,
          );
      }
    }
  }
  return listing;
}

function foldersOf(name: string): string[] {
  const segments = name.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}

async function reportMissing(
  root: string,
  tagFiles: readonly TagFile[],
  payload: readonly (Part | PackagedFile)[],
  { present, refused, extra }: Listing,
  { problems }: Checks,
): Promise<void> {
  const isMissing = ({ name }: { name: string }) => !present.has(name) && !refused.has(name);
  const missing = payload.filter(isMissing);
  const renamed = await findRenamed(root, missing, extra);
  for (const { name } of [...tagFiles.filter(isMissing), ...missing]) {
    const now = renamed.get(name);
    if (now === undefined) problems.add('file_missing', name, `${name} is missing.`);
    else problems.add('file_renamed', name, `${name} is missing: it was renamed to ${now}.`);
  }
  for (const name of extra)
    problems.add('file_extra', name, `${name} is there, but it is not in the manifest.`);
}

/** Of the missing files those whose contents lie under another name. */
async function findRenamed(
  root: string,
  missing: readonly (Part | PackagedFile)[],
  extra: readonly string[],
): Promise<Map<string, string>> {
  const renamed = new Map<string, string>();
  const sizes = new Set(missing.map(({ bytes }) => bytes));
  if (sizes.size === 0) return renamed;
  for (const name of extra) {
    const { size } = await lstat(join(root, name));
    if (size === 0 || !sizes.has(size)) continue;
    const handle = await openRegularFile(join(root, name));
    if (handle === undefined) continue;
    const hash = createHash('sha256');
    try {
      for await (const block of readBlocks(handle)) hash.update(block);
    } finally {
      await handle.close();
    }
    const digest = hash.digest('hex');
    for (const file of missing) if (file.sha256 === digest) renamed.set(file.name, name);
  }
  return renamed;
}

/** A file outside `data/`, whole, if it is a regular file; of one that is too long, one byte more than may be. */
async function readTagFile(
  root: string,
  name: string,
  maxBytes: number,
  { problems }: Checks,
): Promise<Buffer | undefined> {
  const found = await lstat(join(root, name)).catch(() => undefined);
  if (found === undefined || !found.isFile()) return undefined; // the listing says so
  if (found.size > maxBytes) {
    problems.add('tag_file_changed', name, `${name} has ${found.size} bytes; at most ${maxBytes} are read.`);
    return undefined;
  }
  const handle = await openRegularFile(join(root, name));
  try {
    return handle && (await readAt(handle, 0, found.size));
  } finally {
    await handle?.close();
  }
}

async function checkTagFile(root: string, { name, bytes }: TagFile, checks: Checks): Promise<void> {
  const found = await readTagFile(root, name, Math.max(bytes.length, 64), checks);
  if (found === undefined || found.equals(bytes)) return;
  checks.problems.add(
    'tag_file_changed',
    name,
    `${name} is not what follows from the manifest: it was changed.`,
  );
}

async function checkPayloadFile(root: string, file: Part | PackagedFile, checks: Checks): Promise<void> {
  const handle = await openRegularFile(join(root, file.name));
  if (handle === undefined) {
    checks.problems.add('file_kind', file.name, `${file.name} is no regular file any more; it was not read.`);
    return;
  }
  const check = new PayloadCheck(file, file.name, checks.problems);
  try {
    for await (const block of readBlocks(handle)) {
      await check.push(block);
      checks.onBytes(block.length);
    }
  } finally {
    await handle.close();
  }
  await check.end();
}
