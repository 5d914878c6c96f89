import type { Transaction } from '../../database/connect.ts';
import type { JsonObject } from '../../canonical-json.ts';
import type { ChainHead } from '../noted-heads.ts';
import { findHead } from '../read/read-events.ts';
import type { CheckpointDocument } from './checkpoint.ts';
import { isGenuine, listCheckpoints } from './list-checkpoints.ts';

/** A chain that is not the one that was noted: shorter, or another. */
export interface Contradiction {
  /** What was noted, */
  noted: ChainHead;
  /** and where. */
  source: 'database' | 'folder';
  /** Hash of the event that has this number now; null: the chain ends before. */
  foundHash: string | null;
  /** The checkpoint is not signed by a key of this server, or not as it says. */
  isForged: boolean;
  /** Number of the newest event there is. */
  lastSeq: number;
}

/** How a chain stands to what was noted of it last. */
export interface Standing {
  contradiction: Contradiction | undefined;
  /** Newest checkpoint in the database that counts. */
  last: ChainHead | undefined;
  /** The operator's last word on a contradiction: what was noted before it no longer counts. */
  accepted: Acceptance | undefined;
}

export interface Acceptance {
  /** Number of its event. */
  seq: number;
  at: Date;
}

/**
 * Holds a chain against the newest checkpoint in the database and the last line of the server's own folder: a few
 * look-ups by key, cheap enough for every look of the loop. `convey audit verify` compares them all.
 */
export async function findStanding(
  transaction: Transaction,
  workspaceId: string,
  outside: CheckpointDocument | undefined,
): Promise<Standing> {
  const accepted = await findAcceptance(transaction, workspaceId);
  const [last] = await listCheckpoints(transaction, workspaceId, { limit: 1, after: accepted?.at });
  const isOutsideOld = accepted !== undefined && outside !== undefined && new Date(outside.at) <= accepted.at;
  const lastSeq = (await findHead(transaction, workspaceId))?.seq ?? 0;
  const compare = async (
    noted: ChainHead | undefined,
    source: Contradiction['source'],
    isForged: boolean,
  ): Promise<Contradiction | undefined> => {
    if (noted === undefined) return undefined;
    const [found] = await transaction.query<{ hash: string }>(
      'select hash from audit_events where workspace_id = $1 and seq = $2',
      [workspaceId, noted.seq],
    );
    if (found?.hash === noted.hash && !isForged) return undefined;
    const { seq, hash } = noted;
    return { noted: { seq, hash }, source, foundHash: found?.hash ?? null, isForged, lastSeq };
  };
  const contradiction =
    (isOutsideOld || outside === undefined
      ? undefined
      : await compare(outside, 'folder', !(await isKeyOurs(transaction, outside.signed_by)))) ??
    (await compare(last, 'database', last !== undefined && !isGenuine(last, workspaceId)));
  return { contradiction, last: last && { seq: last.seq, hash: last.hash }, accepted };
}

async function isKeyOurs(transaction: Transaction, fingerprint: string): Promise<boolean> {
  const found = await transaction.query('select from signing_keys where fingerprint = $1', [fingerprint]);
  return found.length > 0;
}

/** The last time that the operator accepted a contradiction. */
export async function findAcceptance(
  transaction: Transaction,
  workspaceId: string,
): Promise<Acceptance | undefined> {
  const [accepted] = await transaction.query<Acceptance>(
    `select seq, at from audit_events where workspace_id = $1 and action = 'audit.contradiction_accepted'
      order by seq desc limit 1`,
    [workspaceId],
  );
  return accepted;
}

/** What is wrong, in plain words. */
export function describeContradiction({
  noted,
  source,
  foundHash,
  isForged,
  lastSeq,
}: Contradiction): string {
  const where =
    source === 'folder' ? 'The last checkpoint in the folder' : 'The newest checkpoint in the database';
  if (isForged) return `${where}, of event ${noted.seq}, is not signed by a key of this server.`;
  return foundHash === null
    ? `${where} is of event ${noted.seq}, but the log ends at event ${lastSeq}: its end was cut off.`
    : `${where} has another hash for event ${noted.seq} than the log: one of them was rewritten.`;
}

/** The same for events and webhooks: places and hashes, nothing personal. */
export function contradictionDetails(found: Contradiction): JsonObject {
  const { noted, source, foundHash, isForged, lastSeq } = found;
  return {
    noted_seq: noted.seq,
    noted_hash: noted.hash,
    noted_in: source,
    found_hash: foundHash,
    forged: isForged,
    last_seq: lastSeq,
  };
}
