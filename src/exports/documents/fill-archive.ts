import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { CopyRows } from '../../database/copy-rows.ts';
import type { Snapshot } from '../../database/snapshot.ts';
import type { ByteWriter } from '../../formats/byte-writer.ts';
import { AsideBuffer } from '../../formats/cells/aside-buffer.ts';
import { readValue } from '../../formats/codecs.ts';
import type { DocumentArchive } from '../../formats/documents/document-archive.ts';
import { DocumentsFormat } from '../../formats/documents/documents.ts';
import type { FormatWarning, RecordFormat } from '../../formats/record-format.ts';
import type { RowView } from '../../formats/row-view.ts';
import { damageOf } from '../keep/copy-files.ts';
import { missingFile } from '../keep/find-warnings.ts';
import type { FileLayout, SectionLayout } from '../layout/file-layout.ts';
import { addAll, type Counts, ensureCounts } from '../render/check-counts.ts';
import { type ArchiveContents, STORED_COLUMNS } from './lay-out-documents.ts';

export interface ArchiveTools {
  snapshot: Snapshot;
  /** Whoever holds the snapshot counts the documents only, and not what lies beside them. */
  isJoined: boolean;
  signal: AbortSignal;
  /** Opens an object of the store. */
  openObject: ((key: string, signal: AbortSignal) => Promise<Readable>) | undefined;
  /** Renders a file and answers its counts; checked, if the snapshot is not joined. */
  render: (file: FileLayout, out: ByteWriter) => Promise<Counts>;
}

type StoredFile = Record<(typeof STORED_COLUMNS)[number], string | null>;

/**
 * Puts the rest into the archive of one person: their records for programs, and the bytes of their files. A file whose
 * bytes are gone or damaged is told with the reason, on the first page and in the list, and never ends the export.
 * @returns what is missing
 */
export async function fillArchive(
  format: RecordFormat,
  { files, storedSql }: ArchiveContents,
  { snapshot, isJoined, signal, openObject, render }: ArchiveTools,
): Promise<FormatWarning[]> {
  if (!(format instanceof DocumentsFormat) || format.archive === undefined || openObject === undefined)
    throw new Error('only an archive of documents holds something beside them');
  const { archive, index } = format;
  await format.settled();
  for (const file of files) {
    await archive.stream(file.name, { type: 'data' }, async (out) => {
      const counts = await render(file, out);
      if (isJoined) ensureCounts(counts, await countByCopy(snapshot, file.sections));
    });
  }
  const listed = new Map(index.files.map((file) => [file.id, file]));
  let missing = 0;
  for (const stored of await readStored(snapshot, storedSql)) {
    const added = await addStored(archive, stored, (key) => openObject(key, signal), signal);
    Object.assign(listed.get(stored.id ?? '') ?? {}, added);
    if (!('reason' in added)) continue;
    missing++;
    archive.noteMissing(stored.id ?? '', added.reason);
  }
  const detail = 'The bytes of files are missing; index.html and documents.ndjson say which and why.';
  return missing === 0 ? [] : [{ code: missingFile, count: missing, detail }];
}

/** What the base tables hold, like `countRecords`, in a snapshot that somebody else holds. */
async function countByCopy(snapshot: Snapshot, sections: readonly SectionLayout[]): Promise<Counts> {
  const counts: Counts = {};
  for (const { countedAs, sql } of sections.flatMap((section) => section.counts)) {
    const rows = await snapshot.copy(sql, countedAs.length);
    for await (const row of allOf(rows)) {
      const found = countedAs.map((_, field) => Number(readValue(row, field, 'bigint')));
      addAll(counts, countedAs, found);
    }
    snapshot.release(rows);
  }
  return counts;
}

/** One person's files: small rows, and not more than they have. */
async function readStored(snapshot: Snapshot, sql: string): Promise<StoredFile[]> {
  const rows = await snapshot.copy(sql, STORED_COLUMNS.length);
  const stored: StoredFile[] = [];
  for await (const row of allOf(rows)) {
    const values = STORED_COLUMNS.map((name, field) => [name, readValue(row, field, 'text')]);
    stored.push(Object.fromEntries(values) as StoredFile);
  }
  snapshot.release(rows);
  return stored;
}

/** Each row in turn; a view holds until the next one is asked for. */
async function* allOf(rows: CopyRows): AsyncGenerator<RowView> {
  do while (rows.next()) yield rows.row;
  while (await rows.more());
}

/** The bytes wait beside the archive until all of them came, and are those that were received: an entry is for good. */
async function addStored(
  archive: DocumentArchive,
  { id, ref, name, key, sha256 }: StoredFile,
  open: (key: string) => Promise<Readable>,
  signal: AbortSignal,
): Promise<{ path: string } | { reason: string }> {
  if (key === null || sha256 === null) return { reason: 'its bytes were never received' };
  const waiting = new AsideBuffer();
  try {
    const hash = createHash('sha256');
    try {
      for await (const chunk of (await open(key)) as AsyncIterable<Buffer>) {
        hash.update(chunk);
        waiting.reserve(chunk.length);
        waiting.buffer.set(chunk, waiting.position);
        waiting.position += chunk.length;
      }
    } catch (error) {
      signal.throwIfAborted();
      const damage = damageOf(error);
      if (damage === undefined) throw error;
      return { reason: damage.reason ?? 'its stored bytes are gone' };
    }
    if (hash.digest('hex') !== sha256) return { reason: 'its stored bytes are not what was received' };
    const path = `files/${ref}${extensionOf(name ?? '')}`;
    await archive.stream(path, { type: 'file', ...(id === null ? {} : { file_id: id }) }, async (out) =>
      waiting.moveInto(out),
    );
    return { path };
  } finally {
    waiting.close();
  }
}

/** `.pdf`: of a file's name only what tells its kind, since the rest may name a person. */
function extensionOf(name: string): string {
  return /\.[a-z0-9]{1,8}$/.exec(name.toLowerCase())?.[0] ?? '';
}
