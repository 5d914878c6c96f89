import { describe, expect, test } from 'vitest';
import { encodeCopy } from '../formats/rows.fixture.ts';
import { RowParser, type RowView } from '../formats/row-view.ts';
import type { CopyRows } from './copy-rows.ts';
import { type ListFeed, mergeRows, type MergeReceiver } from './merge-rows.ts';

/** A child: its parent's key, its name, and whether it belongs to the second and to the third list. */
type Child = [key: string, name: string, second?: boolean | null, third?: boolean | null];

/** Rows that arrive so many bytes at a time; `more` is what brings the next ones, as from a server. */
function arriving(bytes: Buffer, columnCount: number, step: number): CopyRows {
  const row = new RowParser(columnCount);
  let at = 0;
  const more = async () => {
    if (at >= bytes.length) return false;
    row.push(bytes.subarray(at, (at += step)));
    return true;
  };
  return { row, next: () => row.next(), more } as unknown as CopyRows;
}

const records = (keys: string[], step: number) =>
  arriving(
    encodeCopy(
      ['text'],
      keys.map((key) => [key]),
    ),
    1,
    step,
  );
const children = (rows: Child[], step: number) =>
  arriving(
    encodeCopy(
      ['text', 'text', 'boolean', 'boolean'],
      rows.map(([key, name, second = false, third = false]) => [key, name, second, third]),
    ),
    4,
    step,
  );

const text = ({ bytes, offsets, lengths }: RowView, field: number) =>
  bytes.toString('utf8', offsets[field], offsets[field]! + lengths[field]!);

