import type { Database } from '../database/connect.ts';
import type { Log } from '../log.ts';
import type { ConnectionBudget } from './connection-budget.ts';
import { failExport, finishExport } from './finish-export.ts';
import { layOutFiles } from './lay-out-files.ts';
import type { RenderJob, RenderResult } from './render-export.ts';
import type { RenderThreads } from './render-threads.ts';
import type { AcceptedExport } from './request-export.ts';

const BEAT_EVERY_MS = 10_000;

export interface RunDependencies {
  database: Database;
  threads: RenderThreads;
  budget: ConnectionBudget;
  log: Log;
  /** Longest time that one export may hold its snapshot. */
  snapshotMaxAgeMs: number;
}

/** Where the bytes go, and who watches. */
export interface RunOutput {
  /** An open file of this process, empty. */
  fd: number;
  signal: AbortSignal;
  /** Bytes on the disk so far. */
  onWritten?: (bytes: number) => void;
  onProgress?: (records: number, stage: string) => void;
  onBackends?: (pids: readonly number[]) => void;
}

/**
 * Runs an accepted export to its end: renders it, checks it, and writes into the books what became of it.
 * Resolves when the file is whole and stands; rejects with the coded reason, which the books hold as well.
 */
export async function runExport(
  dependencies: RunDependencies,
  accepted: AcceptedExport,
  output: RunOutput,
): Promise<RenderResult> {
  const { database, threads, budget, log } = dependencies;
  let stage = 'waiting';
  const job = jobOf(dependencies, accepted);
  const beat = setInterval(() => {
    markAlive(database, accepted, stage).catch((error: unknown) =>
      log.warn('an export could not say it is alive', { error }),
    );
  }, BEAT_EVERY_MS);
  try {
    const giveBack = await budget.take(connectionsOf(job), output.signal);
    try {
      const result = await threads.render(job, output.fd, {
        signal: output.signal,
        onWritten: (bytes) => output.onWritten?.(bytes),
        onProgress: (records, now) => {
          stage = now;
          output.onProgress?.(records, now);
        },
        onBackends: (pids) => output.onBackends?.(pids),
      });
      stage = 'finishing';
      await finishExport(database, accepted, result);
      return result;
    } finally {
      giveBack();
    }
  } catch (error) {
    await failExport(database, accepted, error, stage).catch((failed: unknown) => {
      // The sweep will find it by its missing beat.
      log.error('a failed export could not be written down', { export_id: accepted.id, error: failed });
    });
    throw error;
  } finally {
    clearInterval(beat);
  }
}

function jobOf(
  { database, snapshotMaxAgeMs }: RunDependencies,
  { id, scope, plan }: AcceptedExport,
): RenderJob {
  return {
    databaseUrl: database.url,
    scope,
    maxAgeMs: snapshotMaxAgeMs,
    head: {
      export: {
        id,
        kind: plan.kind,
        product: plan.productName,
        workspace: plan.workspace,
        filter: plan.filter,
      },
    },
    files: layOutFiles(plan),
    packaging: plan.kind === 'workspace' && plan.format === 'csv' ? 'zip' : 'single',
  };
}

/** One connection for the counts, and as many as the widest section has streams. */
function connectionsOf({ files }: RenderJob): number {
  return 1 + Math.max(...files.flatMap(({ sections }) => sections.map(({ lists }) => 1 + lists.length)));
}

async function markAlive(database: Database, { scope, id }: AcceptedExport, stage: string): Promise<void> {
  await database.inScope(scope, (transaction) =>
    transaction.query(
      `update exports set beat_at = now(), stage = $3 where workspace_id = $1 and id = $2 and status = 'running'`,
      [scope.workspaceId, id, stage],
    ),
  );
}
