import type { Snapshot } from '../../database/snapshot.ts';
import type { ByteWriter } from '../../formats/byte-writer.ts';
import { DocumentsFormat, type DocumentsFormatOptions } from '../../formats/documents/documents.ts';
import type { FileLayout } from '../layout/file-layout.ts';
import type { JobStyle } from './find-style.ts';
import { takePdfEngine } from './shared-pdf-engine.ts';

/** The format of a file of documents, with the thread's PDF engine until it is closed. */
export function createDocuments(
  { sections }: FileLayout,
  options: DocumentsFormatOptions,
  out: ByteWriter,
  { style, snapshot, signal }: { style: JobStyle | undefined; snapshot: Snapshot; signal: AbortSignal },
): DocumentsFormat {
  if (style === undefined) throw new Error('documents need a style');
  const { pdf, giveBack } = takePdfEngine();
  return new DocumentsFormat(out, options, {
    pdf,
    onClose: giveBack,
    signal,
    style: { ...style, snapshotAt: snapshot.takenAt.toISOString() },
    names: sections.map(({ records, lists }) => ({
      record: records.countedAs,
      lists: lists.map(({ countedAs }) => countedAs),
    })),
    mtime: snapshot.takenAt,
  });
}
