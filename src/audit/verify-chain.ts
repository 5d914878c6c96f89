import type { Database } from '../database/connect.ts';
import { CHAIN_START, type ChainLink, type ChainProblem, findProblem, isBodyErased } from './check-event.ts';
import { LOWEST_SEQ, readChainPage } from './read-chain.ts';

/** A place in a chain that somebody noted down outside of the server: what a checkpoint holds. */
export interface ChainHead {
  seq: number;
  hash: string;
}

export interface VerifyOptions {
  /**
   * A place noted earlier. A log whose end was cut off, or that was rewritten from there on, is sound in
   * itself; only this shows it.
   */
  expectedHead?: ChainHead;
  signal?: AbortSignal;
  /** Told after each page how many events have been checked. */
  onProgress?: (events: number) => void;
  /** Events read at a time, each page in a transaction of its own. */
  pageSize?: number;
}

interface ChainExtent {
  workspaceId: string;
  /** Events found sound. */
  events: number;
  /** Those among them whose personal part has been erased, which is allowed. */
  erasedBodies: number;
  /** 1, or undefined for an empty chain. */
  firstSeq: number | undefined;
  /** The last sound event; note seq and hash down somewhere else as the next `expectedHead`. */
  lastSeq: number | undefined;
  lastHash: string | undefined;
}

export type ChainReport =
  | ({ valid: true } & ChainExtent)
  /** The extent tells of the events before the problem. */
  | ({ valid: false; problem: ChainProblem } & ChainExtent);

/**
 * Recomputes a workspace's whole audit chain and says whether it stands as it was recorded. Streams in pages,
 * holds no long transaction, and may run while events are added: those are checked too, as far as it gets.
 * A workspace that does not exist has an empty chain, which is valid: callers look it up first.
 */
export async function verifyChain(
  database: Pick<Database, 'inScope'>,
  workspaceId: string,
  options: VerifyOptions = {},
): Promise<ChainReport> {
  const { expectedHead, signal, onProgress, pageSize = 500 } = options;
  let last: ChainLink = CHAIN_START;
  let erasedBodies = 0;
  const report = (problem?: ChainProblem): ChainReport => {
    const isEmpty = last.seq === 0;
    const extent: ChainExtent = {
      workspaceId,
      events: last.seq,
      erasedBodies,
      firstSeq: isEmpty ? undefined : 1,
      lastSeq: isEmpty ? undefined : last.seq,
      lastHash: isEmpty ? undefined : last.hash,
    };
    return problem === undefined ? { valid: true, ...extent } : { valid: false, problem, ...extent };
  };

  while (true) {
    signal?.throwIfAborted();
    const fromSeq = last.seq === 0 ? LOWEST_SEQ : String(last.seq + 1);
    const page = await database.inScope({ workspaceId }, (transaction) =>
      readChainPage(transaction, workspaceId, fromSeq, pageSize),
    );
    for (const event of page) {
      const problem = findProblem(last, event) ?? contradiction(event, expectedHead);
      if (problem !== undefined) return report(problem);
      if (isBodyErased(event)) erasedBodies++;
      last = { seq: last.seq + 1, hash: event.hash, prevHash: event.prev_hash };
    }
    onProgress?.(last.seq);
    if (page.length < pageSize) break;
  }

  if (expectedHead !== undefined && expectedHead.seq > last.seq) {
    return report({
      seq: last.seq + 1,
      reason: `The log ends after ${last.seq} events, but event ${expectedHead.seq} was noted before: the end was cut off.`,
    });
  }
  return report();
}

function contradiction(
  event: { seq: string; hash: string },
  expected: ChainHead | undefined,
): ChainProblem | undefined {
  if (expected === undefined || event.seq !== String(expected.seq) || event.hash === expected.hash)
    return undefined;
  return {
    seq: expected.seq,
    reason: 'Its hash is not the one that was noted before: the log was rewritten at or before this event.',
  };
}
