import type { ByteTarget } from '../byte-writer.ts';
import { type Constant, constantOf, writeConstant } from '../cells/constant.ts';
import { ScratchBuffer } from '../cells/scratch-buffer.ts';
import { writeJoinedArray } from '../cells/text-array.ts';
import { jsonWriters, machineCsvWriters } from '../codecs.ts';
import type { RenderColumn } from '../record-format.ts';
import type { RowView } from '../row-view.ts';
import { CUT_MARK, fitCell } from './fit-cell.ts';
import { columnLetters, STYLE_NUMBER, STYLE_TEXT } from './package-parts.ts';
import { writeXmlText } from './xml-text.ts';

/** Spreadsheets keep 15 digits of a number; one with more would come back as another. */
const MOST_DIGITS = 15;

const TEXT = constantOf(`" s="${STYLE_TEXT}" t="inlineStr"><is><t xml:space="preserve">`);
const END_TEXT = constantOf('</t></is></c>');
const CUT = constantOf(`${CUT_MARK}</t></is></c>`);
const NUMBER = constantOf(`" s="${STYLE_NUMBER}"><v>`);
const END_NUMBER = constantOf('</v></c>');
const FALSE = constantOf('" t="b"><v>0</v></c>');
const TRUE = constantOf('" t="b"><v>1</v></c>');

/** Values that are looked at again before they are written. Used and finished within one call. */
const scratch = new ScratchBuffer();

/** A column of a sheet, ready to write. */
export interface CellColumn {
  /** `<c r="A`: the row's number follows. */
  readonly opening: Constant;
  readonly field: number;
  readonly type: RenderColumn['type'];
}

/** Compiles the columns of a sheet, in order. */
export function cellColumns(columns: readonly RenderColumn[]): CellColumn[] {
  return columns.map(({ field, type }, index) => ({
    opening: constantOf(`<c r="${columnLetters(index)}`),
    field,
    type,
  }));
}

/**
 * Writes the rest of a cell, from behind its place on: numbers and booleans as such, everything else as text that
 * no program takes for a formula, a date or a number. Times are RFC 3339 with their Z: a spreadsheet's own dates
 * have no zone. Answers true if the text was too long and has been cut.
 */
export function writeCell(out: ByteTarget, row: RowView, { field, type }: CellColumn): boolean {
  switch (type) {
    case 'text':
      return writeText(out, row.view, row.offsets[field] as number, row.lengths[field] as number);
    case 'bigint':
      scratch.clear();
      machineCsvWriters.bigint(scratch, row, field);
      if (scratch.position > MOST_DIGITS) return writeText(out, scratch.view, 0, scratch.position);
      writeConstant(out, NUMBER);
      machineCsvWriters.bigint(out, row, field);
      writeConstant(out, END_NUMBER);
      return false;
    case 'boolean':
      scratch.clear();
      machineCsvWriters.boolean(scratch, row, field);
      writeConstant(out, scratch.position === 'true'.length ? TRUE : FALSE);
      return false;
    case 'text[]':
      scratch.clear();
      writeJoinedArray(scratch, row.view, row.offsets[field] as number, row.lengths[field] as number);
      return writeText(out, scratch.view, 0, scratch.position);
    case 'jsonb':
      scratch.clear();
      jsonWriters.jsonb(scratch, row, field);
      return writeText(out, scratch.view, 0, scratch.position);
    case 'timestamptz':
    case 'xid8':
      scratch.clear();
      machineCsvWriters[type](scratch, row, field);
      return writeText(out, scratch.view, 0, scratch.position);
  }
}

function writeText(out: ByteTarget, source: DataView, start: number, length: number): boolean {
  writeConstant(out, TEXT);
  const fits = fitCell(source, start, length);
  writeXmlText(out, source, start, fits);
  writeConstant(out, fits === length ? END_TEXT : CUT);
  return fits < length;
}
