import { EventEmitter } from 'node:events';
import type pg from 'pg';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../formats/rows.fixture.ts';
import { CopyRows } from './copy-rows.ts';

const AHEAD_BYTES = 1 << 18;

/** What CopyRows uses of a socket. */
class FakeSocket extends EventEmitter {
  destroyed = false;
  readonly calls: string[] = [];
  pause = () => this.calls.push('pause');
  resume = () => this.calls.push('resume');
}

/** A connection whose server says what the test says, and what `pg` itself would have read of it. */
class FakeConnection {
  readonly stream = new FakeSocket();
  readonly asked: string[] = [];
  readonly pgRead: Buffer[] = [];
  onPgRead = () => {};

  constructor() {
    this.stream.on('data', (chunk: Buffer) => {
      this.pgRead.push(Buffer.from(chunk));
      this.onPgRead();
    });
  }
  query(sql: string): void {
    this.asked.push(sql);
  }
  copy(columnCount = 2): CopyRows {
    const query = (submitted: CopyRows) => submitted.submit(this as never);
    return new CopyRows({ query } as unknown as pg.PoolClient, 'select 1', columnCount);
  }
  get bytesOfPg(): Buffer {
    return Buffer.concat(this.pgRead);
  }
}

function message(type: string, contents: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.from(`${type}....`);
  head.writeInt32BE(4 + contents.length, 1);
  return Buffer.concat([head, contents]);
}

const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);
const DONE = message('c');
const END = Buffer.concat([message('C', Buffer.from('COPY 7\0')), message('Z', Buffer.from('I'))]);
const NOTICE = message('N', Buffer.from('SNOTICE\0Md is a type, c too\0\0'));
const STATUS = message('S', Buffer.from('TimeZone\0UTC\0'));
const ERROR = message('E', Buffer.from('SERROR\0C57014\0Mcanceling statement\0\0'));
const data = (...parts: Uint8Array[]) => message('d', Buffer.concat(parts));

type Values = (string | null)[];

function row(values: Values): Buffer {
  const count = Buffer.alloc(2);
  count.writeInt16BE(values.length);
  const fields = values.flatMap((value) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(value === null ? -1 : Buffer.byteLength(value));
    return [length, Buffer.from(value ?? '')];
  });
  return Buffer.concat([count, ...fields]);
}

const ROWS: Values[] = [
  ['1', 'one'],
  ['2', null],
  ['3', ''],
  ['4', 'two in one message'],
  ['5', 'ä row of which the next message has the rest'],
  ['6', 'ccccEEEEdddd'],
  ['7', 'x'.repeat(90)],
];
const [a, b, c, d, e, f, g] = ROWS.map(row) as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];
const BEFORE = [
  STATUS,
  message('H', Buffer.from([1, 0, 2, 0, 1, 0, 1])),
  data(HEADER, a),
  data(b),
  NOTICE,
  data(c, d),
  data(),
  data(e.subarray(0, 20)),
  STATUS,
  data(e.subarray(20), f.subarray(0, 1)),
  data(f.subarray(1)),
  NOTICE,
];
const COMPLETE = Buffer.concat([...BEFORE, data(g), data(TRAILER), DONE, END]);

