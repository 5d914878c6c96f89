import { randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from './host/durable-file.ts';

/** Passwords of the cluster's three roles, by what they are for. Letters, digits, `-` and `_` only. */
export interface ClusterPasswords {
  superuser: string;
  owner: string;
  app: string;
}

const PASSWORD = /^[\w-]{20,100}$/;

function isPasswords(value: unknown): value is ClusterPasswords {
  if (typeof value !== 'object' || value === null) return false;
  const { superuser, owner, app } = value as Record<string, unknown>;
  return [superuser, owner, app].every((it) => typeof it === 'string' && PASSWORD.test(it));
}

/**
 * The cluster's passwords, from `passwords.json` (mode 0600) in `folder`; made there when the file is
 * absent or damaged. A cluster that has other passwords is given these when it next starts.
 */
export async function loadPasswords(folder: string): Promise<ClusterPasswords> {
  const path = join(folder, 'passwords.json');
  try {
    const known: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isPasswords(known)) {
      await chmod(path, 0o600);
      return known;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && !(error instanceof SyntaxError)) throw error;
  }
  const random = () => randomBytes(24).toString('base64url');
  const made = { superuser: random(), owner: random(), app: random() };
  await writeDurably(path, `${JSON.stringify(made, null, 2)}\n`, 0o600);
  return made;
}
