import { Snapshot } from '../../database/snapshot.ts';
import type { Scope } from '../../database/scope.ts';
import { BrokenOrderError, type MergeCounts, mergeRows } from '../../database/merge-rows.ts';
import { ConveyError } from '../../errors.ts';
import { type ByteSink, ByteWriter, type Written } from '../../formats/byte-writer.ts';
import { createChatFormat } from '../../formats/chat-jsonl.ts';
import type { Readable } from 'node:stream';
import { createCsvFormat } from '../../formats/csv.ts';
import { createJsonFormat } from '../../formats/json.ts';
import type { Redaction } from '../../anonymize/redactions.ts';
import { type Anonymizing, anonymized, startAnonymizing } from './anonymize-section.ts';
import { addAll, countedOf, type Counts, countRecords, ensureCounts } from './check-counts.ts';
import { sumCounts } from '../../sum-counts.ts';
import { createNdjsonFormat } from '../../formats/ndjson.ts';
import type { FormatWarning, RecordFormat } from '../../formats/record-format.ts';
import { sinkInto } from '../../formats/sink-into.ts';
import { createXlsxFormat } from '../../formats/xlsx/xlsx.ts';
import { createZipWriter } from '../../formats/zip.ts';
import { createDocuments } from '../documents/create-documents.ts';
import { fillArchive } from '../documents/fill-archive.ts';
import type { JobStyle } from '../documents/find-style.ts';
import { brokenOrder } from '../exports.errors.ts';
import type { FileLayout, SectionLayout } from '../layout/file-layout.ts';
import { doneOf, type RenderProgress, tellWhile } from './tell-progress.ts';

/** What a renderer needs: plain data, so that it crosses into a thread. */
export interface RenderJob {
  databaseUrl: string;
  scope: Scope;
  /** Longest time that the snapshot may be held. */
  maxAgeMs: number;
  /** Whether it takes only what everything else leaves over: long work does. */
  givesWay: boolean;
  /** Set: joins this snapshot, whose holder checks the counts. Unset: takes one of its own and checks. */
  snapshot?: { name: string; takenAt: Date };
  /** Goes in front of a JSON document, with the snapshot's time. */
  head: Record<string, unknown>;
  /** Of documents: how they look. */
  style?: JobStyle | undefined;
  files: FileLayout[];
  /** `zip`: the files as one archive. */
  packaging: 'single' | 'zip';
  /** Of an anonymised export: 32 random bytes, the same for all of its files and for no other export. */
  anonymizeKey?: Uint8Array;
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
  /** What the files could not show as it is. */
  warnings: readonly FormatWarning[];
  /** Of an anonymised export: what was replaced where. */
  redactions: readonly Redaction[];
}

export interface RenderOptions {
  signal: AbortSignal;
  /** Called now and then with what is done so far. */
  onProgress?: (progress: RenderProgress) => void;
  /** Called once, when the server processes of the first section are known. */
  onBackends?: (pids: readonly number[]) => void;
  /** Opens an object of the store: for archives with the bytes of files. */
  openObject?: (key: string, signal: AbortSignal) => Promise<Readable>;
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
  const { databaseUrl: url, scope, maxAgeMs, givesWay } = job;
  const access = { url, scope, maxAgeMs, givesWay, signal: options.signal };
  const snapshot =
    job.snapshot === undefined ? await Snapshot.open(access) : Snapshot.join(access, job.snapshot);
  const close = () => void snapshot.close();
  options.signal.addEventListener('abort', close, { once: true });
  try {
    const counts: Record<string, number> = {};
    const warnings: FormatWarning[] = [];
    const anonymizing = startAnonymizing(job.anonymizeKey);
    const out = job.packaging === 'single' ? new ByteWriter(sink) : undefined;
    let written: Written;
    if (out !== undefined) {
      const made = { counts, warnings, anonymizing, bytes: () => out.bytes };
      await renderFile(job, job.files[0]!, snapshot, out, made, options);
      written = await out.end();
    } else {
      written = await renderZip(job, snapshot, sink, { counts, warnings, anonymizing }, options);
    }
    await snapshot.close({ isClean: true });
    const redactions = anonymizing?.redactions.list() ?? [];
    const { takenAt: snapshotAt, backendPids } = snapshot;
    return { snapshotAt, counts, warnings, redactions, ...written, backendPids };
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof BrokenOrderError) throw new ConveyError(brokenOrder, undefined, { cause: error });
    throw error;
  } finally {
    options.signal.removeEventListener('abort', close);
    await snapshot.close();
  }
}

/** What came out so far. */
interface Made {
  counts: Record<string, number>;
  warnings: FormatWarning[];
  anonymizing?: Anonymizing | undefined;
  /** Of the whole output. */
  bytes: () => number;
}

