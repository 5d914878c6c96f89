import { randomBytes } from 'node:crypto';
import { link, open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFolder, writeDurably } from '../database/embedded/host/durable-file.ts';
import { ConveyError } from '../errors.ts';
import { badKeyFile, keyFileMissing } from './keys.errors.ts';

/** Name of the key file in the home folder. */
const KEY_FILE = 'master.key';
const MOST_BYTES = 65_536;

/** Where the key file of a home folder lies. */
export function keyFileOf(homeDir: string): string {
  return join(homeDir, KEY_FILE);
}

/**
 * The master keys in a key file: one a line, 64 hexadecimal digits; the first wraps.
 * @throws keys.bad_key_file when it is missing, others may read it, or a line is something else
 */
export async function readKeyFile(path: string): Promise<Uint8Array[]> {
  const keys = await findKeyFile(path);
  if (keys === undefined) throw new ConveyError(badKeyFile, 'It is not there (any more).');
  return keys;
}

/** Like `readKeyFile`; undefined when there is none. */
async function findKeyFile(path: string): Promise<Uint8Array[] | undefined> {
  let text: string;
  try {
    const file = await open(path, 'r');
    try {
      const { mode, size } = await file.stat();
      if ((mode & 0o077) !== 0) {
        const octal = (mode & 0o777).toString(8).padStart(4, '0');
        throw new ConveyError(
          badKeyFile,
          `Its mode is ${octal}, so that others on this machine can get at the key. Run: chmod 600 master.key`,
        );
      }
      if (size > MOST_BYTES) throw new ConveyError(badKeyFile, 'It is too long to be a key file.');
      text = await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof ConveyError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new ConveyError(badKeyFile, `Reading it gave ${code}.`, { cause });
  }
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  if (lines.length === 0 || !lines.every((line) => /^[0-9a-fA-F]{64}$/.test(line))) {
    throw new ConveyError(badKeyFile, 'It takes one key a line, each 64 hexadecimal digits.');
  }
  return lines.map((line) => Buffer.from(line, 'hex'));
}

/**
 * The keys of a key file, which is made (0600) when there is none. Processes that start at once agree on one
 * key: the file gets its name with its contents in it, and only the first gets it.
 * @param isInUse whether stored files need a key: then a missing file was lost, and a new key would hide that
 * @throws keys.key_file_missing, keys.bad_key_file
 */
export async function ensureKeyFile(path: string, isInUse: () => Promise<boolean>): Promise<Uint8Array[]> {
  const found = await findKeyFile(path);
  if (found !== undefined) return found;
  // Asked first, looked again after: another process may make the key and store its first file meanwhile.
  const needsOldKey = await isInUse();
  const foundLater = await findKeyFile(path);
  if (foundLater !== undefined) return foundLater;
  if (needsOldKey) throw new ConveyError(keyFileMissing);

  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeDurably(draft, linesOf([randomBytes(32)]), 0o600);
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await syncFolder(dirname(path));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConveyError(badKeyFile, `Making it gave ${code}. CONVEY_MASTER_KEY does without it.`, {
      cause,
    });
  } finally {
    await rm(draft, { force: true });
  }
  return readKeyFile(path);
}

/**
 * Replaces the keys in a key file: after a crash at any moment it holds the old list or the new one. Drafts
 * that a crash left beside it go, too: they hold keys.
 */
export async function writeKeyFile(path: string, keys: readonly Uint8Array[]): Promise<void> {
  try {
    await writeDurably(path, linesOf(keys), 0o600);
    for (const name of await readdir(dirname(path))) {
      const isDraft =
        name.startsWith(`${basename(path)}.`) &&
        /^(\.[0-9a-f]{12})+$/.test(name.slice(basename(path).length));
      if (isDraft) await rm(join(dirname(path), name), { force: true });
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConveyError(badKeyFile, `Writing it gave ${code}. It is as it was.`, { cause });
  }
}

function linesOf(keys: readonly Uint8Array[]): string {
  return keys.map((key) => `${Buffer.from(key).toString('hex')}\n`).join('');
}
