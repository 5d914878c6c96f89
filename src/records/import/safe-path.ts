import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ConveyError } from '../../errors.ts';
import { unsafePath } from './import.errors.ts';

const MAX_PATH = 1024;

/**
 * Checks a path inside a package or beside a source: relative, `/` between its names, and nothing by which
 * it could mean another place or differ between systems.
 * @throws `import.unsafe_path`
 */
export function ensureSafePath(path: string): void {
  const refuse = (why: string): never => {
    const shown = JSON.stringify(path.slice(0, 120));
    throw new ConveyError(unsafePath, `${shown} ${why}.`);
  };
  if (path === '' || path.length > MAX_PATH) refuse(`is empty or longer than ${MAX_PATH} characters`);
  if (/[\u0000-\u001f\u007f]/.test(path)) refuse('holds control characters');
  if (path.includes('\\')) refuse('holds a backslash');
  if (/[\ufffd\p{Surrogate}]/u.test(path)) refuse('is not well-formed text');
  if (path.startsWith('/')) refuse('is absolute');
  if (/^[A-Za-z]:/.test(path)) refuse('starts with a drive letter');
  if (path.split('/').some((name) => name === '' || name === '.' || name === '..')) {
    refuse('holds an empty name, "." or ".."');
  }
}

/**
 * Where a safe path leads on disk, links followed; undefined if nothing is there. `root` is a real path.
 * @throws `import.unsafe_path` when a link leads out of `root`
 */
export async function resolveInside(root: string, path: string): Promise<string | undefined> {
  ensureSafePath(path);
  let real: string;
  try {
    real = await realpath(join(root, path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
  const prefix = root.endsWith(sep) ? root : root + sep;
  if (!real.startsWith(prefix)) {
    throw new ConveyError(unsafePath, `${JSON.stringify(path)} is a link that leads out of the folder.`);
  }
  return real;
}
