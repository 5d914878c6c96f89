import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes a folder's entries (a new or renamed file) survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Writes a file so that after a crash at any moment it holds the old or the new text, never half of it.
 * Never follows a link that somebody planted at `path`.
 */
export async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  let file: FileHandle | undefined;
  try {
    file = await open(draft, 'wx', mode);
    await file.writeFile(text);
    await file.sync();
    await file.close();
    file = undefined;
    await rename(draft, path);
  } catch (error) {
    await file?.close();
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}
