import { countSql } from '../../catalog/count-sql.ts';
import type { Dataset } from '../../catalog/datasets.ts';
import type { DatasetColumn } from '../../catalog/record-columns.ts';
import { pageSql, type PageStart, renderColumns, type Selection } from '../../catalog/stream-sql.ts';
import type { Transaction } from '../../database/connect.ts';
import { CopyRows } from '../../database/copy-rows.ts';
import type { Scope } from '../../database/scope.ts';
import { ByteWriter } from '../../formats/byte-writer.ts';
import { compileRecord, writeObject } from '../../formats/cells/json-record.ts';
import { readValue } from '../../formats/codecs.ts';

/** A page ends early when it holds this much: a hundred messages may be of 16 MiB each. */
const PAGE_BYTES = 8 << 20;
const CHUNK_BYTES = 1 << 16;
const COMMA = 0x2c;
const CLOSE_OBJECT = 0x7d;

/** A page of a list. */
export interface Page {
  /** The records as JSON, comma-separated: byte for byte as an export writes them. */
  records: Buffer;
  count: number;
  /** Where the next page begins; undefined at the end of the list. */
  next: PageStart | undefined;
}

/**
 * The rows of a dataset that a scope may see, with the columns it may see. Row-level security says the same of
 * the rows; this keeps internal ones out by index.
 */
export function selectVisible(
  dataset: Dataset,
  scope: Scope,
  { condition = 'true', columns = dataset.columns }: Pick<Selection, 'condition' | 'columns'> = {},
): Selection {
  const { internalRows } = dataset.table;
  const isHidden = scope.hidesInternal === true && internalRows !== undefined;
  return {
    dataset,
    workspaceId: scope.workspaceId,
    columns: columns.filter((column) => isVisible(column, scope)),
    condition: isHidden ? `(${condition}) and not ${internalRows}` : condition,
  };
}

function isVisible({ audience }: DatasetColumn, { hidesInternal = false }: Scope): boolean {
  return audience === 'customer' || (audience === 'internal' && !hidesInternal);
}

/** Reads one page and renders it, with the very code that renders exports. */
export async function readPage(
  { client }: Transaction,
  selection: Selection,
  page: { after: PageStart | undefined; limit: number; newestFirst: boolean },
): Promise<Page> {
  const { dataset } = selection;
  const shape = { type: dataset.type, section: dataset.name, columns: renderColumns(selection), lists: [] };
  const { record } = compileRecord(shape);
  // One more than asked for tells whether there is a next page.
  const { sql, columnCount } = pageSql(selection, { ...page, limit: page.limit + 1 });
  const chunks: Buffer[] = [];
  const sink = { write: async (chunk: Buffer) => void chunks.push(Buffer.from(chunk)) };
  const out = new ByteWriter(sink, { chunkBytes: CHUNK_BYTES, hash: false });
  const rows = new CopyRows(client, sql, columnCount);
  let count = 0;
  let last: PageStart | undefined;
  let hasMore = false;
  do {
    while (rows.next()) {
      hasMore ||= count === page.limit || out.bytes > PAGE_BYTES;
      if (hasMore) continue; // read to the end, so that the connection can go on
      if (count++ > 0) out.byte(COMMA);
      writeObject(out, record, rows.row);
      out.byte(CLOSE_OBJECT);
      last = {
        time: readValue(rows.row, columnCount - 1, 'text')!,
        id: readValue(rows.row, 0, 'text')!,
      };
      if (out.mustWait) await out.ready();
    }
  } while (await rows.more());
  await out.end();
  return { records: Buffer.concat(chunks), count, next: hasMore ? last : undefined };
}

/** How many records a list has on all its pages. */
export async function countAll(transaction: Transaction, selection: Selection): Promise<number> {
  const [row] = await transaction.query<{ n: number }>(countSql(selection));
  return row!.n;
}
