import { Snapshot } from '../../database/snapshot.ts';
import type { Scope } from '../../database/scope.ts';
import { BrokenOrderError, mergeRows } from '../../database/merge-rows.ts';
import { ConveyError } from '../../errors.ts';
import { type ByteSink, ByteWriter, type Written } from '../../formats/byte-writer.ts';
import { createCsvFormat } from '../../formats/csv.ts';
import { createJsonFormat } from '../../formats/json.ts';
import { countRecords, ensureCounts, sumCounts } from './check-counts.ts';
import { createNdjsonFormat } from '../../formats/ndjson.ts';
import type { RecordFormat } from '../../formats/record-format.ts';
import { createZipWriter } from '../../formats/zip.ts';
import { brokenOrder } from '../exports.errors.ts';
import type { FileLayout, SectionLayout } from '../lay-out-files.ts';

/** What a renderer needs: plain data, so that it crosses into a thread. */
export interface RenderJob {
  databaseUrl: string;
  scope: Scope;
  /** Longest time that the snapshot may be held. */
  maxAgeMs: number;
  /** Set: joins this snapshot, whose holder checks the counts. Unset: takes one of its own and checks. */
  snapshot?: { name: string; takenAt: Date };
  /** Goes in front of a JSON document, with the snapshot's time. */
  head: Record<string, unknown>;
  files: FileLayout[];
  /** `zip`: the files as one archive. */
  packaging: 'single' | 'zip';
}

export interface RenderResult {
  snapshotAt: Date;
  /** Records per dataset; equal to what the base tables hold. */
  counts: Record<string, number>;
  bytes: number;
  /** SHA-256 of the whole output, hexadecimal. */
  sha256: string;
  /** CRC-32 of the whole output, hexadecimal. */
  crc32: string;
  /** Server processes that took part. */
  backendPids: readonly number[];
}

export interface RenderOptions {
  signal: AbortSignal;
  /** Called now and then with what is done so far. */
  onProgress?: (progress: { records: number; stage: string }) => void;
  /** Called once, when the server processes of the first section are known. */
  onBackends?: (pids: readonly number[]) => void;
}

/**
 * Runs one export: one snapshot, every dataset one ordered COPY, merged and rendered as bytes in one pass,
 * counted and hashed on the way into the sink. Before a file gets its end mark, its counts are checked
 * against the base tables in the same snapshot, so that a short export never looks whole.
 *
 * Rejects with `exports.count_mismatch` and with whatever the database or the sink failed with; then the
 * sink holds a file without its end, which is to be thrown away.
 */
export async function renderFiles(
  job: RenderJob,
  sink: ByteSink,
  options: RenderOptions,
): Promise<RenderResult> {
  const { databaseUrl: url, scope, maxAgeMs } = job;
  const access = { url, scope, maxAgeMs, signal: options.signal };
  const snapshot =
    job.snapshot === undefined ? await Snapshot.open(access) : Snapshot.join(access, job.snapshot);
  const close = () => void snapshot.close();
  options.signal.addEventListener('abort', close, { once: true });
  try {
    const counts: Record<string, number> = {};
    const out = job.packaging === 'single' ? new ByteWriter(sink) : undefined;
    let written: Written;
    if (out !== undefined) {
      await renderFile(job, job.files[0]!, snapshot, out, counts, options);
      written = await out.end();
    } else {
      written = await renderZip(job, snapshot, sink, counts, options);
    }
    await snapshot.close({ isClean: true });
    return { snapshotAt: snapshot.takenAt, counts, ...written, backendPids: snapshot.backendPids };
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof BrokenOrderError) throw new ConveyError(brokenOrder, undefined, { cause: error });
    throw error;
  } finally {
    options.signal.removeEventListener('abort', close);
    await snapshot.close();
  }
}

/** The files as entries of one archive, each checked before its entry is closed. */
async function renderZip(
  job: RenderJob,
  snapshot: Snapshot,
  sink: ByteSink,
  counts: Record<string, number>,
  options: RenderOptions,
): Promise<Written> {
  const whole = new ByteWriter(sink);
  const through: ByteSink = {
    async write(chunk) {
      whole.raw(chunk);
      if (whole.mustWait) await whole.ready();
    },
  };
  const zip = createZipWriter(through, { mtime: snapshot.takenAt, signal: options.signal });
  for (const file of job.files) {
    const entry = await zip.entry(file.name);
    const out = new ByteWriter(entry, { hash: false });
    await renderFile(job, file, snapshot, out, counts, options);
    await out.end();
    await entry.close();
  }
  await zip.close();
  return whole.end();
}

async function renderFile(
  job: RenderJob,
  file: FileLayout,
  snapshot: Snapshot,
  out: ByteWriter,
  counts: Record<string, number>,
  options: RenderOptions,
): Promise<void> {
  const format = createFormat(file.format, out);
  const expected = job.snapshot === undefined ? countRecords(snapshot, file.sections) : undefined;
  expected?.catch(() => {}); // awaited below; a failure meanwhile must not be unhandled
  const found: Record<string, number> = {};
  const pace = {
    get mustWait() {
      return out.mustWait || options.signal.aborted;
    },
    async ready() {
      options.signal.throwIfAborted();
      await out.ready();
    },
  };
  try {
    format.beginDocument({ ...job.head, snapshot_at: snapshot.takenAt.toISOString() });
    for (const section of file.sections) {
      options.onProgress?.({ records: sumCounts(counts) + sumCounts(found), stage: section.shape.section });
      await renderSection(section, snapshot, format, pace, found, options);
    }
    if (expected !== undefined) ensureCounts(found, await expected);
    for (const [name, count] of Object.entries(found)) counts[name] = (counts[name] ?? 0) + count;
    await format.endDocument(found);
  } finally {
    format.close();
  }
}

async function renderSection(
  section: SectionLayout,
  snapshot: Snapshot,
  format: RecordFormat,
  pace: { readonly mustWait: boolean; ready(): Promise<void> },
  found: Record<string, number>,
  options: RenderOptions,
): Promise<void> {
  const streams = [section.records, ...section.children];
  const rows = await Promise.all(streams.map(({ sql, columnCount }) => snapshot.copy(sql, columnCount)));
  const children = section.children.map(({ feeds }, index) => ({ rows: rows[index + 1]!, feeds }));
  options.onBackends?.(snapshot.backendPids);
  format.beginSection(section.shape);
  const merged = await mergeRows(rows[0]!, children, format, pace);
  await format.endSection();
  for (const [index, { countedAs }] of [section.records, ...section.lists].entries()) {
    found[countedAs] = (found[countedAs] ?? 0) + (index === 0 ? merged.records : merged.items[index - 1]!);
  }
  for (const finished of rows) snapshot.release(finished);
}

function createFormat(format: FileLayout['format'], out: ByteWriter): RecordFormat {
  switch (format.type) {
    case 'json':
      return createJsonFormat(out, format);
    case 'ndjson':
      return createNdjsonFormat(out, format);
    case 'csv':
      return createCsvFormat(out, format);
  }
}
