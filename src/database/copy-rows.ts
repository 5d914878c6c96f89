import type { Socket } from 'node:net';
import type pg from 'pg';
import { RowParser } from '../formats/row-view.ts';

/** Received bytes that may wait to be read before the connection is told to wait. */
const AHEAD_BYTES = 1 << 18;
/** A message: its type, its length without the type, then its contents (PostgreSQL manual, “Message Formats”). */
const HEADER_BYTES = 5;
const COPY_DATA = 0x64;
const COPY_DONE = 0x63;
const ERROR = 0x45;
const NOTHING = Buffer.alloc(0);

interface PgConnection {
  stream: Socket;
  query(sql: string): void;
}

/**
 * The rows of one `COPY (SELECT …) TO STDOUT (FORMAT binary)`, pulled in order. Rows inside a received buffer
 * are viewed where they lie, synchronously (`next()`); only when it is used up must `more()` be awaited. A slow
 * reader costs no memory: the connection then waits.
 *
 * It reads the server's messages itself while the COPY runs, because every row would otherwise be copied twice
 * on its way, and hands the connection back to `pg` at the COPY's end or error.
 */
export class CopyRows {
  /** The current row: valid until the next call of `next()`. */
  readonly row: RowParser;
  readonly client: pg.PoolClient;
  readonly #sql: string;
  #socket: Socket | undefined;
  #pgListener: ((chunk: Buffer) => void) | undefined;
  readonly #received: Buffer[] = [];
  #receivedBytes = 0;
  #chunk: Buffer = NOTHING;
  #view = viewOf(NOTHING);
  #at = 0;
  /** Of the message that is being read: its contents still to come. */
  #missing = 0;
  #isData = false;
  /** The first bytes of a header that was cut. */
  #header: Buffer = NOTHING;
  #isDone = false;
  #isError = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(client: pg.PoolClient, sql: string, columnCount: number) {
    this.client = client;
    this.row = new RowParser(columnCount);
    this.#sql = `copy (${sql}) to stdout (format binary)`;
    client.query(this as unknown as pg.Submittable);
  }

  /** True: `row` shows the next row. False: call `more()`; when that is false too, the rows are at their end. */
  next(): boolean {
    if (this.row.next()) return true;
    for (;;) {
      if (this.#missing > 0) {
        if (this.#at >= this.#chunk.length && !this.#open()) return false;
        const taken = Math.min(this.#missing, this.#chunk.length - this.#at);
        if (this.#isData) this.row.push(this.#chunk.subarray(this.#at, this.#at + taken));
        this.#at += taken;
        this.#missing -= taken;
        if (this.#isData && this.row.next()) return true;
        continue;
      }
      const contents = this.#at + HEADER_BYTES;
      if (contents > this.#chunk.length) {
        if (!this.#keepHeader()) return false;
        continue;
      }
      const type = this.#view.getUint8(this.#at);
      const end = this.#at + 1 + this.#view.getInt32(this.#at + 1);
      if (type === COPY_DATA && end <= this.#chunk.length) {
        this.#at = end;
        if (this.row.viewAt(this.#chunk, this.#view, contents, end)) return true;
        this.row.push(this.#chunk.subarray(contents, end));
        if (this.row.next()) return true;
        continue;
      }
      if (type === COPY_DONE || type === ERROR) {
        this.#isError = type === ERROR;
        this.#giveBack(type === COPY_DONE ? end : this.#at);
        return false;
      }
      this.#isData = type === COPY_DATA;
      this.#at = contents;
      this.#missing = end - contents;
    }
  }

  /** Waits for more bytes; false at the end. Rejects when the server cut the rows short. */
  async more(): Promise<boolean> {
    while (this.#received.length === 0 && this.#at >= this.#chunk.length && !this.#isDone) {
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#isDone) return true;
    // After an error message it is pg that says what happened.
    if (this.#isError || !this.row.ended) throw await this.#reason();
    return false;
  }

  /** Called by pg when it is this query's turn. */
  submit(connection: PgConnection): void {
    this.#socket = connection.stream;
    const [listener] = this.#socket.listeners('data') as ((chunk: Buffer) => void)[];
    if (listener === undefined) throw new Error('the connection has no reader to stand in for');
    this.#pgListener = listener;
    this.#socket.off('data', listener);
    this.#socket.on('data', this.#receive);
    connection.query(this.#sql);
  }

  /** Called by pg for an error message, and when the connection is lost. */
  handleError(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }

  handleCommandComplete(): void {}
  handleReadyForQuery(): void {}

  readonly #receive = (chunk: Buffer): void => {
    this.#received.push(chunk);
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes >= AHEAD_BYTES) this.#socket?.pause();
    this.#wake?.();
  };

  /** Goes on to the next received buffer; false when none is here. */
  #open(): boolean {
    const chunk = this.#received.shift();
    this.#chunk = chunk ?? NOTHING;
    this.#view = viewOf(this.#chunk);
    this.#at = 0;
    if (chunk === undefined) return false;
    this.#receivedBytes -= chunk.length;
    if (this.#receivedBytes < AHEAD_BYTES && !this.#isDone) this.#socket?.resume();
    return true;
  }

  /** Joins a header that was cut with what follows; false when that is not here yet. */
  #keepHeader(): boolean {
    this.#header = Buffer.concat([this.#header, this.#chunk.subarray(this.#at)]);
    if (!this.#open()) return false;
    if (this.#header.length === 0) return true;
    this.#chunk = Buffer.concat([this.#header, this.#chunk]);
    this.#view = viewOf(this.#chunk);
    this.#header = NOTHING;
    return true;
  }

  /** Lets pg read again, beginning with the bytes from `at` on. */
  #giveBack(at: number): void {
    const rest = [this.#chunk.subarray(at), ...this.#received.splice(0)];
    this.#isDone = true;
    this.#chunk = NOTHING;
    this.#view = viewOf(NOTHING);
    this.#at = 0;
    const socket = this.#socket!;
    const listener = this.#pgListener!;
    socket.off('data', this.#receive);
    socket.on('data', listener);
    for (const chunk of rest) if (chunk.length > 0) listener(chunk);
    socket.resume();
  }

  /** Why rows ended early: pg tells once it has read the error message to its end. */
  async #reason(): Promise<Error> {
    while (this.#isError && this.#failure === undefined && this.#socket?.destroyed === false) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#socket?.once('close', resolve);
      });
    }
    return this.#failure ?? new Error('the database ended a COPY before its end mark');
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
