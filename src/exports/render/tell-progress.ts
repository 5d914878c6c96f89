import type { MergeCounts } from '../../database/merge-rows.ts';
import type { RecordFormat } from '../../formats/record-format.ts';
import type { SectionLayout } from '../layout/file-layout.ts';

/** How far a rendering is. */
export interface RenderProgress {
  /** Rows that are in the output; of documents only those of documents that are done. */
  records: number;
  /** What is being written: the section's name. */
  stage: string;
  /** Made so far, on the disk or on the way there. */
  bytes: number;
  /** Where records become documents: how many are done. */
  documents?: number;
}

/** Who watches sees it move, and nobody is told more than they can read. */
const TELL_EVERY_MS = 500;

/** Tells how far some work is: as it begins, now and then (by the clock, so that no row pays for it), and at its end. */
export async function tellWhile<T>(
  work: Promise<T>,
  look: () => RenderProgress,
  tell: ((progress: RenderProgress) => void) | undefined,
): Promise<T> {
  if (tell === undefined) return work;
  tell(look());
  const timer = setInterval(() => tell(look()), TELL_EVERY_MS);
  try {
    const result = await work;
    tell(look());
    return result;
  } finally {
    clearInterval(timer);
  }
}

/** How many rows of a section are in the output, and in how many documents, where there are any. */
export function doneOf(
  format: RecordFormat,
  { isCarrier }: SectionLayout,
  { records, items }: MergeCounts,
  before: number,
): Pick<RenderProgress, 'records' | 'documents'> {
  // Rows that came wait in the format until their document is made.
  if (format.done !== undefined) return format.done;
  const came = items.reduce((sum, count) => sum + count, isCarrier ? 0 : records);
  return { records: before + came };
}
