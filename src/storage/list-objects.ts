import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, translateDiskError } from './disk-files.ts';
import type { StoredObject } from './object-store.ts';

/**
 * Walks a folder of a `DiskStore`: `~xx` folders hold objects, other folders are the next segment of keys.
 * Reads entries as it goes, so that a big folder is never held whole; what vanishes meanwhile is passed over.
 * @param prefix the keys' beginning that the folder stands for
 */
export async function* listObjects(folder: string, prefix: string): AsyncGenerator<StoredObject> {
  for await (const { name, isFolder } of entriesOf(folder)) {
    if (name.startsWith('.') || !isFolder) continue; // temporary files, or nothing of ours
    const inner = join(folder, name);
    if (!name.startsWith('~')) {
      yield* listObjects(inner, `${prefix}${name}/`);
      continue;
    }
    for await (const object of entriesOf(inner)) {
      const found = object.isFolder ? undefined : await statObject(join(inner, object.name));
      if (found !== undefined) yield { key: prefix + object.name, ...found };
    }
  }
}

async function* entriesOf(folder: string): AsyncGenerator<{ name: string; isFolder: boolean }> {
  try {
    for await (const entry of await opendir(folder)) {
      yield { name: entry.name, isFolder: entry.isDirectory() };
    }
  } catch (error) {
    if (!isMissing(error)) throw translateDiskError(error);
  }
}

async function statObject(path: string): Promise<{ sizeBytes: number; modifiedAt: Date } | undefined> {
  try {
    const { size, mtime } = await stat(path);
    return { sizeBytes: size, modifiedAt: mtime };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw translateDiskError(error);
  }
}
