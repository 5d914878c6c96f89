import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { syncFolder } from '../../database/embedded/host/durable-file.ts';
import type { Scope } from '../../database/scope.ts';
import { ConveyError } from '../../errors.ts';
import { cannotWrite } from '../exports.errors.ts';
import { Spool } from './spool.ts';
import { noteDownload } from '../finish/note-download.ts';
import { type Asker, type RequestDependencies, requestExport } from '../request-export.ts';
import type { ExportRequest } from '../plan-export.ts';
import type { RenderResult } from '../render/render-files.ts';
import type { RenderProgress } from '../render/tell-progress.ts';
import { type RunDependencies, runExport } from '../run-export.ts';

export interface FileExport extends RenderResult {
  id: string;
  path: string;
  /** Signed: what the file must be; `convey verify` takes it. */
  receipt: string;
}

/**
 * Exports into a file of this machine (the command line's way): written beside its place, checked, flushed to
 * the disk, and only then given its name. A failed export leaves nothing and does not touch what was there.
 * @throws exports.cannot_write before anything is exported
 */
export async function exportToFile(
  dependencies: RequestDependencies & RunDependencies,
  scope: Scope,
  asker: Asker,
  request: ExportRequest,
  target: string,
  watch: ExportWatch,
): Promise<FileExport> {
  const path = await findPlace(target);
  const unfinished = `${path}.unfinished-${randomBytes(6).toString('hex')}`;
  const file = await open(unfinished, 'wx+', 0o600).catch((cause: unknown) => {
    throw new ConveyError(cannotWrite, `${target}: ${reasonOf(cause)}`, { cause });
  });
  try {
    const accepted = await requestExport(dependencies, scope, asker, request);
    const result = await runExport(dependencies, accepted, { fd: file.fd, ...outputOf(watch) });
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

/** Exports into a stream (standard output), by way of a spool, so that a slow reader holds no snapshot. */
export async function exportToStream(
  dependencies: RequestDependencies & RunDependencies & { spoolFolder: string },
  scope: Scope,
  asker: Asker,
  request: ExportRequest,
  target: Writable,
  watch: ExportWatch,
): Promise<FileExport> {
  const accepted = await requestExport(dependencies, scope, asker, request);
  const spool = await Spool.create(dependencies.spoolFolder);
  try {
    const { signal } = watch;
    const { onWritten, ...output } = outputOf(watch);
    const running = runExport(dependencies, accepted, {
      fd: spool.fd,
      ...output,
      onWritten: (bytes) => {
        spool.advance(bytes);
        onWritten(bytes);
      },
    });
    running.then(
      ({ bytes }) => spool.complete(bytes),
      (error: Error) => spool.fail(error),
    );
    await pipeline(spool.read(signal), target, { end: false });
    const result = await running;
    await noteDownload(dependencies.database, accepted, result.bytes);
    return { ...result, id: accepted.id, path: '-' };
  } finally {
    await spool.close();
  }
}

export interface ExportWatch {
  signal: AbortSignal;
  onProgress?: (records: number, bytes: number, stage: string) => void;
}

/** Joins the renderer's two reports into one. */
function outputOf({ signal, onProgress }: ExportWatch) {
  let bytes = 0;
  let records = 0;
  let stage = 'waiting';
  const tell = () => onProgress?.(records, bytes, stage);
  return {
    signal,
    onWritten: (written: number) => {
      bytes = written;
      tell();
    },
    onProgress: (progress: RenderProgress) => {
      ({ records, stage } = progress);
      tell();
    },
  };
}

/** Where the file goes: through links, and never in the place of a device or a folder. */
async function findPlace(target: string): Promise<string> {
  const path = await realpath(target).catch(() => target);
  const found = await stat(path).catch(() => undefined);
  const isSystem = [target, path].some((name) => /^\/(dev|proc|sys)\//.test(name));
  if (isSystem || (found !== undefined && !found.isFile())) {
    throw new ConveyError(cannotWrite, `${target} is no ordinary file. For standard output give “-”.`);
  }
  return path;
}

/** `ENOENT` and the like, for people. */
function reasonOf(cause: unknown): string {
  const { code = 'unknown' } = cause as { code?: string };
  const told: Record<string, string> = {
    ENOENT: 'the folder does not exist.',
    EACCES: 'it may not be written.',
    EROFS: 'the disk is read-only.',
    ENOTDIR: 'a part of the path is no folder.',
  };
  return told[code] ?? `the system says ${code}.`;
}
