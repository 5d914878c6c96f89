import type { ByteTarget } from './byte-writer.ts';
import { constantOf, writeConstant } from './cells/constant.ts';
import { writeMachineCell, writeSpreadsheetCell } from './cells/csv-text.ts';
import { ScratchBuffer, viewOf } from './cells/scratch-buffer.ts';

const CRLF = constantOf('\r\n');
const COMMA = 0x2c;

/** Writes one line of texts: the header of a table, or a row that is no database row. */
export function writeCsvLine(out: ByteTarget, cells: readonly string[], isSpreadsheet: boolean): void {
  cells.forEach((cell, index) => {
    if (index > 0) {
      out.reserve(1);
      out.view.setUint8(out.position++, COMMA);
    }
    const bytes = Buffer.from(cell);
    if (isSpreadsheet) writeSpreadsheetCell(out, viewOf(bytes), 0, bytes.length, false);
    else writeMachineCell(out, viewOf(bytes), 0, bytes.length);
  });
  writeConstant(out, CRLF);
}

/** Lines of texts as bytes. */
export function csvLines(rows: readonly (readonly string[])[], isSpreadsheet: boolean): Buffer {
  const out = new ScratchBuffer();
  for (const cells of rows) writeCsvLine(out, cells, isSpreadsheet);
  return out.take();
}
