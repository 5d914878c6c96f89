import type { ByteWriter } from '../byte-writer.ts';
import { constantOf, writeConstant } from '../cells/constant.ts';
import { copyBytes } from '../cells/copy-bytes.ts';
import type { FormatWarning, OutputPace, RecordFormat, RecordShape } from '../record-format.ts';
import type { RowView } from '../row-view.ts';
import { type CellColumn, cellColumns, writeCell } from './write-cell.ts';
import { Workbook } from './workbook.ts';

/** Rows of one sheet, its header among them (Excel's limit). */
const MOST_SHEET_ROWS = 1_048_576;

/** The sheet of one section. */
interface XlsxSheet {
  /** At most 20 letters; what goes on in a further sheet has a number behind it: `messages 2`. */
  name: string;
  /** One row per record, or per item of this list (index in the shape). */
  rows: 'records' | { list: number };
}

export interface XlsxFormatOptions {
  /** In the order of the sections. */
  sheets: readonly XlsxSheet[];
  /** Default, and most that spreadsheets take: 1,048,576. */
  mostSheetRows?: number;
}

const ROW = constantOf('<row r="');
const ROW_CELLS = constantOf('">');
const END_ROW = constantOf('</row>');

/**
 * XLSX (ECMA-376): a sheet per section, its header in view, cells typed, texts never formulas, ids never numbers.
 * Streamed: no sheet is held in memory. Equal rows give equal bytes. A file that was cut short does not open: the
 * archive's directory is its end.
 */
export function createXlsxFormat(out: ByteWriter, options: XlsxFormatOptions): RecordFormat {
  return new XlsxFormat(out, options);
}

class XlsxFormat implements RecordFormat {
  readonly #workbook: Workbook;
  readonly #sheets: readonly XlsxSheet[];
  #sections = 0;
  /** The list whose items are rows; undefined: the records are. */
  #list: number | undefined;
  #columns: readonly CellColumn[] = [];
  #cutCells = 0;

  constructor(out: ByteWriter, { sheets, mostSheetRows = MOST_SHEET_ROWS }: XlsxFormatOptions) {
    this.#workbook = new Workbook(out, mostSheetRows);
    this.#sheets = sheets;
  }

  get pace(): OutputPace {
    return this.#workbook;
  }

  get warnings(): readonly FormatWarning[] {
    if (this.#cutCells === 0) return [];
    const detail =
      'Texts were cut, and say so at their end: a cell of a spreadsheet holds 32,767 characters.';
    return [{ code: 'formats.cell_cut', count: this.#cutCells, detail }];
  }

  beginDocument(): void {}

  beginSection(shape: RecordShape): void {
    const sheet = this.#sheets[this.#sections++];
    if (sheet === undefined) throw new Error(`There is no sheet for ${shape.section}.`);
    this.#list = sheet.rows === 'records' ? undefined : sheet.rows.list;
    const columns = this.#list === undefined ? shape.columns : shape.lists[this.#list]?.columns;
    if (columns === undefined) throw new Error(`The shape has no list ${this.#list}.`);
    this.#columns = cellColumns(columns);
    this.#workbook.beginSheet(sheet.name, columns);
  }

  beginRecord(row: RowView): void {
    if (this.#list === undefined) this.#row(row);
  }

  beginList(): void {}

  item(index: number, row: RowView): void {
    if (index === this.#list) this.#row(row);
  }

  endList(): void {}

  setAside(): never {
    throw new Error('A sheet nests nothing.');
  }

  writeAside(): never {
    return this.setAside();
  }

  endRecord(): void {}

  async endSection(): Promise<void> {
    await this.#workbook.endSheet();
  }

  async endDocument(): Promise<void> {
    if (this.#sections === 0) throw new Error('A workbook needs a sheet.');
    await this.#workbook.end();
  }

  close(): void {
    this.#workbook.close();
  }

  #row(row: RowView): void {
    const out = this.#workbook.beginRow();
    const { view, position } = this.#workbook.rowDigits;
    writeConstant(out, ROW);
    copyBytes(out, view, 0, position);
    writeConstant(out, ROW_CELLS);
    for (const column of this.#columns) {
      const length = row.lengths[column.field];
      if (length === undefined) throw new Error('The row has fewer fields than its shape.');
      if (length < 0) continue; // NULL is no cell
      writeConstant(out, column.opening);
      copyBytes(out, view, 0, position);
      if (writeCell(out, row, column)) this.#cutCells++;
    }
    writeConstant(out, END_ROW);
  }
}
