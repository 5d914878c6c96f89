import type { Log } from '../../log.ts';
import type { ObjectStore } from '../../storage/object-store.ts';

/** Below this lie the objects of one export, under names that tell nothing. */
export function objectFolder(workspaceId: string, exportId: string): string {
  return `exports/${workspaceId}/${exportId}/`;
}

/** Removes what an export left in the store. What cannot be removed now is left to the sweep. */
export async function removeObjects(
  { store, log }: { store: ObjectStore; log: Log },
  folder: string,
): Promise<void> {
  try {
    for await (const { key } of store.list(folder)) await store.delete(key);
  } catch (error) {
    log.warn('objects of an export could not be removed', { folder, error });
  }
}
