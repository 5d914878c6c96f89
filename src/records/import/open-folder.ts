import { constants } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ConveyError } from '../../errors.ts';
import { type ConveyPackage, choosePartNames, readFileBytes } from './convey-package.ts';
import { noRecords, unsafePath } from './import.errors.ts';
import { resolveInside } from './safe-path.ts';

/**
 * Opens a folder in Convey's format. Links may point anywhere inside the folder and nowhere else.
 * @throws `import.no_records`, `import.unsafe_path`
 */
export async function openFolder(path: string, signal: AbortSignal): Promise<ConveyPackage> {
  const root = await realpath(path);
  const names = [...(await listNames(root, '')), ...(await listNames(root, 'data'))];
  const files = new Map<string, { real: string; sizeBytes: number }>();
  for (const name of choosePartNames(names)) {
    const real = await resolveInside(root, name);
    if (real === undefined) throw new ConveyError(unsafePath, `${name} is a link that leads nowhere.`);
    const found = await stat(real);
    if (found.isFile()) files.set(name, { real, sizeBytes: found.size });
  }
  if (files.size === 0) throw new ConveyError(noRecords);
  return {
    parts: [...files].map(([name, { sizeBytes }]) => ({ name, sizeBytes })),
    readPart: (name) => readFileBytes(files.get(name)!.real, signal),
    openFile: (name) => openInside(root, name, signal),
    close: async () => {},
  };
}

async function listNames(root: string, folder: string): Promise<string[]> {
  const real = folder === '' ? root : await resolveInside(root, folder);
  if (real === undefined || !(await stat(real)).isDirectory()) return [];
  const names = await readdir(real);
  return folder === '' ? names : names.map((name) => `${folder}/${name}`);
}

async function openInside(root: string, path: string, signal: AbortSignal): Promise<Readable | undefined> {
  const real = await resolveInside(root, path);
  if (real === undefined) return undefined;
  // NOFOLLOW and the check of the open file: what was resolved a moment ago may have been swapped since.
  // NONBLOCK: opening a pipe must fail below, not wait for a writer.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(join(real), flags);
  if (!(await file.stat()).isFile()) {
    await file.close();
    throw new ConveyError(unsafePath, `${JSON.stringify(path)} is not a plain file.`);
  }
  return file.createReadStream({ highWaterMark: 256 * 1024, signal } as Parameters<
    typeof file.createReadStream
  >[0]);
}
