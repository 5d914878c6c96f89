import { type ChangePlace, SAFE_HORIZON } from '../../catalog/changed-rows.ts';
import { Snapshot } from '../../database/snapshot.ts';
import { newId } from '../../ids.ts';
import { findStyle } from '../documents/find-style.ts';
import type { FinishedPart } from '../finish/finish-export.ts';
import { layOutFiles } from '../layout/lay-out-files.ts';
import { addCounts, type Counts, countRecords, ensureCounts } from '../render/check-counts.ts';
import { sumCounts } from '../../sum-counts.ts';
import type { AcceptedExport } from '../request-export.ts';
import { connectionsOf, givesWay, renderAccess, type RunWatch, takerOf } from '../run-export.ts';
import { deletionFiles } from '../schedules/select-changes.ts';
import { type PartLayout, splitParts } from '../layout/split-parts.ts';
import type { KeepDependencies, KeepWatch } from './keep-export.ts';
import { listNamedFiles, type NamedFile } from './copy-files.ts';
import { PartsProgress } from './parts-progress.ts';

/** The parts of an export, all in the store, and the files that its records name. */
export interface RenderedParts {
  snapshotAt: Date;
  /** Up to which change the snapshot shows everything. */
  reaches: ChangePlace;
  counts: Counts;
  parts: FinishedPart[];
  namedFiles: NamedFile[];
}

/**
 * Renders an export's parts from one snapshot into a folder of the store, several at a time, and counts them
 * against the base tables.
 * @throws exports.count_mismatch, and whatever the database or the store failed with
 */
export async function renderParts(
  dependencies: KeepDependencies,
  accepted: AcceptedExport,
  folder: string,
  watch: KeepWatch,
): Promise<RenderedParts> {
  const { database, snapshotMaxAgeMs: maxAgeMs } = dependencies;
  const { plan, scope } = accepted;
  const whole = [...layOutFiles(plan), ...deletionFiles(plan)];
  let snapshot: Snapshot | undefined;
  try {
    const access = { url: database.url, scope, maxAgeMs, givesWay: givesWay(plan), signal: watch.signal };
    snapshot = await Snapshot.open(access);
    const [reaches] = await snapshot.query<ChangePlace>(SAFE_HORIZON);
    const layouts = await splitParts(snapshot, plan, accepted.requestedAt);
    const sections = whole.flatMap((file) => file.sections);
    const counting = countRecords(snapshot, sections);
    // Awaited below; until then it tells how much there is.
    counting.then((counted) => watch.onPlanned?.(sumCounts(counted))).catch(() => {});
    const parts = await renderAll(dependencies, accepted, { snapshot, layouts, folder }, watch);
    const counts = addCounts(...parts.map((part) => part.counts));
    ensureCounts(counts, await counting);
    const namedFiles = plan.keep?.files && plan.format !== 'zip' ? await listNamedFiles(snapshot, plan) : [];
    await snapshot.close({ isClean: true });
    return { snapshotAt: snapshot.takenAt, reaches: reaches!, counts, parts, namedFiles };
  } finally {
    await snapshot?.close();
  }
}

/** Every layout in turn, `parallelParts` at a time. The first failure ends the others. */
async function renderAll(
  dependencies: KeepDependencies,
  accepted: AcceptedExport,
  {
    snapshot: { name, takenAt },
    layouts,
    folder,
  }: { snapshot: Snapshot; layouts: readonly PartLayout[]; folder: string },
  watch: RunWatch,
): Promise<FinishedPart[]> {
  const giveUp = new AbortController();
  const signal = AbortSignal.any([watch.signal, giveUp.signal]);
  const progress = new PartsProgress(watch.onProgress);
  const style = await findStyle(dependencies, accepted);
  const access = { ...renderAccess(dependencies, accepted), style };
  const parts: FinishedPart[] = [];
  let next = 0;

  async function renderOne(index: number): Promise<void> {
    const { name: partName, file } = layouts[index]!;
    const objectKey = `${folder}${newId('obj')}`;
    const job = { ...access, snapshot: { name, takenAt }, files: [file], packaging: 'single' as const };
    const target = { objectKey };
    // Only for this part: between two parts others have their turn. The snapshot's own connection is not counted.
    const giveBack = await dependencies.budget.take(connectionsOf([file]) - 1, takerOf(accepted), signal);
    try {
      const rendered = await dependencies.threads.render(job, target, {
        signal,
        onProgress: (of) => progress.tell(index, of),
        onBackends: (pids) => watch.onBackends?.(pids),
      });
      const { bytes, sha256, crc32, counts, warnings, redactions } = rendered;
      parts[index] = { name: partName, file, bytes, sha256, crc32, counts, warnings, redactions, objectKey };
      progress.end(index, { records: sumCounts(counts), bytes });
    } finally {
      giveBack();
    }
  }
  async function renderInTurn(): Promise<void> {
    while (next < layouts.length) await renderOne(next++);
  }
  const workers = Array.from({ length: Math.min(dependencies.parallelParts, layouts.length) }, () =>
    renderInTurn().catch((error: unknown) => {
      giveUp.abort(error);
      throw error;
    }),
  );
  const outcomes = await Promise.allSettled(workers);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  // The one that came first; the others failed because of it.
  if (failed !== undefined) throw giveUp.signal.aborted ? giveUp.signal.reason : failed.reason;
  return parts;
}
