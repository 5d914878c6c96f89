import type { ClaimedJob } from '../../jobs/job.ts';
import { leaseLost, retryJob } from '../../jobs/lease.ts';
import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { databaseLost, interrupted } from '../exports.errors.ts';
import { ensureStillAllowed } from '../export-reach.ts';
import { failExport } from '../finish/fail-export.ts';
import { finishExport, startExport } from '../finish/finish-export.ts';
import type { AcceptedExport } from '../request-export.ts';
import type { RenderProgress } from '../render/tell-progress.ts';
import { type RunDependencies, type RunWatch, superviseExport } from '../run-export.ts';
import { copyFiles } from './copy-files.ts';
import { attemptFolder, objectFolder, removeObjects } from './export-objects.ts';
import { renderParts } from './render-parts.ts';

export interface KeepDependencies extends RunDependencies {
  /** Parts of one export that are rendered at once. */
  parallelParts: number;
  /** How long the files of a kept export live. */
  linkMs: number;
  /** How often an export is begun before it has failed. */
  exportAttempts: number;
  /** A worker that gives no sign for this long is dead. */
  leaseMs: number;
}

/** Who watches a kept export. */
export interface KeepWatch extends RunWatch {
  /** How many records there will be, as soon as they are counted. */
  onPlanned?: (records: number) => void;
  /** What it does beside writing records. */
  onStage?: (stage: string) => void;
}

/** Between attempts; the second waits this long, the third twice as long, and so on. */
const RETRY_AFTER_MS = 2_000;

/**
 * Runs one attempt at an accepted export that is kept: its parts side by side into a folder of the attempt's own
 * in the object store, all from one snapshot, counted against the base tables, described by a signed manifest,
 * and only then published. A failure leaves no object. What may be different next time (the database or the store
 * was gone) puts the job back into the queue; anything else ends it. Rejects with the reason in both cases.
 */
export async function keepExport(
  dependencies: KeepDependencies,
  accepted: AcceptedExport,
  job: ClaimedJob,
  watch: KeepWatch,
): Promise<void> {
  const { database } = dependencies;
  const { workspaceId } = accepted.scope;
  const folder = attemptFolder(workspaceId, accepted.id, job.fence);
  const run = async (setStage: (stage: string) => void) => {
    const enter = (stage: string) => {
      setStage(stage);
      watch.onStage?.(stage);
    };
    const onProgress = (progress: RenderProgress) => {
      setStage(progress.stage);
      watch.onProgress?.(progress);
    };
    try {
      await startExport(database, accepted);
      await ensureStillAllowed(database, accepted);
      await removeObjects(dependencies, objectFolder(workspaceId, accepted.id), (key) =>
        key.startsWith(folder),
      );
      const rendered = await renderParts(dependencies, accepted, folder, { ...watch, onProgress });
      const { namedFiles, ...parts } = rendered;
      enter('files');
      const copied = await copyFiles(
        dependencies,
        { scope: accepted.scope, folder },
        namedFiles,
        watch.signal,
      );
      enter('finishing');
      watch.signal.throwIfAborted();
      await finishExport(dependencies, accepted, { ...parts, ...copied }, job);
    } catch (error) {
      await removeObjects(dependencies, folder);
      throw error;
    }
  };
  await superviseExport(dependencies, accepted, run, (failed, stage) => {
    // Whatever broke first after an abort, the reason is why it was aborted.
    const error: unknown = watch.signal.aborted ? watch.signal.reason : failed;
    return endAttempt(dependencies, accepted, job, { error, stage });
  });
}

async function endAttempt(
  dependencies: KeepDependencies,
  accepted: AcceptedExport,
  job: ClaimedJob,
  { error, stage }: { error: unknown; stage: string },
): Promise<void> {
  const { database, log, exportAttempts } = dependencies;
  if (error instanceof ConveyError && error.kind === leaseLost) return; // another worker has it
  if (!mayPass(error) || job.attempt >= exportAttempts) {
    await failExport(dependencies, accepted, error, stage, job);
    return;
  }
  log.warn('an export will be tried again', { export_id: accepted.id, attempt: job.attempt, error });
  await putBack(database, accepted, job);
}

/** Whether another attempt may go better: the reason lies outside of the export. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof ConveyError)) return true;
  return (
    error.kind === interrupted || error.kind === databaseLost || /^(database|storage)\./.test(error.code)
  );
}

/** Puts an export back into the queue. */
async function putBack(database: Database, { scope, id }: AcceptedExport, job: ClaimedJob): Promise<void> {
  await database.inScope(scope, async (transaction) => {
    await transaction.query(
      `update exports set status = 'queued', stage = 'waiting for another attempt', beat_at = now()
        where workspace_id = $1 and id = $2 and status = 'running'`,
      [scope.workspaceId, id],
    );
    await retryJob(transaction, job, RETRY_AFTER_MS * job.attempt);
  });
}
