import { randomBytes } from 'node:crypto';
import { readKeyFile, writeKeyFile } from './key-file.ts';
import { masterKeyId, type MasterKeySource } from './master-keys.ts';

/** What one pass over all wrapped secrets did. */
export interface RewrapCounts {
  /** Wrapped under the current key now, under another before. */
  rewrapped: number;
  /** Were under the current key already. */
  current: number;
  /** Cannot be unwrapped: damaged, or under a master key that is not there. */
  failed: number;
}

/** What a rotation did. */
export interface MasterKeyRotation extends RewrapCounts {
  origin: 'environment' | 'key file';
  /** Id of the key that wraps now. */
  keyId: string;
  /** Ids of older keys that were dropped from the key file. */
  dropped: string[];
  /** Ids of older keys that are still needed or (from the environment) that only people can take out. */
  kept: string[];
  /** Finished a rotation that had been broken off, instead of beginning one. */
  isResumed: boolean;
}

/**
 * Rotates the master key. A key file gets a new key in front, everything is wrapped under it, and only after
 * a whole pass that found nothing left are the old keys dropped. Killed at any point it leaves a file that
 * opens everything, and run again it goes on from there. Keys from the environment are people's to change:
 * everything is wrapped under the first of them.
 *
 * Servers may run meanwhile: they read the file before and after each wrap (`MasterKeys.currentId`). But only
 * one rotation at a time may: two would overwrite each other's new key. The caller sees to that.
 * @param rewrap one pass over everything that is wrapped
 */
export async function rotateMasterKey(
  source: MasterKeySource,
  rewrap: () => Promise<RewrapCounts>,
): Promise<MasterKeyRotation> {
  if (source.keyFile === undefined) {
    const [keyId = '', ...kept] = source.keys.map(masterKeyId);
    const counts = await rewrapUntilCurrent(rewrap);
    return { origin: 'environment', keyId, dropped: [], kept, isResumed: false, ...counts };
  }
  const before = await readKeyFile(source.keyFile);
  const isResumed = before.length > 1;
  const keys = isResumed ? before : [randomBytes(32), ...before];
  if (!isResumed) await writeKeyFile(source.keyFile, keys);

  const counts = await rewrapUntilCurrent(rewrap);
  const [keyId = '', ...older] = keys.map(masterKeyId);
  // A damaged secret may come back from a backup, which needs the key of its time.
  const isDone = counts.failed === 0;
  if (isDone) await writeKeyFile(source.keyFile, keys.slice(0, 1));
  return {
    origin: 'key file',
    keyId,
    dropped: isDone ? older : [],
    kept: isDone ? [] : older,
    isResumed,
    ...counts,
  };
}

/** A store that changes while it is listed may leave something out of the list: one more pass shows it. */
async function rewrapUntilCurrent(rewrap: () => Promise<RewrapCounts>): Promise<RewrapCounts> {
  let rewrapped = 0;
  for (;;) {
    const pass = await rewrap();
    rewrapped += pass.rewrapped;
    if (pass.rewrapped === 0) return { ...pass, current: Math.max(0, pass.current - rewrapped), rewrapped };
  }
}
