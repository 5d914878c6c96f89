import { open, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConveyError } from '../errors.ts';
import { full, unavailable } from './storage.errors.ts';

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  return String(error.code);
}

/** Whether the file system answered that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** What a file system's error means to people; the original, with its path, stays as the cause. */
export function translateDiskError(error: unknown): unknown {
  const code = errorCode(error);
  if (code === undefined) return error;
  return new ConveyError(NO_ROOM.has(code) ? full : unavailable, undefined, { cause: error });
}

/**
 * Makes new and removed names last, from a folder up to the root: a file is only as durable as the entries
 * that lead to it. Unchanged folders cost next to nothing.
 */
export async function syncDirs(dir: string, root: string): Promise<void> {
  for (let current = dir; ; current = dirname(current)) {
    try {
      const handle = await open(current, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (!isMissing(error)) throw error; // gone: what was in it has been deleted meanwhile
    }
    if (current === root || current === dirname(current)) return;
  }
}

/** Removes a folder and those above it, below the root, as long as they are empty. Best effort. */
export async function removeEmptyDirs(dir: string, root: string): Promise<void> {
  for (let current = dir; current !== root && current !== dirname(current); current = dirname(current)) {
    try {
      await rmdir(current);
    } catch (error) {
      if (!isMissing(error)) return; // somebody else's file is in it
    }
  }
}