/** Nests what it is told, list by list, as a format does. */
class Nester implements MergeReceiver {
  readonly told: string[] = [];
  readonly #aside: string[][] = [];
  beginRecord = (row: RowView) => void this.told.push(`${text(row, 0)}{`);
  beginList = (index: number) => void this.told.push(`${index}[`);
  item = (index: number, row: RowView) => void this.told.push(`${index}:${text(row, 1)}`);
  endList = (index: number) => void this.told.push(`]${index}`);
  setAside = (index: number, row: RowView) => void (this.#aside[index] ??= []).push(text(row, 1));
  writeAside(index: number): void | Promise<void> {
    const items = this.#aside[index]?.splice(0) ?? [];
    const tell = () => void this.told.push(`${index}(${items.join(',')})`);
    // As through a file, where there is much.
    return items.length > 2 ? new Promise((resolve) => setImmediate(resolve)).then(tell) : tell();
  }
  endRecord = () => void this.told.push('}');
  get text(): string {
    return this.told.join(' ');
  }
}

const FREE = { mustWait: false, ready: async () => {} };
const THREE: ListFeed[] = [{ list: 0 }, { list: 1, field: 2 }, { list: 2, field: 3 }];

async function merge(keys: string[], streams: { rows: Child[]; feeds: ListFeed[] }[], step = 7) {
  const nester = new Nester();
  const given = streams.map(({ rows, feeds }) => ({ rows: children(rows, step), feeds }));
  const counts = await mergeRows(records(keys, step), given, nester, FREE);
  return { text: nester.text, counts };
}

describe('one stream that feeds three lists', () => {
  const rows: Child[] = [
    ['a', 'm1'],
    ['a', 'm2', true],
    ['a', 'm3', true, true],
    ['a', 'm4', false, true],
    ['c', 'm5', null, true],
    ['c', 'm6', true, null],
    ['c', 'm7', true, false],
    ['c', 'm8', true, true],
  ];
  const wanted =
    'a{ 0[ 0:m1 0:m2 0:m3 0:m4 ]0 1(m2,m3) 2(m3,m4) } ' +
    'b{ 0[ ]0 1() 2() } ' +
    'c{ 0[ 0:m5 0:m6 0:m7 0:m8 ]0 1(m6,m7,m8) 2(m5,m8) } ' +
    'd{ 0[ ]0 1() 2() }';

  test.each([1, 2, 7, 33, 10_000])(
    'writes each list in its turn and order, also empty ones, and counts an item in each it belongs to: %i bytes at a time',
    async (step) => {
      const merged = await merge(['a', 'b', 'c', 'd'], [{ rows, feeds: THREE }], step);
      expect(merged).toEqual({ text: wanted, counts: { records: 4, items: [8, 5, 4] } });
    },
  );

  test('may leave rows out of its first list as well', async () => {
    const feeds = [
      { list: 0, field: 2 },
      { list: 1, field: 3 },
    ];
    expect(await merge(['a', 'b', 'c'], [{ rows, feeds }])).toEqual({
      text: 'a{ 0[ 0:m2 0:m3 ]0 1(m3,m4) } b{ 0[ ]0 1() } c{ 0[ 0:m6 0:m7 0:m8 ]0 1(m5,m8) }',
      counts: { records: 3, items: [5, 4] },
    });
  });

  test('stands beside other streams: every list is told once a record, in order of the streams', async () => {
    const other: Child[] = [
      ['b', 'e1'],
      ['c', 'e2'],
    ];
    const merged = await merge(
      ['a', 'b', 'c'],
      [
        { rows, feeds: THREE },
        { rows: other, feeds: [{ list: 3 }] },
      ],
    );
    expect(merged.text).toContain('2(m3,m4) 3[ ]3 } b{ 0[ ]0 1() 2() 3[ 3:e1 ]3 } c{');
    expect(merged.counts).toEqual({ records: 3, items: [8, 5, 4, 2] });
  });
});

test('no records and no children are an end with counts of nothing', async () => {
  const merged = await merge([], [{ rows: [], feeds: THREE }]);
  expect(merged).toEqual({ text: '', counts: { records: 0, items: [0, 0, 0] } });
});

test('keys are equal only when all of them is: neither a prefix nor a longer one is', async () => {
  const rows: Child[] = [
    ['ab', 'x'],
    ['abc', 'y'],
  ];
  const merged = await merge(['a', 'ab', 'abc', 'abcd'], [{ rows, feeds: [{ list: 0 }] }]);
  expect(merged.text).toBe('a{ 0[ ]0 } ab{ 0[ 0:x ]0 } abc{ 0[ 0:y ]0 } abcd{ 0[ ]0 }');
});

describe('the merge refuses', () => {
  test.each<[string, string[], Child[]]>([
    ['before the first parent', ['b', 'c'], [['a', 'x']]],
    [
      'between two parents',
      ['a', 'c'],
      [
        ['a', 'x'],
        ['b', 'y'],
        ['c', 'z'],
      ],
    ],
    [
      'after the last parent',
      ['a'],
      [
        ['a', 'x'],
        ['b', 'y'],
      ],
    ],
    ['where no parent is at all', [], [['a', 'x']]],
    [
      'out of turn',
      ['a', 'b'],
      [
        ['b', 'x'],
        ['a', 'y'],
      ],
    ],
    ['that belongs to no list either', ['a'], [['b', 'x', false, false]]],
  ])('a child %s', async (_, keys, rows) => {
    for (const feeds of [THREE, [{ list: 0, field: 2 }]])
      for (const step of [1, 10_000])
        await expect(merge(keys, [{ rows, feeds }], step)).rejects.toThrow('belongs to no parent');
  });

  test('a stream that feeds no list', async () => {
    await expect(merge(['a'], [{ rows: [], feeds: [] }])).rejects.toThrow('feeds no list');
  });
});

test('it waits for its output after a child and after a record, and stops where that rejects', async () => {
  let waits = 0;
  const pace = {
    mustWait: true,
    ready: async () => {
      if (++waits === 3) throw new Error('the client left');
    },
  };
  const nester = new Nester();
  const rows: Child[] = [
    ['a', 'x'],
    ['b', 'y'],
    ['b', 'never told'],
  ];
  const merging = mergeRows(
    records(['a', 'b'], 100),
    [{ rows: children(rows, 100), feeds: THREE }],
    nester,
    pace,
  );
  await expect(merging).rejects.toThrow('the client left');
  expect(nester.text).toBe('a{ 0[ 0:x ]0 1() 2() } b{ 0[ 0:y');
});
