import type { Snapshot } from '../../database/snapshot.ts';
import { ConveyError } from '../../errors.ts';
import { countMismatch } from '../exports.errors.ts';
import type { SectionLayout } from '../layout/file-layout.ts';

/** Records per dataset. */
export type Counts = Record<string, number>;

/** What of a section is counted, in the order in which it comes. */
export function countedOf({ records, lists, isCarrier }: SectionLayout): SectionLayout['lists'] {
  return isCarrier ? lists : [records, ...lists];
}

/** What the base tables hold, by name, without the export's own joins (`catalog/count-sql.ts`). */
export async function countRecords(snapshot: Snapshot, sections: readonly SectionLayout[]): Promise<Counts> {
  const expected: Counts = {};
  for (const section of sections) {
    for (const { countedAs, sql } of section.counts) {
      const [row] = await snapshot.query<Record<string, string>>(sql);
      addAll(expected, countedAs, Object.values(row!).map(Number));
    }
  }
  return expected;
}

/** Adds to each of the names the count at its place. */
export function addAll(counts: Counts, names: readonly string[], found: readonly number[]): void {
  for (const [index, name] of names.entries()) counts[name] = (counts[name] ?? 0) + found[index]!;
}

/**
 * Refuses an export whose streams did not give what the base tables hold.
 * @throws exports.count_mismatch
 */
export function ensureCounts(found: Counts, expected: Counts): void {
  const wrong = Object.keys(expected).filter((name) => (found[name] ?? 0) !== expected[name]);
  if (wrong.length === 0) return;
  const told = wrong.map((name) => `${name}: ${found[name] ?? 0} written, ${expected[name]} in the database`);
  throw new ConveyError(countMismatch, `${told.join('; ')}.`);
}

/** Adds counts up, name by name. */
export function addCounts(...all: readonly Counts[]): Counts {
  const total: Counts = {};
  for (const counts of all) {
    addAll(total, Object.keys(counts), Object.values(counts));
  }
  return total;
}
