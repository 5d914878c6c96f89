import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { syncFolder } from '../../database/embedded/host/durable-file.ts';
import type { Scope } from '../../database/scope.ts';
import { ConveyError } from '../../errors.ts';
import { holdLease } from '../../jobs/hold-lease.ts';
import { cancelled, cannotWrite, storageFull } from '../exports.errors.ts';
import type { ExportWatch } from '../direct/export-to-file.ts';
import { noteDownload } from '../finish/note-download.ts';
import type { ExportRequest } from '../plan-export.ts';
import {
  type AcceptedExport,
  type Asker,
  type RequestDependencies,
  requestExport,
} from '../request-export.ts';
import { revokeExport } from './end-export.ts';
import { getExport, listParts } from './find-export.ts';
import { runExportJob } from './export-jobs.ts';
import type { KeepDependencies } from './keep-export.ts';
import { type OpenPackage, openPackage, packageFile, packageZip } from './open-package.ts';

/** A package that was written to this machine. */
export interface PackageExport {
  id: string;
  path: string;
  bytes: number;
  counts: Record<string, number>;
  snapshotAt: string;
  fingerprint: string;
  missingFiles: number;
}

/**
 * Exports into a package on this machine (the command line's way): a zip if the path ends in `.zip`, else a
 * folder. It is made like every kept export, written beside its place, and named when it is whole; the copy in
 * the store is withdrawn.
 * @throws exports.cannot_write when there is something at the path already
 */
export async function exportToPackage(
  dependencies: KeepDependencies & RequestDependencies,
  scope: Scope,
  asker: Asker,
  request: ExportRequest,
  path: string,
  watch: ExportWatch,
): Promise<PackageExport> {
  await ensureFree(path);
  const claim = { worker: `command line ${process.pid}`, leaseMs: dependencies.leaseMs };
  const accepted = await requestExport(dependencies, scope, asker, request, claim);
  const { signal } = watch;
  await runHere(dependencies, accepted, watch);
  const row = await getExport(dependencies.database, scope, accepted.id);
  const unfinished = `${path}.unfinished-${randomBytes(6).toString('hex')}`;
  try {
    const opened = openPackage(row, await listParts(dependencies.database, scope, accepted.id));
    const size = path.endsWith('.zip')
      ? await writeZip(dependencies, opened, unfinished, signal)
      : await writeFolder(dependencies, opened, unfinished, signal);
    await rename(unfinished, path);
    await syncFolder(dirname(path));
    await noteDownload(dependencies.database, accepted, size);
    const { counts, snapshot_at: snapshotAt, signer, missing_files: missing } = opened.manifest;
    return {
      id: accepted.id,
      path,
      bytes: size,
      counts,
      snapshotAt,
      fingerprint: signer.fingerprint,
      missingFiles: missing.length,
    };
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw isFull(error) ? new ConveyError(storageFull, `${path} was not written.`, { cause: error }) : error;
  } finally {
    await revokeExport(dependencies, scope, asker, row);
  }
}

/** One attempt, in this process. */
async function runHere(
  dependencies: KeepDependencies,
  accepted: AcceptedExport,
  watch: ExportWatch,
): Promise<void> {
  const options = { ...dependencies, cancelReason: () => new ConveyError(cancelled) };
  const { done } = holdLease(options, accepted.job!, ({ signal, onProgress }) => {
    const either = AbortSignal.any([signal, watch.signal]);
    return runExportJob(
      { ...dependencies, exportAttempts: 1 },
      accepted,
      accepted.job!,
      either,
      (progress) => {
        onProgress(progress);
        watch.onProgress?.(progress.records ?? 0, progress.bytes ?? 0, progress.stage ?? 'running');
      },
    );
  });
  await done;
}

async function ensureFree(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined)) !== undefined) {
    throw new ConveyError(cannotWrite, `${path} is there already.`);
  }
  const parent = await stat(dirname(path)).catch(() => undefined);
  if (parent?.isDirectory() !== true) throw new ConveyError(cannotWrite, `${dirname(path)} is no folder.`);
}

async function writeZip(
  { store }: KeepDependencies,
  opened: OpenPackage,
  path: string,
  signal: AbortSignal,
): Promise<number> {
  const zip = packageZip(store, opened);
  await writeFile(path, zip.open(0, zip.sizeBytes, signal), signal);
  return zip.sizeBytes;
}

async function writeFolder(
  { store }: KeepDependencies,
  opened: OpenPackage,
  folder: string,
  signal: AbortSignal,
): Promise<number> {
  let size = 0;
  for (const { name } of [...opened.tagFiles, ...opened.parts]) {
    const file = packageFile(store, opened, name.slice(name.lastIndexOf('/') + 1))!;
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, file.open(0, file.sizeBytes, signal), signal);
    size += file.sizeBytes;
  }
  return size;
}

/** Whether the disk that the package is written to has no room (left). */
function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String((error as { code?: unknown }).code));
}

/** Written and on the disk, for its owner's eyes. */
async function writeFile(path: string, bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  await pipeline(
    Readable.from(bytes, { objectMode: false }),
    createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
    {
      signal,
    },
  );
}
