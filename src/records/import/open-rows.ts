import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConveyError } from '../../errors.ts';
import { readFileBytes } from './convey-package.ts';
import { badJoin } from './import.errors.ts';
import { createMeter, type ImportSource, type SourceFile } from './import-source.ts';
import { compileMap } from './map/compile-map.ts';
import { loadJoins } from './map/load-joins.ts';
import type { ImportMap } from './map/map.schemas.ts';
import { placeOf } from './map/read-path.ts';
import { readBytes, type UnpackBudget } from './read-bytes.ts';
import { type RowFormat, readRows } from './read-rows.ts';
import { resolveInside } from './safe-path.ts';

/**
 * Opens a file of rows with the map that makes records of them. The map is compiled and its side files are
 * read now, so that their mistakes show before the first record.
 */
export async function openRows(
  format: RowFormat,
  map: ImportMap,
  source: SourceFile,
  close: () => Promise<void>,
): Promise<ImportSource> {
  const { path, name, sizeBytes, limits, signal } = source;
  const place = placeOf(path);
  const meter = createMeter(signal);
  const first = compileMap(map, limits);
  await loadJoins(map.joins ?? {}, first.context, (file) => readSideFile(file, source), limits);
  return {
    async *records() {
      meter.reset();
      // Compiled again for each reading: what `once` has seen belongs to one reading.
      const compiled = compileMap(map, limits);
      for (const [join, rows] of first.context.joins) compiled.context.joins.set(join, rows);
      const budget: UnpackBudget = { limits, signal, unpackedBytes: 0 };
      const chunks = readBytes(meter.watch(readFileBytes(path, signal)), name, budget);
      const onHeader = (columns: string[]): void => compiled.checkColumns(columns);
      const options = { name, maxRowBytes: limits.lineBytes, table: map.table, onHeader };
      for await (const row of readRows(chunks, format, options)) {
        const { line } = row;
        if ('reject' in row) yield { line, source: name, reject: row.reject };
        else
          for (const made of compiled.mapRow(row.value, line, place)) yield { line, source: name, ...made };
      }
    },
    sizeBytes,
    consumedBytes: () => meter.consumedBytes(),
    openFile: async () => undefined,
    close,
  };
}

/** A side file of a map: beside the source, and never anywhere else, since maps come from other people. */
async function* readSideFile(file: string, { path, limits, signal }: SourceFile): AsyncGenerator<Buffer> {
  const root = await realpath(dirname(path));
  const real = await resolveInside(root, file);
  if (real === undefined || !(await stat(real)).isFile()) {
    throw new ConveyError(badJoin, `${file} is not in the folder of the file to import.`);
  }
  yield* readBytes(readFileBytes(real, signal), file, { limits, signal, unpackedBytes: 0 });
}
