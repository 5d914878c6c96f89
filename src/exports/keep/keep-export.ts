import type { ObjectStore } from '../../storage/object-store.ts';
import { finishExport, startExport } from '../finish-export.ts';
import type { AcceptedExport } from '../request-export.ts';
import { type RunDependencies, type RunWatch, superviseExport } from '../run-export.ts';
import { copyFiles } from './copy-files.ts';
import { objectFolder, removeObjects } from './export-objects.ts';
import { renderParts } from './render-parts.ts';

export interface KeepDependencies extends RunDependencies {
  store: ObjectStore;
  /** Parts of one export that are rendered at once. */
  parallelParts: number;
  /** How long the files of a kept export live. */
  linkMs: number;
}

/**
 * Runs an accepted export that is kept: its parts side by side into the object store, all from one snapshot,
 * counted against the base tables, described by a signed manifest, and only then published. A failure leaves
 * no object.
 */
export async function keepExport(
  dependencies: KeepDependencies,
  accepted: AcceptedExport,
  watch: RunWatch,
): Promise<void> {
  await superviseExport(dependencies, accepted, async (setStage) => {
    const onProgress = (records: number, stage: string) => {
      setStage(stage);
      watch.onProgress?.(records, stage);
    };
    try {
      await startExport(dependencies.database, accepted);
      const { namedFiles, ...rendered } = await renderParts(dependencies, accepted, { ...watch, onProgress });
      setStage('files');
      const copied = await copyFiles(dependencies, accepted, namedFiles, watch.signal);
      setStage('finishing');
      await finishExport(dependencies, accepted, { ...rendered, ...copied });
    } catch (error) {
      await removeObjects(dependencies, objectFolder(accepted.scope.workspaceId, accepted.id));
      throw error;
    }
  });
}
