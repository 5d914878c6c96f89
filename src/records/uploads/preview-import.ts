import { basename } from 'node:path';
import type { ImportRejection } from '../import-file.ts';
import { readFileBytes } from '../import/convey-package.ts';
import { defaultLimits } from '../import/limits.ts';
import type { ImportMap } from '../import/map/map.schemas.ts';
import { openImportSource } from '../import/open-source.ts';
import { readBytes } from '../import/read-bytes.ts';
import { readRows, type RowFormat, type RowOptions } from '../import/read-rows.ts';
import { isRejected, parseLine } from '../parse-line.ts';
import { parseJson } from '../../parse-json.ts';
import { guessFormat } from './guess-format.ts';
import type { ImportFormat } from './imports.ts';

/** Records (or rows) of the beginning that are looked at. */
const LOOKED_AT = 1000;
const SHOWN_ROWS = 20;
const SHOWN_RECORDS = 20;
const SHOWN_REJECTED = 50;
const SHOWN_CHARACTERS = 300;
const MOST_COLUMNS = 300;

/** What a file would become. */
export interface ImportPreview {
  format: ImportFormat;
  /** Between the cells of a table. */
  delimiter: string | null;
  columns: string[];
  rows: { line: number; cells: (string | null)[] }[];
  records: { line: number; record: Record<string, unknown> }[];
  /** Records that would be taken, of those that were looked at. */
  takenCount: number;
  rejectedCount: number;
  rejected: ImportRejection[];
  /** Whether the whole file was looked at, not its beginning alone. */
  isWhole: boolean;
}

export interface PreviewOptions {
  format?: ImportFormat | undefined;
  map?: ImportMap | undefined;
  maxTextBytes?: number | undefined;
  signal: AbortSignal;
}

/**
 * Reads the beginning of an uploaded file as the import will: its rows, the records that the map makes of them, and
 * what cannot be taken. Whether a record belongs to one that is not there is seen only when it is imported.
 * @throws the `import.…` codes of the import itself
 */
export async function previewImport(path: string, options: PreviewOptions): Promise<ImportPreview> {
  const { map, signal } = options;
  const guess =
    options.format === undefined
      ? await guessFormat(path, basename(path), signal)
      : { format: options.format };
  const { format } = guess;
  const ofFormat = format === 'tsv' ? '\t' : ',';
  const isTable = format === 'csv' || format === 'tsv';
  const delimiter = isTable
    ? (map?.table?.delimiter ?? ('delimiter' in guess ? guess.delimiter : undefined) ?? ofFormat)
    : null;
  const preview: ImportPreview = {
    format,
    delimiter,
    columns: [],
    rows: [],
    records: [],
    takenCount: 0,
    rejectedCount: 0,
    rejected: [],
    isWhole: true,
  };
  if (format !== 'convey') {
    const table = delimiter === null ? undefined : { ...map?.table, delimiter };
    await readSampleRows(preview, path, format, { table, signal });
  }
  if (format === 'convey' || map !== undefined) await readRecords(preview, path, options);
  return preview;
}

async function readSampleRows(
  preview: ImportPreview,
  path: string,
  format: RowFormat,
  { table, signal }: { table: RowOptions['table']; signal: AbortSignal },
): Promise<void> {
  const name = basename(path);
  const budget = { limits: defaultLimits, signal, unpackedBytes: 0 };
  const chunks = readBytes(readFileBytes(path, signal), name, budget);
  const values: { line: number; value: Record<string, unknown> }[] = [];
  const columns = new Set<string>();
  const onHeader = (header: string[]) => header.forEach((column) => columns.add(column));
  for await (const row of readRows(chunks, format, {
    name,
    maxRowBytes: defaultLimits.lineBytes,
    table,
    onHeader,
  })) {
    if ('reject' in row) continue; // listed with the records
    values.push(row);
    for (const column of Object.keys(row.value)) if (columns.size < MOST_COLUMNS) columns.add(column);
    if (values.length === SHOWN_ROWS) break;
  }
  preview.columns = [...columns].filter((column) => column !== '').slice(0, MOST_COLUMNS);
  preview.rows = values.map(({ line, value }) => ({
    line,
    cells: preview.columns.map((column) => (Object.hasOwn(value, column) ? cellOf(value[column]) : null)),
  }));
}

async function readRecords(
  preview: ImportPreview,
  path: string,
  { map, maxTextBytes, signal }: PreviewOptions,
): Promise<void> {
  const source = await openImportSource(path, { format: preview.format, map, signal });
  const reject = (rejection: ImportRejection) => {
    preview.rejectedCount++;
    if (preview.rejected.length < SHOWN_REJECTED) preview.rejected.push(rejection);
  };
  let looked = 0;
  try {
    for await (const item of source.records()) {
      if (looked === LOOKED_AT) {
        preview.isWhole = false;
        break;
      }
      looked++;
      const { source: file, line } = item;
      if ('reject' in item) {
        reject({ source: file, line, ...item.reject });
        continue;
      }
      const text = item.bytes.toString('utf8');
      const parsed = parseLine(text, line, maxTextBytes);
      if (isRejected(parsed)) reject({ source: file, ...parsed });
      else {
        preview.takenCount++;
        if (preview.records.length < SHOWN_RECORDS)
          preview.records.push({ line, record: shorten(parseJson(text)) as Record<string, unknown> });
      }
    }
  } finally {
    await source.close();
  }
}

function cellOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return cut(typeof value === 'string' ? value : JSON.stringify(value));
}

/** The same value with long texts cut: a sample is looked at, not read. */
function shorten(value: unknown): unknown {
  if (typeof value === 'string') return cut(value);
  if (Array.isArray(value)) return value.slice(0, SHOWN_ROWS).map(shorten);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shorten(inner)]));
}

function cut(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
