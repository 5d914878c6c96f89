import type { RowView } from '../formats/row-view.ts';
import type { CopyRows } from './copy-rows.ts';

/** Takes merged rows: parents in order, each with its children, list by list. */
export interface MergeReceiver {
  beginRecord(row: RowView): void;
  beginList(index: number): void;
  item(index: number, row: RowView): void;
  endList(index: number): void;
  /** An item of a later list of the same stream. */
  setAside(index: number, row: RowView): void;
  /** The list of what was set aside, in its turn. */
  writeAside(index: number): void | Promise<void>;
  endRecord(): void | Promise<void>;
}

/** Tells the merge to pause between rows: the output's back-pressure, and a place to stop. */
export interface MergePace {
  readonly mustWait: boolean;
  ready(): Promise<void>;
}

/** A list that a stream of children feeds. */
export interface ListFeed {
  /** Place of the list in the record. */
  list: number;
  /** A boolean field that tells which rows are its items; unset: all are. */
  field?: number;
}

/** Rows that came: of the parents, and of each list. */
export interface MergeCounts {
  records: number;
  items: number[];
}

/** A child that belongs to no parent, or comes out of turn: the streams were not in one order. */
export class BrokenOrderError extends Error {
  override readonly name = 'BrokenOrderError';
}

/**
 * Nests children into parents by walking ordered streams side by side, once (a zipper). Every stream comes in
 * the parents' order and carries the parent's key as field 0, so that keys need only be equal or not. A row is
 * never copied out of its received buffer and never becomes an object.
 *
 * One stream may feed several neighbouring lists: items of its first list are written as they come, those of
 * the others are set aside, rendered, until it is their turn.
 *
 * @param counts what came so far, for whoever looks meanwhile; it is the result in the end
 */
export async function mergeRows(
  records: CopyRows,
  children: readonly { rows: CopyRows; feeds: readonly ListFeed[] }[],
  receiver: MergeReceiver,
  pace: MergePace,
  counts: MergeCounts = { records: 0, items: [] },
): Promise<MergeCounts> {
  for (const { feeds } of children) for (const { list } of feeds) counts.items[list] = 0;
  const heads = children.map(({ rows, feeds }) => new Head(rows, feeds));
  for (;;) {
    while (!records.next()) if (!(await records.more())) return finish(heads, counts);
    counts.records++;
    receiver.beginRecord(records.row);
    for (const head of heads) {
      const { first, others, row } = head;
      receiver.beginList(first.list);
      for (;;) {
        if (!head.isShowing && !head.advance() && !(await head.wait())) break;
        if (!isSameKey(records.row, row)) break;
        if (isItem(row, first)) {
          receiver.item(first.list, row);
          counts.items[first.list]!++;
        }
        for (const other of others) {
          if (!isItem(row, other)) continue;
          receiver.setAside(other.list, row);
          counts.items[other.list]!++;
        }
        head.isShowing = false;
        if (pace.mustWait) await pace.ready();
      }
      receiver.endList(first.list);
      for (const { list } of others) {
        const waiting = receiver.writeAside(list);
        if (waiting !== undefined) await waiting;
      }
    }
    const ended = receiver.endRecord();
    if (ended !== undefined) await ended;
    if (pace.mustWait) await pace.ready();
  }
}

async function finish(heads: readonly Head[], counts: MergeCounts): Promise<MergeCounts> {
  for (const head of heads) {
    if (head.isShowing || head.advance() || (await head.wait())) {
      throw new BrokenOrderError('a child row belongs to no parent of the export');
    }
  }
  return counts;
}

/** A stream of children and whether its current row still waits for its parent. */
class Head {
  isShowing = false;
  readonly row: RowView;
  readonly first: ListFeed;
  readonly others: readonly ListFeed[];
  readonly #rows: CopyRows;

  constructor(rows: CopyRows, [first, ...others]: readonly ListFeed[]) {
    if (first === undefined) throw new Error('a stream feeds no list');
    this.#rows = rows;
    this.row = rows.row;
    this.first = first;
    this.others = others;
  }

  /** Shows the next row if it is already here. */
  advance(): boolean {
    this.isShowing = this.#rows.next();
    return this.isShowing;
  }

  /** Waits for the next row; false at the end. */
  async wait(): Promise<boolean> {
    while (await this.#rows.more()) if (this.advance()) return true;
    return false;
  }
}

/** Booleans come as one byte; NULL is no. */
function isItem(row: RowView, { field }: ListFeed): boolean {
  return field === undefined || (row.lengths[field] === 1 && row.bytes[row.offsets[field]!] === 1);
}

function isSameKey(parent: RowView, child: RowView): boolean {
  const length = parent.lengths[0]!;
  if (child.lengths[0] !== length) return false;
  const from = parent.offsets[0]!;
  const at = child.offsets[0]!;
  const a = parent.bytes;
  const b = child.bytes;
  for (let i = 0; i < length; i++) if (a[from + i] !== b[at + i]) return false;
  return true;
}
