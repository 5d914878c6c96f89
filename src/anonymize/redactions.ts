import type { Reason } from './spans.ts';

/** How often what was replaced where: the manifest's `redactions`. */
export interface Redaction {
  /** `messages.body`: the section or list, and the column. */
  path: string;
  reason: string;
  count: number;
}

/** Counts replacements by place and reason. */
export class Redactions {
  readonly #counts = new Map<string, Map<Reason, number>>();

  /** What counts the replacements of one place. */
  counterOf(path: string): (reason: Reason) => void {
    const counts = this.#counts.get(path) ?? new Map<Reason, number>();
    this.#counts.set(path, counts);
    return (reason) => void counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }

  list(): Redaction[] {
    return [...this.#counts].flatMap(([path, counts]) =>
      [...counts].map(([reason, count]) => ({ path, reason, count })),
    );
  }
}

/** The redactions of several parts as those of the whole, in order of their places. */
export function sumRedactions(parts: readonly (readonly Redaction[])[]): Redaction[] {
  const sums = new Map<string, Redaction>();
  for (const redaction of parts.flat()) {
    const key = JSON.stringify([redaction.path, redaction.reason]);
    const sum = sums.get(key) ?? { ...redaction, count: 0 };
    sum.count += redaction.count;
    sums.set(key, sum);
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}