/** The files as entries of one archive, each checked before its entry is closed. */
async function renderZip(
  job: RenderJob,
  snapshot: Snapshot,
  sink: ByteSink,
  made: Omit<Made, 'bytes'>,
  options: RenderOptions,
): Promise<Written> {
  const whole = new ByteWriter(sink);
  const bytes = () => whole.bytes;
  const zip = createZipWriter(sinkInto(whole), { mtime: snapshot.takenAt, signal: options.signal });
  for (const file of job.files) {
    const entry = await zip.entry(file.name);
    const out = new ByteWriter(entry, { hash: false });
    await renderFile(job, file, snapshot, out, { ...made, bytes }, options);
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
  { counts, warnings, anonymizing, bytes }: Made,
  options: RenderOptions,
): Promise<void> {
  const { signal, openObject, onProgress, ...quiet } = options;
  const format =
    file.format.type === 'documents'
      ? createDocuments(file, file.format, out, { style: job.style, snapshot, signal })
      : createFormat(file.format, out);
  const receiver = anonymized(format, file.sections, anonymizing);
  const expected = job.snapshot === undefined ? countRecords(snapshot, file.sections) : undefined;
  expected?.catch(() => {}); // awaited below; a failure meanwhile must not be unhandled
  const found: Record<string, number> = {};
  const pace = {
    get mustWait() {
      return out.mustWait || options.signal.aborted || format.pace?.mustWait === true;
    },
    async ready() {
      options.signal.throwIfAborted();
      await format.pace?.ready();
      await out.ready();
    },
  };
  try {
    format.beginDocument({ ...job.head, snapshot_at: snapshot.takenAt.toISOString() });
    for (const section of file.sections) {
      const merged: MergeCounts = { records: 0, items: [] };
      const before = sumCounts(counts) + sumCounts(found);
      await tellWhile(
        renderSection(section, snapshot, { format: receiver, pace, found, merged }, options),
        () => ({
          ...doneOf(format, section, merged, before),
          stage: section.shape.section,
          bytes: bytes(),
        }),
        onProgress,
      );
    }
    if (expected !== undefined) ensureCounts(found, await expected);
    for (const [name, count] of Object.entries(found)) counts[name] = (counts[name] ?? 0) + count;
    if (file.inside !== undefined) {
      const render = async (inner: FileLayout, to: ByteWriter): Promise<Counts> => {
        const made: Made = { counts: {}, warnings: [], bytes };
        // What lies beside the documents is the same records once more: it is counted once.
        await renderFile(job, inner, snapshot, to, made, { ...quiet, signal });
        return made.counts;
      };
      const tools = { snapshot, isJoined: job.snapshot !== undefined, signal, openObject, render };
      warnings.push(...(await fillArchive(format, file.inside, tools)));
    }
    await format.endDocument(found);
    // The last document was still being made when its section ended.
    if (format.done !== undefined)
      onProgress?.({ ...format.done, stage: file.sections.at(-1)!.shape.section, bytes: bytes() });
    warnings.push(...(format.warnings ?? []));
  } finally {
    format.close();
  }
}

/** Where a section's rows go, and where they are counted: in `merged` while they come, in `found` at the end. */
interface SectionOutput {
  format: RecordFormat;
  pace: { readonly mustWait: boolean; ready(): Promise<void> };
  found: Record<string, number>;
  merged: MergeCounts;
}

async function renderSection(
  section: SectionLayout,
  snapshot: Snapshot,
  { format, pace, found, merged }: SectionOutput,
  options: RenderOptions,
): Promise<void> {
  const streams = [section.records, ...section.children];
  const rows = await Promise.all(streams.map(({ sql, columnCount }) => snapshot.copy(sql, columnCount)));
  const children = section.children.map(({ feeds }, index) => ({ rows: rows[index + 1]!, feeds }));
  options.onBackends?.(snapshot.backendPids);
  format.beginSection(section.shape);
  await mergeRows(rows[0]!, children, format, pace, merged);
  await format.endSection();
  const came = section.isCarrier ? merged.items : [merged.records, ...merged.items];
  addAll(
    found,
    countedOf(section).map(({ countedAs }) => countedAs),
    came,
  );
  for (const finished of rows) snapshot.release(finished);
}

function createFormat(
  format: Exclude<FileLayout['format'], { type: 'documents' }>,
  out: ByteWriter,
): RecordFormat {
  switch (format.type) {
    case 'json':
      return createJsonFormat(out, format);
    case 'ndjson':
      return createNdjsonFormat(out, format);
    case 'csv':
      return createCsvFormat(out, format);
    case 'xlsx':
      return createXlsxFormat(out, format);
    case 'chat-jsonl':
      return createChatFormat(out);
  }
}
