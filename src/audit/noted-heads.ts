import type { ChainProblem } from './check-event.ts';

/** A place in a chain that somebody noted down outside of the server: what a checkpoint holds. */
export interface ChainHead {
  seq: number;
  hash: string;
}

/** Places of one chain that were noted earlier, to be held against what stands there now. */
export class NotedHeads {
  readonly #hashes = new Map<string, Set<string>>();
  /** Number of the newest event that was noted; 0: none was. */
  readonly highest: number;
  /** Places that were met and agreed. */
  matched = 0;

  constructor(heads: readonly ChainHead[]) {
    for (const { seq, hash } of heads) {
      const known = this.#hashes.get(String(seq));
      if (known === undefined) this.#hashes.set(String(seq), new Set([hash]));
      else known.add(hash);
    }
    this.highest = heads.reduce((highest, { seq }) => Math.max(highest, seq), 0);
  }

  /** What is wrong with an event that is sound in itself, by what was noted; undefined: nothing. */
  contradiction({ seq, hash }: { seq: string; hash: string }): ChainProblem | undefined {
    const noted = this.#hashes.get(seq);
    if (noted === undefined) return undefined;
    if (noted.size === 1 && noted.has(hash)) {
      this.matched += 1;
      return undefined;
    }
    const reason =
      'Its hash is not the one that was noted before: the log was rewritten at or before this event.';
    return { seq: Number(seq), reason };
  }

  /** What is wrong with a chain that ends at this event; undefined: it reaches as far as was noted. */
  findCut(lastSeq: number): ChainProblem | undefined {
    if (this.highest <= lastSeq) return undefined;
    return {
      seq: lastSeq + 1,
      reason: `The log ends after ${lastSeq} events, but event ${this.highest} was noted before: the end was cut off.`,
    };
  }
}
