import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { RowParser } from '../formats/row-view.ts';

const RECEIVE_BYTES = 1 << 20;

/**
 * The rows of one `COPY (SELECT …) TO STDOUT (FORMAT binary)`, pulled in order. Rows inside a received
 * chunk come synchronously (`next()`); only when it is used up must `more()` be awaited. The connection
 * fills one chunk ahead and then waits, so that a slow reader costs no memory.
 */
export class CopyRows {
  /** The current row: valid until the next call of `next()`. */
  readonly row: RowParser;
  readonly client: pg.PoolClient;
  readonly #chunks: AsyncIterator<Buffer>;

  constructor(client: pg.PoolClient, sql: string, columnCount: number) {
    this.client = client;
    this.row = new RowParser(columnCount);
    const stream = client.query(
      copyTo(`copy (${sql}) to stdout (format binary)`, { highWaterMark: RECEIVE_BYTES }),
    );
    // While another stream is read, nobody listens to this one; its error comes with the next read.
    stream.on('error', () => {});
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** True: `row` shows the next row. False: call `more()`; when that is false too, the rows are at their end. */
  next(): boolean {
    return this.row.next();
  }

  /** Waits for more bytes; false at the end. Rejects when the server cut the rows short. */
  async more(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (!done) {
      this.row.push(value);
      return true;
    }
    if (!this.row.ended) throw new Error('the database ended a COPY before its end mark');
    return false;
  }
}
