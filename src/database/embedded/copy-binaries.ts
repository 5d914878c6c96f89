import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConveyError } from '../../errors.ts';
import { binariesMissing } from './embedded.errors.ts';
import { listTree, type Tree } from './host/file-tree.ts';
import { canEnter, isSafe, type ServiceUser } from './host/service-user.ts';

interface CopyOptions {
  native: string;
  tree: Tree;
  version: string;
  user: ServiceUser;
  cacheFolders: string[];
  /** Last changes to a fresh copy, before it is given its name. */
  finish: (copy: string) => Promise<void>;
}

/** Whether a copy is whole, and nobody but us could have written any of it. */
function isSound(copy: string, tree: Tree): boolean {
  try {
    const found = listTree(copy);
    const ownUid = process.geteuid?.();
    return (
      found.fingerprint === tree.fingerprint &&
      found.entries.every((it) => it.uid === ownUid && (it.mode & 0o022) === 0)
    );
  } catch {
    return false;
  }
}

async function makeCopy(target: string, { native, tree, finish }: CopyOptions): Promise<void> {
  const draft = `${target}.draft-${randomBytes(6).toString('hex')}`;
  try {
    for (const entry of tree.entries) {
      const to = join(draft, entry.path);
      if (entry.isFolder) await mkdir(to);
      else await copyFile(join(native, entry.path), to);
      // The user's umask, or the package's modes, may be what kept it from being read.
      await chmod(to, entry.isFolder || entry.isProgram ? 0o755 : 0o644);
    }
    await finish(draft);
    try {
      await rename(draft, target);
    } catch {
      if (isSound(target, tree)) return; // another starter was faster
      await rename(target, `${draft}-broken`);
      await rename(draft, target);
    }
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(`${draft}-broken`, { recursive: true, force: true });
  }
}

/**
 * A copy of the package's native folder that `user` can read, made once per version and content under the
 * first cache folder where that works, and checked at every use (cleaners of old files leave torn trees).
 * Answers its path, or throws `database.binaries_missing`.
 */
export async function copyBinaries(options: CopyOptions): Promise<string> {
  const name = `convey-postgres-${options.version}-${process.arch}-${options.tree.fingerprint.slice(0, 12)}`;
  const causes: unknown[] = [];
  for (const cacheFolder of options.cacheFolders) {
    try {
      await mkdir(cacheFolder, { recursive: true, mode: 0o755 });
      const folder = realpathSync(cacheFolder);
      if (!canEnter(folder, options.user) || !isSafe(folder)) continue;
      const target = join(folder, name);
      if (!isSound(target, options.tree)) await makeCopy(target, options);
      if (isSound(target, options.tree)) return target;
    } catch (cause) {
      causes.push(cause);
    }
  }
  throw new ConveyError(
    binariesMissing,
    'The system user that runs PostgreSQL cannot read the package, and there is no place for a copy.',
    { cause: new AggregateError(causes) },
  );
}
