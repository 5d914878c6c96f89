import { type ByteSink, ByteWriter } from './byte-writer.ts';
import type { ColumnType } from './codecs.ts';
import { RowEncoder } from './encode-rows.ts';
import type { RecordFormat, RecordShape } from './record-format.ts';
import { RowParser, type RowView } from './row-view.ts';

/** Support for tests: rows without a database, and files in memory. */

/** Encodes rows as one binary COPY, trailer included. */
export function encodeCopy(types: readonly ColumnType[], rows: readonly (readonly unknown[])[]): Buffer {
  const encoder = new RowEncoder(types);
  for (const row of rows) encoder.row(row);
  encoder.end();
  return encoder.take();
}

/** Shows each row in turn; a view holds until the next one is asked for. */
export function* viewRows(
  types: readonly ColumnType[],
  rows: readonly (readonly unknown[])[],
): Generator<RowView> {
  const parser = new RowParser(types.length);
  parser.push(encodeCopy(types, rows));
  while (parser.next()) yield parser;
  parser.ensureEnded();
}

/** Shows one row that stays valid. */
export function viewRow(types: readonly ColumnType[], values: readonly unknown[]): RowView {
  return viewRows(types, [values]).next().value as RowView;
}

/** A sink that keeps everything. */
export function memorySink(): ByteSink & { bytes(): Buffer } {
  const chunks: Buffer[] = [];
  return {
    async write(chunk) {
      chunks.push(Buffer.from(chunk));
    },
    bytes: () => Buffer.concat(chunks),
  };
}

/** A record and the rows of its lists, as values for `RowEncoder`. */
export interface RecordRows {
  values: readonly unknown[];
  lists?: readonly (readonly (readonly unknown[])[])[];
}

export interface SectionRows {
  shape: RecordShape;
  records: readonly RecordRows[];
}

/** Drives a format through whole sections, as the export pipeline does, and answers the file. */
export async function renderFile(
  make: (out: ByteWriter) => RecordFormat,
  sections: readonly SectionRows[],
  options: { head?: Record<string, unknown>; chunkBytes?: number } = {},
): Promise<Buffer> {
  const sink = memorySink();
  const out = new ByteWriter(sink, { chunkBytes: options.chunkBytes ?? 1 << 16 });
  const format = make(out);
  const counts: Record<string, number> = {};
  format.beginDocument(options.head ?? {});
  for (const { shape, records } of sections) {
    format.beginSection(shape);
    for (const record of records) {
      format.beginRecord(viewRow(typesOf(shape.columns), record.values));
      (record.lists ?? []).forEach((items, index) => {
        format.beginList(index);
        for (const row of viewRows(typesOf(shape.lists[index]?.columns ?? []), items))
          format.item(index, row);
        format.endList(index);
      });
      await format.endRecord();
      if (format.pace?.mustWait) await format.pace.ready();
      if (out.mustWait) await out.ready();
    }
    await format.endSection();
    counts[shape.section] = records.length;
  }
  await format.endDocument(counts);
  await out.end();
  return sink.bytes();
}

/** The types of a row whose fields are the columns in order. */
function typesOf(columns: RecordShape['columns']): ColumnType[] {
  return columns.map((column) => column.type);
}

/** Random numbers in [0, 1) that are the same on every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Text that breaks careless writers. All well-formed and without NUL, which PostgreSQL cannot hold. */
export const NASTY_TEXTS: readonly string[] = [
  '',
  ' ',
  '"',
  '\\',
  '\\.',
  '\\"',
  "it's",
  'a,b;c\td',
  'line\nline\r\nline\rline',
  Array.from({ length: 31 }, (_, i) => String.fromCharCode(i + 1)).join(''),
  '\x7f\x80\x9f\xa0\u00ad',
  '\u2028\u2029\ufeff\ufffd\uffff',
  '👩‍👩‍👧‍👦🏳️‍🌈é\u0301',
  'שלום \u202eevil\u202c مرحبا',
  '日本語テキスト देवनागरी',
  '{"json": [1, 2], "x": "y"}',
  'null',
  '=1+1',
  '+4915112345678',
  '-12.5',
  '-2+3',
  '@SUM(A1)',
  '\tTAB',
  '\rCR',
  '＝1',
  '＋1',
  '－1',
  '＠a',
  "'=1",
  "''",
  "'",
  ' =1 ',
  'x'.repeat(15) + '"' + 'y'.repeat(300) + '\n' + 'é'.repeat(200),
];

/** Random text made of plain runs and nasty pieces, of any length up to about `length`. */
export function randomText(random: () => number, length: number): string {
  let text = '';
  const wanted = Math.floor(random() * length);
  while (text.length < wanted) {
    const pick = Math.floor(random() * NASTY_TEXTS.length * 2);
    text += NASTY_TEXTS[pick] ?? 'plain words, mostly '.slice(0, Math.floor(random() * 20));
  }
  return text;
}
