import { actedBy, type Actor } from '../access/actor.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Transaction } from '../database/connect.ts';
import type { Scope } from '../database/scope.ts';
import { ConveyError } from '../errors.ts';
import type { IngestResult } from './count-outcomes.ts';
import {
  type ImportItem,
  type ImportSource,
  type OpenOptions,
  openImportSource,
} from './import/open-source.ts';
import { ingest, type IngestDependencies } from './ingest.ts';
import { isContentStored, storeFileContent } from './store-file-content.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { parseJson } from '../parse-json.ts';

/** A line of the input that was not taken: where it came from, and why. */
export interface ImportRejection {
  source: string;
  line: number;
  code: string;
  field?: string;
  detail?: string;
}

export interface ImportResult extends Omit<IngestResult, 'rejected' | 'rejected_count' | 'through_line'> {
  rejected_count: number;
  /** The first thousand. */
  rejected: ImportRejection[];
  /** Of a package: whose signature holds. No key is pinned: it says nothing of who that is. */
  signed_by: string | null;
  /** Lines that are not for ingest: an export's audit log belongs to the workspace it came from. */
  left_out: number;
  /** `kept`: the same bytes were there already. */
  files: { stored: number; kept: number; missing: string[] };
}

export interface ImportOptions extends OpenOptions {
  /** Who imports; the operator of the command line unless given. */
  actor?: Actor;
  /** Writes down that it is done, in the transaction of its audit event. */
  onDone?: (transaction: Transaction, result: ImportResult) => Promise<void>;
  onProgress?: (progress: { records: number; bytes: number; sizeBytes: number | undefined }) => void;
}

const OPERATOR: Actor = { type: 'operator', ref: 'operator', interface: 'cli' };
const LISTED = 1000;
const CHUNK_BYTES = 256 * 1024;
const NEWLINE = Buffer.from('\n');
const AUDIT_LINE = '{"type":"audit_event",';

interface FileContent {
  id: string;
  path: string;
  source: string;
}

/**
 * Imports a file or package into a workspace: reads records, ingests them, then stores the contents of files
 * that the package holds. Memory stays bounded whatever the size. Throws the coded reason when the input as a
 * whole cannot be taken; rows and lines that cannot be taken are listed and the rest goes on.
 */
export async function importFile(
  dependencies: IngestDependencies & { store: ObjectStore },
  scope: Scope,
  path: string,
  options: ImportOptions,
): Promise<ImportResult> {
  const source = await openImportSource(path, options);
  try {
    const reading = new Reading(source, options.onProgress);
    const result = await ingest(dependencies, scope, reading.chunks(), { signal: options.signal });
    const { actor = OPERATOR, signal } = options;
    const files = await storeContents(dependencies, scope, source, reading.contents, { actor, signal });
    const { rejected, rejected_count: refused, through_line: _last, ...rest } = result;
    const placed = await placeRejections(source, rejected);
    const done: ImportResult = {
      ...rest,
      rejected_count: refused + reading.rejections,
      rejected: [...reading.rejected, ...placed].slice(0, LISTED),
      signed_by: source.signedBy ?? null,
      left_out: reading.leftOut,
      files,
    };
    await noteImport(dependencies, scope, done, options);
    return done;
  } finally {
    await source.close();
  }
}

/** Turns a source's items into NDJSON for the ingest, keeping aside what is not for it. */
class Reading {
  readonly rejected: ImportRejection[] = [];
  readonly contents: FileContent[] = [];
  rejections = 0;
  leftOut = 0;
  #records = 0;
  readonly #source: ImportSource;
  readonly #onProgress: ImportOptions['onProgress'];

  constructor(source: ImportSource, onProgress: ImportOptions['onProgress']) {
    this.#source = source;
    this.#onProgress = onProgress;
  }

