import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Scope } from '../database/scope.ts';
import { noteDownload } from './finish-export.ts';
import { type Asker, type RequestDependencies, requestExport } from './request-export.ts';
import type { ExportRequest } from './plan-export.ts';
import type { RenderResult } from './render-export.ts';
import { type RunDependencies, runExport } from './run-export.ts';

export interface FileExport extends RenderResult {
  id: string;
  path: string;
}

/**
 * Exports into a file of this machine (the command line's way): written beside its place, checked, flushed to
 * the disk, and only then given its name. A failed export leaves nothing and does not touch what was there.
 */
export async function exportToFile(
  dependencies: RequestDependencies & RunDependencies,
  scope: Scope,
  asker: Asker,
  request: ExportRequest,
  path: string,
  watch: { signal: AbortSignal; onProgress?: (records: number, bytes: number, stage: string) => void },
): Promise<FileExport> {
  const accepted = await requestExport(dependencies, scope, asker, request);
  const unfinished = `${path}.unfinished-${accepted.id}`;
  const file = await open(unfinished, 'wx+', 0o600);
  let bytes = 0;
  let records = 0;
  let stage = 'waiting';
  const tell = () => watch.onProgress?.(records, bytes, stage);
  try {
    const result = await runExport(dependencies, accepted, {
      fd: file.fd,
      signal: watch.signal,
      onWritten: (written) => {
        bytes = written;
        tell();
      },
      onProgress: (count, now) => {
        records = count;
        stage = now;
        tell();
      },
    });
    await file.sync();
    await file.close();
    await rename(unfinished, path);
    await syncFolder(dirname(path));
    await noteDownload(dependencies.database, accepted, result.bytes);
    return { ...result, id: accepted.id, path };
  } catch (error) {
    await file.close().catch(() => {});
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
