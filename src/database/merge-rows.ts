import type { RowView } from '../formats/row-view.ts';
import type { CopyRows } from './copy-rows.ts';

/** Takes merged rows: parents in order, each with its children, list by list. Calls are synchronous. */
export interface MergeReceiver {
  beginRecord(row: RowView): void;
  beginList(index: number): void;
  item(index: number, row: RowView): void;
  endList(index: number): void;
  endRecord(): void;
}

/** Tells the merge to pause between rows: the output's back-pressure, and a place to stop. */
export interface MergePace {
  readonly mustWait: boolean;
  ready(): Promise<void>;
}

/** Rows that came, per stream. */
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
 */
export async function mergeRows(
  records: CopyRows,
  lists: readonly CopyRows[],
  receiver: MergeReceiver,
  pace: MergePace,
): Promise<MergeCounts> {
  const counts: MergeCounts = { records: 0, items: lists.map(() => 0) };
  const heads = lists.map((rows) => new Head(rows));
  for (;;) {
    while (!records.next()) if (!(await records.more())) return finish(heads, counts);
    counts.records++;
    receiver.beginRecord(records.row);
    for (let index = 0; index < heads.length; index++) {
      const head = heads[index]!;
      receiver.beginList(index);
      for (;;) {
        if (!head.isShowing && !head.advance() && !(await head.wait())) break;
        if (!isSameKey(records.row, head.row)) break;
        receiver.item(index, head.row);
        counts.items[index]!++;
        head.isShowing = false;
        if (pace.mustWait) await pace.ready();
      }
      receiver.endList(index);
    }
    receiver.endRecord();
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
  readonly #rows: CopyRows;

  constructor(rows: CopyRows) {
    this.#rows = rows;
    this.row = rows.row;
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