async function read(rows: CopyRows, seen: Values[] = []): Promise<Values[]> {
  for (;;) {
    while (rows.next()) {
      const { bytes, offsets, lengths } = rows.row;
      const values = [...lengths].map((length, i) =>
        length < 0 ? null : bytes.toString('utf8', offsets[i], offsets[i]! + length),
      );
      seen.push(values);
    }
    if (!(await rows.more())) return seen;
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Sends the pieces all at once before anything is read, or each only when the reader waits for it. */
async function send(connection: FakeConnection, pieces: Buffer[], isLazy: boolean): Promise<void> {
  for (const piece of pieces) {
    if (isLazy) await turn();
    connection.stream.emit('data', Buffer.from(piece));
  }
}

function cutAt(bytes: Buffer, ...places: number[]): Buffer[] {
  const edges = [0, ...places, bytes.length];
  return edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
}

function randomCuts(bytes: Buffer, seed: number): Buffer[] {
  const random = seededRandom(seed);
  const longest = 1 + Math.floor(random() * 60);
  const places: number[] = [];
  for (let at = 0; (at += 1 + Math.floor(random() * longest)) < bytes.length; ) places.push(at);
  return cutAt(bytes, ...places);
}

/** Every way to cut these bytes in two, some in many, and the finest. */
function* cuttings(bytes: Buffer): Generator<[string, Buffer[]]> {
  for (let at = 1; at < bytes.length; at++) yield [`cut at ${at}`, cutAt(bytes, at)];
  for (let seed = 1; seed <= 100; seed++) yield [`seed ${seed}`, randomCuts(bytes, seed)];
  yield ['byte by byte', cutAt(bytes, ...Array.from({ length: bytes.length - 1 }, (_, i) => i + 1))];
}

describe.each([
  ['read while they come', true],
  ['read when all are there', false],
])('rows %s', (_, isLazy) => {
  test('are the same wherever the stream is cut, and what follows them is all for pg, in order', async () => {
    for (const [how, pieces] of cuttings(COMPLETE)) {
      const connection = new FakeConnection();
      const rows = connection.copy();
      const reading = isLazy ? read(rows) : undefined;
      await send(connection, pieces, isLazy);
      expect(await (reading ?? read(rows)), how).toEqual(ROWS);
      expect(connection.bytesOfPg.equals(END), how).toBe(true);
      expect(rows.row.ended).toBe(true);
      expect(connection.stream.listenerCount('data')).toBe(1);
    }
  });

  test('that end in an error message reject with what pg made of it, and pg gets the message whole', async () => {
    const tail = Buffer.concat([ERROR, message('Z', Buffer.from('E'))]);
    for (const [how, pieces] of cuttings(Buffer.concat([...BEFORE, tail]))) {
      const connection = new FakeConnection();
      const rows = connection.copy();
      const failure = new Error('canceling statement');
      connection.onPgRead = () => {
        if (connection.bytesOfPg.length >= ERROR.length) rows.handleError(failure);
      };
      const seen: Values[] = [];
      const reading = isLazy ? read(rows, seen) : undefined;
      reading?.catch(() => {});
      await send(connection, pieces, isLazy);
      await expect(reading ?? read(rows, seen), how).rejects.toBe(failure);
      expect(seen, how).toEqual(ROWS.slice(0, 6));
      expect(connection.bytesOfPg.equals(tail), how).toBe(true);
      expect(rows.row.ended).toBe(false);
      await expect(rows.more()).rejects.toBe(failure);
    }
  });
});

test('the COPY is asked for once, in binary, and nothing of its bytes reaches pg', () => {
  const connection = new FakeConnection();
  connection.copy();
  expect(connection.asked).toEqual(['copy (select 1) to stdout (format binary)']);
  connection.stream.emit('data', COMPLETE.subarray(0, COMPLETE.length - END.length));
  expect(connection.pgRead).toEqual([]);
});

test('many tiny pieces that wait at once are read without growing the stack', async () => {
  const connection = new FakeConnection();
  const rows = connection.copy();
  const long: Values[] = [['1', 'y'.repeat(30_000)]];
  const stream = Buffer.concat([data(HEADER, row(long[0]!)), data(TRAILER), DONE, END]);
  for (let at = 0; at < stream.length; at++) connection.stream.emit('data', stream.subarray(at, at + 1));
  expect(await read(rows)).toEqual(long);
  expect(connection.bytesOfPg.equals(END)).toBe(true);
});

test.each([
  ['before any row', [data(HEADER), DONE, END]],
  ['after whole rows', [data(HEADER, a), DONE, END]],
  ['in the middle of a row', [data(HEADER, a, b.subarray(0, 4)), DONE, END]],
])('CopyDone without the trailer %s rejects at once', async (__, messages) => {
  const connection = new FakeConnection();
  const rows = connection.copy();
  connection.stream.emit('data', Buffer.concat(messages));
  await expect(read(rows)).rejects.toThrow('before its end mark');
  expect(connection.bytesOfPg.equals(END)).toBe(true);
});

test('an error after the trailer is still an error', async () => {
  const connection = new FakeConnection();
  const rows = connection.copy();
  connection.stream.emit('data', Buffer.concat([data(HEADER, a), data(TRAILER), ERROR]));
  const reading = read(rows);
  await turn();
  rows.handleError(new Error('told by pg'));
  await expect(reading).rejects.toThrow('told by pg');
});

test('a connection lost while waiting rejects, and so does every later look', async () => {
  const connection = new FakeConnection();
  const rows = connection.copy();
  const seen: Values[] = [];
  connection.stream.emit('data', Buffer.concat([data(HEADER, a), data(b).subarray(0, 9)]));
  const reading = read(rows, seen);
  await turn();
  expect(seen).toEqual([ROWS[0]]);
  rows.handleError(new Error('Connection terminated unexpectedly'));
  await expect(reading).rejects.toThrow('Connection terminated');
  await expect(rows.more()).rejects.toThrow('Connection terminated');
});

test('a connection lost between an error message and pg’s word for it rejects', async () => {
  const connection = new FakeConnection();
  const rows = connection.copy();
  connection.stream.emit('data', Buffer.concat([data(HEADER), ERROR.subarray(0, 12)]));
  const reading = read(rows);
  await turn();
  connection.stream.destroyed = true;
  connection.stream.emit('close');
  await expect(reading).rejects.toThrow('before its end mark');
});

test('a slow reader makes the connection wait beyond 256 KiB, and reading lets it go on', async () => {
  const connection = new FakeConnection();
  const rows = connection.copy();
  const { calls } = connection.stream;
  const big = data(HEADER, row(['1', 'z'.repeat(AHEAD_BYTES)]));
  connection.stream.emit('data', big.subarray(0, AHEAD_BYTES - 1));
  expect(calls).toEqual([]);
  connection.stream.emit('data', big.subarray(AHEAD_BYTES - 1));
  expect(calls).toEqual(['pause']);
  expect(rows.next()).toBe(true);
  expect(calls.at(-1)).toBe('resume');
  connection.stream.emit('data', Buffer.concat([data(TRAILER), DONE, END]));
  expect(await read(rows)).toEqual([]);
});
