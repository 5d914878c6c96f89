import type { Database } from '../database/connect.ts';
import {
  CHAIN_START,
  type ChainLink,
  type ChainProblem,
  findProblem,
  isBodyErased,
  placeStored,
} from './check-event.ts';
import { type ChainHead, NotedHeads } from './noted-heads.ts';
import { LOWEST_SEQ, readChainPage } from './read-chain.ts';

export interface VerifyOptions {
  /**
   * Places noted earlier, in any order. A log whose end was cut off, or that was rewritten from there on, is
   * sound in itself; only this shows it.
   */
  expectedHeads?: readonly ChainHead[];
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
  const { signal, onProgress, pageSize = 500 } = options;
  const noted = new NotedHeads(options.expectedHeads ?? []);
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
    for (const event of page.map(placeStored)) {
      const problem = findProblem(last, event) ?? noted.contradiction(event);
      if (problem !== undefined) return report(problem);
      if (isBodyErased(event)) erasedBodies++;
      last = { seq: last.seq + 1, hash: event.hash, prevHash: event.prevHash };
    }
    onProgress?.(last.seq);
    if (page.length < pageSize) break;
  }

  return report(noted.findCut(last.seq));
}
