import { open, stat } from 'node:fs/promises';
import { basename, posix } from 'node:path';
import { ConveyError } from '../../errors.ts';
import { type ConveyPackage, openSinglePart } from './convey-package.ts';
import { mapNeeded, mapNotTaken, noSuchFile, wrongFormat } from './import.errors.ts';
import { createMeter, type ImportSource, type SourceFile } from './import-source.ts';
import { defaultLimits, type ImportLimits } from './limits.ts';
import type { ImportMap } from './map/map.schemas.ts';
import { openFolder } from './open-folder.ts';
import { openRows } from './open-rows.ts';
import { openZip } from './open-zip.ts';
import { readBytes, type UnpackBudget } from './read-bytes.ts';
import { readParts } from './read-parts.ts';
import type { RowFormat } from './read-rows.ts';
import { ensureSafePath } from './safe-path.ts';
import { verifySource } from './verify-source.ts';

export type { ImportItem, ImportSource } from './import-source.ts';

export interface OpenOptions {
  format: 'convey' | RowFormat;
  /** Needed for every format but `convey`, which takes none. */
  map?: ImportMap | undefined;
  signal: AbortSignal;
  limits?: Partial<ImportLimits> | undefined;
}

/**
 * Opens something to import: one file (plain or gzip) or, in Convey's own format, a folder or a zip.
 * Memory stays bounded by the limits whatever the size. Errors that stop the import carry `import.…` codes;
 * rows that cannot be taken come out as rejects between the records.
 */
export async function openImportSource(path: string, options: OpenOptions): Promise<ImportSource> {
  const { format, map } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  signal.throwIfAborted();
  const found = await stat(path).catch(() => undefined);
  const name = basename(path);
  if (found === undefined || !(found.isFile() || found.isDirectory()))
    throw new ConveyError(noSuchFile, `${name}.`);
  const source: SourceFile = { path, name, sizeBytes: found.size, limits, signal };
  const close = async (): Promise<void> => stop.abort();

  if (format === 'convey') {
    if (map !== undefined) throw new ConveyError(mapNotTaken);
    const opened = found.isDirectory() ? await openFolder(path, signal) : await openConveyFile(source);
    try {
      return { ...fromPackage(opened, source, close), signedBy: await verifySource(opened, signal) };
    } catch (error) {
      await opened.close();
      throw error;
    }
  }
  if (found.isDirectory())
    throw new ConveyError(wrongFormat, `${name} is a folder; ${format} is read from a file.`);
  if (map === undefined) throw new ConveyError(mapNeeded);
  return openRows(format, map, source, close);
}

/** Zip or not is told by the first bytes: names lie. */
async function openConveyFile({ path, name, sizeBytes, limits, signal }: SourceFile): Promise<ConveyPackage> {
  const file = await open(path);
  const head = Buffer.alloc(4);
  try {
    await file.read(head, 0, 4, 0);
  } finally {
    await file.close();
  }
  const isZip = ['PK\u0003\u0004', 'PK\u0005\u0006'].includes(head.toString('latin1'));
  return isZip ? openZip(path, name, limits, signal) : openSinglePart(path, name, sizeBytes, signal);
}

function fromPackage(opened: ConveyPackage, source: SourceFile, close: () => Promise<void>): ImportSource {
  const { limits, signal } = source;
  const meter = createMeter(signal);
  const folderOf = (part: string): string => posix.dirname(part).replace(/^\.$/, '');
  const folders = new Set(opened.parts.map((part) => folderOf(part.name)));
  return {
    async *records() {
      meter.reset();
      const budget: UnpackBudget = { limits, signal, unpackedBytes: 0 };
      const parts = opened.parts.map(({ name }) => ({
        name,
        chunks: () => readBytes(meter.watch(opened.readPart(name)), name, budget),
      }));
      yield* readParts(parts, limits.lineBytes);
    },
    sizeBytes: opened.parts.reduce((sum, part) => sum + part.sizeBytes, 0),
    consumedBytes: () => meter.consumedBytes(),
    async openFile(contentPath, part) {
      ensureSafePath(contentPath);
      for (const folder of part === undefined ? folders : [folderOf(part)]) {
        const file = await opened.openFile(folder === '' ? contentPath : `${folder}/${contentPath}`);
        if (file !== undefined) return file;
      }
      return undefined;
    },
    async close() {
      await close();
      await opened.close();
    },
  };
}