  async *chunks(): AsyncGenerator<Buffer> {
    let parts: Buffer[] = [];
    let size = 0;
    for await (const item of this.#source.records()) {
      const bytes = this.#take(item);
      if (bytes === undefined) continue;
      parts.push(bytes, NEWLINE);
      size += bytes.length + 1;
      if (size < CHUNK_BYTES) continue;
      yield Buffer.concat(parts, size);
      parts = [];
      size = 0;
      this.#onProgress?.({
        records: this.#records,
        bytes: this.#source.consumedBytes(),
        sizeBytes: this.#source.sizeBytes,
      });
    }
    if (size > 0) yield Buffer.concat(parts, size);
  }

  #take(item: ImportItem): Buffer | undefined {
    if ('reject' in item) {
      this.rejections++;
      const { source, line, reject } = item;
      if (this.rejected.length < LISTED) this.rejected.push({ source, line, ...reject });
      return undefined;
    }
    if (!isForIngest(item.bytes)) {
      this.leftOut++;
      return undefined;
    }
    this.#records++;
    return item.bytes.includes('"content_path"') ? this.#takeContentPath(item) : item.bytes;
  }

  /** A file's line may say where its bytes lie in the package; that is no field of the record. */
  #takeContentPath({ bytes, source }: { bytes: Buffer; source: string }): Buffer {
    let record: Record<string, unknown>;
    try {
      record = parseJson(bytes.toString('utf8')) as Record<string, unknown>;
    } catch {
      return bytes; // the ingest will refuse it by name
    }
    const { content_path: path, ...rest } = record;
    if (record['type'] !== 'file' || typeof path !== 'string') return bytes;
    this.contents.push({ id: String(record['id']), path, source });
    return Buffer.from(JSON.stringify(rest));
  }
}

const isForIngest = (bytes: Buffer) => bytes.toString('latin1', 0, AUDIT_LINE.length) !== AUDIT_LINE;

/** Stores the bytes of files; a missing one is told, never waited for. */
async function storeContents(
  dependencies: IngestDependencies & { store: ObjectStore },
  scope: Scope,
  source: ImportSource,
  contents: readonly FileContent[],
  options: { actor: Actor; signal: AbortSignal },
): Promise<ImportResult['files']> {
  const files: ImportResult['files'] = { stored: 0, kept: 0, missing: [] };
  for (const { id, path, source: part } of contents) {
    if (await isContentStored(dependencies.database, scope, id)) {
      files.kept++;
      continue;
    }
    const bytes = await source.openFile(path, part);
    if (bytes === undefined) {
      files.missing.push(`${path}: not in the package`);
      continue;
    }
    try {
      await storeFileContent(dependencies, scope, id, bytes, options);
      files.stored++;
    } catch (error) {
      bytes.destroy();
      if (!(error instanceof ConveyError)) throw error;
      files.missing.push(`${path}: ${error.message}`);
    }
  }
  return files;
}

/** Finds where rejected records stood, by their number: the input is read once more, only if there are any. */
async function placeRejections(
  source: ImportSource,
  rejected: IngestResult['rejected'],
): Promise<ImportRejection[]> {
  if (rejected.length === 0) return [];
  const wanted = new Map(rejected.map((rejection) => [rejection.line, rejection]));
  const placed: ImportRejection[] = [];
  let number = 0;
  for await (const item of source.records()) {
    if ('reject' in item || !isForIngest(item.bytes)) continue;
    const rejection = wanted.get(++number);
    if (rejection !== undefined) placed.push({ ...rejection, source: item.source, line: item.line });
    if (placed.length === wanted.size) break;
  }
  return placed;
}

async function noteImport(
  { database }: IngestDependencies,
  scope: Scope,
  result: ImportResult,
  { actor = OPERATOR, onDone }: ImportOptions,
): Promise<void> {
  await database.inScope(scope, async (transaction) => {
    await onDone?.(transaction, result);
    await recordEvent(transaction, scope.workspaceId, {
      ...actedBy(actor),
      action: 'import.completed',
      target: { type: 'workspace', ref: scope.workspaceId },
      outcome: 'success',
      details: {
        received: result.received,
        accepted: { ...result.accepted },
        pending: result.pending,
        rejected: result.rejected_count,
        files: result.files.stored,
      },
    });
  });
}
