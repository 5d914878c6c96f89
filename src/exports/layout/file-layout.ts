import type { SectionTreatments } from '../../anonymize/treatments.ts';
import type { StreamSql } from '../../catalog/stream-sql.ts';
import type { ListFeed } from '../../database/merge-rows.ts';
import type { CsvFormatOptions } from '../../formats/csv.ts';
import type { DocumentsFormatOptions } from '../../formats/documents/documents.ts';
import type { JsonFormatOptions } from '../../formats/json.ts';
import type { NdjsonFormatOptions } from '../../formats/ndjson.ts';
import type { RecordShape } from '../../formats/record-format.ts';
import type { XlsxFormatOptions } from '../../formats/xlsx/xlsx.ts';
import type { ArchiveContents } from '../documents/lay-out-documents.ts';
import type { KeyRange } from './select-rows.ts';

/** How one file of an export is made: everything the renderer needs, as plain data. */
export interface FileLayout {
  /** Name inside a zip; unused for a file that is delivered alone. */
  name: string;
  format:
    | ({ type: 'json' } & JsonFormatOptions)
    | ({ type: 'ndjson' } & NdjsonFormatOptions)
    | ({ type: 'csv' } & CsvFormatOptions)
    | ({ type: 'xlsx' } & XlsxFormatOptions)
    | { type: 'chat-jsonl' }
    | ({ type: 'documents' } & DocumentsFormatOptions);
  sections: SectionLayout[];
  /** Of an archive of documents: what goes in beside them. */
  inside?: ArchiveContents;
}

/** One stream of records with its children, and how many rows the base tables say each must have. */
export interface SectionLayout {
  shape: RecordShape;
  records: StreamSql & Counted;
  /** The shape's lists, in its order. */
  lists: Counted[];
  /** The streams that feed them, in the lists' order. */
  children: (StreamSql & { feeds: ListFeed[] })[];
  /** Its records only carry their items and are counted elsewhere. */
  isCarrier?: true;
  counts: CountStatement[];
  /** Of an anonymised export: how its columns are treated. */
  anonymize?: SectionTreatments;
}

interface Counted {
  /** Name in the export's counts. */
  countedAs: string;
}

/** Counts base tables: answers one row with a bigint for each of the names, in their order. */
export interface CountStatement {
  countedAs: string[];
  sql: string;
}

/** A piece of an export that becomes a part of its own. */
export interface Piece {
  /** Conversations from one key up to another, and what belongs to them. */
  range?: KeyRange;
  /** Sections before the conversations, those, or what comes after; default all. */
  stretch?: 'before' | 'conversations' | 'after';
}
