import { advisoryLocks } from '../../database/advisory-locks.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import type { Signer, SigningKeys } from '../../keys/signing-keys.ts';
import type { Mailer } from '../../notify/mail/mailer.ts';
import { publishEvent } from '../../notify/webhooks/publish-event.ts';
import { ConveyError } from '../../errors.ts';
import { contradicted } from '../audit.errors.ts';
import type { ChainHead } from '../noted-heads.ts';
import { findHead } from '../read/read-events.ts';
import { appendCheckpoint, checkpointLine, readLastCheckpoint } from './checkpoint-file.ts';
import { signCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { describeContradiction, findStanding, type Standing } from './contradictions.ts';
import { listCheckpoints } from './list-checkpoints.ts';
import { tellContradiction } from './tell-contradiction.ts';

export interface CheckpointDependencies {
  database: Database;
  signingKeys: SigningKeys;
  mailer: Pick<Mailer, 'queue'>;
  /** Events after which the next checkpoint is due. */
  everyEvents: number;
  /** Time after which it is due, if anything happened at all. */
  everyMs: number;
  /** Folder of the files that get a line for each; undefined: none. */
  folder: string | undefined;
  /** Address that gets a mail for each; undefined: none. */
  mailTo: string | undefined;
}

/**
 * Signs how far a workspace's chain has come, if that is due, and hands the checkpoint on: table, webhooks and
 * mail in one transaction, the file before its commit, so that a checkpoint that stands is also outside. One
 * server at a time. Writes no event: a checkpoint would be a reason for the next one. A chain that is not the one that
 * was noted last is not signed over, due or not: that is told and recorded, and nothing is signed until it is accepted.
 * @returns what was signed; undefined: nothing was due, or another server is at it
 * @throws audit.contradicted at every look until that is accepted
 */
export async function signDueCheckpoint(
  dependencies: CheckpointDependencies,
  workspaceId: string,
  now = new Date(),
): Promise<SignedCheckpoint | undefined> {
  const { database, signingKeys, folder } = dependencies;
  const outside = folder === undefined ? undefined : await readLastCheckpoint(folder, workspaceId);
  const { isDue, contradiction } = await database.inScope({ workspaceId }, async (transaction) => {
    const standing = await findStanding(transaction, workspaceId, outside);
    const due = await findDue(transaction, workspaceId, standing, dependencies, now);
    return { isDue: due !== undefined, contradiction: standing.contradiction };
  });
  if (!isDue && contradiction === undefined) return undefined;
  const signer = await signingKeys.current(); // in a transaction of its own, so not inside ours
  const signed = await database.inScope({ workspaceId }, async (transaction) => {
    const [lock] = await transaction.query<{ isOurs: boolean }>(
      'select pg_try_advisory_xact_lock($1, hashtext($2)) as "isOurs"',
      [advisoryLocks.auditCheckpoints, workspaceId],
    );
    if (!lock!.isOurs) return undefined;
    const standing = await findStanding(transaction, workspaceId, outside);
    if (standing.contradiction !== undefined) {
      await tellContradiction(transaction, workspaceId, dependencies, standing);
      return undefined;
    }
    const due = await findDue(transaction, workspaceId, standing, dependencies, now);
    if (due === undefined) return undefined;
    const made = signCheckpoint(signer, { workspaceId, ...due, at: now });
    await hand(transaction, workspaceId, dependencies, { signer, signed: made, head: due.head, at: now });
    if (folder !== undefined) await appendCheckpoint(folder, workspaceId, made);
    return made;
  });
  if (contradiction !== undefined) throw new ConveyError(contradicted, describeContradiction(contradiction));
  return signed;
}

/** Where the chain stands and stood at the checkpoint before, if a checkpoint is due. */
async function findDue(
  transaction: Transaction,
  workspaceId: string,
  { contradiction, last, accepted }: Standing,
  { everyEvents, everyMs }: CheckpointDependencies,
  now: Date,
): Promise<{ head: ChainHead; previous: ChainHead | null } | undefined> {
  const head = await findHead(transaction, workspaceId);
  const events = (head?.seq ?? 0) - (last?.seq ?? 0);
  if (contradiction !== undefined || head === undefined || events <= 0) return undefined;
  if (accepted !== undefined) {
    // One from before that was accepted may have this number: then with the next event.
    const [old] = await listCheckpoints(transaction, workspaceId, { before: head.seq + 1, limit: 1 });
    if (old?.seq === head.seq) return undefined;
  }
  const isFirstSince = accepted !== undefined && last === undefined; // at once: it covers what was accepted
  if (!isFirstSince && events < everyEvents) {
    const [first] = await transaction.query<{ at: Date }>(
      'select at from audit_events where workspace_id = $1 and seq > $2 order by seq limit 1',
      [workspaceId, last?.seq ?? 0],
    );
    if (now.getTime() - first!.at.getTime() < everyMs) return undefined;
  }
  return {
    head: { seq: head.seq, hash: head.hash },
    previous: last ?? null,
  };
}

async function hand(
  transaction: Transaction,
  workspaceId: string,
  { mailer, mailTo }: CheckpointDependencies,
  { signer, signed, head, at }: { signer: Signer; signed: SignedCheckpoint; head: ChainHead; at: Date },
): Promise<void> {
  const { fingerprint } = signer;
  await transaction.query(
    `insert into audit_checkpoints (workspace_id, seq, hash, at, document, signature, fingerprint)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [workspaceId, head.seq, head.hash, at, signed.document, signed.signature, fingerprint],
  );
  await publishEvent(transaction, workspaceId, 'audit.checkpoint', { ...head, fingerprint, ...signed });
  if (mailTo === undefined) return;
  const [workspace] = await transaction.query<{ name: string }>('select name from workspaces where id = $1', [
    workspaceId,
  ]);
  await mailer.queue(transaction, {
    to: mailTo,
    template: 'audit_checkpoint',
    workspaceId,
    values: {
      seq: String(head.seq),
      hash: head.hash,
      at: at.toISOString(),
      fingerprint,
      workspace: workspace!.name,
      document: checkpointLine(signed),
    },
  });
}
