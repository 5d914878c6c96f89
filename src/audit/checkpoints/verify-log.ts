import { join } from 'node:path';
import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { badCheckpoints } from '../audit.errors.ts';
import type { ChainHead } from '../noted-heads.ts';
import { type ChainReport, verifyChain, type VerifyOptions } from '../verify-chain.ts';
import type { CheckpointDocument } from './checkpoint.ts';
import { checkpointFileName } from './checkpoint-file.ts';
import { readCheckpoints } from './read-checkpoints.ts';
import { type Acceptance, findAcceptance } from './contradictions.ts';
import { isGenuine, listCheckpoints } from './list-checkpoints.ts';

const PAGE = 1000;

export interface VerifyLogOptions extends VerifyOptions {
  /** Folder of the checkpoints that the server wrote (`CONVEY_CHECKPOINT_FOLDER`); undefined: none. */
  folder?: string | undefined;
}

/** A chain checked against itself and against the checkpoints that were signed of it. */
export type LogReport = ChainReport & {
  checkpoints: {
    /** Compared with the chain, the server's own and those that were brought; the same place counts once. */
    compared: number;
    /** The newest: number of the last event that it covers. */
    lastSeq: number | undefined;
    /** Keys that signed them: compare with what you noted elsewhere. */
    fingerprints: string[];
  };
  /** The operator's last word on a contradiction, if there was any: it hides none. */
  accepted: Acceptance | undefined;
};

/**
 * Verifies a workspace's log: the chain, the signatures of the server's own checkpoints, and that the chain
 * goes through every place that they, those in `options.folder`, or `options.expectedHeads`, name.
 */
export async function verifyLog(
  database: Pick<Database, 'inScope'>,
  workspaceId: string,
  { folder, ...options }: VerifyLogOptions = {},
): Promise<LogReport> {
  const { heads, fingerprints, forged } = await readHeads(database, workspaceId);
  const brought = options.expectedHeads ?? [];
  const outside = await readFolder(folder, workspaceId);
  const all = distinct([...heads, ...outside.documents, ...brought]);
  const report = await verifyChain(database, workspaceId, { ...options, expectedHeads: all });
  const accepted = await database.inScope({ workspaceId }, (transaction) =>
    findAcceptance(transaction, workspaceId),
  );
  const checkpoints = {
    compared: all.length,
    lastSeq: all.length === 0 ? undefined : Math.max(...all.map(({ seq }) => seq)),
    fingerprints: [...new Set([...fingerprints, ...outside.documents.map((one) => one.signed_by)])],
  };
  if (report.valid && outside.reason !== undefined)
    return { ...report, valid: false, problem: { seq: 0, reason: outside.reason }, checkpoints, accepted };
  if (!report.valid || forged === undefined) return { ...report, checkpoints, accepted };
  const reason =
    'The checkpoint of this event is not signed by a key of this server: it was changed or put in.';
  return { ...report, valid: false, problem: { seq: forged, reason }, checkpoints, accepted };
}

/** The result in plain words. */
export function describeReport(report: LogReport): string {
  const { events, erasedBodies, lastHash, checkpoints } = report;
  const accepted =
    report.accepted === undefined
      ? ''
      : ` The operator accepted a contradiction on ${report.accepted.at.toISOString()}: event ${report.accepted.seq} says why.`;
  if (!report.valid) {
    const { seq, reason } = report.problem;
    return `NOT valid${seq === 0 ? '' : `, at event ${seq}`}: ${reason}${accepted}`;
  }
  if (events === 0) return 'Valid: nothing has been recorded yet.';
  const erased = erasedBodies > 0 ? `, ${erasedBodies} personal parts erased` : '';
  const compared =
    checkpoints.compared === 0
      ? 'No checkpoint has been signed yet, so a cut end would not show'
      : `Compared with ${checkpoints.compared} ${checkpoints.compared === 1 ? 'checkpoint' : 'checkpoints'}, the last of event ${checkpoints.lastSeq}`;
  return `Valid: ${events} events${erased}, last hash ${lastHash}. ${compared}.${accepted}`;
}

/** What the server's folder holds of this workspace; `reason`: why it cannot be compared. */
async function readFolder(
  folder: string | undefined,
  workspaceId: string,
): Promise<{ documents: CheckpointDocument[]; reason?: string }> {
  if (folder === undefined) return { documents: [] };
  try {
    const all = await readCheckpoints(join(folder, checkpointFileName(workspaceId)), workspaceId);
    return { documents: all.filter((one) => one.workspace_id === workspaceId) };
  } catch (error) {
    if (!(error instanceof ConveyError && error.kind === badCheckpoints)) throw error;
    if ((error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return { documents: [] };
    return { documents: [], reason: `The folder of checkpoints cannot be compared with it. ${error.detail}` };
  }
}

/** Each place once, whoever noted it. */
function distinct(heads: readonly ChainHead[]): ChainHead[] {
  return [...new Map(heads.map((head) => [`${head.seq}:${head.hash}`, head])).values()];
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
