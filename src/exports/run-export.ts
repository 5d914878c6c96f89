import { randomBytes } from 'node:crypto';
import type { Database } from '../database/connect.ts';
import type { Log } from '../log.ts';
import { filterToTell } from './anonymized/anonymized-plan.ts';
import type { ConnectionBudget, Taker } from './connection-budget.ts';
import { explainFailure } from './explain-failure.ts';
import { failExport } from './finish/fail-export.ts';
import { type FinishDependencies, finishExport, type SealedManifest } from './finish/finish-export.ts';
import { type FileLayout } from './layout/file-layout.ts';
import { layOutFiles } from './layout/lay-out-files.ts';
import { findStyle } from './documents/find-style.ts';
import { exportFileName, type ExportPlan, isZipped } from './plan-export.ts';
import type { RenderJob, RenderResult } from './render/render-files.ts';
import type { RenderThreads } from './render/render-threads.ts';
import type { RenderProgress } from './render/tell-progress.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { AcceptedExport } from './request-export.ts';

const BEAT_EVERY_MS = 10_000;

export interface RunDependencies extends FinishDependencies {
  threads: RenderThreads;
  budget: ConnectionBudget;
  store: ObjectStore;
  log: Log;
  /** Longest time that one export may hold its snapshot. */
  snapshotMaxAgeMs: number;
}

/** Who watches a run. */
export interface RunWatch {
  signal: AbortSignal;
  /** Bytes on the disk so far. */
  onWritten?: (bytes: number) => void;
  onProgress?: (progress: RenderProgress) => void;
  onBackends?: (pids: readonly number[]) => void;
}

/** Where the bytes of an export that is sent at once go, and who watches. */
export interface RunOutput extends RunWatch {
  /** An open file of this process, empty. */
  fd: number;
}

/**
 * Runs an accepted export of one file to its end: renders it, checks it, and writes into the books what became
 * of it. Resolves when the file is whole and stands; rejects with the coded reason, which the books hold as well.
 */
export async function runExport(
  dependencies: RunDependencies,
  accepted: AcceptedExport,
  output: RunOutput,
): Promise<RenderResult & { receipt: string }> {
  const { threads, budget } = dependencies;
  return superviseExport(dependencies, accepted, async (setStage) => {
    const { plan } = accepted;
    const files = layOutFiles(plan);
    // An archive of documents is one file, which packs itself.
    const isBundle = isZipped(plan) && files[0]?.format.type !== 'documents';
    const job: RenderJob = {
      ...renderAccess(dependencies, accepted),
      style: await findStyle(dependencies, accepted),
      files,
      packaging: isBundle ? 'zip' : 'single',
    };
    const giveBack = await budget.take(connectionsOf(files), takerOf(accepted), output.signal);
    try {
      const result = await threads.render(
        job,
        { fd: output.fd },
        {
          signal: output.signal,
          onWritten: (bytes) => output.onWritten?.(bytes),
          onProgress: (progress) => {
            setStage(progress.stage);
            output.onProgress?.(progress);
          },
          onBackends: (pids) => output.onBackends?.(pids),
        },
      );
      setStage('finishing');
      const name = exportFileName(plan, accepted.requestedAt);
      const sealed = await finishExport(dependencies, accepted, {
        ...result,
        parts: [{ ...result, name, file: isBundle ? undefined : files[0]! }],
        files: [],
        missingFiles: [],
      });
      return { ...result, receipt: receiptOf(sealed) };
    } finally {
      giveBack();
    }
  });
}

/**
 * Gives signs of life while an export runs, and writes down why when it fails. `work` tells its stage.
 * Rejects as `work` does, with an error for people where there is one.
 * @param fail writes down what became of a failed attempt
 */
export async function superviseExport<T>(
  dependencies: Pick<RunDependencies, 'database' | 'log' | 'tell'>,
  accepted: AcceptedExport,
  work: (setStage: (stage: string) => void) => Promise<T>,
  fail: (error: unknown, stage: string) => Promise<void> = (error, stage) =>
    failExport(dependencies, accepted, error, stage),
): Promise<T> {
  const { database, log } = dependencies;
  let stage = 'waiting';
  const beat = setInterval(() => {
    markAlive(database, accepted, stage).catch((error: unknown) =>
      log.warn('an export could not say it is alive', { error }),
    );
  }, BEAT_EVERY_MS);
  try {
    return await work((now) => {
      stage = now;
    });
  } catch (failed) {
    const error = explainFailure(failed);
    await fail(error, stage).catch((unwritten: unknown) => {
      // The sweep will find it by its missing beat.
      log.error('a failed export could not be written down', { export_id: accepted.id, error: unwritten });
    });
    throw error;
  } finally {
    clearInterval(beat);
  }
}

/** What every rendering of one attempt at this export shares: taken once, since pseudonyms hang on it. */
export function renderAccess(
  { database, snapshotMaxAgeMs }: RunDependencies,
  { id, scope, plan }: AcceptedExport,
): Pick<RenderJob, 'databaseUrl' | 'scope' | 'maxAgeMs' | 'givesWay' | 'head' | 'anonymizeKey'> {
  return {
    databaseUrl: database.url,
    scope,
    maxAgeMs: snapshotMaxAgeMs,
    givesWay: givesWay(plan),
    head: { export: headOf(id, plan) },
    // Nowhere but in the jobs of this one attempt, so that nobody can ever turn pseudonyms back.
    ...(plan.anonymize ? { anonymizeKey: randomBytes(32) } : {}),
  };
}

/** Whose connections an export's are. */
export function takerOf({ scope, plan }: Pick<AcceptedExport, 'scope' | 'plan'>): Taker {
  return { workspaceId: scope.workspaceId, givesWay: givesWay(plan) };
}

/** Whether an export's work gives way to all other: not that of one conversation or person, which somebody waits for. */
export function givesWay({ kind }: Pick<ExportPlan, 'kind'>): boolean {
  return kind !== 'conversation' && kind !== 'contact';
}

function headOf(id: string, plan: ExportPlan) {
  const { kind, productName, workspace } = plan;
  return { id, kind, product: productName, workspace, filter: filterToTell(plan) };
}

/** One connection for the counts, and as many as the widest section has streams. */
export function connectionsOf(files: readonly FileLayout[]): number {
  return (
    1 + Math.max(...files.flatMap(({ sections }) => sections.map(({ children }) => 1 + children.length)))
  );
}

async function markAlive(database: Database, { scope, id }: AcceptedExport, stage: string): Promise<void> {
  await database.inScope(scope, (transaction) =>
    transaction.query(
      `update exports set beat_at = now(), stage = $3
        where workspace_id = $1 and id = $2 and status in ('queued', 'running')`,
      [scope.workspaceId, id, stage],
    ),
  );
}

/** The receipt's bytes: canonical JSON and a line end, put together from what was signed. */
export function receiptOf({ manifest, signature }: SealedManifest): string {
  return `{"manifest":${manifest},"signature":"${signature}"}\n`;
}
