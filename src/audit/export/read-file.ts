import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { PlacedEvent } from '../check-event.ts';
import { ComparedCells } from './compared-cells.ts';
import { cellsOf, csvColumns } from './csv-columns.ts';
import { ensureVerifiable } from './ensure-verifiable.ts';
import { parseRecord } from './event-record.ts';

/** More than any row of ours has. */
const MAX_ROW_CHARACTERS = 4 * 1024 * 1024;

/** Enough to tell the formats apart. */
const START_BYTES = 4096;

/** One event of a file, or what is wrong with the place where one should stand. */
export type FileRow = {
  /** Of the file, from 1; the header of a CSV is row 1. */
  row: number;
} & ({ event: PlacedEvent } | { reason: string });

/**
 * The events of a CSV or NDJSON file in its order, each proven to say in every visible cell what its record says.
 * Streams; ends after the first thing that is wrong with the file itself.
 * @throws audit.unverifiable_format for our formats that do not hold what was hashed
 */
export async function* readEventFile(path: string, signal?: AbortSignal): AsyncGenerator<FileRow> {
  const start = await readStart(path);
  ensureVerifiable(start);
  const stream = createReadStream(path, signal === undefined ? {} : { signal });
  // A line of our NDJSON begins with a brace, the header of our CSV never does.
  yield* start.startsWith('{') ? readNdjson(stream) : readCsv(stream);
}

async function readStart(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function* readCsv(stream: Readable): AsyncGenerator<FileRow> {
  const header = csvColumns.map(({ name }) => name);
  const columns = new ComparedCells();
  let row = 0;
  try {
    for await (const cells of csvRows(stream)) {
      row += 1;
      const isHeader = row === 1;
      const event = isHeader ? undefined : parseRecord(cells[header.length - 1] ?? '');
      if (!isHeader && event === undefined) {
        yield { row, reason: 'Its Record is not one that was exported: it was changed afterwards.' };
        return;
      }
      const expected = event === undefined ? header : cellsOf(event);
      const changed = columns.findChange(cells, expected);
      if (changed !== undefined) {
        yield { row, reason: changed };
        return;
      }
      if (event !== undefined) yield { row, event };
    }
  } catch (error) {
    if (!(error as { code?: string }).code?.startsWith('CSV_')) throw error;
    yield { row: row + 1, reason: 'It cannot be read as CSV: a quote is missing, or it is far too long.' };
    return;
  }
  if (row === 0) yield { row: 1, reason: 'The file is empty: even the header is missing.' };
}

async function* csvRows(stream: Readable): AsyncGenerator<string[]> {
  const parser = parse({
    bom: true,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    max_record_size: MAX_ROW_CHARACTERS,
  });
  pipeline(stream, parser, () => {}); // its error is thrown by the loop of whoever reads
  yield* parser as AsyncIterable<string[]>;
}

async function* readNdjson(stream: AsyncIterable<Buffer>): AsyncGenerator<FileRow> {
  const digest = createHash('sha256');
  let row = 0;
  let isEnded = false;
  for await (const line of lines(stream)) {
    row += 1;
    if (isEnded) {
      yield { row, reason: 'Something stands after the last line.' };
      return;
    }
    if (line.startsWith('{"_end"')) {
      const sha256 = digest.copy().digest('hex');
      isEnded = true;
      if (line === `{"_end":true,"records":${row - 1},"sha256":"${sha256}"}`) continue;
      yield { row, reason: 'The last line counts other lines than there are: the file was changed or cut.' };
      return;
    }
    const event = parseRecord(line);
    if (event === undefined) {
      yield { row, reason: 'It is not an event that was exported: it was changed afterwards.' };
      return;
    }
    digest.update(`${line}\n`);
    yield { row, event };
  }
  if (!isEnded) yield { row: row + 1, reason: 'The last line is missing: the file was cut off.' };
}

/** Lines that end with LF alone: Node’s own reader also cuts at U+2028, which JSON may hold. */
async function* lines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop()!;
    yield* parts;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
