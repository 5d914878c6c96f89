import { isUtf8 } from 'node:buffer';
import { pipeline } from 'node:stream';
import { CsvError, type Options, parse } from 'csv-parse';
import { ConveyError } from '../../errors.ts';
import { badText } from '../ingest.errors.ts';
import { badCsv, badHeader, emptyFile, lineTooLong, raggedRow, strayQuote } from './import.errors.ts';
import type { SourceRow } from './read-rows.ts';

export interface TableOptions {
  name: string;
  delimiter: string;
  /** False: quotes are ordinary characters (the other kind of TSV). */
  hasQuotes: boolean;
  /** Names for the columns of a table without a header line. */
  columns: string[] | undefined;
  maxRowBytes: number;
}

interface RawRow {
  line: number;
  cells: string[];
  hasStrayQuote: boolean;
}

/**
 * Rows of a CSV or TSV table by RFC 4180: line breaks, delimiters and doubled quotes inside quotes; LF or
 * CRLF, mixed if need be; blank lines passed by. Gives `header` first. A row with another number of cells,
 * with bytes that are not UTF-8, or with a quote in an unquoted cell is a reject. A quote that is never
 * closed hides the rows behind it, so it stops the import (`import.bad_csv`).
 */
export async function* readTable(
  chunks: AsyncIterable<Buffer>,
  options: TableOptions,
): AsyncGenerator<{ header: string[] } | SourceRow, void, undefined> {
  const { name } = options;
  let header = options.columns;
  if (header !== undefined) yield { header };
  let isEmpty = true;
  for await (const { line, cells, hasStrayQuote } of parseRows(chunks, options)) {
    isEmpty = false;
    if (hasStrayQuote) {
      if (header === undefined) throw new ConveyError(badHeader, `${name}: it has a stray quote.`);
      yield { line, reject: { code: strayQuote.code, detail: strayQuote.title } };
      continue;
    }
    const isText = decodeCells(cells);
    if (header === undefined) {
      if (!isText) throw new ConveyError(badHeader, `${name}: it is not UTF-8 text.`);
      header = checkHeader(cells, name);
      yield { header };
    } else if (!isText) {
      yield { line, reject: { code: badText.code, detail: 'The row is not valid UTF-8.' } };
    } else if (cells.length !== header.length) {
      const detail = `The row has ${cells.length} cells, the header ${header.length}.`;
      yield { line, reject: { code: raggedRow.code, detail } };
    } else {
      yield { line, value: toObject(header, cells) };
    }
  }
  if (isEmpty) throw new ConveyError(emptyFile, `${name}.`);
}

async function* parseRows(chunks: AsyncIterable<Buffer>, options: TableOptions): AsyncGenerator<RawRow> {
  const lines = new LineCounter();
  async function* watched(): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      lines.add(chunk);
      yield chunk;
    }
  }
  let hasStrayQuote = false;
  let nextLine = 1;
  const toRow = (cells: string[], info: { bytes: number }): RawRow => {
    const breaks = cells.reduce((sum, cell) => sum + countBreaks(cell), 0);
    const lastLine = lines.lineBefore(info.bytes);
    const row = { line: lastLine - breaks, cells, hasStrayQuote };
    nextLine = lastLine + 1;
    hasStrayQuote = false;
    return row;
  };
  const parser = parse({
    // One character per byte: sizes are in bytes, and bytes that are not UTF-8 can still be told.
    encoding: 'latin1',
    delimiter: options.delimiter,
    quote: options.hasQuotes ? '"' : null,
    // Said, not discovered: discovery takes the first line's end for the whole file and leaves CRs in cells.
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: options.maxRowBytes,
    skip_records_with_error: true,
    on_skip: (error) => {
      // A stray quote leaves the end of its row in no doubt; every other error does, and stops the import.
      if (error?.code !== 'INVALID_OPENING_QUOTE') throw error;
      // The parser would drop the row without a word. Unsetting its mark lets the row through to
      // `on_record`, which knows its line; the quote is then text, and the row is marked instead.
      (parser as unknown as { state: { recordHasError: boolean } }).state.recordHasError = false;
      hasStrayQuote = true;
      return undefined;
    },
    on_record: toRow as unknown as NonNullable<Options['on_record']>, // its type knows cells alone
  });
  pipeline(watched(), parser, () => {}); // its error is thrown by the loop below
  try {
    for await (const row of parser as AsyncIterable<RawRow>) yield row;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const isTooLong = error.code === 'CSV_MAX_RECORD_SIZE';
    const why = isTooLong
      ? `goes on for over ${options.maxRowBytes} bytes`
      : 'has a quote that is not closed';
    throw new ConveyError(
      isTooLong ? lineTooLong : badCsv,
      `${options.name}: the row that begins at line ${nextLine} ${why}. Is a quote doubled or missing?`,
      { cause: error },
    );
  }
}

function toObject(header: string[], cells: string[]): Record<string, unknown> {
  // Objects without a prototype are several times slower; only one column name needs one.
  const value: Record<string, unknown> = header.includes('__proto__') ? Object.create(null) : {};
  for (let i = 0; i < header.length; i++) value[header[i]!] = cells[i];
  return value;
}

/** Bytes as one character each become text, in place; false if a cell is not UTF-8. */
function decodeCells(cells: string[]): boolean {
  for (let i = 0; i < cells.length; i++) {
    if (!/[\x80-\xff]/.test(cells[i]!)) continue;
    const bytes = Buffer.from(cells[i]!, 'latin1');
    if (!isUtf8(bytes)) return false;
    cells[i] = bytes.toString('utf8');
  }
  return true;
}

function checkHeader(cells: string[], name: string): string[] {
  const seen = new Set<string>();
  for (const cell of cells) {
    if (/[\r\n]/.test(cell)) {
      throw new ConveyError(
        badHeader,
        `${name}: a column name holds a line break; are its line ends CR alone?`,
      );
    }
    // Empty names are common (a comma at the end of each line) and harmless: no map can name them.
    if (cell !== '' && seen.has(cell)) {
      throw new ConveyError(badHeader, `${name}: two columns are called "${cell.slice(0, 100)}".`);
    }
    seen.add(cell);
  }
  return cells;
}

function countBreaks(cell: string): number {
  let count = 0;
  for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count++;
  return count;
}

/** Turns byte offsets that only grow into line numbers. The parser's own count is off for CRLF in quotes. */
class LineCounter {
  #chunks: Buffer[] = [];
  #offset = 0; // of the first kept chunk
  #position = 0; // up to where line breaks are counted
  #breaks = 0;
  #isAfterBreak = false;

  add(chunk: Buffer): void {
    if (chunk.length > 0) this.#chunks.push(chunk);
  }

  /** 1-based number of the line that the byte before `end` is on. */
  lineBefore(end: number): number {
    while (this.#position < end) {
      const chunk = this.#chunks[0]!;
      const from = this.#position - this.#offset;
      const to = Math.min(chunk.length, end - this.#offset);
      for (let at = chunk.indexOf(10, from); at >= 0 && at < to; at = chunk.indexOf(10, at + 1))
        this.#breaks++;
      this.#isAfterBreak = chunk[to - 1] === 10;
      this.#position = this.#offset + to;
      if (to === chunk.length) {
        this.#offset += chunk.length;
        this.#chunks.shift();
      }
    }
    return this.#breaks + (this.#isAfterBreak ? 0 : 1);
  }
}
