import type { RejectedLine } from './parse-line.ts';

/** Of the rejected lines so many are listed; the count is exact. */
export const LISTED_REJECTIONS = 1000;

/** What became of lines. */
export interface Counts {
  inserted: number;
  updated: number;
  deleted: number;
  merged: number;
  /** Said what was stored already; not written again, so the change feed stays silent. */
  unchanged: number;
  /** Older, by `version` or `updated_at`, than what is stored. */
  skipped_older: number;
  /** A later line about the same record in the same batch had the last word. */
  superseded: number;
  /** Waits for the record it belongs to. */
  pending: number;
}

export type Outcome = keyof Counts;

/** What an ingest did, as `POST /v1/ingest` answers. Every line that is not blank is in exactly one count. */
export interface IngestResult {
  received: number;
  accepted: Pick<Counts, 'inserted' | 'updated' | 'deleted' | 'merged'>;
  unchanged: number;
  skipped_older: number;
  superseded: number;
  pending: number;
  rejected_count: number;
  rejected: RejectedLine[];
  /** Beside these: lines of earlier bodies that found their parent in this one. */
  released: number;
  by_type: Record<string, Counts>;
  /** Every line up to this one has been dealt with and committed. */
  through_line: number;
}

function noCounts(): Counts {
  return {
    inserted: 0,
    updated: 0,
    deleted: 0,
    merged: 0,
    unchanged: 0,
    skipped_older: 0,
    superseded: 0,
    pending: 0,
  };
}

/** Collects outcomes; one per transaction, added to the body's own when it has committed. */
export class Outcomes {
  received = 0;
  released = 0;
  throughLine = 0;
  rejectedCount = 0;
  readonly rejected: RejectedLine[] = [];
  readonly #byType = new Map<string, Counts>();

  count(type: string, outcome: Outcome, lines = 1): void {
    if (lines === 0) return;
    let counts = this.#byType.get(type);
    if (counts === undefined) {
      counts = noCounts();
      this.#byType.set(type, counts);
    }
    counts[outcome] += lines;
  }

  reject(line: RejectedLine): void {
    this.rejectedCount++;
    if (this.rejected.length < LISTED_REJECTIONS) this.rejected.push(line);
  }

  add(other: Outcomes): void {
    this.received += other.received;
    this.released += other.released;
    this.throughLine = Math.max(this.throughLine, other.throughLine);
    for (const [type, counts] of other.#byType) {
      for (const outcome of Object.keys(counts) as Outcome[]) this.count(type, outcome, counts[outcome]);
    }
    for (const line of other.rejected) {
      if (this.rejected.length < LISTED_REJECTIONS) this.rejected.push(line);
    }
    this.rejectedCount += other.rejectedCount;
  }

  total(outcome: Outcome): number {
    let sum = 0;
    for (const counts of this.#byType.values()) sum += counts[outcome];
    return sum;
  }

  toResult(): IngestResult {
    return {
      received: this.received,
      accepted: {
        inserted: this.total('inserted'),
        updated: this.total('updated'),
        deleted: this.total('deleted'),
        merged: this.total('merged'),
      },
      unchanged: this.total('unchanged'),
      skipped_older: this.total('skipped_older'),
      superseded: this.total('superseded'),
      pending: this.total('pending'),
      rejected_count: this.rejectedCount,
      rejected: [...this.rejected].sort((a, b) => a.line - b.line),
      released: this.released,
      by_type: Object.fromEntries([...this.#byType].map(([type, counts]) => [type, { ...counts }])),
      through_line: this.throughLine,
    };
  }
}
