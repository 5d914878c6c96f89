import type { ColumnType } from './codecs.ts';
import type { RowView } from './row-view.ts';

/** One column of a record or of a list's items, as it leaves. */
export interface RenderColumn {
  /**
   * Export name. A dot nests in JSON: neighbours `author.id` and `author.name` become
   * `"author":{"id":…,"name":…}`; CSV keeps the dotted name.
   */
  name: string;
  type: ColumnType;
  /** Index in the row view. */
  field: number;
  /** Spreadsheet CSV: a column of phone numbers, where E.164 (`+49…`) stays unguarded. */
  phone?: boolean;
}

/** A list of children inside each record. */
export interface ListShape {
  /** Key in the record, e.g. `messages`. */
  name: string;
  /** `type` of an item's line in flat NDJSON, e.g. `message`. */
  type: string;
  columns: readonly RenderColumn[];
}

/** What the records of one section look like. */
export interface RecordShape {
  /** e.g. `conversation`; the `type` of an NDJSON line. */
  type: string;
  /** Name of the section in a document, e.g. `conversations`. */
  section: string;
  columns: readonly RenderColumn[];
  lists: readonly ListShape[];
  /** JSON documents: the section's value is one object (or null), not an array. */
  single?: boolean;
}

/** Something that a file could not show as it is. */
export interface FormatWarning {
  /** Stable, for programs: `formats.cell_cut`. */
  code: string;
  /** How often. */
  count: number;
  /** A sentence for people. */
  detail: string;
  /** What it is about, a character say: of several with the same sentence one warning is made that names them. */
  about?: string;
}

/** Asked between rows: whether to wait before more is written, and until when. */
export interface OutputPace {
  readonly mustWait: boolean;
  ready(): Promise<void>;
}

/**
 * A file format, driven by the export pipeline in document order: document (section (record (list (item)*)*)*)*.
 * Row views are read at once and never kept. Calls are synchronous and write into a ByteWriter, whose
 * `mustWait` the pipeline asks between calls; only ends may take time.
 *
 * There is no call for failure: an aborted file simply stops, and lacks the end that every complete one has.
 */
export interface RecordFormat {
  /** Set where rows wait in the format itself, before they come to its writer. */
  readonly pace?: OutputPace;
  /** Set where records become documents: the documents that are done, and the rows, items among them, that are in them. */
  readonly done?: { readonly documents: number; readonly records: number };
  /** What it had to change so far. */
  readonly warnings?: readonly FormatWarning[];
  /** `head` goes in front where the format has a place for it. */
  beginDocument(head: Record<string, unknown>): void;
  beginSection(shape: RecordShape): void;
  /** Writes the record's columns. Its lists follow, each once and in the shape's order; a list may be left out. */
  beginRecord(row: RowView): void;
  /** `index` is the list's place in `shape.lists`. */
  beginList(index: number): void;
  item(index: number, row: RowView): void;
  endList(index: number): void;
  /**
   * An item of a later list, whose row came in between this record's earlier ones. Only formats that nest.
   */
  setAside(index: number, row: RowView): void;
  /** Writes a list from what was set aside for it; in its turn, instead of `beginList` to `endList`. */
  writeAside(index: number): void | Promise<void>;
  /** A promise where a record becomes a document of its own. */
  endRecord(): void | Promise<void>;
  endSection(): void | Promise<void>;
  /** Writes the mark of completeness; `counts` are records per section. */
  endDocument(counts: Record<string, number>): void | Promise<void>;
  /** Gives back what an export that ends in the middle still holds. May come at any time. */
  close(): void;
}
