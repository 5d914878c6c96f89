import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConveyError } from '../../../errors.ts';
import { serviceUserMissing } from '../embedded.errors.ts';

/** The system user that runs PostgreSQL in place of root. */
export interface ServiceUser {
  uid: number;
  gid: number;
}

/** Whether this process is root, which PostgreSQL refuses to run as. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** The user `nobody` from the passwd file, or throws `database.service_user_missing`. */
export function getNobody(passwdFile = '/etc/passwd'): ServiceUser {
  const line = readFileSync(passwdFile, 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = (line ?? '').split(':').map(Number);
  if (
    uid === undefined ||
    gid === undefined ||
    !Number.isInteger(uid) ||
    !Number.isInteger(gid) ||
    uid === 0
  ) {
    throw new ConveyError(serviceUserMissing);
  }
  // macOS writes nobody as -2; system calls and stat speak of 4294967294.
  return { uid: uid >>> 0, gid: gid >>> 0 };
}

/** `user` as the options of `spawn`, which takes signed numbers; nothing when there is no change of user. */
export function spawnIdentity(user: ServiceUser | undefined): { uid?: number; gid?: number } {
  return user === undefined ? {} : { uid: user.uid | 0, gid: user.gid | 0 };
}

/** Whether a file's mode gives `user` all of `bits` (4 read, 2 write, 1 execute or enter). */
export function hasMode(
  file: { uid: number; gid: number; mode: number },
  user: ServiceUser,
  bits: number,
): boolean {
  const shift = file.uid === user.uid ? 6 : file.gid === user.gid ? 3 : 0;
  return ((file.mode >> shift) & bits) === bits;
}

/** Whether `user` may enter a folder (a real path): it and every folder above must let them through. */
export function canEnter(folder: string, user: ServiceUser): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (!hasMode(statSync(at), user, 1)) return false;
    if (at === dirname(at)) return true;
  }
}

/** Whether no other user can exchange what we put in this folder (a real path): ours alone, or sticky as /tmp. */
export function isSafe(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    const { uid, mode } = statSync(at);
    if (uid !== 0 && uid !== process.geteuid?.()) return false;
    if ((mode & 0o022) !== 0 && (mode & 0o1000) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
