import { ConveyError } from '../../errors.ts';
import type { ClaimedJob, JobProgress } from '../../jobs/job.ts';
import type { JobHandler } from '../../jobs/job-worker.ts';
import { cancelled, interrupted } from '../exports.errors.ts';
import { failExport } from '../finish/fail-export.ts';
import type { AcceptedExport } from '../request-export.ts';
import { objectFolder, removeObjects } from './export-objects.ts';
import { acceptedExport, getExport } from './find-export.ts';
import { type KeepDependencies, keepExport } from './keep-export.ts';

/** What a worker does with the exports of the queue. */
export function exportJobs(dependencies: KeepDependencies): JobHandler {
  const { log } = dependencies;
  return {
    run: async (job, signal, onProgress) => {
      const accepted = await acceptedOf(dependencies, job);
      try {
        await runExportJob(dependencies, accepted, job, signal, onProgress);
        return undefined;
      } catch (failed) {
        // What was broken off says so; why stands in the signal.
        const isBrokenOff = failed instanceof ConveyError && failed.kind === cancelled && signal.aborted;
        const error: unknown = isBrokenOff ? signal.reason : failed;
        // The books hold the reason; what nobody foresaw is for the log as well.
        if (error instanceof ConveyError) return error.code;
        log.error('an export failed', { export_id: accepted.id, error });
        return 'http.internal';
      }
    },
    writeOff: async (job) => {
      const accepted = await acceptedOf(dependencies, job);
      await failExport(dependencies, accepted, new ConveyError(interrupted), 'running', job);
      await removeObjects(dependencies, objectFolder(job.workspaceId, accepted.id));
    },
    cancelReason: () => new ConveyError(cancelled),
  };
}

/** Runs one attempt and tells how far it is. Rejects with the reason, which the books hold. */
export async function runExportJob(
  dependencies: KeepDependencies,
  accepted: AcceptedExport,
  job: ClaimedJob,
  signal: AbortSignal,
  onProgress: (progress: JobProgress) => void,
): Promise<void> {
  const startedAt = new Date().toISOString();
  let progress: JobProgress = { stage: 'waiting', records: 0, bytes: 0, startedAt };
  const tell = (more: JobProgress) => {
    progress = { ...progress, ...more };
    onProgress(progress);
  };
  tell({});
  await keepExport(dependencies, accepted, job, {
    signal,
    onProgress: tell,
    onPlanned: (planned) => tell({ planned }),
    onStage: (stage) => tell({ stage }),
  });
}

/** The export of a job, as it was accepted. */
async function acceptedOf({ database }: KeepDependencies, job: ClaimedJob): Promise<AcceptedExport> {
  const { workspaceId, subjectId } = job;
  const row = await getExport(database, { workspaceId }, subjectId);
  return acceptedExport(database, workspaceId, row);
}
