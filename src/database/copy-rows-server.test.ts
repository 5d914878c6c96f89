import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { CopyRows } from './copy-rows.ts';

let db: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  client = new pg.Client({ connectionString: db.url });
  client.on('error', () => {});
  await client.connect();
});
afterEach(() => client.end());

const copy = (sql: string, columnCount = 2) =>
  new CopyRows(client as unknown as pg.PoolClient, sql, columnCount);

async function read(rows: CopyRows, onRow: (rows: CopyRows) => void): Promise<void> {
  do while (rows.next()) onRow(rows);
  while (await rows.more());
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const field = ({ row }: CopyRows, i: number) =>
  row.bytes.subarray(row.offsets[i], row.offsets[i]! + row.lengths[i]!);

async function numbersOf(rows: CopyRows): Promise<number[]> {
  const numbers: number[] = [];
  await read(rows, () => numbers.push(field(rows, 0).readInt32BE()));
  return numbers;
}

async function expectUsable(): Promise<void> {
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  expect(await numbersOf(copy('select 7::int4, 8::int4'))).toEqual([7]);
}

const around = (size: number) => Array.from({ length: 21 }, (_, i) => size - 10 + i);
const SIZES = [
  ...Array.from({ length: 300 }, (_, i) => i),
  ...[8192, 65_536, 131_072, 262_144].flatMap(around),
  3_000_000,
  1,
  3_000_001,
];
const SQL = `select i::int4, left(repeat(md5(i::text), 93760), size)
  from unnest(array[${SIZES.join(', ')}]) with ordinality as t(size, i) order by i`;

function expected(): string[] {
  return SIZES.map((size, index) => {
    const text = createHash('md5')
      .update(String(index + 1))
      .digest('hex')
      .repeat(93_760);
    return `${index + 1} ${size} ${digest(Buffer.from(text.slice(0, size)))}`;
  });
}

test('rows of no byte to 3 MB come out as they are, from two COPYs in a row on one connection', async () => {
  const wanted = expected();
  // The second one waits in pg's queue while the first is read.
  for (const rows of [copy(SQL), copy(SQL)]) {
    const seen: string[] = [];
    await read(rows, () => {
      const text = field(rows, 1);
      seen.push(`${field(rows, 0).readInt32BE()} ${text.length} ${digest(text)}`);
    });
    expect(seen).toEqual(wanted);
    expect(rows.row.ended).toBe(true);
  }
  await expectUsable();
});

test('no rows at all are an end, not an error', async () => {
  expect(await numbersOf(copy('select 1, 2 where false'))).toEqual([]);
  await expectUsable();
});

test('a COPY that is cancelled rejects with 57014 and leaves the connection to others', async () => {
  const rows = copy(`select generate_series(1, 2000000000), repeat('x', 1000)`);
  while (!rows.next()) expect(await rows.more()).toBe(true);
  const { processID } = client as unknown as { processID: number };
  expect(await db.asSuperuser('select pg_cancel_backend($1) as told', [processID])).toEqual([{ told: true }]);
  await expect(numbersOf(rows)).rejects.toMatchObject({ code: '57014' });
  expect(rows.row.ended).toBe(false);
  await expectUsable();
});

test('a server process that is ended rejects', async () => {
  const rows = copy(`select generate_series(1, 2000000000), repeat('x', 1000)`);
  while (!rows.next()) expect(await rows.more()).toBe(true);
  const { processID } = client as unknown as { processID: number };
  await db.asSuperuser('select pg_terminate_backend($1)', [processID]);
  await expect(numbersOf(rows)).rejects.toThrow(/terminat/);
  expect(rows.row.ended).toBe(false);
});

test('an error at row 1000 comes after the 999 before it, and the connection is usable after it', async () => {
  const rows = copy('select i::int4, 1 / (1000 - i) from generate_series(1, 3000) i');
  const seen: number[] = [];
  const reading = read(rows, () => seen.push(field(rows, 0).readInt32BE()));
  await expect(reading).rejects.toMatchObject({ code: '22012' });
  expect(seen).toEqual(Array.from({ length: 999 }, (_, i) => i + 1));
  await expectUsable();
});

test('a statement that never starts rejects with what PostgreSQL says of it', async () => {
  await expect(numbersOf(copy('select nothing from nowhere'))).rejects.toMatchObject({ code: '42P01' });
  await expectUsable();
});
