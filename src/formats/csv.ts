import type { ByteTarget, ByteWriter } from './byte-writer.ts';
import { constantOf, writeConstant } from './cells/constant.ts';
import { copyBytes } from './cells/copy-bytes.ts';
import { ScratchBuffer } from './cells/scratch-buffer.ts';
import { writeCsvLine } from './csv-line.ts';
import { machineCsvWriters, spreadsheetCsvWriters, type WriteField, writePhoneCell } from './codecs.ts';
import type { RecordFormat, RecordShape, RenderColumn } from './record-format.ts';
import type { RowView } from './row-view.ts';

/** `machine`: byte-exact, no BOM, minimal quotes. `spreadsheet`: BOM, all quoted, formulas guarded. */
export type CsvProfile = 'machine' | 'spreadsheet';

/** One column of a file whose rows are list items. */
export interface CsvColumn {
  /** Header. */
  name: string;
  /** `record`: repeated from the item's record. `item`: from the item; empty for a list without that column. */
  from: 'record' | 'item';
  /** Name of the shape's column; default: the same as `name`. */
  column?: string;
}

/** One row per item of these lists (indexes in the shape), e.g. one per message; records without items: none. */
export interface ItemRows {
  lists: readonly number[];
  columns: readonly CsvColumn[];
}

export interface CsvFormatOptions {
  profile: CsvProfile;
  /** `records`: one row per record with the shape's columns, lists left out. */
  rows: 'records' | ItemRows;
}

/** A cell of a row: read from the row in hand, or (`slot`) captured from the record before its items came. */
type Cell = { kind: 'field'; field: number; write: WriteField } | { kind: 'slot'; slot: number };

/** Begins a file of the spreadsheet profile. */
export const BOM = '\uFEFF';
const CRLF = constantOf('\r\n');
const COMMA = 0x2c;

/**
 * CSV per RFC 4180: header row, CRLF, UTF-8, one section per file. NULL is an empty cell without quotes, the
 * empty text is `""`. The manifest, not the file, says that a CSV is complete: the format has no end mark.
 */
export function createCsvFormat(out: ByteWriter, options: CsvFormatOptions): RecordFormat {
  return new CsvFormat(out, options);
}

/**
 * Takes the guard off a cell of the spreadsheet profile, as read by a CSV parser: exactly what was exported.
 * The published inverse of the guard; plain numbers and phones carry none and pass unchanged.
 */
export function unguardCell(text: string): string {
  return /^'+[=+\-@\t\r＝＋－＠]/.test(text) ? text.slice(1) : text;
}

class CsvFormat implements RecordFormat {
  readonly #out: ByteWriter;
  readonly #isSpreadsheet: boolean;
  readonly #rows: CsvFormatOptions['rows'];
  #hasSection = false;
  #recordCells: readonly Cell[] | undefined;
  /** By list index; undefined for a list that has no rows in this file. */
  #itemCells: (readonly Cell[] | undefined)[] = [];
  /** Record cells that items repeat, rendered once per record: cell n lies between ends n-1 and n. */
  #capturedFields: { field: number; write: WriteField }[] = [];
  #capturedEnds: number[] = [];
  readonly #captured = new ScratchBuffer();

  constructor(out: ByteWriter, options: CsvFormatOptions) {
    this.#out = out;
    this.#isSpreadsheet = options.profile === 'spreadsheet';
    this.#rows = options.rows;
  }

  beginDocument(): void {}

  beginSection(shape: RecordShape): void {
    if (this.#hasSection) throw new Error('A CSV file holds one section.');
    this.#hasSection = true;
    if (this.#isSpreadsheet) this.#out.raw(Buffer.from(BOM));
    if (this.#rows === 'records') {
      this.#recordCells = shape.columns.map((column) => this.#cellOf(column));
      this.#header(shape.columns.map((column) => column.name));
    } else {
      this.#compileItemRows(shape, this.#rows);
      this.#header(this.#rows.columns.map((column) => column.name));
    }
  }

  beginRecord(row: RowView): void {
    if (this.#recordCells !== undefined) {
      this.#row(this.#recordCells, row);
      return;
    }
    const captured = this.#captured;
    captured.clear();
    this.#capturedEnds.length = 0;
    for (const { field, write } of this.#capturedFields) {
      writeCell(captured, row, field, write);
      this.#capturedEnds.push(captured.position);
    }
  }

  beginList(): void {}

  item(index: number, row: RowView): void {
    const cells = this.#itemCells[index];
    if (cells !== undefined) this.#row(cells, row);
  }

  endList(): void {}

  setAside(): never {
    throw new Error('A CSV nests nothing.');
  }

  writeAside(): never {
    return this.setAside();
  }

  close(): void {}

  endRecord(): void {}

  endSection(): void {}

  endDocument(): void {
    if (!this.#hasSection) throw new Error('A CSV file needs a section.');
  }

  #row(cells: readonly Cell[], row: RowView): void {
    const out = this.#out;
    for (let i = 0; i < cells.length; i++) {
      if (i > 0) out.byte(COMMA);
      const cell = cells[i] as Cell;
      if (cell.kind === 'field') {
        writeCell(out, row, cell.field, cell.write);
      } else if (cell.slot >= 0) {
        const start = cell.slot === 0 ? 0 : (this.#capturedEnds[cell.slot - 1] as number);
        copyBytes(out, this.#captured.view, start, (this.#capturedEnds[cell.slot] as number) - start);
      }
    }
    writeConstant(out, CRLF);
  }

  #header(names: readonly string[]): void {
    writeCsvLine(this.#out, names, this.#isSpreadsheet);
  }

  #cellOf(column: RenderColumn): Cell & { kind: 'field' } {
    const isPhone = this.#isSpreadsheet && column.phone === true && column.type === 'text';
    const writers = this.#isSpreadsheet ? spreadsheetCsvWriters : machineCsvWriters;
    return { kind: 'field', field: column.field, write: isPhone ? writePhoneCell : writers[column.type] };
  }

  #compileItemRows(shape: RecordShape, rows: ItemRows): void {
    const slots = new Map<string, number>();
    for (const { from, name, column = name } of rows.columns) {
      const sources = from === 'record' ? [shape] : rows.lists.map((list) => shape.lists[list]);
      const found = sources.flatMap((source) => source?.columns.filter((c) => c.name === column) ?? []);
      if (found[0] === undefined) throw new Error(`${shape.type}: no ${from} column ${column} for ${name}.`);
      if (from === 'record' && !slots.has(column)) {
        slots.set(column, this.#capturedFields.push(this.#cellOf(found[0])) - 1);
      }
    }
    for (const list of rows.lists) {
      this.#itemCells[list] = rows.columns.map(({ from, name, column = name }): Cell => {
        if (from === 'record') return { kind: 'slot', slot: slots.get(column) as number };
        const found = shape.lists[list]?.columns.find((candidate) => candidate.name === column);
        // Slot -1: nothing, as NULL.
        return found === undefined ? { kind: 'slot', slot: -1 } : this.#cellOf(found);
      });
    }
  }
}

function writeCell(out: ByteTarget, row: RowView, field: number, write: WriteField): void {
  const length = row.lengths[field];
  if (length === undefined) throw new Error('The row has fewer fields than its shape.');
  if (length >= 0) write(out, row, field);
}
