import type { Database } from '../../database/connect.ts';
import type { ChainHead } from '../noted-heads.ts';
import { type ChainReport, verifyChain, type VerifyOptions } from '../verify-chain.ts';
import { readCheckpoint } from './checkpoint.ts';
import { listCheckpoints, type StoredCheckpoint } from './list-checkpoints.ts';

const PAGE = 1000;

/** A chain checked against itself and against the checkpoints that were signed of it. */
export type LogReport = ChainReport & {
  checkpoints: {
    /** Compared with the chain, the server's own and those that were brought. */
    compared: number;
    /** The newest: number of the last event that it covers. */
    lastSeq: number | undefined;
    /** Keys that signed them: compare with what you noted elsewhere. */
    fingerprints: string[];
  };
};

/**
 * Verifies a workspace's log: the chain, the signatures of the server's own checkpoints, and that the chain
 * goes through every place that they, or `options.expectedHeads`, name.
 */
export async function verifyLog(
  database: Pick<Database, 'inScope'>,
  workspaceId: string,
  options: VerifyOptions = {},
): Promise<LogReport> {
  const { heads, fingerprints, forged } = await readHeads(database, workspaceId);
  const brought = options.expectedHeads ?? [];
  const all = [...heads, ...brought];
  const report = await verifyChain(database, workspaceId, { ...options, expectedHeads: all });
  const checkpoints = {
    compared: all.length,
    lastSeq: all.length === 0 ? undefined : Math.max(...all.map(({ seq }) => seq)),
    fingerprints,
  };
  if (!report.valid || forged === undefined) return { ...report, checkpoints };
  const reason =
    'The checkpoint of this event is not signed by a key of this server: it was changed or put in.';
  return { ...report, valid: false, problem: { seq: forged, reason }, checkpoints };
}

/** The result in plain words. */
export function describeReport(report: LogReport): string {
  const { events, erasedBodies, lastHash, checkpoints } = report;
  if (!report.valid) return `NOT valid, at event ${report.problem.seq}: ${report.problem.reason}`;
  if (events === 0) return 'Valid: nothing has been recorded yet.';
  const erased = erasedBodies > 0 ? `, ${erasedBodies} personal parts erased` : '';
  const compared =
    checkpoints.compared === 0
      ? 'No checkpoint has been signed yet, so a cut end would not show'
      : `Compared with ${checkpoints.compared} checkpoints, the last of event ${checkpoints.lastSeq}`;
  return `Valid: ${events} events${erased}, last hash ${lastHash}. ${compared}.`;
}

/** Places that the server's own checkpoints name; `forged`: the event of the first that is not signed as it says. */
async function readHeads(database: Pick<Database, 'inScope'>, workspaceId: string) {
  const heads: ChainHead[] = [];
  const fingerprints = new Set<string>();
  let forged: number | undefined;
  for (let before: number | undefined; ; ) {
    const page = await database.inScope({ workspaceId }, (transaction) =>
      listCheckpoints(transaction, workspaceId, { before, limit: PAGE }),
    );
    for (const stored of page) {
      heads.push({ seq: stored.seq, hash: stored.hash });
      fingerprints.add(stored.fingerprint);
      if (!isGenuine(stored, workspaceId)) forged = stored.seq;
    }
    if (page.length < PAGE) return { heads, fingerprints: [...fingerprints], forged };
    before = page.at(-1)!.seq;
  }
}

/** Whether the columns say what was signed. */
function isGenuine(stored: StoredCheckpoint, workspaceId: string): boolean {
  const { seq, hash, document, signature, fingerprint, public_key: publicKey } = stored;
  if (publicKey === null) return false;
  const said = readCheckpoint({ document, signature, public_key: publicKey });
  return (
    said?.workspace_id === workspaceId &&
    said.seq === seq &&
    said.hash === hash &&
    said.signed_by === fingerprint
  );
}
