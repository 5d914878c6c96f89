import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../../database/connect.ts';
import type { Scope } from '../../database/scope.ts';
import { ConveyError } from '../../errors.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { getExport, listParts } from '../keep/find-export.ts';
import { openPackage, packageZip } from '../keep/open-package.ts';
import { badCopy } from './schedules.errors.ts';
import type { Destination } from './schedules.ts';

export interface CopyDependencies {
  database: Database;
  /** Where exports are kept. */
  store: ObjectStore;
  /** Stores that the operator named for copies: name → where it is. */
  destinations: ReadonlyMap<string, string>;
  openDestination: (location: string) => Promise<ObjectStore>;
  /** Between two tries; the third waits twice as long. */
  retryMs: number;
}

const TRIES = 3;

/**
 * Copies the whole package of a finished export, as one zip, to a store that the operator named, and reads it back:
 * size and digest must be those of the package. Below the prefix the workspace and the schedule have folders of their
 * own, so that no workspace can write over another's. A copy that is there already is replaced by the same bytes.
 * @returns its key there
 * @throws schedules.bad_copy, and whatever either store failed with at the third try
 */
export async function copyPackage(
  dependencies: CopyDependencies,
  scope: Scope,
  { scheduleId, exportId }: { scheduleId: string; exportId: string },
  { destination, prefix }: Extract<Destination, { type: 's3' }>,
  signal: AbortSignal,
): Promise<string> {
  const { database, store, destinations, openDestination, retryMs } = dependencies;
  const location = destinations.get(destination);
  if (location === undefined)
    throw new ConveyError(badCopy, `The operator names no destination “${destination}” any more.`);
  const row = await getExport(database, scope, exportId);
  const opened = openPackage(row, await listParts(database, scope, exportId));
  const { sequence } = opened.manifest.chain ?? {};
  const number = sequence === undefined ? '' : `${String(sequence).padStart(6, '0')}-`;
  const day = opened.manifest.snapshot_at.slice(0, 10);
  const folder = prefix === undefined ? '' : `${prefix}/`;
  const key = `${folder}${scope.workspaceId}/${scheduleId}/${number}${day}-${exportId}.zip`;
  for (let attempt = 1; ; attempt++) {
    try {
      const target = await openDestination(location);
      const zip = packageZip(store, opened);
      const sent = await target.put(key, zip.open(0, zip.sizeBytes, signal), { signal });
      await ensureThere(target, key, sent, zip.sizeBytes, signal);
      return key;
    } catch (error) {
      signal.throwIfAborted();
      if (attempt === TRIES) throw error;
      await wait(retryMs * attempt, undefined, { signal });
    }
  }
}

/** Reads the copy back. @throws schedules.bad_copy */
async function ensureThere(
  target: ObjectStore,
  key: string,
  sent: { sizeBytes: number; sha256: string },
  sizeBytes: number,
  signal: AbortSignal,
): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of (await target.open(key, { signal })) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  if (sent.sizeBytes !== sizeBytes || bytes !== sizeBytes || hash.digest('hex') !== sent.sha256)
    throw new ConveyError(badCopy);
}
