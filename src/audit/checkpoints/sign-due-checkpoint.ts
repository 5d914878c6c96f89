import { advisoryLocks } from '../../database/advisory-locks.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import type { Signer, SigningKeys } from '../../keys/signing-keys.ts';
import type { Mailer } from '../../notify/mail/mailer.ts';
import { publishEvent } from '../../notify/webhooks/publish-event.ts';
import type { ChainHead } from '../noted-heads.ts';
import { findHead } from '../read/read-events.ts';
import { appendCheckpoint, checkpointLine } from './checkpoint-file.ts';
import { signCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { listCheckpoints } from './list-checkpoints.ts';

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
 * server at a time. Writes no event: a checkpoint would be a reason for the next one.
 * @returns what was signed; undefined: nothing was due, or another server is at it
 */
export async function signDueCheckpoint(
  dependencies: CheckpointDependencies,
  workspaceId: string,
  now = new Date(),
): Promise<SignedCheckpoint | undefined> {
  const { database, signingKeys, folder } = dependencies;
  const isDue = await database.inScope({ workspaceId }, (transaction) =>
    findDue(transaction, workspaceId, dependencies, now),
  );
  if (isDue === undefined) return undefined;
  const signer = await signingKeys.current(); // in a transaction of its own, so not inside ours
  return database.inScope({ workspaceId }, async (transaction) => {
    const [lock] = await transaction.query<{ isOurs: boolean }>(
      'select pg_try_advisory_xact_lock($1, hashtext($2)) as "isOurs"',
      [advisoryLocks.auditCheckpoints, workspaceId],
    );
    if (!lock!.isOurs) return undefined;
    const due = await findDue(transaction, workspaceId, dependencies, now);
    if (due === undefined) return undefined;
    const signed = signCheckpoint(signer, { workspaceId, ...due, at: now });
    await hand(transaction, workspaceId, dependencies, { signer, signed, head: due.head, at: now });
    if (folder !== undefined) await appendCheckpoint(folder, workspaceId, signed);
    return signed;
  });
}

/** Where the chain stands and stood at the checkpoint before, if a checkpoint is due. */
async function findDue(
  transaction: Transaction,
  workspaceId: string,
  { everyEvents, everyMs }: CheckpointDependencies,
  now: Date,
): Promise<{ head: ChainHead; previous: ChainHead | null } | undefined> {
  const [last] = await listCheckpoints(transaction, workspaceId, { limit: 1 });
  const head = await findHead(transaction, workspaceId);
  const events = (head?.seq ?? 0) - (last?.seq ?? 0);
  if (head === undefined || events <= 0) return undefined;
  if (events < everyEvents) {
    const [first] = await transaction.query<{ at: Date }>(
      'select at from audit_events where workspace_id = $1 and seq > $2 order by seq limit 1',
      [workspaceId, last?.seq ?? 0],
    );
    if (now.getTime() - first!.at.getTime() < everyMs) return undefined;
  }
  return {
    head: { seq: head.seq, hash: head.hash },
    previous: last === undefined ? null : { seq: last.seq, hash: last.hash },
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
