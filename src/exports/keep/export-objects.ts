import type { Log } from '../../log.ts';
import type { ObjectStore } from '../../storage/object-store.ts';

/** Below this lie the objects of one export, under names that tell nothing. */
export function objectFolder(workspaceId: string, exportId: string): string {
  return `exports/${workspaceId}/${exportId}/`;
}

/** Of one attempt at it: another attempt, even one that was only taken for dead, never writes there. */
export function attemptFolder(workspaceId: string, exportId: string, attempt: number): string {
  return `${objectFolder(workspaceId, exportId)}${attempt}/`;
}

/**
 * Removes what an export left in the store. What cannot be removed now is left to the sweep.
 * @param isNeeded what stays
 */
export async function removeObjects(
  { store, log }: { store: ObjectStore; log: Log },
  folder: string,
  isNeeded: (key: string) => boolean = () => false,
): Promise<void> {
  try {
    for await (const { key } of store.list(folder)) {
      if (!isNeeded(key)) await store.delete(key);
    }
  } catch (error) {
    log.warn('objects of an export could not be removed', { folder, error });
  }
}
