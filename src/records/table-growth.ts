import type { Transaction } from '../database/connect.ts';

/** A table of fewer rows is read whole as fast as by index. */
const FIRST_LOOK_ROWS = 100;
/** `analyze_grown_tables` acts on tables that have grown eightfold. */
const FACTOR = 4;

/**
 * What one ingest has put into each table, to tell when statistics are due: a first load fills tables faster
 * than autovacuum looks at them. A foreign key whose check was planned while the table it names had no
 * statistics reads all of the workspace's rows for each new one; a second for a batch that takes a tenth.
 */
export class TableGrowth {
  readonly #tables = new Map<string, { rows: number; nextLook: number }>();
  readonly #due = new Set<string>();
  readonly #looked = new Set<string>();

  add(table: string, rows: number): void {
    const growth = this.#tables.get(table) ?? { rows: 0, nextLook: FIRST_LOOK_ROWS };
    this.#tables.set(table, growth);
    growth.rows += rows;
    if (growth.rows < growth.nextLook) return;
    growth.nextLook = growth.rows * FACTOR;
    this.#due.add(table);
  }

  get isDue(): boolean {
    return this.#due.size > 0;
  }

  /** Whether the table must be looked at before the same transaction writes rows that refer to it. */
  isDueAtOnce(table: string): boolean {
    return this.#due.has(table) && !this.#looked.has(table);
  }

  /** Analyses what needs it. */
  async look(transaction: Transaction): Promise<void> {
    for (const table of this.#due) this.#looked.add(table);
    this.#due.clear();
    await transaction.query('select analyze_grown_tables()');
  }
}
